"""GraphQL answers that GitHub should not give: all of them end in the right files, or in a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from support.git_repos import GitRepo
from support.github_faults import Fault
from support.github_reading import contents, first_snapshot, opened
from support.github_server import TOKEN, GitHubServer

from ghsync_core.errors import SourceError
from ghsync_core.models import FileRef, git_blob_id
from ghsync_plugins.sources.github.batches import fetch_batches
from ghsync_plugins.sources.github.client import Client
from ghsync_plugins.sources.github.lookup import Found, look_up

SHA = "a" * 40

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("\ud800")
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)


def maybe(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An object that may lack each of *members*, or hold anything there; or no object at all."""
    optional = {name: value | anything for name, value in members.items()}
    return st.fixed_dictionaries({}, optional=optional) | anything


types = st.sampled_from(["NOT_FOUND", "FORBIDDEN", "RATE_LIMIT", "RATE_LIMITED", "SOMETHING"])
errors = st.lists(maybe(type=types, message=st.text(max_size=20)), max_size=2)
kinds = st.sampled_from(["Commit", "Tag", "Tree", "Blob"])
objects = st.recursive(
    maybe(__typename=kinds, oid=st.just(SHA)), lambda inner: maybe(__typename=kinds, oid=st.just(SHA), target=inner)
)
repositories = maybe(
    databaseId=st.integers(),
    nameWithOwner=st.sampled_from(["octo/garden", "../..", "a b/c"]),
    isEmpty=st.booleans(),
    object=objects,
)
look_ups = maybe(data=maybe(repository=repositories), errors=errors)
texts = maybe(**{f"b{number}": maybe(text=st.sampled_from(["- 0", "- 1", "\udcff"])) for number in range(3)})
text_answers = maybe(data=maybe(repository=texts), errors=errors)


@pytest.fixture(scope="module")
def bare() -> Iterator[GitHubServer]:
    """A stand-in that says only what a test puts in its mouth."""
    with GitHubServer() as server:
        yield server


@pytest.fixture(scope="module")
def client(bare: GitHubServer) -> Iterator[Client]:
    """A client of that, which does not really wait."""
    client = Client(bare.url, TOKEN, lambda seconds, why: None)
    yield client
    client.close()


def say(server: GitHubServer, answer: Any) -> None:
    """Let GraphQL answer *answer*."""
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    server.quotas["graphql"] = 5000
    server.faults[:] = [Fault("graphql", status=200, body=body)]


quickly = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quickly
@given(look_ups)
@example({"data": {"repository": {"databaseId": 10**400, "nameWithOwner": "o/g", "isEmpty": False}}})
@example({"data": {"repository": {"databaseId": True, "nameWithOwner": "o/g", "isEmpty": False}}})
@example({"errors": {"type": "RATE_LIMITED"}})
@example({"errors": [{"type": ["RATE_LIMITED"]}], "data": []})
def test_any_look_up_is_understood_or_an_error(bare: GitHubServer, client: Client, answer: Any) -> None:
    say(bare, answer)
    found, sentence = None, "fine"
    try:
        found = look_up(client, "octo", "garden", None)
    except SourceError as error:
        sentence = str(error)
    assert len(sentence.splitlines()) == 1
    assert found is None or isinstance(found, Found)
    if found and found.commit:
        assert found.commit == SHA
        assert found.about.id > 0


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"data": {"repository": 1}}'])
def test_no_answer_is_an_error(bare: GitHubServer, client: Client, body: bytes) -> None:
    say(bare, body)
    with pytest.raises(SourceError):
        look_up(client, "octo", "garden", None)


@quickly
@given(text_answers)
@example({"data": {"repository": {"b0": {"text": "- 1"}, "b1": {"text": "- 0"}}}})
def test_no_text_is_believed_that_is_not_the_blob(bare: GitHubServer, client: Client, answer: Any) -> None:
    say(bare, answer)
    files = [FileRef(f"{number}.md", git_blob_id(b"- %d" % number), 3) for number in range(3)]
    fetched = list(fetch_batches(client, "octo/garden", [files]))
    assert [file for file, _ in fetched] == files
    for file, data in fetched:
        assert data is None or git_blob_id(data) == file.blob_id


@quickly
@given(look_ups)
def test_rest_has_the_truth_whatever_graphql_says(graphql_garden: tuple[GitHubServer, GitRepo], answer: Any) -> None:
    server, garden = graphql_garden
    say(server, answer)
    with opened(server, wait=lambda seconds, why: None) as repository, suppress(SourceError):
        assert contents(first_snapshot(repository)) == garden.blobs()


@pytest.fixture
def graphql_garden(
    github: GitHubServer, git_repo: Callable[[str], GitRepo], monkeypatch: pytest.MonkeyPatch
) -> tuple[GitHubServer, GitRepo]:
    """A repository, and a token to ask for it by GraphQL."""
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    repo = git_repo("garden").write({"a.md": "- hello"})
    repo.commit()
    github.add("octo/garden", repo.path)
    return github, repo
