"""Several sources in one go: what they share, and that none of them harms another."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.toy import ToyPlugin, rows, sync, write_tree

from ghsync_core import Document, ParsedFile, StoreLocked, Syncer, SyncProgress, SyncStatistics, hookimpl, sync_many
from ghsync_core.many import SyncGroup
from ghsync_core.places import Setup
from ghsync_core.resources import Resources
from ghsync_plugins.backends.sqlite import SqliteBackend
from ghsync_plugins.backends.sqlite.store import SqliteStore


class Watching(ToyPlugin):
    """The toy format; notes which threads parsed, and does what it is told to before a file is parsed."""

    version = "1"

    def __init__(self, before=lambda path: None):
        self.threads = set()
        self._before = before

    @hookimpl
    def register_parsers(self):
        [self._toy] = super().register_parsers()
        return [self]

    def parse(self, document: Document) -> ParsedFile:
        self.threads.add(threading.current_thread())
        self._before(document.path)
        return self._toy.parse(document)


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    """Three folders of twenty pages each."""
    return [
        write_tree(tmp_path / name, {f"{name}{number}.toy": "-> b" for number in range(20)}) for name in ("a", "b", "c")
    ]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "all.db"


def test_the_workers_are_the_same_for_all(folders: list[Path], database: Path) -> None:
    plugin = Watching()
    runs = sync_many(folders, to=f"sqlite:{database}", plugins=[plugin], workers=3)
    assert [(run.status, run.kg_files_processed) for run in runs] == [("complete", 20)] * 3
    assert len(plugin.threads) <= 3
    assert not any(thread.is_alive() for thread in plugin.threads)


def test_a_store_is_opened_and_locked_once(
    folders: list[Path], database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    @contextmanager
    def lock(self: SqliteStore, holder: str, wait: float) -> Iterator[None]:
        done.append(holder.rpartition(" since")[0])
        with locked(self, holder, wait):
            yield
        done.append("freed")

    def close(self: SqliteStore) -> None:
        done.append("closed")
        closed(self)

    locked, closed = SqliteStore.lock, SqliteStore.close
    monkeypatch.setattr(SqliteStore, "lock", lock)
    monkeypatch.setattr(SqliteStore, "close", close)
    for _ in range(2):
        sync_many(folders, to=f"sqlite:{database}", plugins=[ToyPlugin()])
        assert done == ["sync of 3 sources", "freed", "closed"]
        done.clear()


def test_each_store_is_held(folders: list[Path], tmp_path: Path) -> None:
    syncers = [Syncer(each, to=f"sqlite:{tmp_path}/{each.name}.db", plugins=[ToyPlugin()]) for each in folders]
    assert {run.status for run in sync_many(syncers)} == {"complete"}
    assert all(len(rows(tmp_path / f"{each.name}.db", "files")) == 20 for each in folders)


def test_a_store_that_another_holds_is_waited_for_once(
    folders: list[Path], database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(folders[0], database)
    tried: list[float] = []
    locked = SqliteStore.lock

    def lock(self: SqliteStore, holder: str, wait: float):
        tried.append(wait)
        return locked(self, holder, wait)

    monkeypatch.setattr(SqliteStore, "lock", lock)
    store = SqliteBackend().open(f"sqlite:{database}", {}, create=False)
    with locked(store, "someone else", 0):
        runs = sync_many(folders, to=f"sqlite:{database}", plugins=[ToyPlugin()], settings={"wait": 0.01})
    store.close()
    assert [run.status for run in runs] == ["failed"] * 3
    assert all("someone else" in run.errors[0].message for run in runs)
    assert tried == [0.01]


def test_a_lock_that_is_refused_stays_so_until_the_end(folders: list[Path], database: Path) -> None:
    sync(folders[0], database)
    place = Setup({"to": f"sqlite:{database}"}).place(str(folders[0]))
    with Resources("first") as one, Resources("second") as two:
        assert one.held_store(place, create=False) is one.held_store(place, create=True)
        for _ in range(2):
            with pytest.raises(StoreLocked, match="held by another sync: first since"):
                two.held_store(place, create=False)


def test_a_lock_that_can_t_be_made_is_not_taken_for_held(folders: list[Path], database: Path) -> None:
    sync(folders[0], database)
    Path(f"{database}.lock").unlink()
    Path(f"{database}.lock").mkdir()
    runs = sync_many(folders, to=f"sqlite:{database}", plugins=[ToyPlugin()])
    assert [run.status for run in runs] == ["failed"] * 3
    assert all("can't be made" in run.errors[0].message for run in runs)


def test_plugins_and_settings_are_loaded_once(
    folders: list[Path], database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []

    class Counting(ToyPlugin):
        @hookimpl
        def register_parsers(self):
            made.append(self)
            return super().register_parsers()

    sync_many(folders, to=f"sqlite:{database}", plugins=[Counting()])
    assert len(made) == 1


@pytest.mark.parametrize("bad", ["missing", "include", "bug"])
def test_whatever_is_wrong_with_one_the_others_are_synced(
    folders: list[Path], database: Path, monkeypatch: pytest.MonkeyPatch, bad: str
) -> None:
    members: list[Syncer | Path] = list(folders)
    if bad == "missing":
        members[1] = folders[1] / "missing"
    elif bad == "include":
        members[1] = Syncer(folders[1], to=f"sqlite:{database}", plugins=[ToyPlugin()], name="b", max_delete=0)
        sync(folders[1], database, name="b")
        write_tree(folders[1], {})
    else:
        monkeypatch.setattr("ghsync_core.run.make_plan", bug_in(folders[1].name))
    runs = sync_many(members, to=f"sqlite:{database}", plugins=[ToyPlugin()])
    assert [run.status for run in runs] == ["complete", "failed", "complete"]
    assert len(runs[1].errors) == 1


def bug_in(name: str):
    """`make_plan`, but for a source of that name."""
    from ghsync_core.plan import make_plan

    def broken(source: str, *arguments: object, **options: object):
        if source.endswith(f"/{name}"):
            raise ZeroDivisionError("a bug")
        return make_plan(source, *arguments, **options)

    return broken


def test_a_run_that_breaks_in_the_middle_leaves_nothing_to_the_next(
    folders: list[Path], database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ghsync_core.report import Report

    add = Report.add

    def broken(self: Report, outcome) -> None:
        if outcome.path == "a5.toy":
            raise ZeroDivisionError("a bug")
        add(self, outcome)

    monkeypatch.setattr(Report, "add", broken)
    runs = sync_many(folders, to=f"sqlite:{database}", plugins=[ToyPlugin()], workers=2)
    assert [run.status for run in runs] == ["failed", "complete", "complete"]
    assert "ZeroDivisionError" in runs[0].errors[0].message
    monkeypatch.undo()
    again = sync_many(folders, to=f"sqlite:{database}", plugins=[ToyPlugin()])
    assert [run.status for run in again] == ["complete", "unchanged", "unchanged"]
    assert len(rows(database, "files")) == 60


# --- cancelling ------------------------------------------------------------------------------------------------------


def members(folders: list[Path], database: Path, plugin: ToyPlugin) -> list[Syncer]:
    setup = Setup({"to": f"sqlite:{database}"}, {"plugins": [plugin], "workers": 2})
    return [Syncer(setup.place(str(folder))) for folder in folders]


def test_cancelling_ends_the_run_in_hand_and_begins_no_other(folders: list[Path], database: Path) -> None:
    def before(path: str) -> None:
        if path.startswith("b"):
            group.cancel()

    group = SyncGroup(members(folders, database, Watching(before)))
    assert [run.status for run in group.run()] == ["complete", "interrupted", "interrupted"]
    assert not any(str(row["path"]).startswith("c") for row in rows(database, "files"))
    before_it_all = SyncGroup(members(folders, database, ToyPlugin()))
    before_it_all.cancel()
    assert [run.status for run in before_it_all.run()] == ["interrupted"] * 3
    assert [run.status for run in before_it_all.run()] == ["unchanged", "complete", "complete"]


def test_one_syncer_of_several_may_be_cancelled(folders: list[Path], database: Path) -> None:
    syncers = members(folders, database, ToyPlugin())
    syncers[1].cancel()
    assert [run.status for run in sync_many(syncers)] == ["complete", "interrupted", "complete"]


# --- progress --------------------------------------------------------------------------------------------------------


def test_progress_says_of_which_source_it_is(folders: list[Path], database: Path) -> None:
    shown: list[SyncProgress] = []
    runs = sync_many(folders, shown.append, to=f"sqlite:{database}", plugins=[ToyPlugin()])
    assert list(dict.fromkeys(each.source for each in shown)) == [run.source for run in runs]
    for run in runs:
        own = [each for each in shown if each.source == run.source]
        assert [each.files_processed for each in own] == sorted(each.files_processed for each in own)
        assert (own[0].phase, own[-1].phase, own[-1].files_processed) == ("listing", "done", 20)


def test_what_is_no_source_is_one_that_fails(folders: list[Path], database: Path) -> None:
    runs = sync_many(["no source at all", folders[0]], to=f"sqlite:{database}", plugins=[ToyPlugin()])
    assert [run.status for run in runs] == ["failed", "complete"]


def test_nothing_to_sync_is_nothing_done() -> None:
    assert sync_many([]) == []


def test_plans_are_made_without_holding_or_making_a_store(folders: list[Path], database: Path) -> None:
    plans = SyncGroup([*members(folders, database, ToyPlugin()), SyncStatistics("x", None, "failed")]).plans()
    assert [len(plan.read) for plan in plans if not isinstance(plan, SyncStatistics)] == [20, 20, 20]
    assert len(plans) == 4
    assert not database.exists()
