"""A run that is killed leaves a store that opens, tells no half truth, and is completed by the next run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from support.toy import graph, rows, sync, write_tree

PAGES = {f"page{number}.toy": f"-> page{number + 1}\nalias a{number}\nclass urn:{number}" for number in range(200)}

RUN = """
import os, signal, sys
from support.toy import ToyParser, sync
from ghsync_plugins.backends.sqlite.writer import SqliteWriter
from pathlib import Path

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

step, folder, database = sys.argv[1:]
parse, parsed = ToyParser.parse, []

def parse_until(self, document):
    parsed.append(document.path)
    if len(parsed) == 120:
        die()
    return parse(self, document)

def settle_then_die(self):
    settle(self)
    die()

settle = SqliteWriter.settle
if step == "in the middle":
    ToyParser.parse = parse_until
elif step == "before the settle":
    SqliteWriter.settle = die
elif step == "in the settle":
    SqliteWriter.settle = settle_then_die
sync(Path(folder), Path(database))
"""


def run_to_death(step, folder, database):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.run([sys.executable, "-c", RUN, step, folder, database], env=environment, capture_output=True)
    assert process.returncode == -signal.SIGKILL, process.stderr.decode()


@pytest.mark.parametrize("step", ["in the middle", "before the settle", "in the settle"])
@pytest.mark.parametrize("first", [True, False], ids=["first sync", "later sync"])
def test_killed_and_run_again_ends_in_the_same_graph(tmp_path, step, first):
    folder, database = tmp_path / "source", tmp_path / "graph.db"
    if not first:
        sync(write_tree(folder, dict.fromkeys(PAGES, "-> somewhere else\nalias old")), database)
    write_tree(folder, PAGES)
    run_to_death(step, folder, database)
    stored = {row["path"] for row in rows(database, "files")} if database.exists() else set()
    ids = {row["id"] for row in rows(database, "nodes")}
    assert all(edge["from_id"] in ids and edge["to_id"] in ids for edge in rows(database, "edges"))
    again = sync(folder, database)
    assert again.status == "complete"
    if first and step != "in the middle":
        assert again.unchanged_files == len(stored) == len(PAGES)
    sync(folder, tmp_path / "fresh.db")
    assert graph(database) == graph(tmp_path / "fresh.db")


def test_ctrl_c_finishes_the_files_in_hand(tmp_path):
    folder, database = write_tree(tmp_path / "source", PAGES), tmp_path / "graph.db"
    code = """
import sys, threading
from pathlib import Path
from support.toy import ToyParser, sync
parse = ToyParser.parse
def slow(self, document):
    sys.stdout.write("parsing\\n")
    sys.stdout.flush()
    threading.Event().wait(0.02)
    return parse(self, document)
ToyParser.parse = slow
print(sync(Path(sys.argv[1]), Path(sys.argv[2]), workers=2).status)
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        [sys.executable, "-c", code, folder, database], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "parsing\n"
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=30)
    assert output.splitlines()[-1] == "interrupted"
    stored = len(rows(database, "files"))
    assert 0 < stored < len(PAGES)
    assert sync(folder, database).unchanged_files == stored


def test_a_second_sync_is_told_who_holds_the_store(tmp_path):
    from ghsync_core import StoreLocked
    from ghsync_plugins.backends.sqlite import SqliteBackend

    folder, database = write_tree(tmp_path / "source", {"a.toy": ""}), tmp_path / "graph.db"
    store = SqliteBackend().open(f"sqlite:{database}", {}, create=True)
    with store.lock("sync of elsewhere since noon", 0):
        with pytest.raises(StoreLocked, match=f"sync of elsewhere since noon.*process {os.getpid()}"):
            sync(folder, database)
        began = time.monotonic()
        with pytest.raises(StoreLocked):
            sync(folder, database, settings={"wait": 0.3})
        assert time.monotonic() - began >= 0.3
    store.close()
    assert sync(folder, database).status == "complete"
