"""The packages in examples/, installed as their users install them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from support.command_line import ROOT, Workplace

EXAMPLES = sorted((ROOT / "examples").glob("plugin-*"))


def install(example: Path, base: Path) -> Path:
    """The folder below *base* that pip has installed *example* into, alone; its build tool is one of our own."""
    shutil.copytree(example, base / "source", ignore=shutil.ignore_patterns("__pycache__"))
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--target", str(base / "site")]
    subprocess.run([*pip, *options, str(base / "source")], check=True, capture_output=True)
    return base / "site"


def run_its_tests(example: Path, place: Workplace) -> subprocess.CompletedProcess[str]:
    """The tests that come with *example*, in a process that has the package as it is installed at *place*."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null"]
    return subprocess.run(
        [*command, "--rootdir", str(example), str(example), "--import-mode", "append"],
        env=place.environment(),
        cwd=place.folder,
        capture_output=True,
        text=True,
        check=False,
    )
