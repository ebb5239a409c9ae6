"""Listings that git would not make, and names that only git would allow: a right listing, or a sentence."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.git_repos import GitRepo
from support.github_reading import contents, first_snapshot, opened
from support.github_server import GitHubServer

from ghsync_core.errors import SourceError
from ghsync_core.models import FileRef
from ghsync_plugins.sources.github import tree as tree_module
from ghsync_plugins.sources.github.client import Answer
from ghsync_plugins.sources.github.tree import EMPTY_TREE, TreeLister
from ghsync_plugins.sources.github.tree_memory import TreeMemory

COMMIT = "c" * 40
SHA = "a" * 40
MAX_PATH = 4096
FORBIDDEN = {"", ".", ".."}

odd = [
    "a",
    "A",
    "b.md",
    "é",
    "e\u0301",
    "ß",
    "SS",
    "C:",
    "C:\\x",
    "back\\slash",
    "...",
    ".git",
    "~",
    "\n",
    "\u202e",
    "CON",
]
bad = ["", ".", "..", "nul\x00", "\x00", "x" * 4100]
texts = st.text(st.characters(exclude_characters="\ufffd"), min_size=1, max_size=4)
names = st.sampled_from(odd) | texts
good_paths = st.lists(names, min_size=1, max_size=3).map("/".join)
any_paths = st.lists(names | st.sampled_from(bad), max_size=4).map("/".join)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(categories=None), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
path_lists = st.lists(good_paths, max_size=5, unique=True) | st.lists(any_paths | good_paths, max_size=5)


class Host:
    """Says the same of every tree, in pieces as a response has them; something else where it is asked recursively."""

    def __init__(self, recursive: bytes, level: bytes = b"") -> None:
        self.recursive = recursive
        self.level = level

    def decode(self, path: str, kind: str, decode: Callable[[Iterator[bytes]], Any]) -> Any:
        body = self.recursive if path.endswith("?recursive=1") else self.level
        return decode(body[start : start + 4096] for start in range(0, len(body), 4096))

    def get(self, path: str, kind: str) -> Answer:
        """The commit, of which the tree is empty."""
        return Answer(200, json.dumps({"commit": {"tree": {"sha": EMPTY_TREE}}}).encode(), moved=False)


def files_of(tree: Any) -> Sequence[FileRef]:
    return files_in(json.dumps({"tree": tree, "truncated": False}).encode())


def files_in(body: bytes) -> Sequence[FileRef]:
    return TreeLister(Host(body), "", "", TreeMemory()).list(COMMIT).files  # type: ignore[arg-type]


def blob(path: Any, **changes: Any) -> dict[str, Any]:
    return {"path": path, "mode": "100644", "type": "blob", "sha": SHA, "size": 1, **changes}


def possible(paths: Sequence[str]) -> bool:
    """Whether git can have all of *paths* as files in one tree."""
    segments = [tuple(path.split("/")) for path in paths]
    if any(FORBIDDEN & set(each) for each in segments) or any("\x00" in path or len(path) > MAX_PATH for path in paths):
        return False
    folders = {each[:end] for each in segments for end in range(1, len(each))}
    return len(set(segments)) == len(segments) and not folders & set(segments)


def is_a_sentence(error: SourceError) -> bool:
    """Whether a person can read it on any terminal."""
    return len(str(error).splitlines()) == 1 and len(str(error).encode()) < 400


@given(paths=path_lists)
@example(paths=["é.md", "e\u0301.md", "É.md", "E\u0301.md"])
@example(paths=["a", "a-b", "a/b"])
@example(paths=["a/b", "a\x01", "a"])
@example(paths=["Note.md", "note.md", "C:\\x.md", "c:/x.md", "back\\slash.md"])
@example(paths=["/etc/passwd"])
@example(paths=["a.md", "a.md"])
def test_any_paths_are_listed_as_they_are_or_refused(paths: list[str]) -> None:
    tree = [blob(path, sha=f"{number:040x}") for number, path in enumerate(paths)]
    if not possible(paths):
        with pytest.raises(SourceError) as caught:
            files_of(tree)
        assert is_a_sentence(caught.value)
    else:
        listed = [(file.path, file.blob_id) for file in files_of(tree)]
        assert listed == [(path, f"{number:040x}") for number, path in enumerate(paths)]


@given(key=st.sampled_from(["path", "mode", "type", "sha", "size"]), value=values, at=st.integers(0, 2))
@example(key="size", value=10**4000, at=0)
@example(key="size", value=-1, at=0)
@example(key="size", value=1.0, at=0)
@example(key="size", value=True, at=0)
@example(key="sha", value="A" * 40, at=0)
@example(key="sha", value="a" * 40 + "\n", at=0)
def test_a_value_of_another_kind_is_refused(key: str, value: Any, at: int) -> None:
    tree = [blob("a"), blob("b"), blob("c")]
    whole = files_of(tree)
    tree[at][key] = value
    if key == "mode" and isinstance(value, str):
        assert files_of(tree) == whole
        return
    if key == "size" and type(value) is int and 0 <= value <= 1 << 40:
        assert files_of(tree)[at].size == value
        return
    if key == "path" and isinstance(value, str):
        return  # the test before this one
    with pytest.raises(SourceError):
        files_of(tree)


@given(key=st.sampled_from(["path", "mode", "type", "sha", "size"]))
def test_a_value_that_is_missing_is_refused(key: str) -> None:
    entry = blob("a")
    del entry[key]
    with pytest.raises(SourceError):
        files_of([entry])


@given(edits=st.lists(st.tuples(st.integers(0, 500), st.binary(max_size=3), st.integers(0, 3)), max_size=4))
def test_any_bytes_are_a_listing_or_a_sentence(edits: list[tuple[int, bytes, int]]) -> None:
    body = bytearray(json.dumps({"tree": [blob("a/é.md"), blob("b.md")], "truncated": False}).encode())
    for start, new, old in edits:
        body[start : start + old] = new
    try:
        files = files_in(bytes(body))
    except SourceError as error:
        sentence = is_a_sentence(error)
        assert sentence
    else:
        assert possible([file.path for file in files if file.entry != "file-name"])


@pytest.mark.parametrize("kind", ["blob", "commit"])
def test_a_name_that_is_no_unicode_can_be_stored(kind: str) -> None:
    [file] = files_of([blob("a\udcff/b.md", type=kind)])
    assert (file.path, file.entry) == ("a\\xed\\xb3\\xbf/b.md", "file-name")


def test_names_that_github_can_not_tell_apart_stand_as_one(
    git_repo: Callable[[str], GitRepo], github: GitHubServer
) -> None:
    repo = git_repo("latin").write({"a.md": "- a", "\ufffd.md": "- one"})
    for letter in (b"\xe8", b"\xe9"):
        (repo.path / os.fsdecode(b"p" + letter + b".md")).write_bytes(letter)
        (repo.path / os.fsdecode(b"d" + letter)).mkdir()
        (repo.path / os.fsdecode(b"d" + letter) / "in.md").write_bytes(letter)
    repo.commit()
    github.add("octo/garden", repo.path)
    with opened(github) as repository:
        snapshot = first_snapshot(repository)
        assert {file.path: file.entry for file in snapshot.files} == {
            "a.md": "file",
            "\ufffd.md": "file",
            "p\ufffd.md": "file-name",
            "d\ufffd/in.md": "file-name",
        }
        assert contents(snapshot) == {"a.md": b"- a", "\ufffd.md": b"- one"}


def test_a_deep_path_costs_no_more_than_its_length() -> None:
    began = time.process_time()
    files = files_of([blob("a/" * 2000 + str(number)) for number in range(1000)])
    assert len(files) == 1000
    assert time.process_time() - began < 1


class Levels:
    """Ten levels of folders, each with ten times the same folder of the next: a few small objects, as git allows."""

    def decode(self, path: str, kind: str, decode: Callable[[Iterator[bytes]], Any]) -> Any:
        if path.endswith("?recursive=1"):
            return decode(iter([b'{"tree": [], "truncated": true}']))
        below = f"{int(path[-2:].strip('c') or 0) + 1:040}"
        return decode(iter([level_of(below)]))


def level_of(sha: str) -> bytes:
    entries = [blob(f"{number}", type="tree", mode="040000", sha=sha) for number in range(10)]
    return json.dumps({"tree": entries if sha <= f"{10:040}" else [blob("leaf")], "truncated": False}).encode()


def test_a_tree_that_stands_for_endless_files_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_module, "_MAX_ENTRIES", 10_000)
    with pytest.raises(SourceError, match="too many files"):
        TreeLister(Levels(), "", "", TreeMemory()).list(COMMIT)  # type: ignore[arg-type]


def test_a_tree_that_holds_itself_is_given_up() -> None:
    level = json.dumps({"tree": [blob("a", type="tree"), blob("b", type="tree")], "truncated": False}).encode()
    host = Host(b'{"tree": [], "truncated": true}', level)
    with pytest.raises(SourceError, match="a path that can't be"):
        TreeLister(host, "", "", TreeMemory()).list(COMMIT)  # type: ignore[arg-type]
