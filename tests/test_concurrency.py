"""Many threads and several processes at one store: who waits, who reads, and what nobody ever sees."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from itertools import groupby

import pytest
from support.rough import RoughBackend
from support.toy import ToyPlugin, rows, sync, write_tree

from ghsync_core import StoreError, Syncer

LINKS = 6
FILES = 10_000 if "TORTURE" in os.environ else 400


def pages(version: str, count: int = 150) -> dict[str, str]:
    """Pages of which each links so often to pages of the version."""
    lines = [f"-> {version} {number}" for number in range(LINKS)]
    return {f"page{number}.toy": "\n".join([f"set version {version}", *lines]) for number in range(count)}


# --- readers ---

SEEN = """
    SELECT (SELECT count(*) FROM edges e WHERE e.path = f.path) AS edges,
           (SELECT count(DISTINCT substr(e.name, 1, 3)) FROM edges e WHERE e.path = f.path) AS versions
    FROM files f
"""
DANGLING = "SELECT count(*) FROM edges WHERE to_id NOT IN (SELECT id FROM nodes)"


def test_readers_never_wait_and_never_see_half_a_file(tmp_path):
    folder, database = tmp_path / "source", tmp_path / "graph.db"
    sync(write_tree(folder, pages("old")), database)
    ended, looks, wrong = threading.Event(), [], []

    def read():
        connection = sqlite3.connect(database, timeout=0)  # whoever had to wait would raise
        try:
            while not ended.is_set():
                found = connection.execute(SEEN).fetchall()
                looks.append(len(found))
                # Until the settle an edge to what is new is not shown; but never edges of two versions.
                wrong.extend(row for row in found if row[0] > LINKS or row[1] > 1)
                wrong.extend(row for row in connection.execute(DANGLING) if row != (0,))
        except sqlite3.Error as error:
            wrong.append(error)
        finally:
            connection.close()

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for version in ("new", "odd", "old"):
            assert sync(write_tree(folder, pages(version)), database).status == "complete"
    finally:
        ended.set()
        for reader in readers:
            reader.join()
    assert wrong == []
    assert len(looks) >= 2
    assert set(sqlite3.connect(database).execute(SEEN)) == {(LINKS, 1)}


# --- two syncs ---

TWO = """
import sys
from pathlib import Path
from support.toy import ToyParser, sync
who, folder, database, log = sys.argv[1:]
parse = ToyParser.parse
def told(self, document):
    with open(log, "a") as file:
        file.write(who)
    return parse(self, document)
ToyParser.parse = told
print("ready", flush=True)
sys.stdin.readline()
print(sync(Path(folder), Path(database), workers=4, settings={"wait": 60}).status)
"""


def test_two_syncs_into_one_store_follow_one_another(tmp_path):
    database, log = tmp_path / "graph.db", tmp_path / "log"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    processes = []
    for who in "ABC":
        folder = write_tree(tmp_path / who, pages(who, 60))
        command = [sys.executable, "-c", TWO, who, folder, database, log]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        processes.append(subprocess.Popen(command, env=environment, **pipes))
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.communicate(timeout=60)[0] for process in processes] == ["complete\n"] * 3
    turns = ["".join(turn) for _, turn in groupby(log.read_text())]
    assert sorted(turns) == ["A" * 60, "B" * 60, "C" * 60]
    assert len(rows(database, "files")) == 180


# --- the write guard under stress: many files, many workers, a rough store ---


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_tree(tmp_path_factory.mktemp("many"), {f"d{n % 50}/{n}.toy": f"-> {n}" for n in range(FILES)})


@pytest.mark.timeout(600)
@pytest.mark.parametrize("bears", [1, 3, 64])
def test_every_file_is_written_once_whatever_the_store_does(folder, bears):
    rough = RoughBackend(bears)
    statistics = Syncer(folder, to="rough:", plugins=[ToyPlugin(), rough], workers=16, max_writes=8).run()
    refused = sum(path.endswith("7.toy") for path in rough.written)
    assert set(rough.written.values()) == {1}
    assert len(rough.written) == statistics.total_files == FILES
    assert (statistics.kg_files_processed, statistics.failed_files) == (FILES - refused, refused)
    assert statistics.total_nodes == FILES - refused
    assert len(statistics.errors) == refused
    assert rough.most <= min(bears, 8)
    assert rough.settled == 1


@pytest.mark.timeout(600)
@pytest.mark.parametrize("dies_at", [1, 2, 7])
def test_a_store_that_fails_ends_the_run_and_leaves_no_thread_waiting(folder, dies_at):
    rough = RoughBackend(4, dies_at=dies_at)
    before = threading.active_count()
    with pytest.raises(StoreError, match="on fire"):
        Syncer(folder, to="rough:", plugins=[ToyPlugin(), rough], workers=16, max_writes=4).run()
    assert (rough.now, rough.settled) == (0, 0)
    assert set(rough.written.values()) <= {1}
    for thread in threading.enumerate():
        if thread.name.startswith("ghsync-"):
            thread.join(timeout=30)
    assert threading.active_count() <= before


@pytest.mark.timeout(600)
@pytest.mark.parametrize("after", [1, 30])
def test_cancel_while_the_store_hangs_ends_with_exact_counts(folder, after):
    rough = RoughBackend(2)
    syncer = Syncer(folder, to="rough:", plugins=[ToyPlugin(), rough], workers=16)

    def on_progress(progress):
        if progress.files_processed >= after:
            syncer.cancel()

    statistics = syncer.run(on_progress)
    assert statistics.total_files == len(rough.written)
    assert statistics.total_files + statistics.left_files == FILES
    assert rough.settled == 1
