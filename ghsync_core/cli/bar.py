"""Shows progress: a live bar on a terminal, else a line for each phase."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING

from ghsync_core.cli.output import printable, say

if TYPE_CHECKING:
    from ghsync_core.progress import SyncProgress


class Quiet(AbstractContextManager["Quiet"]):
    """Shows nothing."""

    def __call__(self, progress: SyncProgress) -> None:
        """Show *progress*."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        """Leave the terminal as it was."""


class Lines(Quiet):
    """A line at each change of phase, and at each wait."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._phase = ""
        self._waiting: float | None = None

    def __call__(self, progress: SyncProgress) -> None:
        """Write a line where something began."""
        if progress.phase != self._phase:
            self._write(describe(progress))
        self._tell_wait(progress)

    def _tell_wait(self, progress: SyncProgress) -> None:
        if progress.waiting_until and progress.waiting_until != self._waiting:
            self._write(waiting(progress.waiting_until))
        self._phase, self._waiting = progress.phase, progress.waiting_until


class LinesOfSources(Lines):
    """A line for each source that has something to do, and for each wait: most of many sources have nothing to do."""

    def __call__(self, progress: SyncProgress) -> None:
        """Write a line where something began."""
        if progress.phase == "reading" != self._phase and progress.files_processed < progress.files_total:
            self._write(f"{progress.source}: {describe(progress)}")
        self._tell_wait(progress)


class Bar(Quiet):
    """A live bar on stderr: phase, files, rate, failures, waits; of *several* sources, which it is."""

    def __init__(self, *, several: bool = False) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        self._several = several
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[detail]}", markup=False),
            console=Console(stderr=True),
            refresh_per_second=5,
            transient=True,
        )
        self._task = self._bar.add_task("listing", total=None, detail="")

    def __enter__(self) -> Bar:
        self._bar.start()
        return self

    def __call__(self, progress: SyncProgress) -> None:
        """Move the bar."""
        self._bar.update(
            self._task,
            description=f"{printable(progress.source)}: {progress.phase}" if self._several else progress.phase,
            total=progress.files_total if progress.phase != "listing" else None,
            completed=progress.files_processed,
            detail=self._detail(progress),
        )

    def _detail(self, progress: SyncProgress) -> str:
        speed = self._bar.tasks[0].speed
        parts = [
            f"{speed:,.0f} files/s" if speed else "",
            f"{progress.files_failed:,} failed" if progress.files_failed else "",
            waiting(progress.waiting_until) if progress.waiting_until else "",
            printable(progress.current_file or ""),
        ]
        return "  ".join(part for part in parts if part)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self._bar.stop()


def display(*, as_json: bool, off: bool, several: bool = False) -> Quiet:
    """How progress, of one source or of several, is to be shown: stdout is left alone where it shall hold JSON."""
    if not off and sys.stderr.isatty():
        return Bar(several=several)
    if off or as_json:
        return Quiet()
    return LinesOfSources(say) if several else Lines(say)


def describe(progress: SyncProgress) -> str:
    """The phase that *progress* is in, with how far it is."""
    if progress.phase == "listing":
        return "listing"
    counts = f"{progress.files_processed:,} of {progress.files_total:,} files"
    failed = f", {progress.files_failed:,} failed" if progress.files_failed else ""
    return f"{progress.phase}: {counts}{failed}"


def waiting(until: float) -> str:
    """That the source's host asked for patience *until* a POSIX time, as the local time of day."""
    import time

    return f"waiting until {time.strftime('%H:%M:%S', time.localtime(until))}, as the host asks"
