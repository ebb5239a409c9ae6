"""Each example package: installed by a real ``pip install`` into a place of its own, on, and right by its own tests."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from support.command_line import Workplace
from support.examples import EXAMPLES, install, run_its_tests


@pytest.fixture(params=EXAMPLES, ids=lambda example: example.name, scope="module")
def example(request: pytest.FixtureRequest) -> Path:
    return request.param


@pytest.fixture(scope="module")
def place(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    base = tmp_path_factory.mktemp(example.name)
    (base / "work").mkdir()
    return Workplace(base / "work", install(example, base))


def test_it_is_on_under_its_name_and_version(example: Path, place: Workplace) -> None:
    project = tomllib.loads((example / "pyproject.toml").read_text())["project"]
    [name] = project["entry-points"]["ghsync"]
    shown = json.loads(place.run("plugins", name, "--json").stdout)
    assert (shown["state"], shown["version"], shown["origin"]) == ("on", project["version"], project["name"])
    assert shown["hooks"]


def test_its_own_tests_pass(example: Path, place: Workplace) -> None:
    done = run_its_tests(example, place)
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_is_small_and_says_what_it_is(example: Path, place: Workplace) -> None:
    names = {path.name for path in example.iterdir()}
    assert {"README.md", "pyproject.toml"} <= names
    [module] = example.glob("ghsync_*.py")
    assert module.read_text().startswith('"""')
    assert len(module.read_text().splitlines()) <= 200
    assert f"pip install ./examples/{example.name}" in (example / "README.md").read_text()


def test_an_installed_command_runs(tmp_path: Path) -> None:
    [orphans] = [each for each in EXAMPLES if each.name == "plugin-orphans"]
    place = Workplace(tmp_path, install(orphans, tmp_path))
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "Tomato.md").write_text("# Tomato\n")
    assert place.run("./notes", "--no-progress").returncode == 0
    listed = place.run("orphans")
    assert (listed.returncode, listed.stdout) == (3, "Tomato.md\tTomato\n")
    missing = place.run("orphans", "--to", "sqlite:none.db")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "none.db does not exist yet" in missing.stderr
