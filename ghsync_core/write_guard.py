"""The guard before the store: at most so many writes at once, and whatever queued meanwhile goes in one transaction.

No worker ever waits for another's write. It leaves its result in the queue; if a place at the store is free it writes
all that is queued, else one of those who hold a place will.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence

from ghsync_core.errors import StoreError
from ghsync_core.interfaces import BackendWriter
from ghsync_core.models import FileResult, Saved

GROUP = 128
"""Files in one transaction, at most: enough to make the commit's price small, few enough to lose little in a crash."""

Done = Callable[[FileResult, Saved | None], None]
"""Told once of each result: what was saved, or None where the store had failed before."""


class WriteGuard:
    """Guards one `BackendWriter`. ``failure`` is what the store failed of; after that nothing more is written."""

    def __init__(self, writer: BackendWriter, max_writes: int) -> None:
        self._writer = writer
        self._places = threading.BoundedSemaphore(min(max_writes, writer.max_writes))
        self._queue: deque[tuple[FileResult, Done]] = deque()
        self.failure: BaseException | None = None

    def submit(self, result: FileResult, done: Done) -> None:
        """Queue *result*; *done* is called after commit, from whichever thread wrote it."""
        self._queue.append((result, done))
        # Looked at again after the place was given back: whoever queued in between found none free and relies on us.
        while self._queue and self._places.acquire(blocking=False):
            try:
                group = self._take_group()
                saved = self._write_group([result for result, _ in group])
            finally:
                self._places.release()
            for (written, tell), outcome in zip(group, saved, strict=True):
                tell(written, outcome)

    def write(self, results: Sequence[FileResult]) -> Sequence[Saved]:
        """Write *results* now, waiting for a place. Raises what the store raises."""
        with self._places:
            return self._writer.write(results)

    def _take_group(self) -> list[tuple[FileResult, Done]]:
        group: list[tuple[FileResult, Done]] = []
        while len(group) < GROUP:
            try:
                group.append(self._queue.popleft())
            except IndexError:
                break
        return group

    def _write_group(self, results: Sequence[FileResult]) -> Sequence[Saved | None]:
        if results and self.failure is None:
            try:
                saved = self._writer.write(results)
                if len(saved) == len(results):
                    return saved
                raise StoreError(f"the backend answers for {len(saved)} of {len(results)} files; this is a bug in it")
            except BaseException as error:  # raised again in the calling thread, by the pipeline
                self.failure = error
        return [None] * len(results)
