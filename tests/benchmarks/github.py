"""What reading from GitHub must reach: seconds and requests, held against other ways within the same run."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from support.github_faults import Fault

from tests.benchmarks.hosting import hosted
from tests.benchmarks.measure import Row, ghsync, median, run

REPEATS = 3
LOOPS = "tests.benchmarks.loops"
WAYS = "tests.benchmarks.ways"

LIMIT = b'{"message": "You have exceeded a secondary rate limit."}'
FAULTS: dict[str, Callable[[], Fault]] = {
    "502": lambda: Fault("blobs", every=10, status=502),
    "reset": lambda: Fault("blobs", "reset", every=10),
    "cut": lambda: Fault("blobs", "cut", every=10),
    "corrupt": lambda: Fault("blobs", "corrupt", every=10),
    "limit": lambda: Fault("blobs", every=10, status=403, headers={"retry-after": "1"}, body=LIMIT),
}


def first_against_loops(home: Path) -> Iterator[Row]:
    """300 pages against loops that fetch every blob: the whole sync, stored, and reading alone."""
    with hosted(home, 300) as (server, sha, environment):
        reading: list[float] = []
        syncing: list[float] = []
        loops: dict[int, list[float]] = {1: [], 8: []}
        for number in range(REPEATS):
            reading.append(json.loads(run([sys.executable, "-m", WAYS, "0"], environment).output)["chosen"][1])
            arguments = ("octo/pages", "--to", f"sqlite:{home}/{number}.db", "--json")
            syncing.append(json.loads(ghsync(*arguments, environment=environment).output)["duration"])
            for threads, found in loops.items():
                url = f"{server.url}/repos/octo/pages"
                found.append(float(run([sys.executable, "-m", LOOPS, url, sha, str(threads)]).output))
    for threads, target in ((1, 10), (8, 3)):
        for what, seconds in (("whole sync", syncing), ("reading", reading)):
            ratio = median(loops[threads]) / median(seconds)
            shown = f"{ratio:.1f} × ({median(seconds):.2f} s)"
            yield Row(f"300 pages: loop of {threads} / {what}", shown, f"≥ {target} ×", ratio >= target)


def changes(home: Path) -> Iterator[Row]:
    """Some changed files of 8,000, by the way that is chosen and by each of the others."""
    with hosted(home, 8000) as (_, _, environment):
        for count in (1, 10, 100, 1000):
            found = json.loads(run([sys.executable, "-m", WAYS, str(count)], environment).output)
            (requests, seconds), others = found.pop("chosen"), found.values()
            few, quick = min(each for each, _ in others), min(each for _, each in others)
            what = f"{count:,} changed of 8,000"
            yield Row(f"{what}: API requests", f"{requests}", f"≤ 1.5 × {few}", requests <= 1.5 * few)
            ratio = seconds / quick
            yield Row(f"{what}: time / quickest way", f"{ratio:.2f} × ({seconds:.2f} s)", "≤ 1.5 ×", ratio <= 1.5)


def faults(home: Path) -> Iterator[Row]:
    """300 blobs, one in ten requests failing in each way: the same graph, and how many requests it takes."""
    (home / "ghsync.toml").write_text("[github]\narchive = false\n")
    with hosted(home, 300) as (server, _, environment):
        untold = {**environment, "GITHUB_TOKEN": "", "GH_TOKEN": "", "PATH": "/usr/bin:/bin"}
        asked, graph = 0, {}
        for name, fault in {"none": None, **FAULTS}.items():
            server.faults[:] = [fault()] if fault else []
            server.log.clear()
            to = f"sqlite:{home}/{name}.db"
            arguments = ("octo/pages", "--to", to, "--json", "--config", home / "ghsync.toml")
            statistics = json.loads(ghsync(*arguments, environment=untold).output)
            asked, graph = (asked, graph) if fault else (len(server.log), statistics["graph"])
            ratio = len(server.log) / asked
            same = statistics["status"] == "complete" and statistics["graph"] == graph
            shown = f"{ratio:.2f} × ({statistics['duration']:.1f} s)"
            yield Row(f"300 blobs, one in ten failing ({name}): requests", shown, "≤ 2 ×", same and ratio <= 2)


BENCHMARKS: dict[str, Callable[[Path], Iterator[Row]]] = {
    "first-loops": first_against_loops,
    "changes": changes,
    "faults": faults,
}
