"""A store that is full, locked, read-only, deleted or replaced during the run: a sentence, and the next run is fine."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys

import pytest
from support.doomed import Doomed
from support.toy import ToyPlugin, graph, rows, sync, write_tree

from ghsync_core import StoreError, Syncer, hookimpl
from ghsync_plugins.backends.sqlite import connection as sqlite_connection

PAGES = {f"page{number}.toy": f"-> page{number + 1}\nalias a{number}\nclass urn:{number}" for number in range(40)}
CHANGED = {path: f"{text}\n-> elsewhere" for path, text in PAGES.items()}


class Meddling(ToyPlugin):
    """The toy format, whose parser calls *act* once, when it has parsed a few files."""

    def __init__(self, act):
        self.act, self.left = act, 20

    @hookimpl
    def register_parsers(self):
        parser = super().register_parsers()[0]

        def parse(_, document):
            self.left -= 1
            if self.left == 0:
                self.act()
            return parser.parse(document)

        return [type("Parser", (), {"name": "toy", "version": "1", "parse": parse})()]


@pytest.fixture
def folder(tmp_path):
    return write_tree(tmp_path / "source", PAGES)


@pytest.fixture
def database(tmp_path):
    return tmp_path / "graph.db"


@pytest.fixture(scope="module")
def doomed():
    with Doomed() as process:
        yield process


def meddled_sync(folder, database, act):
    return Syncer(folder, to=f"sqlite:{database}", plugins=[Meddling(act)], workers=1).run()


def completes(folder, database, tmp_path):
    """Whether the next run ends as a fresh one."""
    assert sync(folder, database).status == "complete"
    sync(folder, tmp_path / "fresh.db")
    assert graph(database) == graph(tmp_path / "fresh.db")


# --- deleted, replaced ---


def remove(database):
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("everything", [True, False])
def test_a_database_deleted_during_the_run_is_told_and_made_again(tmp_path, folder, database, first, everything):
    if not first:
        sync(write_tree(folder, CHANGED), database)
        write_tree(folder, PAGES)
    with pytest.raises(StoreError, match=r"graph\.db was deleted while it was written.*Run again"):
        meddled_sync(folder, database, lambda: remove(database) if everything else database.unlink())
    assert not database.exists()
    completes(folder, database, tmp_path)


def test_a_database_replaced_during_the_run_is_left_as_it_is(tmp_path, folder, database):
    other = tmp_path / "other.db"
    sync(write_tree(tmp_path / "elsewhere", {"other.toy": "-> x"}), other)
    before = graph(other)
    with pytest.raises(StoreError, match=r"graph\.db was replaced by another file"):
        meddled_sync(folder, database, lambda: other.rename(database))
    assert graph(database) == before
    assert [row["path"] for row in rows(database, "files")] == ["other.toy"]
    assert sqlite3.connect(database).execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_database_deleted_before_the_record_is_no_complete_run(folder, database, tmp_path, monkeypatch):
    from ghsync_plugins.backends.sqlite.writer import SqliteWriter

    settle = SqliteWriter.settle

    def settle_and_lose(self):
        counts = settle(self)
        remove(database)
        return counts

    with monkeypatch.context() as patched:
        patched.setattr(SqliteWriter, "settle", settle_and_lose)
        with pytest.raises(StoreError, match="deleted"):
            sync(folder, database)
    completes(folder, database, tmp_path)


# --- locked ---


HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""


def test_a_database_that_another_program_holds_is_told(tmp_path, folder, database, monkeypatch):
    sync(folder, database)
    before = graph(database)
    monkeypatch.setattr(sqlite_connection, "BUSY_SECONDS", 0.05)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, database], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "held\n"
        write_tree(folder, CHANGED)
        with pytest.raises(StoreError, match=r"another program holds it\. Close that program"):
            sync(folder, database)
        assert graph(database) == before  # readers are not kept out
        other.communicate("")
    completes(folder, database, tmp_path)


# --- full, read-only ---


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("room", [8_192, 100_000, 200_000, 300_000])
def test_a_disk_without_room_is_told_and_what_was_stored_stays(doomed, tmp_path, folder, database, first, room):
    if not first:
        sync(folder, database)
        write_tree(folder, CHANGED)
        room += database.stat().st_size
    told = doomed.run(folder, database, {"fsize": room}, workers=2)
    if "error" in told:
        assert told["error"].startswith(f"StoreError: {database}: the disk ")
    else:
        assert told["status"] == "complete"
    if database.exists():
        assert sqlite3.connect(database).execute("PRAGMA integrity_check").fetchone() == ("ok",)
    write_tree(folder, {**CHANGED, "last.toy": ""})
    completes(folder, database, tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="drops the capabilities of Linux")
@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_may_not_be_written_is_told(doomed, tmp_path, what):
    home = tmp_path / "home"
    folder, database = write_tree(tmp_path / "source", PAGES), home / "graph.db"
    home.mkdir()
    sync(folder, database)
    (home if what == "folder" else database).chmod(0o555)
    for lock in home.glob("*.lock"):
        lock.unlink()
    write_tree(folder, CHANGED)
    told = doomed.run(folder, database, {"powerless": True})
    assert told["error"].startswith(f"StoreError: {database}")
    assert "permissions" in told["error"]
    home.chmod(0o755)
    database.chmod(0o644)
    completes(folder, database, tmp_path)


# --- the clock ---


@pytest.mark.parametrize("seconds", [-10 * 365 * 86_400, 86_400])
def test_a_clock_that_jumps_changes_nothing(doomed, tmp_path, folder, database, seconds):
    sync(folder, database)
    write_tree(folder, CHANGED)
    for path in folder.iterdir():
        os.utime(path, (4_000_000_000, 4_000_000_000))
    assert doomed.run(folder, database, {"clock": seconds})["status"] == "complete"
    assert doomed.run(folder, database, {"clock": 2 * seconds})["status"] == "unchanged"
    write_tree(folder, PAGES)
    completes(folder, database, tmp_path)


# --- settings that change between runs ---


def test_settings_that_change_between_runs_end_in_the_graph_of_the_last_ones(tmp_path, folder, database):
    write_tree(folder, {**PAGES, "long.toy": "-> x\n" * 100})
    for number, options in enumerate(
        [{}, {"exclude": ["page1*.toy"]}, {"settings": {"max_file_size": 90}}, {"include": ["page*"]}, {}]
    ):
        sync(folder, database, max_delete="100%", **options)
        sync(folder, tmp_path / f"fresh{number}.db", **options)
        assert graph(database) == graph(tmp_path / f"fresh{number}.db")


def test_a_copy_of_the_database_and_its_log_taken_in_mid_run_is_whole(tmp_path, folder, database):
    sync(folder, database)
    write_tree(folder, CHANGED)
    copy = tmp_path / "copy.db"

    def take():
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{database}{suffix}", f"{copy}{suffix}")

    meddled_sync(folder, database, take)
    assert sqlite3.connect(copy).execute("PRAGMA integrity_check").fetchone() == ("ok",)
    completes(folder, copy, tmp_path)
