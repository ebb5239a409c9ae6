"""Ctrl-C: the first finishes the files in hand, the second leaves at once."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

from ghsync_core.cli.errors import INTERRUPTED

if TYPE_CHECKING:
    from ghsync_core.many import SyncGroup
    from ghsync_core.syncer import Syncer

_NOTE: Final = b"\nghsync: finishing the files in hand; Ctrl-C again to leave at once\n"
_SHOW_CURSOR: Final = b"\x1b[?25h\n"


@contextmanager
def cancelling(running: Syncer | SyncGroup) -> Iterator[None]:
    """Inside, Ctrl-C cancels what is *running*. Where signals are ignored, as under nohup, they stay so."""
    previous = signal.getsignal(signal.SIGINT)
    if previous is signal.SIG_IGN:
        yield
        return

    def first(*_: Any) -> None:
        signal.signal(signal.SIGINT, _leave)
        # This thread may be holding the very lock that cancel() needs.
        Thread(target=_cancel, args=(running,), daemon=True).start()

    signal.signal(signal.SIGINT, first)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)


def _cancel(running: Syncer | SyncGroup) -> None:
    running.cancel()
    os.write(2, _NOTE)  # past the buffer, which the main thread may be in the middle of


def _leave(*_: Any) -> None:
    if sys.stderr.isatty():
        os.write(2, _SHOW_CURSOR)
    os._exit(INTERRUPTED)  # sys.exit would wait for the workers
