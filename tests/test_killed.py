"""A sync that is killed at any step leaves old or new facts of each file, whole, and the next run reads the rest."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from support.doomed import Doomed
from support.survivors import NEW, OLD, check_survivor, copied
from support.toy import graph, sync, write_tree

STORE = "ghsync_plugins.backends.sqlite"
STEPS = {
    "the source is listed": {"call": "ghsync_core.run:find_vaults"},
    "the tables are being made": {"sql": "CREATE TABLE", "nth": 5},
    "the tables are made, not committed": {"sql": "PRAGMA user_version =", "when": "after"},
    "the holder is noted": {"sql": "INSERT OR REPLACE INTO meta", "when": "after"},
    "the source has its row": {"sql": "INSERT INTO sources", "when": "after"},
    "the run is planned": {"call": "ghsync_core.run:make_plan", "when": "after"},
    "the run is allowed to delete": {"call": "ghsync_core.run:guard_deletions", "when": "after"},
    "skips are being written": {"call": "ghsync_core.run:WriteGuard.write"},
    "skips are written": {"call": "ghsync_core.run:WriteGuard.write", "when": "after"},
    "the 1st file is being read": {"call": "ghsync_core.file_job:Reading.process"},
    "the 12th file is being parsed": {"call": "support.toy:ToyParser.parse", "nth": 12},
    "the 15th file is parsed": {"call": "support.toy:ToyParser.parse", "nth": 15, "when": "after"},
    "the 2nd group is begun": {"sql": "BEGIN", "nth": 3, "when": "after"},
    "the source is marked as unsettled": {"sql": "UPDATE sources SET unsettled", "when": "after"},
    "the files have their rows": {"sql": "INSERT INTO files_", "nth": 2, "when": "after"},
    "what changes is being listed": {"sql": "INSERT OR IGNORE INTO dirty_targets", "when": "after"},
    "old facts are being cleared": {"sql": "DELETE FROM statements", "when": "after"},
    "old facts are cleared": {"sql": "DELETE FROM said", "when": "after"},
    "new facts are half in": {"sql": "INSERT INTO statements", "nth": 2},
    "new facts are in": {"sql": "INSERT INTO statements", "nth": 2, "when": "after"},
    "a group is about to be committed": {"sql": "COMMIT", "nth": 2},
    "a group was committed": {"sql": "COMMIT", "nth": 2, "when": "after"},
    "files are being deleted": {"sql": "DELETE FROM files_"},
    "files are deleted": {"call": f"{STORE}.writer:SqliteWriter.delete", "when": "after"},
    "the settle begins": {"call": f"{STORE}.writer:SqliteWriter.settle"},
    "references are being resolved": {"sql": "CREATE TEMP TABLE resolved", "when": "after"},
    "things are being merged": {"call": f"{STORE}.settle:merge.merge_things"},
    "the notes of what changed are being cleared": {"sql": "DELETE FROM dirty_things", "when": "after"},
    "the graph is settled": {"call": f"{STORE}.writer:SqliteWriter.settle", "when": "after"},
    "the run is being recorded": {"sql": "INSERT INTO runs_", "when": "after"},
    "the commit of the source is noted": {"sql": "UPDATE sources SET location", "when": "after"},
    "the run is recorded": {"call": f"{STORE}.writer:SqliteWriter.record", "when": "after"},
    "the store is being closed": {"call": f"{STORE}.store:SqliteStore.close"},
}
ON_A_FIRST_SYNC = (
    "the tables are being made",
    "the tables are made, not committed",
    "the holder is noted",
    "the source has its row",
    "the 12th file is being parsed",
    "the 2nd group is begun",
    "new facts are half in",
    "a group is about to be committed",
    "a group was committed",
    "the settle begins",
    "things are being merged",
    "the notes of what changed are being cleared",
    "the run is being recorded",
    "the run is recorded",
)
ON_A_LATER_SYNC = [step for step in STEPS if "tables" not in step]
RANDOM_POINTS = 10 * int(os.environ.get("TORTURE", "1"))


@pytest.fixture(scope="module")
def doomed():
    with Doomed() as process:
        yield process


@pytest.fixture(scope="module")
def worn(tmp_path_factory) -> Path:
    """A home with a folder and a database of OLD."""
    home = tmp_path_factory.mktemp("worn")
    sync(write_tree(home / "source", OLD), home / "old.db")
    return home


@pytest.fixture(scope="module")
def fresh(worn):
    """The graph of NEW."""
    sync(write_tree(worn / "source", NEW), worn / "new.db")
    return graph(worn / "new.db")


def killed(doomed, home, fault, *, first, workers=8):
    """A database whose sync was killed, or None where the fault was not reached."""
    database = home / "graph.db"
    for suffix in ("", "-wal", "-shm"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)
    if not first:
        copied(home / "old.db", database)
    write_tree(home / "source", NEW)
    died = doomed.kill(home / "source", database, fault, workers=workers, max_delete="100%")
    return database if died else None


@pytest.mark.parametrize(
    ("step", "first"),
    [(step, True) for step in ON_A_FIRST_SYNC] + [(step, False) for step in ON_A_LATER_SYNC],
)
def test_killed_at_a_step(doomed, worn, fresh, step, first):
    database = killed(doomed, worn, STEPS[step], first=first)
    assert database, "the step was not reached"
    check_survivor(worn, database, fresh)


@pytest.mark.parametrize("seed", range(RANDOM_POINTS))
def test_killed_anywhere(doomed, worn, fresh, seed):
    chance = random.Random(seed)
    first = chance.random() < 0.5
    fault = {"sql": "", "nth": chance.randint(1, 160), "when": chance.choice(["before", "after"])}
    if database := killed(doomed, worn, fault, first=first):
        check_survivor(worn, database, fresh)


@pytest.mark.parametrize("seed", range(RANDOM_POINTS))
def test_killed_at_any_time(doomed, worn, fresh, seed):
    chance = random.Random(seed)
    fault = {"seconds": chance.uniform(0.0, 0.25)}
    if database := killed(doomed, worn, fault, first=chance.random() < 0.5):
        check_survivor(worn, database, fresh)


@pytest.mark.parametrize("seed", range(RANDOM_POINTS // 2))
def test_a_power_cut_that_tears_the_log(doomed, worn, fresh, seed):
    """Whatever the disk lost of the log's end: an earlier state, whole."""
    chance = random.Random(seed)
    fault = {"sql": "COMMIT", "nth": chance.randint(3, 6), "when": "after"}
    database = killed(doomed, worn, fault, first=chance.random() < 0.5, workers=1)
    assert database
    log = Path(f"{database}-wal")
    data = bytearray(log.read_bytes())
    at = chance.randrange(len(data))
    tear = chance.choice(["cut", "zeros", "noise", "flip"])
    if tear == "cut":
        del data[at:]
    elif tear == "zeros":
        data[at:] = bytes(len(data) - at)
    elif tear == "noise":
        data[at:] = chance.randbytes(len(data) - at)
    else:
        data[at] ^= 1 << chance.randrange(8)
    log.write_bytes(data)
    Path(f"{database}-shm").unlink(missing_ok=True)
    check_survivor(worn, database, fresh)
