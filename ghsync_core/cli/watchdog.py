"""Ends this process where a query can't be stopped otherwise.

A store looks at the clock between the steps of a query. One step may last for hours all the same, such as SQLite's
``printf('%.*c', …)`` or ``instr`` on long texts; nothing but the end of the process stops it then, and a process that
only reads loses nothing by that.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import TIMEOUT_MAX, Event, Thread
from typing import Final, TypeVar

from ghsync_core.cli.errors import WRONG_USAGE

GRACE: Final = 1.0
"""Seconds that a step may last beyond the time of the whole query: the store itself says it better."""

_Value = TypeVar("_Value")


class Watchdog:
    """Watches the steps of one query, which may take *seconds* from now; 0 is for ever."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds
        self._began: float | None = None
        self._over = Event()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Inside, a step that lasts too long ends the process."""
        if self._seconds:
            Thread(target=self._guard, name="watchdog", daemon=True).start()
        try:
            yield
        finally:
            self._over.set()

    def step(self, call: Callable[[], _Value]) -> _Value:
        """Run *call*, in which the query goes on: to write down what it gave may take as long as it likes."""
        self._began = time.monotonic()
        try:
            return call()
        finally:
            self._began = None

    def steps(self, rows: Iterator[_Value]) -> Iterator[_Value]:
        """*rows*, each fetched in a step."""
        while (row := self.step(lambda: next(rows, None))) is not None:
            yield row

    def _guard(self) -> None:
        self._over.wait(min(self._seconds, TIMEOUT_MAX))
        while not self._over.wait(GRACE / 4):
            began = self._began
            if began is not None and time.monotonic() > max(began, self._end) + GRACE:
                os.write(2, self._message().encode())  # past the buffer, which the main thread may be in the middle of
                os._exit(WRONG_USAGE)

    def _message(self) -> str:
        return f"ghsync: the query took longer than {self._seconds:g} seconds and was stopped. Ask for less.\n"
