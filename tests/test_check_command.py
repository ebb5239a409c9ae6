"""``ghsync check`` as a command: what it says, and its exit status."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support.command_line import Workplace


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    place = Workplace.at(tmp_path)
    notes = place.folder / "notes"
    notes.mkdir()
    (notes / "a.md").write_text("# A\n\n[x](x.md)\n")
    assert place.run("./notes", "--name", "notes").returncode == 0
    return place


def test_something_found_is_status_3_and_told_with_file_and_line(place: Workplace) -> None:
    said = place.run("check")
    assert (said.returncode, said.stderr) == (3, "")
    assert said.stdout.splitlines() == [
        "notes",
        "  warning: broken-link: A link leads to a file or a block that is not there.",
        "    a.md:3: link to x.md, which is not there",
        "  1 warning",
    ]


def test_nothing_of_the_level_is_status_0(place: Workplace) -> None:
    said = place.run("check", "notes", "--level", "error")
    assert (said.returncode, said.stdout) == (0, "notes\n  nothing found\n")


def test_levels_and_ignores_stand_in_the_settings(place: Workplace) -> None:
    (place.folder / "ghsync.toml").write_text('[check]\nbroken-link = "error"\nignore = ["orphan-page=a.md"]\n')
    assert place.run("check", "--level", "error").returncode == 3
    told = json.loads(place.run("check", "--level", "note", "--json").stdout)
    (source,) = told["sources"]
    assert (source["counts"], source["ignored"]) == ({"error": 1, "warning": 0, "note": 0}, 1)
    assert source["problems"][0]["path"] == "a.md"
    (place.folder / "ghsync.toml").write_text('[check]\nbroken-lnk = "off"\n')
    said = place.run("check")
    assert said.returncode == 2
    assert "there is no setting 'broken-lnk'; did you mean 'broken-link'?" in said.stderr


def test_each_format_may_go_to_a_file(place: Workplace) -> None:
    assert place.run("check", "--format", "sarif", "--output", "found.sarif").returncode == 3
    log = json.loads((place.folder / "found.sarif").read_text())
    assert log["runs"][0]["results"][0]["ruleId"] == "broken-link"
    assert place.run("check", "--format", "github").stdout == (
        "::warning file=a.md,line=3,title=broken-link::link to x.md, which is not there\n"
    )


def test_a_file_that_can_not_be_written(place: Workplace) -> None:
    said = place.run("check", "--output", "no/such/folder/found.json")
    assert said.returncode == 1
    assert "no/such/folder/found.json can't be written: No such file or directory" in said.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "reason"),
    [
        (["elsewhere/nowhere"], 2, "the store holds no source 'elsewhere/nowhere'; it holds: notes"),
        (["--level", "fatal"], 2, "Invalid value for '--level'"),
        (["--format", "sarif", "--json"], 2, "--json and --format sarif say two things"),
        (["--to", "sqlite:missing.db"], 1, "missing.db"),
    ],
)
def test_what_can_not_be_done(arguments: list[str], status: int, reason: str, place: Workplace) -> None:
    said = place.run("check", *arguments)
    assert said.returncode == status
    assert reason in said.stderr


def test_a_half_synced_store_is_status_1(place: Workplace) -> None:
    execute(place, "UPDATE sources SET unsettled = 1")
    said = place.run("check")
    assert (said.returncode, "not checked" in said.stdout) == (1, True)
    assert "notes: half synced: a sync goes on, or was broken off" in said.stderr


def test_a_store_without_a_source_is_status_1(place: Workplace) -> None:
    assert place.run("forget", "notes").returncode == 0
    said = place.run("check")
    assert said.returncode == 1
    assert "the store is empty, so there is nothing to check; sync a source first" in said.stderr


def test_a_store_of_an_older_schema_is_brought_up_to_date_and_of_a_newer_one_refused(place: Workplace) -> None:
    execute(place, "DROP VIEW searchable")  # what later schemas added
    execute(place, "PRAGMA user_version = 1")
    assert place.run("check").returncode == 3
    execute(place, "PRAGMA user_version = 1000")
    said = place.run("check")
    assert said.returncode == 1
    assert "written by a newer ghsync" in said.stderr


def test_without_rules_nothing_is_called_good(place: Workplace) -> None:
    (place.folder / "ghsync.toml").write_text('[plugins]\nblock = ["check"]\n')
    said = place.run("check")
    assert (said.returncode, said.stdout) == (2, "")
    assert "no rule of level warning or worse is on" in said.stderr


def execute(place: Workplace, statement: str) -> None:
    with closing(sqlite3.connect(place.folder / "ghsync.db")) as connection, connection:
        connection.execute(statement)
