"""How a run is told to stop, and how it waits without being deaf to that."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from ghsync_core.errors import Cancelled
from ghsync_core.log import get_logger

SAME_WAIT = 1.0
"""Seconds by which a wait must end later than another one to be worth telling of."""


class Stop:
    """A wish to stop, that any thread may utter; and the waits that heed it."""

    def __init__(self) -> None:
        self._wished = threading.Event()
        self._listeners: list[Callable[[], None]] = []
        self._waits: dict[int, float] = {}

    def __bool__(self) -> bool:
        return self._wished.is_set()

    def wish(self) -> None:
        """Stop as soon as the files in hand are stored."""
        self._wished.set()
        for listener in tuple(self._listeners):
            listener()

    def reset(self) -> None:
        """Forget the wish: the run that it was meant for is over."""
        self._wished.clear()

    @contextmanager
    def heard_by(self, listener: Callable[[], None]) -> Iterator[None]:
        """Inside, *listener* is called when the wish comes, or at once if it has."""
        self._listeners.append(listener)
        try:
            if self:
                listener()
            yield
        finally:
            self._listeners.remove(listener)

    @property
    def waiting_until(self) -> float | None:
        """The POSIX time in seconds at which the longest wait ends, None where no thread waits."""
        return max(tuple(self._waits.values()), default=None)

    def waits(self, thread: int | None) -> bool:
        """Whether the thread of that ident waits now."""
        return thread in self._waits

    def wait(self, seconds: float, why: str) -> None:
        """Sleep; meanwhile `waiting_until` says until when. Raises `Cancelled` as soon as the run shall stop.

        Where many threads wait for the same thing, it is logged once.
        """
        until = time.time() + seconds
        if until > (self.waiting_until or 0.0) + SAME_WAIT:
            get_logger().warning("waiting", seconds=round(seconds), why=why)
        self._waits[threading.get_ident()] = until
        try:
            if self._wished.wait(seconds):
                raise Cancelled("told to stop while waiting")
        finally:
            del self._waits[threading.get_ident()]


@contextmanager
def interruptible(wish: Callable[[], None]) -> Iterator[None]:
    """In the main thread, let the first Ctrl-C call *wish*, to stop; the second one raises KeyboardInterrupt.

    A handler of the caller's own is left alone.
    """
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return

    def first(_signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        # The main thread, in which handlers run, may be holding the very lock that the wish needs.
        threading.Thread(target=wish, daemon=True).start()

    signal.signal(signal.SIGINT, first)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
