"""The example workflow: its steps do what it says, in a repository that is good and in one that is not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.documents import ROOT
from support.git_repos import GitRepo, git_environment

WORKFLOW = yaml.safe_load((ROOT / "examples/github-action/knowledge.yml").read_text(encoding="utf-8"))
STEPS = [step for step in WORKFLOW["jobs"]["check"]["steps"] if "ghsync " in step.get("run", "")]
GOOD = {"README.md": "[a](a.md)\n", "a.md": "# A\n\n[back](README.md)\n"}


@pytest.fixture
def runner(tmp_path: Path) -> dict[str, str]:
    """The environment of a runner that has ghsync."""
    ghsync = tmp_path / "bin/ghsync"
    ghsync.parent.mkdir()
    ghsync.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ghsync_core "$@"\n')
    ghsync.chmod(0o755)
    (tmp_path / "temp").mkdir()
    own = {name: value for name, value in git_environment().items() if not name.startswith(("GHSYNC", "GH_"))}
    path = os.pathsep.join([str(ghsync.parent), own.get("PATH", "")])
    return {**own, "PATH": path, "PYTHONPATH": str(ROOT), "RUNNER_TEMP": str(tmp_path / "temp"), "COLUMNS": "200"}


def run(tmp_path: Path, runner: dict[str, str], files: dict[str, str]) -> list[subprocess.CompletedProcess[str]]:
    """Each step that runs ghsync, in a checkout of these files; like a runner, by ``bash -e``."""
    repo = GitRepo(tmp_path / "checkout").write(files)
    repo.git("remote", "add", "origin", "https://github.com/o/r")
    repo.commit()
    commands = [["bash", "-e", "-c", step["run"]] for step in STEPS]
    return [
        subprocess.run(command, cwd=repo.path, env=runner, capture_output=True, text=True, check=False)
        for command in commands
    ]


def results(runner: dict[str, str]) -> list[Any]:
    (sarif,) = json.loads((Path(runner["RUNNER_TEMP"]) / "found.sarif").read_text(encoding="utf-8"))["runs"]
    return list(sarif["results"])


def test_a_good_repository_passes(tmp_path: Path, runner: dict[str, str]) -> None:
    assert [done.returncode for done in run(tmp_path, runner, GOOD)] == [0, 0, 0]
    assert results(runner) == []


def test_a_broken_link_fails_the_gate_and_is_told_to_both(tmp_path: Path, runner: dict[str, str]) -> None:
    _, gate, scanning = run(tmp_path, runner, GOOD | {"a.md": "# A\n\n[gone](gone.md)\n"})
    assert (gate.returncode, scanning.returncode) == (3, 0)
    assert gate.stdout == "::warning file=a.md,line=3,title=broken-link::link to gone.md, which is not there\n"
    (result,) = results(runner)
    assert result["hostedViewerUri"].startswith("https://github.com/o/r/blob/")
    assert result["hostedViewerUri"].endswith("/a.md#L3")


def test_the_settings_of_the_repository_count(tmp_path: Path, runner: dict[str, str]) -> None:
    off = {"ghsync.toml": '[check]\nbroken-link = "off"\n'}
    assert [done.returncode for done in run(tmp_path, runner, GOOD | off | {"a.md": "[gone](gone.md)\n"})] == [0, 0, 0]


def test_what_is_uploaded_is_what_was_written() -> None:
    (upload,) = [step for step in WORKFLOW["jobs"]["check"]["steps"] if "upload-sarif" in step.get("uses", "")]
    assert upload["with"]["sarif_file"] == "${{ runner.temp }}/found.sarif"
    assert WORKFLOW["permissions"]["security-events"] == "write"
