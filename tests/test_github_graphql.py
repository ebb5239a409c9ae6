"""What is asked by GraphQL with a token, and what comes by REST all the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import pytest
from graphql import parse, validate
from support.git_repos import GitRepo
from support.github_faults import Fault, refusal
from support.github_graphql import schema
from support.github_reading import contents, first_snapshot, opened, read, state_after
from support.github_server import TOKEN, GitHubServer

from ghsync_core.errors import AccessDenied, SourceError, SourceNotFound
from ghsync_core.interfaces import Snapshot
from ghsync_core.models import FileRef
from ghsync_plugins.sources.github.graphql import LOOK_UP, blobs_query, graphql_url

PAGES = {f"pages/{number}.md": f"- block {number}\n" for number in range(250)}
ODD: dict[str, bytes] = {
    "crlf.md": b"- one\r\n- two\r\n",
    "bom.md": b"\xef\xbb\xbf- marked",
    "latin.md": b"- caf\xe9",
    "binary.md": bytes(range(256)),
    "pointer.md": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n",
    "controls.md": bytes(range(1, 32)) * 100,
    "far.md": "- 日本 𝒳\u2028".encode(),
    "empty.md": b"",
    "same.md": b"- block 1\n",
}
UNTRUE = ("crlf.md", "bom.md", "latin.md", "binary.md")
"""Those of which the stand-in, as GitHub, gives no text or another one."""


@pytest.fixture
def garden(git_repo: Callable[[str], GitRepo], github: GitHubServer, monkeypatch: pytest.MonkeyPatch) -> GitRepo:
    """A repository hosted as ``Octo/Garden``, for which there is a token."""
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    repo = git_repo("garden").write({**PAGES, **ODD})
    repo.commit()
    github.add("Octo/Garden", repo.path)
    return repo


def plain(snapshot: Snapshot) -> Sequence[FileRef]:
    return [file for file in snapshot.files if file.entry == "file"]


def answering(text: object) -> Fault:
    """A GraphQL API that says this and nothing else, with status 200."""
    return Fault("graphql", status=200, body=json.dumps(text).encode())


# --- the queries ---


@pytest.mark.parametrize("query", [LOOK_UP, blobs_query([40 * "a"]), blobs_query([40 * "a", 40 * "0"])])
def test_the_queries_are_valid_by_the_schema(query: str) -> None:
    assert validate(schema(), parse(query)) == []


@pytest.mark.parametrize(
    ("api", "address"),
    [
        ("https://api.github.com", "https://api.github.com/graphql"),
        ("https://ghe.example/api/v3", "https://ghe.example/api/graphql"),
        ("https://api.octo.ghe.com", "https://api.octo.ghe.com/graphql"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/graphql"),
        ("https://proxy.example/v3", "https://proxy.example/v3/graphql"),
    ],
)
def test_the_address_is_beside_that_of_rest(api: str, address: str) -> None:
    assert graphql_url(api) == address


# --- the look-up ---


def test_a_first_run_costs_three_requests(garden: GitRepo, github: GitHubServer) -> None:
    with opened(github) as repository:
        snapshot = first_snapshot(repository)
        assert (snapshot.source, snapshot.commit) == ("Octo/Garden", garden.head)
        assert snapshot.identity == f"{github.url.removeprefix('http://')}:1001"
        assert contents(snapshot) == garden.blobs()
        assert dict(repository.requests) == {"lookup": 1, "tree": 1, "archive": 1}
    assert len(github.asked()) == 3


def test_the_second_run_is_the_conditional_one(garden: GitRepo, github: GitHubServer) -> None:
    with opened(github) as repository:
        state = state_after(repository, first_snapshot(repository))
        github.log.clear()
        assert repository.snapshot(state, conditional=True) is None
    [request] = github.log
    assert (request.path, request.status) == ("/repos/Octo/Garden/commits/HEAD", 304)


def test_any_ref_is_found_in_one_request(garden: GitRepo, github: GitHubServer) -> None:
    old = garden.head
    garden.git("tag", "light")
    garden.git("tag", "-a", "v1.0", "-m", "first")
    garden.git("tag", "-a", "again", "v1.0", "-m", "a tag of a tag")
    garden.branch("feature/new#beds").write({"beds.md": "- new"}).commit()
    beds = garden.head
    garden.git("checkout", "--quiet", "main")
    refs = {
        "light": old,
        "v1.0": old,
        "again": old,
        old: old,
        old[:9]: old,
        "feature/new#beds": beds,
        "heads/main": old,
    }
    for ref, commit in refs.items():
        with opened(github, f"octo/garden@{ref}") as repository:
            snapshot = first_snapshot(repository)
            assert (snapshot.source, snapshot.commit) == (f"Octo/Garden@{ref}", commit)
            assert dict(repository.requests) == {"lookup": 1, "tree": 1}


def test_a_tag_too_far_from_its_commit_is_left_to_rest(garden: GitRepo, github: GitHubServer) -> None:
    for number in range(4):
        garden.git("tag", "-a", f"t{number}", f"t{number - 1}" if number else "HEAD", "-m", "-")
    with opened(github, "octo/garden@t3") as repository:
        assert first_snapshot(repository).commit == garden.head
        assert dict(repository.requests) == {"lookup": 1, "repository": 1, "commit": 1, "tree": 1}


@pytest.mark.parametrize("kind", ["blob", "tree", "nothing"])
def test_a_ref_that_is_no_commit_is_named(garden: GitRepo, github: GitHubServer, kind: str) -> None:
    ref = {"blob": garden.git("rev-parse", "HEAD:far.md"), "tree": garden.git("rev-parse", "HEAD^{tree}")}.get(
        kind, "x"
    )
    with pytest.raises(SourceNotFound, match=f"octo/garden has no branch, tag or commit '{ref}'"):
        read(github, f"octo/garden@{ref}")
    assert len(github.asked()) == 1


def test_an_empty_repository_is_said_to_be(
    garden: GitRepo, github: GitHubServer, git_repo: Callable[[str], GitRepo]
) -> None:
    github.add("octo/empty", git_repo("empty").path)
    with pytest.raises(SourceError, match="octo/empty is empty"):
        read(github, "octo/empty")
    assert len(github.asked()) == 1


def test_a_repository_that_is_not_there_is_named(garden: GitRepo, github: GitHubServer) -> None:
    with pytest.raises(SourceNotFound, match=r"no repository octo/nowhere .* the token may not see it"):
        read(github, "octo/nowhere")
    assert len(github.asked()) == 1


def test_a_private_repository_is_read(garden: GitRepo, github: GitHubServer) -> None:
    github.repos["octo/garden"].private = True
    assert read(github) == garden.blobs()


def test_a_renamed_repository_is_asked_by_its_new_name_from_then_on(garden: GitRepo, github: GitHubServer) -> None:
    github.rename("octo/garden", "Octo/Park")
    with opened(github) as repository:
        snapshot = first_snapshot(repository)
        assert snapshot.source == "Octo/Park"
        assert contents(snapshot) == garden.blobs()
        assert dict(repository.requests) == {"lookup": 1, "tree": 1, "archive": 1}


def test_a_name_that_passed_on_is_another_repository(
    garden: GitRepo, github: GitHubServer, git_repo: Callable[[str], GitRepo]
) -> None:
    github.rename("octo/garden", "Octo/Park")
    with opened(github) as repository:
        state = state_after(repository, first_snapshot(repository))
    del github.moved["octo/garden"]
    other = git_repo("other").write({"other.md": "- another's"})
    other.commit()
    github.add("octo/garden", other.path)
    with opened(github) as repository:
        snapshot = repository.snapshot(state, conditional=True)
        assert snapshot is not None
        assert snapshot.identity != state.identity
        assert contents(snapshot) == other.blobs()


def test_an_enterprise_server_has_its_own_address(garden: GitRepo, github: GitHubServer) -> None:
    assert read(github, f"{github.url}/octo/garden", api_url=None) == garden.blobs()
    assert github.asked()[0] == "/api/graphql"
    assert all(path.startswith("/api/v3/repos/Octo/Garden/") for path in github.asked()[1:])


# --- where GraphQL is of no use ---


@pytest.mark.parametrize(
    "fault",
    [
        refusal("graphql", 403, "Resource not accessible by integration"),
        refusal("graphql", 404, "Not Found"),
        refusal("graphql", 502, "Bad Gateway"),
        Fault("graphql", status=301, headers={"location": "/elsewhere"}),
        Fault("graphql", status=200, body=b"<html>sorry</html>"),
        answering({"errors": [{"type": "FORBIDDEN", "message": "protected by SAML"}], "data": {"repository": None}}),
        answering({"errors": [{"message": "Something went wrong while executing your query"}]}),
        answering({"data": {}}),
        answering({"data": None}),
        answering({"data": {"repository": {}}}),
        answering([]),
    ],
    ids=lambda fault: f"{fault.status}-{fault.body[:30]!r}",
)
def test_rest_is_asked_where_graphql_fails(garden: GitRepo, github: GitHubServer, fault: Fault) -> None:
    github.faults.append(fault)
    with opened(github) as repository:
        snapshot = first_snapshot(repository)
        assert contents(snapshot) == garden.blobs()
        assert repository.requests["repository"] == repository.requests["commit"] == 1


def test_a_token_that_is_refused_is_not_tried_twice(
    garden: GitRepo, github: GitHubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "ghp_wrong_hush")
    with pytest.raises(AccessDenied, match="refuses the token") as caught:
        read(github)
    assert "hush" not in str(caught.value)
    assert len(github.log) == 1


def test_what_a_refusal_by_rest_says_reaches_the_user(garden: GitRepo, github: GitHubServer) -> None:
    text = "Resource protected by organization SAML enforcement"
    github.faults.append(answering({"data": {"repository": None}, "errors": [{"type": "FORBIDDEN", "message": text}]}))
    github.faults.append(refusal("repos", 403, text))
    with pytest.raises(AccessDenied, match=text):
        read(github)


# --- texts in batches ---


@pytest.mark.parametrize("count", [2, 100, 101, 250])
def test_changed_files_come_a_hundred_a_request(garden: GitRepo, github: GitHubServer, count: int) -> None:
    with opened(github) as repository:
        state = state_after(repository, first_snapshot(repository))
    changed = {path: f"{text}- more\n" for path, text in list(PAGES.items())[:count]}
    garden.write(changed).commit()
    with opened(github, archive=False) as repository:  # as if the archive were large
        snapshot = repository.snapshot(state, conditional=True)
        assert snapshot is not None
        wanted = [file for file in snapshot.files if file.path in changed]
        assert snapshot.cost(wanted) == -(-count // 100)
        fetched = {file.path: data or snapshot.read(file) for file, data in snapshot.fetch(wanted)}
        assert fetched == {path: text.encode() for path, text in changed.items()}
        assert sum(repository.requests.values()) <= 2 + -(-count // 100)


def test_every_text_is_believed_only_by_its_id(garden: GitRepo, github: GitHubServer) -> None:
    long = {"short.md": b"x" * 499_999, "long.md": b"y" * 512_001, "longer.md": b"z" * 600_000}
    garden.write(long).commit()
    with opened(github, archive=False) as repository:
        snapshot = first_snapshot(repository)
        fetched = dict(snapshot.fetch(plain(snapshot)))
        left = {file.path for file, data in fetched.items() if data is None}
        assert left == {*UNTRUE, "long.md", "longer.md"}
        assert {file.path: data or snapshot.read(file) for file, data in fetched.items()} == garden.blobs()
        assert repository.requests["blobs"] == 3
        assert repository.requests["blob"] == len(left) + 1


def test_a_text_that_several_files_hold_is_asked_for_once(garden: GitRepo, github: GitHubServer) -> None:
    garden.write({f"copy {number}.md": "- the same" for number in range(90)}).commit()
    with opened(github, archive=False) as repository:
        snapshot = first_snapshot(repository)
        copies = [file for file in snapshot.files if file.path.startswith("copy")]
        assert [data for _, data in snapshot.fetch(copies)] == [b"- the same"] * 90


def test_a_batch_that_fails_comes_by_rest(garden: GitRepo, github: GitHubServer) -> None:
    with opened(github, archive=False) as repository:
        snapshot = first_snapshot(repository)
        body = b'{"errors": [{"type": "FORBIDDEN", "message": "no"}], "data": {}}'
        github.faults.append(Fault("graphql", status=200, body=body, times=1))
        assert contents(snapshot) == garden.blobs()
        assert repository.requests["blobs"] == 3
        assert 50 <= repository.requests["blob"] <= 100 + len(UNTRUE)


@pytest.mark.parametrize("status", [403, 404])
def test_a_host_without_graphql_is_not_asked_for_it_again(garden: GitRepo, github: GitHubServer, status: int) -> None:
    github.faults.append(refusal("graphql", status, "There is no such thing"))
    with opened(github, archive=False) as repository:
        snapshot = first_snapshot(repository)
        assert snapshot.cost(plain(snapshot)) == len(PAGES) + len(ODD)
        assert contents(snapshot) == garden.blobs()
        assert repository.requests["lookup"] == 1
        assert "blobs" not in repository.requests


def test_what_the_archive_lacks_comes_in_batches(garden: GitRepo, github: GitHubServer) -> None:
    garden.write({".gitattributes": "pages export-ignore\n"}).commit()
    with opened(github) as repository:
        snapshot = first_snapshot(repository)
        assert contents(snapshot) == garden.blobs()
        assert dict(repository.requests) == {"lookup": 1, "tree": 1, "archive": 1, "blobs": 3}


def test_a_fetch_that_is_closed_early_asks_no_further(garden: GitRepo, github: GitHubServer) -> None:
    with opened(github, archive=False) as repository:
        snapshot = first_snapshot(repository)
        fetched = snapshot.fetch(plain(snapshot) * 20)
        next(fetched)
        fetched.close()
        assert repository.requests["blobs"] <= 5


@pytest.mark.parametrize("archive", [True, False])
def test_pointers_are_read_as_what_they_are(garden: GitRepo, github: GitHubServer, archive: bool) -> None:
    assert read(github, archive=archive)["pointer.md"] == ODD["pointer.md"]
