"""The example plugin, installed by a real ``pip install`` and used by a real sync."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.command_line import ROOT, Workplace
from support.examples import install

EXAMPLE = ROOT / "examples" / "plugin-csv"
SEEDS = "sort,plant\nRoma,[[Tomato]]\nHarzfeuer,[[tomato]]\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(EXAMPLE, tmp_path_factory.mktemp("example"))


@pytest.fixture
def place(tmp_path: Path, site: Path) -> Workplace:
    place = Workplace(tmp_path, site)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "seeds.csv").write_text(SEEDS)
    return place


def test_it_is_under_20_lines_of_code() -> None:
    docstring, *code = [line for line in (EXAMPLE / "ghsync_csv.py").read_text().splitlines() if line.strip()]
    assert docstring.startswith('"""')
    assert len(code) < 20


def test_it_is_listed_with_its_distribution_and_on(place: Workplace) -> None:
    listed = json.loads(place.run("plugins", "--json").stdout)
    assert {
        "name": "csv",
        "version": "1.0",
        "origin": "ghsync-csv",
        "state": "on",
        "brings": ["detector csv", "parser csv"],
        "reason": None,
    } in listed


def test_a_sync_detects_and_reads_its_files(place: Workplace) -> None:
    statistics = json.loads(place.run("./notes", "--json").stdout)
    assert (statistics["status"], statistics["other_files_processed"]) == ("complete", 1)
    rows = json.loads(place.run("query", "--json", "select label, path, line from nodes where kind = 'row'").stdout)
    assert rows == [
        {"label": "Roma", "path": "seeds.csv", "line": 2},
        {"label": "Harzfeuer", "path": "seeds.csv", "line": 3},
    ]
    edges = json.loads(place.run("query", "--json", "select to_id, type, path, line from edges order by line").stdout)
    assert edges == [
        {"to_id": "page:tomato", "type": "plant", "path": "seeds.csv", "line": 2},
        {"to_id": "page:tomato", "type": "plant", "path": "seeds.csv", "line": 3},
    ]


def test_its_files_are_skipped_where_it_is_blocked(place: Workplace) -> None:
    (place.folder / "ghsync.toml").write_text('[plugins]\nblock = ["csv"]\n')
    assert json.loads(place.run("./notes", "--json").stdout)["skipped_files"] == 1
