"""What a change costs, by its size and by that of the graph: reading and writing apart from settling.

``GHSYNC_BENCH_FILES=64000`` adds a folder of that many pages.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import generate
from tests.benchmarks.measure import Row, ghsync, run

CHANGES = (1, 10, 1000)

PHASES = """
import json, sys, time
from ghsync_core import Syncer
times = {}
def watch(progress):
    times.setdefault(progress.phase, (time.perf_counter(), time.process_time()))
Syncer(sys.argv[1], to=sys.argv[2]).run(watch)
times["end"] = time.perf_counter(), time.process_time()
print(json.dumps(times))
"""
"""Prints when each phase began, by the clock and by CPU time."""


def settle(home: Path) -> Iterator[Row]:
    """1, 10 and 1,000 changed files in folders of several sizes; of one changed file, the whole process too."""
    more = os.environ.get("GHSYNC_BENCH_FILES")
    for size in (1000, 8000, *([int(more)] if more else [])):
        folder, to = home / str(size), f"sqlite:{home}/{size}.db"
        make_pages(folder, size)
        ghsync(folder, "--to", to)
        yield from _whole(folder, to, size)
        for count in CHANGES:
            change(folder, count)
            times = json.loads(run([sys.executable, "-c", PHASES, str(folder), to]).output)
            reading, settling, end = (1000 * times[phase][1] for phase in ("reading", "settling", "end"))
            write, settled = settling - reading, end - settling
            limit = 20 + 2 * count
            what = f"{count:,} of {size:,} files changed: CPU of write, settle"
            yield Row(what, f"{write:.0f} ms, {settled:.0f} ms", f"≤ {limit} ms", settled <= limit)


def make_pages(folder: Path, size: int) -> None:
    """*size* short pages in *folder*."""
    for path, text in generate.pages(size, prose=300):
        page = folder / path
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text)


def change(folder: Path, count: int) -> None:
    """One link more in each of the first *count* pages."""
    for page in sorted((folder / "pages").iterdir())[:count]:
        with page.open("a") as stream:
            stream.write(f"\t- see [[{generate.title(count)}]] and [[New {count}]]\n")


def _whole(folder: Path, to: str, size: int) -> Iterator[Row]:
    ghsync(folder, "--to", to)  # hashes what was too young to be remembered at the first run
    change(folder, 1)
    seconds = ghsync(folder, "--to", to).seconds
    limit = 0.4 if size <= 8000 else 1.0
    yield Row(f"1 of {size:,} files changed: whole process", f"{seconds:.2f} s", f"≤ {limit} s", seconds <= limit)
