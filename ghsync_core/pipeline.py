"""The stream of files through the workers into the store.

One feeder thread draws from the source and fills a bounded window; workers read, detect and parse; the write guard
stores. The calling thread takes the outcomes, and wakes at least every tenth of a second to show progress and waits,
and to give up workers that hang.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Generator
from contextlib import closing
from typing import NamedTuple

from ghsync_core.deadlines import Deadlines
from ghsync_core.errors import Cancelled
from ghsync_core.file_job import Reading
from ghsync_core.models import Counts, FileFailure, FileRef, FileResult, FileWarning, Kind, Saved
from ghsync_core.window import Window
from ghsync_core.workers import Workers
from ghsync_core.write_guard import WriteGuard

TICK = 0.1
"""Seconds between two looks at progress, at most."""

FILES_PER_WORKER = 32
"""How far the feeder may run ahead: enough that no worker starves while a group of files is written."""


class Outcome(NamedTuple):
    """What became of one file, without its facts: these may go while the outcome waits to be taken in.

    ``kind`` is set where the file is stored, ``failure`` where it failed; a skipped file has neither.
    """

    path: str
    kind: Kind | None
    failure: FileFailure | None
    counts: Counts
    warnings: tuple[FileWarning, ...]

    @classmethod
    def of(cls, result: FileResult, saved: Saved) -> Outcome:
        """The outcome of *result*, of which the store *saved* so much."""
        kind = (result.kind or "other") if result.status == "stored" else None
        warnings = result.facts.warnings if result.facts else ()
        return cls(result.file.path, kind, saved.failure or result.failure, saved.counts, warnings)


Fetched = Generator[tuple[FileRef, bytes | None], None, None]


class Pipeline:
    """Streams files once, through the threads of *pool*, of which there are *workers*. After `stop`, the files in hand
    are finished and stored, and no further one is begun.
    """

    def __init__(self, reading: Reading, guard: WriteGuard, pool: Workers, workers: int, deadlines: Deadlines) -> None:
        self._reading = reading
        self._guard = guard
        self._pool = pool
        self._deadlines = deadlines
        self._looked_at = 0.0
        self._stopped = threading.Event()
        self._window = Window(workers * FILES_PER_WORKER)
        self._outcomes: queue.SimpleQueue[Outcome | int | None] = queue.SimpleQueue()
        self._failure: BaseException | None = None

    def stop(self) -> None:
        """Begin no further file. May be called from any thread, more than once."""
        self._stopped.set()
        self._window.wake()

    def run(self, fetched: Fetched) -> Generator[Outcome | None, None, None]:
        """Every outcome as it is stored, and None at each tick in between.

        Raises what the store or the source's stream failed of, once the files in hand are done with. Where it is left
        earlier, by a second Ctrl-C or an error in the calling thread, nothing is waited for.
        """
        threading.Thread(target=self._feed, args=(fetched,), name="ghsync-feeder", daemon=True).start()
        try:
            yield from self._until_all_are_told()
        except BaseException:
            self.stop()
            raise
        failure = self._guard.failure or self._failure
        if failure is not None:
            raise failure

    def _until_all_are_told(self) -> Generator[Outcome | None, None, None]:
        told, fed = 0, None
        while told != fed:
            self._give_up_late()
            try:
                outcome = self._outcomes.get(timeout=TICK)
            except queue.Empty:
                yield None
                continue
            if isinstance(outcome, int):
                fed = outcome
                continue
            told += 1
            if outcome is not None:
                yield outcome
            elif self._guard.failure or self._failure:
                self.stop()

    def _feed(self, fetched: Fetched) -> None:
        count = 0
        try:
            with closing(fetched):
                for file, data in fetched:
                    if not self._window.enter(len(data or b""), self._stopped):
                        break
                    self._pool.submit(self._work, file, data)
                    count += 1
        except BaseException as error:  # raised again in the calling thread
            self._failure = error
        finally:
            self._outcomes.put(count)

    def _give_up_late(self) -> None:
        """Tell of files that are beyond their time as failed, and leave their workers to themselves."""
        now = time.monotonic()
        if now - self._looked_at < TICK:
            return
        self._looked_at = now
        for job in self._deadlines.late():
            self._pool.give_up(job.thread)
            result = self._reading.timed_out(job.file, job.stage, self._deadlines.seconds)
            self._pool.submit(self._hand_in, result, job.size)

    def _work(self, file: FileRef, data: bytes | None) -> None:
        job = self._deadlines.begin(file, len(data or b""))
        result = None
        try:
            if not self._stopped.is_set():
                result = self._reading.process(file, data, job.reach)
        except Cancelled:
            pass
        except BaseException as error:  # whatever it is, the file is told of, or the run would wait for it forever
            self._failure = self._failure or error
        if self._deadlines.end(job):
            self._hand_in(result, job.size)

    def _hand_in(self, result: FileResult | None, size: int) -> None:
        """Have *result* stored, and told of; None is told of at once. *size* is what it takes up in the window."""

        def done(result: FileResult, saved: Saved | None) -> None:
            self._window.leave(size)
            self._outcomes.put(None if saved is None else Outcome.of(result, saved))

        try:
            if result is not None:
                self._guard.submit(result, done)
                return
        except BaseException as error:  # as above
            self._failure = self._failure or error
        self._window.leave(size)
        self._outcomes.put(None)
