"""``ghsync query`` and ``ghsync status``: forms, limits, and what the store is said to hold."""

from __future__ import annotations

import csv
import io
import json
import math
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from support.command_line import Workplace

from ghsync_core.cli.main import main
from ghsync_core.cli.output import say_csv, say_table
from ghsync_core.cli.query import unique

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT "


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workplace:
    place = Workplace.at(tmp_path)
    monkeypatch.chdir(place.folder)
    monkeypatch.syspath_prepend(str(place.site))
    place.write(a="one two", b="three")
    assert run("./notes").exit_code == 0
    return place


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def run_json(*arguments: str) -> Any:
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


# --- query ---


def test_csv_keeps_commas_quotes_and_line_ends_and_null_is_empty(place: Workplace) -> None:
    done = run("query", "--format", "csv", "SELECT 'a,\"b\"' AS \"x,y\", 'c' || char(10) || 'd' AS z, NULL AS n")
    assert list(csv.reader(io.StringIO(done.stdout))) == [["x,y", "z", "n"], ['a,"b"', "c\nd", ""]]


def test_lists_and_objects_are_json_in_a_cell(capsys: pytest.CaptureFixture[str]) -> None:
    say_csv(["a", "b"], [[{"x": None}, [True, math.inf]]])
    cells = list(csv.reader(io.StringIO(capsys.readouterr().out)))[1]
    assert [json.loads(cell) for cell in cells] == [{"x": None}, [True, "inf"]]
    say_table(["a"], [[{"x": None}]])
    assert '{"x": null}' in capsys.readouterr().out


def test_a_result_that_is_cut_says_so_on_stderr(place: Workplace) -> None:
    done = run("query", "--limit", "2", "--format", "csv", "SELECT id FROM nodes")
    assert (done.exit_code, len(done.stdout.splitlines())) == (0, 3)
    assert "more than 2 rows" in done.stderr
    for whole in ("3", "0"):
        assert run("query", "--limit", whole, "SELECT id FROM nodes").stderr == ""


def test_a_table_is_cut_by_itself_and_json_is_not(place: Workplace) -> None:
    many = f"{ENDLESS}i FROM n LIMIT 1500"
    assert len(run_json("query", many)) == 1500
    assert "more than 1,000 rows" in run("query", many).stderr


@pytest.mark.parametrize("query", [f"{ENDLESS}max(i) FROM n", f"{ENDLESS}i FROM n WHERE i < 0"])
def test_a_query_that_never_ends_is_stopped(place: Workplace, query: str) -> None:
    began = time.monotonic()
    done = run("query", "--seconds", "0.1", query)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "longer than 0.1 seconds" in done.stderr
    assert time.monotonic() - began < 20


# Each is one step of SQLite's, which looks at no clock; the first makes one long text, the other searches one.
@pytest.mark.parametrize(
    "query",
    [
        "SELECT length(printf('%.*c', 2000000000, 'x'))",
        "SELECT instr(hex(zeroblob(8000000)), hex(zeroblob(4000000)) || '1')",
    ],
)
def test_a_step_that_can_t_be_stopped_ends_with_the_process(place: Workplace, query: str) -> None:
    done = place.run("query", "--seconds", "0.1", "--format", "json", query)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "ghsync: the query took longer than 0.1 seconds and was stopped. Ask for less.\n"


@pytest.mark.parametrize(
    "query",
    [
        "VACUUM INTO 'stolen.db'",
        "ATTACH 'stolen.db' AS x",
        "PRAGMA query_only = 0",
        "CREATE TEMP TABLE t (x)",
        "BEGIN IMMEDIATE",
        "SELECT * FROM pragma_table_list",
        "WITH t(x) AS (VALUES (1), (2)) SELECT * FROM t JOIN pragma_wal_checkpoint",
        "SELECT length(hex(zeroblob(500000000)))",
        "REINDEX",
    ],
)
def test_a_query_can_do_nothing_but_read(place: Workplace, query: str) -> None:
    before = sorted(Path().iterdir()), Path("ghsync.db").read_bytes()
    assert run("query", query).exit_code == 2
    assert (sorted(Path().iterdir()), Path("ghsync.db").read_bytes()) == before


def test_json_has_no_infinity_and_no_column_is_lost(place: Workplace) -> None:
    (row,) = run_json("query", "SELECT 1e999 AS x, 2 AS x, x'00ff' AS b")
    assert (row["x"], row["x:1"]) == ("inf", 2)


@given(st.lists(st.sampled_from(["a", "b", "a:1", "a:2", ""])))
def test_names_of_columns_become_unique_and_the_first_stays_as_it_is(columns: list[str]) -> None:
    names = unique(columns)
    assert len(set(names)) == len(names) == len(columns)
    assert all(name == column or name.startswith(f"{column}:") for name, column in zip(names, columns, strict=True))
    assert names[:1] == columns[:1]


# --- status ---


def test_status_tells_counts_age_and_size(place: Workplace) -> None:
    told = run_json("status")
    (source,) = told["sources"]
    assert told["bytes"] >= Path("ghsync.db").stat().st_size
    assert (source["files"], source["graph"]["nodes"]) == ({"stored": 2}, 3)
    assert (source["commit"], source["half_synced"]) == (None, False)
    assert source["synced_at"] == source["last_run"]["ended_at"]
    said = run("status").stdout
    assert "(just now)" in said
    assert "  graph: 3 nodes" in said.splitlines()


def test_status_tells_why_a_file_failed_and_keeps_its_message_over_runs(place: Workplace) -> None:
    place.write(b="broken")
    assert run("./notes").exit_code == 3
    assert run("./notes").exit_code == 3
    (failure,) = run_json("status")["sources"][0]["failures"]
    assert (failure["path"], failure["reason"], failure["message"]) == ("b.toy", "syntax", "it is broken")
    assert "    b.toy: syntax (it is broken)" in run("status").stdout.splitlines()


def test_a_store_that_is_half_synced_is_told_so(place: Workplace) -> None:
    with closing(sqlite3.connect("ghsync.db")) as connection, connection:
        connection.execute("UPDATE sources SET unsettled = 1")
    assert run_json("status")["sources"][0]["half_synced"] is True
    assert "half synced" in run("status").stdout


@pytest.mark.parametrize(("seconds", "age"), [(7_200, "2 hours ago"), (86_400, "1 day ago"), (90, "1 minute ago")])
def test_the_age_is_told_in_its_largest_unit(place: Workplace, seconds: int, age: str) -> None:
    with closing(sqlite3.connect("ghsync.db")) as connection, connection:
        connection.execute(
            "UPDATE runs_ SET ended_at = strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now', ?)", (f"-{seconds} seconds",)
        )
    assert f"({age})" in run("status").stdout
