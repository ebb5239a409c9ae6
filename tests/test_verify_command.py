"""``ghsync verify`` as a command: what it says, and its exit status."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest
from support.command_line import Workplace


@pytest.fixture
def place(tmp_path):
    place = Workplace.at(tmp_path)
    place.write(one="a b", two="c")
    assert place.run("./notes").returncode == 0
    return place


def corrupt(place, statement):
    with closing(sqlite3.connect(place.folder / "ghsync.db")) as connection, connection:
        assert connection.execute(statement).rowcount == 1


def test_nothing_found_is_status_0(place):
    said = place.run("verify")
    assert (said.returncode, said.stderr) == (0, "")
    assert "what spans files derived again: nothing differs" in said.stdout
    fresh = place.run("verify", "./notes", "--fresh", "--json")
    (told,) = json.loads(fresh.stdout)["sources"]
    assert (told["derived"], told["fresh"], told["found"], told["differences"]) == (True, True, 0, [])
    assert told["digest"] in said.stdout
    assert told["rows"]["nodes"] == 3


def test_something_found_is_status_3_and_told_with_file_and_line(place):
    corrupt(place, "UPDATE things SET label = 'wrong' WHERE id = 'toy:b'")
    said = place.run("verify")
    assert said.returncode == 3
    assert said.stdout.splitlines()[3:] == [
        "  what spans files derived again: 1 difference",
        "    one.toy:2: nodes: toy:b",
        "      stored:   label 'wrong'",
        "      expected: label 'b'",
    ]
    (found,) = json.loads(place.run("verify", "--json").stdout)["sources"][0]["differences"]
    assert (found["view"], found["path"], found["line"]) == ("nodes", "one.toy", 2)


def test_what_files_say_is_proven_by_reading_again(place):
    corrupt(place, "UPDATE said SET label = 'wrong' WHERE label = 'b'")
    corrupt(place, "UPDATE things SET label = 'wrong' WHERE id = 'toy:b'")
    assert place.run("verify").returncode == 0
    said = place.run("verify", "--fresh")
    assert said.returncode == 3
    assert "one.toy:2: nodes: toy:b" in said.stdout


def test_what_can_not_be_done_is_status_1(place):
    place.write(one="changed")
    said = place.run("verify", "--fresh")
    assert said.returncode == 1
    assert "what lies there is no longer what was synced" in said.stderr
    assert place.run("verify", "--to", "sqlite:missing.db").returncode == 1


def test_a_stranger_is_wrong_usage(place):
    said = place.run("verify", "./elsewhere")
    assert said.returncode == 2
    assert "the store holds no source './elsewhere'" in said.stderr
