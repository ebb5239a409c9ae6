"""Running a command as a whole process: how long it took, and how much memory at most."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Measured:
    """``seconds`` of wall time, ``peak`` resident memory in MB, and what it printed."""

    seconds: float
    peak: float
    output: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured, what it was held against, and whether it is as it must be."""

    what: str
    measured: str
    target: str
    holds: bool


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Measured:
    """Run *command* to its end. Raises RuntimeError where it fails."""
    paths = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    merged = {**os.environ, "PYTHONPATH": paths, **(environment or {})}
    merged.pop("PYTHONDONTWRITEBYTECODE", None)  # as users have it: the second start finds bytecode
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=merged)
    output, errors = process.stdout.read(), process.stderr.read()  # type: ignore[union-attr]
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{errors}")
    return Measured(time.perf_counter() - began, usage.ru_maxrss / 1024, output)


def ghsync(*arguments: object, environment: Mapping[str, str] | None = None) -> Measured:
    """Run the command line of the checkout."""
    return run([sys.executable, "-m", "ghsync_core", *map(str, arguments)], environment)


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return sorted(values)[len(values) // 2]
