"""The runs of a source: kept as many as wanted, and drawn."""

from __future__ import annotations

import json

import pytest
from support.command_line import Workplace
from support.toy import rows, sync, write_tree

from ghsync_core import SettingsError
from ghsync_core.cli.history import scaled


def test_old_runs_are_taken_out_source_by_source(tmp_path):
    one, two = write_tree(tmp_path / "one", {"a.toy": ""}), write_tree(tmp_path / "two", {"a.toy": ""})
    database = tmp_path / "graph.db"
    for _ in range(2):
        sync(two, database)
    for _ in range(5):
        sync(one, database, settings={"keep_runs": 3})
    kept = [(row["source"], row["id"]) for row in sorted(rows(database, "runs"), key=lambda row: row["id"])]
    assert kept == [(str(two), 1), (str(two), 2), (str(one), 5), (str(one), 6), (str(one), 7)]


def test_a_run_is_recorded_whatever_is_kept(tmp_path):
    folder, database = write_tree(tmp_path / "source", {"a.toy": ""}), tmp_path / "graph.db"
    sync(folder, database, settings={"keep_runs": 1})
    sync(write_tree(folder, {"a.toy": "-> b"}), database, settings={"keep_runs": 1})
    assert [(row["id"], row["status"]) for row in rows(database, "runs")] == [(2, "complete")]
    with pytest.raises(SettingsError, match="keep_runs must be at least 1"):
        sync(folder, database, settings={"keep_runs": 0})


def test_bars_show_the_share_of_the_greatest():
    assert scaled([0, 1, 50, 100]) == ["", "▏", "████", "████████"]
    assert scaled([1, 1_000_000]) == ["▏", "████████"]
    assert scaled([0, 0]) == ["", ""]
    assert scaled([]) == []


def test_the_command_line_draws_the_runs(tmp_path):
    place = Workplace.at(tmp_path)
    place.write(one="a b", two="c")
    place.run("./notes")
    place.write(two="broken")
    place.run("./notes")
    drawn = place.run("status", "--history", COLUMNS="200")
    assert drawn.returncode == 0
    lines = [line.split() for line in drawn.stdout.splitlines()]
    (first,) = (line for line in lines if "complete" in line)
    (second,) = (line for line in lines if "partial" in line)
    assert first[3:8] == ["2", "0", "0", "3", "████████"]  # read, failed, deleted, facts
    assert second[3:8] == ["0", "1", "0", "3", "████████"]
    told = json.loads(place.run("status", "--history", "--json").stdout)
    (source,) = told["sources"]
    assert [run["status"] for run in source["history"]] == ["complete", "partial"]
    assert source["history"][1]["failed_files"] == 1
    assert source["history"][0]["graph"]["nodes"] == 3
    assert "history" not in json.loads(place.run("status", "--json").stdout)["sources"][0]
