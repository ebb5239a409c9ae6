"""Two syncs into one store: never at once; the second waits, or says who holds it; a lock dies with its holder."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
from contextlib import closing

import pytest
from support.command_line import Workplace


@pytest.fixture
def place(tmp_path):
    place = Workplace.at(tmp_path)
    for name in ("started", "go"):
        os.mkfifo(tmp_path / name)  # to read waits for one who writes
    return place


def started(place, tmp_path):
    """A sync that holds the store, and stands still in the middle of a file until someone writes to ``go``."""
    process = place.start("./notes", TOY_STARTED=str(tmp_path / "started"), TOY_GO=str(tmp_path / "go"))
    assert (tmp_path / "started").read_text() == "x"
    return process


def recorded(place):
    with closing(sqlite3.connect(place.folder / "ghsync.db")) as connection:
        return connection.execute("SELECT source, ended_at FROM runs ORDER BY id").fetchall()


def test_the_second_says_who_holds_the_store(place, tmp_path):
    place.write(one="wait")
    (place.folder / "other").mkdir()
    with started(place, tmp_path) as first:
        refused = place.run("./other")
        assert refused.returncode == 1
        assert "is held by another sync: sync of ./notes since" in refused.stderr
        assert f"process {first.pid}" in refused.stderr
        assert "--wait SECONDS" in refused.stderr
        (tmp_path / "go").write_text("go")
        first.communicate(timeout=60)
    assert first.returncode == 0
    assert [source for source, _ in recorded(place)] == [str(place.folder / "notes")]


def test_the_second_waits_until_the_first_is_done(place, tmp_path):
    place.write(one="wait")
    (place.folder / "other").mkdir()
    (place.folder / "other" / "two.toy").write_text("b")
    with started(place, tmp_path) as first, place.start("./other", "--wait", "60") as second:
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(timeout=1)
        assert recorded(place) == []
        (tmp_path / "go").write_text("go")
        first.communicate(timeout=60)
        second.communicate(timeout=60)
    assert (first.returncode, second.returncode) == (0, 0)
    assert [source.rpartition("/")[2] for source, _ in recorded(place)] == ["notes", "other"]


def test_a_lock_dies_with_its_holder(place, tmp_path):
    place.write(one="wait")
    with started(place, tmp_path) as first:
        first.send_signal(signal.SIGKILL)
        first.communicate(timeout=60)
    place.write(one="a")
    assert place.run("./notes").returncode == 0
    verified = place.run("verify")
    assert verified.returncode == 0, verified.stderr
