"""Breaks files at random, guided by which code they reach: ``python -m tests.fuzz turtle -max_total_time=300``.

Run from the top of the repository. It needs atheris (``pip install atheris``), which is no dependency of ghsync. What
stands behind the name of a format goes to libFuzzer. A file that it finds lies in the working directory; it becomes a
case in the tests.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

with atheris.instrument_imports(include=["ghsync_core", "ghsync_plugins"]):
    from support.fuzzing import TARGETS


def main() -> None:
    name, *options = sys.argv[1:] or [""]
    if name not in TARGETS:
        sys.exit(f"usage: python -m tests.fuzz ({'|'.join(TARGETS)}) [options of libFuzzer]")
    target = TARGETS[name]
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(target.seeds):
            (Path(corpus) / str(number)).write_bytes(seed.encode())
        atheris.Setup([sys.argv[0], corpus, "-timeout=10", *options], target.check)
        atheris.Fuzz()


main()
