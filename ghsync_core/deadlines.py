"""How long each worker has been at its file, so that one that hangs holds up nobody."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ghsync_core.models import FileRef


@dataclass(eq=False, slots=True)
class Job:
    """A file in a worker's hands: the stage that it is at, and since when, in seconds of `time.monotonic`."""

    file: FileRef
    size: int
    thread: threading.Thread = field(default_factory=threading.current_thread)
    stage: str = "read"
    since: float = field(default_factory=time.monotonic)

    def reach(self, stage: str) -> None:
        """Go on to *stage*. Reading has time of its own; detecting and parsing share theirs."""
        if self.stage == "read":
            self.since = time.monotonic()
        self.stage = stage


class Deadlines:
    """The jobs in hand. Each is ended once: by its worker, or by whoever finds it late.

    *waiting* says of a thread, by its ident, whether it waits because a host asked it to: that time does not count.
    """

    def __init__(self, seconds: float, waiting: Callable[[int | None], bool]) -> None:
        self.seconds = seconds
        self._waiting = waiting
        self._jobs: dict[int, Job] = {}

    def begin(self, file: FileRef, size: int) -> Job:
        """A job of the thread that calls; *size* is how many bytes of the file were handed to it."""
        job = Job(file, size)
        self._jobs[id(job)] = job
        return job

    def end(self, job: Job) -> bool:
        """Whether *job* is for the caller to end: nobody has before."""
        return self._jobs.pop(id(job), None) is not None

    def late(self) -> Iterator[Job]:
        """The jobs that are beyond their time, ended now."""
        now = time.monotonic()
        for job in tuple(self._jobs.values()):
            if self._waiting(job.thread.ident):
                job.since = now
            elif now - job.since > self.seconds and self.end(job):
                yield job
