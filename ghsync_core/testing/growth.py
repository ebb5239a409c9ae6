"""Whether time grows in proportion: measured in the thread's own processor time, so that neighbours do not matter."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Final

from ghsync_core.testing.promises import Broken

ENOUGH: Final = 0.01
"""Seconds that are measured well enough."""

MOST: Final = 50_000
"""Bytes beyond which nothing is repeated to be measured: what is still quick then is quick enough."""

FACTOR: Final = 3.2
"""What twice as much may take, at most: 2 is in proportion, 4 is its square."""

TRIES: Final = 5


def check_growth(promise: str, work: Callable[[int], object], size: int) -> None:
    """Raise `Broken` where ``work(2n)`` takes more than `FACTOR` times as long as ``work(n)``.

    *size* is how many bytes each of n stands for.
    """
    times = max(1, 2_000 // size)
    while (taken := _seconds(work, times)) < ENOUGH:
        times *= 2
        if times * size > MOST:
            return
    for _ in range(TRIES):
        doubled = _seconds(work, 2 * times)
        if doubled <= FACTOR * taken:
            return
        taken = max(taken, _seconds(work, times))
    raise Broken(f"{promise}\n  {times * size:,} bytes took {taken:.3f} s, twice as many {doubled:.3f} s")


def _seconds(work: Callable[[int], object], times: int) -> float:
    gc.disable()
    try:
        start = time.thread_time()
        work(times)
        return time.thread_time() - start
    finally:
        gc.enable()
