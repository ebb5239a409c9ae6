"""Running a command as a whole process: how long it took, and how much memory at most."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
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


# Linux counts as a process's peak also the memory of the one that starts it, which here is large: so something small
# starts it, and tells the time without its own.
_STARTER = """
import os, sys, time
began = time.perf_counter()
pid = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(pid, 0)
with open(sys.argv[1], "w") as told:
    print(time.perf_counter() - began, usage.ru_maxrss / 1024, file=told)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Measured:
    """Run *command* to its end. Raises RuntimeError where it fails."""
    paths = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    merged = {**os.environ, "PYTHONPATH": paths, **(environment or {})}
    merged.pop("PYTHONDONTWRITEBYTECODE", None)  # as users have it: the second start finds bytecode
    with tempfile.NamedTemporaryFile("r") as told:
        starter = [sys.executable, "-S", "-c", _STARTER, told.name, *map(str, command)]
        done = subprocess.run(starter, capture_output=True, text=True, env=merged, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stderr}")
        seconds, peak = map(float, told.read().split())
    return Measured(seconds, peak, done.stdout)


def ghsync(*arguments: object, environment: Mapping[str, str] | None = None) -> Measured:
    """Run the command line of the checkout."""
    return run([sys.executable, "-m", "ghsync_core", *map(str, arguments)], environment)


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return sorted(values)[len(values) // 2]
