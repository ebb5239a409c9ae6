"""Answers that GitHub should not give: all of them end in a sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.github_faults import Fault
from support.github_reading import first_snapshot, opened
from support.github_server import GitHubServer

from ghsync_core.errors import SourceError
from ghsync_core.models import FileRef

SHA = "a" * 40

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
json_values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)
paths = st.sampled_from(["a.md", "a/b.md", "../up", "/etc/passwd", "a//b", "", ".", "nul\x00", "C:\\x", "é", "\udcff"])
entries = st.fixed_dictionaries(
    {},
    optional={
        "path": paths | json_values,
        "mode": st.sampled_from(["100644", "120000", "160000", "040000"]) | json_values,
        "type": st.sampled_from(["blob", "tree", "commit"]) | json_values,
        "sha": st.just(SHA) | json_values,
        "size": st.integers() | json_values,
    },
)
listings = st.lists(entries | json_values, max_size=4) | json_values
trees = st.fixed_dictionaries({}, optional={"tree": listings, "truncated": st.booleans() | json_values})
names = st.just("octo/garden") | json_values
repositories = st.fixed_dictionaries({}, optional={"id": json_values, "full_name": names})


@pytest.fixture(scope="module")
def bare() -> Iterator[GitHubServer]:
    """A stand-in that says only what a test puts in its mouth."""
    with GitHubServer() as server:
        yield server


def listed_files(server: GitHubServer, *, repository: bytes, commit: bytes, tree: bytes) -> Sequence[FileRef]:
    """What a first run lists, given these answers."""
    answers = {"/commits/": commit, "/trees/": tree, "/repos/": repository}
    server.faults[:] = [Fault(pattern, status=200, body=body) for pattern, body in answers.items()]
    with opened(server) as opened_repository:
        return first_snapshot(opened_repository).files


GOOD = {
    "repository": b'{"id": 1, "full_name": "octo/garden"}',
    "commit": SHA.encode(),
    "tree": json.dumps({"tree": [], "truncated": False}).encode(),
}


BROKEN = (b"", b"[]", b"null", b"{", b"\xff", b"[" * 100_000)
BAD_PATHS = ("/etc/passwd", "../up", "a/../b", "a//b", "", "a/", "./a", "nul\0", "x" * 5000)


def entry(times: int = 1, **changes: Any) -> bytes:
    """A listing of one file with *changes*, so many times."""
    one = {"path": "a.md", "mode": "100644", "type": "blob", "sha": SHA, "size": 1, **changes}
    return json.dumps({"tree": [one] * times, "truncated": False}).encode()


def test_the_good_answers_are_good(bare: GitHubServer) -> None:
    assert listed_files(bare, **{**GOOD, "tree": entry()}) == (FileRef("a.md", SHA, 1),)


@pytest.mark.parametrize(
    ("which", "body"),
    [
        *((which, body) for which in ("repository", "tree") for body in BROKEN),
        ("repository", b'{"id": true, "full_name": "octo/garden"}'),
        ("repository", b'{"id": 1, "full_name": "../../x"}'),
        ("repository", b'{"id": ' + b"9" * 5000 + b', "full_name": "octo/garden"}'),
        *(("commit", body) for body in (b"", b"HEAD", b"A" * 40, SHA.encode() * 2, b"\xff" * 40, b'{"sha": 1}')),
        ("tree", b'{"tree": []}'),
        ("tree", b'{"tree": {}, "truncated": false}'),
        ("tree", b'{"tree": [], "truncated": true}'),
        *(("tree", entry(path=path)) for path in BAD_PATHS),
        *(("tree", entry(size=size)) for size in (-1, 1 << 80, 1.5, None, "1", True)),
        *(("tree", entry(sha=sha)) for sha in ("", "a" * 39, "g" * 40, "../" + SHA, None)),
        *(("tree", entry(type=kind)) for kind in ("tag", "", None)),
        ("tree", entry(times=2)),
    ],
)  # fmt: skip
def test_a_bad_answer_is_an_error(bare: GitHubServer, which: str, body: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        listed_files(bare, **{**GOOD, which: body})
    assert len(str(caught.value).splitlines()) == 1


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(repository=repositories | json_values, tree=trees | json_values)
def test_any_answer_is_understood_or_an_error(bare: GitHubServer, repository: Any, tree: Any) -> None:
    answers = {"repository": json.dumps(repository).encode(), "tree": json.dumps(tree).encode()}
    with suppress(SourceError):
        for file in listed_files(bare, **{**GOOD, **answers}):
            assert not file.path.startswith("/")
            assert "\x00" not in file.path
            assert ".." not in file.path.split("/")
            file.path.encode()


def test_a_name_that_is_no_unicode_is_written_out(bare: GitHubServer) -> None:
    [file] = listed_files(bare, **{**GOOD, "tree": entry(path="a\udcff.md")})
    assert (file.path, file.entry) == ("a\\xed\\xb3\\xbf.md", "file-name")
