"""How long it takes to prove a store of 8,000 pages by what its files say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.generate import pages
from tests.benchmarks.measure import Row, ghsync, median

_REPEATS = 3


def verifying(home: Path) -> Iterator[Row]:
    """The whole process: the digest, and all that spans files derived again."""
    folder, to = home / "pages", f"sqlite:{home}/graph.db"
    for path, text in pages(8_000):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    ghsync(folder, "--to", to, "-q")
    measured = [ghsync("verify", "--to", to) for _ in range(_REPEATS)]
    seconds, peak = median([each.seconds for each in measured]), max(each.peak for each in measured)
    yield Row("8,000 pages verified: whole process", f"{seconds:.2f} s", "≤ 2 s", seconds <= 2)
    yield Row("8,000 pages verified: peak memory", f"{peak:.0f} MB", "≤ 150 MB", peak <= 150)
