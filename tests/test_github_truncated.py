"""Trees that are too large for one answer: listed in full, part by part, and only what changed the next time."""

from __future__ import annotations

import base64
import json
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.git_repos import GitRepo
from support.github_reading import first_snapshot, opened, state_after
from support.github_server import GitHubServer
from support.github_trees import TreeLimits

from ghsync_core.errors import SourceError
from ghsync_core.interfaces import SourceState
from ghsync_plugins.sources.github.tree_memory import unpack

DEEP = {f"deep/{a}/{b}/page.md": f"{a}{b}" for a in range(4) for b in range(4)}
FILES = {**DEEP, **{f"flat/{number}.md": f"- {number}" for number in range(8)}, "top.md": "-", "Übung/日本.md": "-"}


@pytest.fixture
def garden(git_repo: Callable[[str], GitRepo], github: GitHubServer) -> GitRepo:
    """A repository whose root and whose folder ``deep`` are too large for one answer; no other folder is."""
    repo = git_repo("garden").write(FILES)
    repo.symlink("link.md", "top.md").submodule("vendor/other").commit()
    github.add("octo/garden", repo.path).tree_limits = TreeLimits(entries=12)
    return repo


def synced(github: GitHubServer, location: str = "octo/garden") -> SourceState:
    """What a first run leaves in the store, JSON and back."""
    with opened(github, location) as repository:
        state = state_after(repository, first_snapshot(repository))
    return replace(state, memory=json.loads(json.dumps(dict(state.memory))))


def listed(
    github: GitHubServer, state: SourceState | None = None, location: str = "octo/garden"
) -> tuple[set[str], list[str], SourceState]:
    """The paths that a run lists, the trees that it asks for, and what it leaves."""
    github.log.clear()
    with opened(github, location) as repository:
        snapshot = repository.snapshot(state, conditional=False)
        assert snapshot is not None
        assert len({file.path for file in snapshot.files}) == len(snapshot.files)
        asked = [path.partition("/git/trees/")[2] for path in github.asked() if "/git/trees/" in path]
        return (
            {f"{file.entry} {file.path} {file.blob_id}" for file in snapshot.files},
            asked,
            state_after(repository, snapshot),
        )


def truth(repo: GitRepo, folder: str = "") -> set[str]:
    """What git itself lists."""
    kinds = {"120000": "symlink", "160000": "submodule"}
    lines = [line.partition("\t") for line in repo.git("ls-tree", "-r", "-z", "HEAD").split("\0") if line]
    return {
        f"{kinds.get(head.split()[0], 'file')} {path} {head.split()[2]}"
        for head, _, path in lines
        if path.startswith(folder)
    }


def tree_id(repo: GitRepo, path: str) -> str:
    return repo.git("rev-parse", f"HEAD:{path}")


def tree_ids(repo: GitRepo) -> set[str]:
    """The trees of all folders below the root."""
    return {line.split()[2] for line in repo.git("ls-tree", "-r", "-t", "HEAD").splitlines() if " tree " in line}


# --- what is asked for -----------------------------------------------------------------------------------------------


def test_is_listed_in_full_subtree_by_subtree(garden: GitRepo, github: GitHubServer) -> None:
    files, asked, state = listed(github)
    assert files == truth(garden)
    assert asked[:2] == [f"{garden.head}?recursive=1", garden.head]
    deep = tree_id(garden, "deep")
    assert sorted(asked[2:]) == sorted(
        [
            *(f"{tree_id(garden, path)}?recursive=1" for path in ("flat", "vendor", "Übung")),
            f"{deep}?recursive=1",
            deep,
            *(f"{tree_id(garden, f'deep/{number}')}?recursive=1" for number in range(4)),
        ]
    )
    assert set(state.memory) == {"id", "full_name", "trees"}


def test_a_tree_that_fits_leaves_no_note(garden: GitRepo, github: GitHubServer) -> None:
    github.repos["octo/garden"].tree_limits = TreeLimits()
    files, asked, state = listed(github)
    assert files == truth(garden)
    assert asked == [f"{garden.head}?recursive=1"]
    assert set(state.memory) == {"id", "full_name"}


def test_the_limit_in_bytes_counts_too(garden: GitRepo, github: GitHubServer) -> None:
    github.repos["octo/garden"].tree_limits = TreeLimits(size=3000)
    files, asked, _ = listed(github)
    assert files == truth(garden)
    assert len(asked) > 2


def test_a_new_commit_costs_the_root_and_what_changed(garden: GitRepo, github: GitHubServer) -> None:
    state = synced(github)
    garden.write({"flat/3.md": "- changed"}).commit()
    files, asked, state = listed(github, state)
    assert files == truth(garden)
    assert asked == [garden.head, f"{tree_id(garden, 'flat')}?recursive=1"]

    garden.write({"deep/2/1/page.md": "- changed", "deep/2/3/new.md": "-"}).delete("flat/5.md").commit()
    files, asked, state = listed(github, state)
    assert files == truth(garden)
    assert asked == [
        garden.head,
        tree_id(garden, "deep"),
        f"{tree_id(garden, 'deep/2')}?recursive=1",
        f"{tree_id(garden, 'flat')}?recursive=1",
    ]

    garden.write({"top.md": "- changed"}).commit()
    files, asked, state = listed(github, state)
    assert (files, asked) == (truth(garden), [garden.head])
    files, asked, state = listed(github, state)
    assert (files, asked) == (truth(garden), [])


def test_a_folder_that_moved_costs_nothing(garden: GitRepo, github: GitHubServer) -> None:
    state = synced(github)
    garden.rename("flat", "moved").commit()
    files, asked, _ = listed(github, state)
    assert (files, asked) == (truth(garden), [garden.head])


def test_a_rewound_branch_is_just_another_tree(garden: GitRepo, github: GitHubServer) -> None:
    garden.write({"flat/3.md": "- changed", "flat/new.md": "-"}).commit()
    state = synced(github)
    garden.git("reset", "--quiet", "--hard", "HEAD~1")
    files, asked, _ = listed(github, state)
    assert files == truth(garden)
    assert asked == [garden.head, f"{tree_id(garden, 'flat')}?recursive=1"]


def test_one_folder_asks_only_on_the_way_to_it(garden: GitRepo, github: GitHubServer) -> None:
    location = "octo/garden:deep/2"
    files, asked, state = listed(github, location=location)
    assert files == truth(garden, "deep/2/")
    assert len(asked) == 5
    garden.write({"deep/2/1/page.md": "- changed", "flat/3.md": "- changed"}).commit()
    files, asked, state = listed(github, state, location)
    assert files == truth(garden, "deep/2/")
    assert asked == [garden.head, tree_id(garden, "deep"), f"{tree_id(garden, 'deep/2')}?recursive=1"]
    with opened(github, "octo/garden:deep/9") as repository, pytest.raises(SourceError, match="'deep/9' is not there"):
        repository.snapshot(None, conditional=False)


# --- the note --------------------------------------------------------------------------------------------------------

junk = st.recursive(
    st.none() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
)


def damaged(note: Any, damage: Callable[[str], Any]) -> dict[str, Any]:
    return {
        "whole": {sha: damage(packed) for sha, packed in note["whole"].items()},
        "split": {path: [sha, damage(packed)] for path, (sha, packed) in note["split"].items()},
    }


@pytest.mark.parametrize(
    "damage",
    [
        lambda packed: packed[: len(packed) // 2],
        lambda packed: packed[:-4],
        lambda packed: packed + "AAAA" * 100_000,
        lambda packed: "A" + packed[1:],
        lambda packed: packed[:60] + packed[64:],
        lambda packed: "é",
        lambda packed: "",
        lambda packed: None,
        lambda packed: [packed],
    ],
)
def test_a_damaged_note_is_ignored(garden: GitRepo, github: GitHubServer, damage: Callable[[str], Any]) -> None:
    state = synced(github)
    spoiled = {**state.memory, "trees": damaged(state.memory["trees"], damage)}
    files, asked, after = listed(github, replace(state, memory=spoiled))
    assert files == truth(garden)
    assert asked
    assert after.memory == state.memory


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(note=junk | st.fixed_dictionaries({"whole": junk, "split": junk | st.dictionaries(st.just(""), junk)}))
def test_a_note_of_any_other_kind_is_ignored(garden: GitRepo, github: GitHubServer, note: Any) -> None:
    state = SourceState("octo/garden", "", memory={"id": 1001, "full_name": "octo/garden", "trees": note})
    assert listed(github, state)[0] == truth(garden)


def test_a_note_that_unpacks_without_end_is_given_up() -> None:
    bomb = base64.b64encode(zlib.compress(bytes(1 << 27))).decode()
    sizes: list[int] = []
    with pytest.raises(SourceError):
        sizes.extend(len(piece) for piece in unpack(bomb))
    assert sum(sizes) <= 1 << 26


# --- any history -----------------------------------------------------------------------------------------------------

segments = st.sampled_from(["a", "b", "c"])
paths = st.builds(lambda folders, name: "/".join([*folders, f"{name}.md"]), st.lists(segments, max_size=3), segments)
trees = st.dictionaries(paths, st.sampled_from(["one", "two"]), min_size=1, max_size=12)


@contextmanager
def hosted() -> Iterator[tuple[GitRepo, GitHubServer]]:
    with tempfile.TemporaryDirectory() as folder:
        repo = GitRepo(Path(folder))
        with GitHubServer({"octo/garden": repo.path}) as server:
            yield repo, server


@settings(deadline=None, max_examples=15)
@given(history=st.lists(trees, min_size=2, max_size=4), limit=st.integers(1, 12))
def test_any_history_is_listed_as_git_lists_it(history: list[Mapping[str, str]], limit: int) -> None:
    with hosted() as (repo, server):
        server.repos["octo/garden"].tree_limits = TreeLimits(entries=limit)
        state = None
        before: set[str] = set()
        for files in history:
            for old in repo.path.rglob("*.md"):
                old.unlink()
            repo.write(files).commit()
            known, before = (
                before,
                {line.split()[2] for line in repo.git("ls-tree", "-r", "-t", "HEAD").splitlines() if " tree " in line},
            )
            found, asked, state = listed(server, state)
            assert found == truth(repo)
            assert len(asked) <= 2 + 2 * len(before - known)
