"""The stat cache: it saves hashing, and never hides a change."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.git_repos import GitRepo
from support.local_snapshots import CONTEXT
from support.toy import graph, sync, write_tree

from ghsync_core import Snapshot, SourceState, git_blob_id
from ghsync_plugins.sources.local import LocalSource, folder
from ghsync_plugins.sources.local.stat_cache import GRAIN, StatCache

HOUR = 3_600_000_000_000


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The base names of all files that are hashed from now on."""
    names: list[str] = []
    really = folder._hash_file

    def watch(place: bytes) -> str:
        names.append(os.fsdecode(place).rpartition("/")[2])
        return really(place)

    monkeypatch.setattr(folder, "_hash_file", watch)
    return names


@pytest.fixture(autouse=True)
def _an_hour_later(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock by which a listing says when it began runs an hour ahead of the files'."""
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + HOUR)
    yield
    monkeypatch.undo()


def look(place: Path, before: Snapshot | None = None) -> Snapshot:
    """A listing of *place*, which knows what the one *before* noted down."""
    known = SourceState("", "", memory=before.memory) if before else None
    found = LocalSource().open(str(place), CONTEXT).snapshot(known, conditional=False)
    assert found is not None
    return found


def in_place(path: Path, text: str) -> None:
    """Change *path* so that its size, inode and modification time stay."""
    times = path.stat()
    path.write_text(text)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def test_a_file_that_stayed_as_it_was_is_not_hashed_again(tmp_path: Path, hashed: list[str]) -> None:
    write_tree(tmp_path, {"a.md": "a", "dir/b.md": "b", "c.md": "c"})
    first = look(tmp_path)
    hashed.clear()
    (tmp_path / "c.md").write_text("changed")
    second = look(tmp_path, first)
    assert hashed == ["c.md"]
    assert list(second.files) == list(look(tmp_path).files)
    hashed.clear()
    assert look(tmp_path, second).memory == second.memory
    assert hashed == []


def test_a_change_that_hides_behind_equal_size_and_time_is_seen(tmp_path: Path) -> None:
    write_tree(tmp_path, {"a.md": "old"})
    first = look(tmp_path)
    in_place(tmp_path / "a.md", "new")
    assert look(tmp_path, first).files[0].blob_id == git_blob_id(b"new")


def test_a_file_that_takes_anothers_place_is_seen(tmp_path: Path) -> None:
    write_tree(tmp_path, {"a.md": "old", "b.md": "new"})
    first = look(tmp_path)
    (tmp_path / "b.md").replace(tmp_path / "a.md")
    assert [file.blob_id for file in look(tmp_path, first).files] == [git_blob_id(b"new")]


@pytest.mark.parametrize("age", [GRAIN, GRAIN // 2, 0, -HOUR])
def test_a_file_changed_within_the_clocks_grain_is_hashed_again(
    tmp_path: Path, hashed: list[str], monkeypatch: pytest.MonkeyPatch, age: int
) -> None:
    write_tree(tmp_path, {"a.md": "a"})
    changed = (tmp_path / "a.md").stat().st_ctime_ns
    monkeypatch.setattr(time, "time_ns", lambda: changed + age)
    first = look(tmp_path)
    look(tmp_path, first)
    assert hashed == ["a.md", "a.md"]


def test_after_the_clock_went_back_nothing_is_believed(
    tmp_path: Path, hashed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tree(tmp_path, {"a.md": "a"})
    first = look(tmp_path)
    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now - HOUR // 2)
    look(tmp_path, first)
    assert hashed == ["a.md", "a.md"]


def test_another_folder_at_the_same_path_is_hashed(tmp_path: Path, hashed: list[str]) -> None:
    first = look(write_tree(tmp_path / "notes", {"a.md": "a"}))
    (tmp_path / "notes").rename(tmp_path / "old")
    (tmp_path / "notes").mkdir()
    (tmp_path / "old" / "a.md").rename(tmp_path / "notes" / "a.md")
    look(tmp_path / "notes", first)
    assert hashed == ["a.md", "a.md"]


def test_a_file_that_could_not_be_read_is_not_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree(tmp_path, {"a.md": "a"})

    def refuse(place: bytes) -> str:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(folder, "_hash_file", refuse)
        first = look(tmp_path)
    assert look(tmp_path, first).files[0].blob_id == git_blob_id(b"a")


def test_a_clone_stays_dirty_and_clean_as_it_is(tmp_path: Path, hashed: list[str]) -> None:
    repo = GitRepo(tmp_path / "garden").write({"a.md": "old", "b.md": "b"})
    head = repo.commit()
    first = look(repo.path)
    hashed.clear()
    in_place(repo.path / "a.md", "new")
    dirty = look(repo.path, first)
    assert (dirty.commit, hashed) == (f"{head}+dirty", ["a.md"])
    repo.git("checkout", "--", ".")
    assert look(repo.path, dirty).commit == head


@pytest.mark.parametrize("how", ["add", "add --intent-to-add", "add --chmod=+x", "rm --cached"])
def test_what_only_the_index_says(tmp_path: Path, how: str) -> None:
    repo = GitRepo(tmp_path / "garden").write({"a.md": "a"})
    head = repo.commit()
    repo.write({"new.md": ""})
    repo.git(*how.split(), "a.md" if "chmod" in how or "rm" in how else "new.md")
    assert look(repo.path).commit == f"{head}+dirty"
    (repo.path / "new.md").unlink()
    assert look(repo.path).commit == head  # the work tree is what the commit holds, whatever the index says


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=6),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["files", "at", "count"]), inner),
        max_leaves=6,
    ),
    st.sampled_from(["version", "folder", "at", "count", "files"]),
)
def test_a_damaged_note_counts_as_none(tmp_path_factory: pytest.TempPathFactory, damage: object, where: str) -> None:
    place = tmp_path_factory.getbasetemp() / "damaged"
    write_tree(place, {"a.md": "a"})
    cache = StatCache(place)
    status = (place / "a.md").lstat()
    cache.keep(b"a.md", status, git_blob_id(b"a"))
    note = cache.note()
    assert isinstance(note, dict)
    assert StatCache(place, note).recall(b"a.md", status) == git_blob_id(b"a")
    assert StatCache(place, {**note, where: damage}).recall(b"a.md", status) in (None, git_blob_id(b"a"))
    assert StatCache(place, damage).recall(b"a.md", status) is None


def test_a_full_run_believes_nothing(tmp_path: Path, hashed: list[str]) -> None:
    place = write_tree(tmp_path / "notes", {"a.toy": "-> b", "b.toy": ""})
    sync(place, tmp_path / "graph.db")
    before = graph(tmp_path / "graph.db")
    hashed.clear()
    sync(place, tmp_path / "graph.db")
    assert hashed == []
    sync(place, tmp_path / "graph.db", full=True)
    assert (sorted(hashed), graph(tmp_path / "graph.db")) == (["a.toy", "b.toy"], before)
