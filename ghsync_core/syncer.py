"""The engine's public face: `Syncer` syncs one source."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ghsync_core.explain import Explanation
from ghsync_core.filters import PathFilter
from ghsync_core.places import Place, Setup
from ghsync_core.plan import Plan
from ghsync_core.progress import OnProgress, SyncProgress, SyncStatistics
from ghsync_core.resources import Resources
from ghsync_core.run import Run
from ghsync_core.settings import Settings
from ghsync_core.stop import Stop, interruptible

__all__ = ["Explanation", "Plan", "Syncer"]


class Syncer:
    """Keeps a store in step with one source.

    *source* is what the command line takes: ``OWNER/REPO``, a URL, a folder. The other arguments are the settings of
    the same name (docs/reference/settings.md); one that is None comes from the environment, ``ghsync.toml``, or its
    default (8 workers, 4 writes, everything included). *plugins* may hold plugin objects as well as names. *settings*
    is a `Settings`, the path of a settings file, or a mapping that stands for one. A `Place` has all of that.

    Raises `UsageError` where any of that can't be.
    """

    def __init__(
        self,
        source: str | Path | Place,
        *,
        to: str | None = None,
        plugins: Iterable[object] = (),
        workers: int | None = None,
        max_writes: int | None = None,
        include: Sequence[str] | None = None,
        exclude: Sequence[str] | None = None,
        only_public: bool | None = None,
        full: bool | None = None,
        max_delete: int | str | None = None,
        name: str | None = None,
        settings: Settings | Mapping[str, Any] | str | Path | None = None,
    ) -> None:
        arguments = {
            "to": to,
            "plugins": plugins,
            "workers": workers,
            "max_writes": max_writes,
            "include": include,
            "exclude": exclude,
            "only_public": only_public,
            "full": full,
            "max_delete": max_delete,
            "name": name,
        }
        self.place = source if isinstance(source, Place) else Setup(settings, arguments).place(str(source))
        self.source = self.place.location
        self._stop = Stop()
        self._running = threading.Lock()
        # Wrong patterns and an unknown store are found before anything is asked of anyone.
        PathFilter(self.place.settings.include, self.place.settings.exclude)
        self.place.registry.backend_for(self.place.url)

    def run(self, on_progress: OnProgress | None = None) -> SyncStatistics:
        """Sync now. *on_progress* is called in this thread, with a `SyncProgress`, at most ten times a second.

        In the main thread the first Ctrl-C finishes the files in hand and stores them. Raises `GhsyncError` where the
        run could not be done; failed files are no error but are told in the result.
        """
        with interruptible(self.cancel), self._resources() as resources:
            return self.run_with(resources, on_progress)

    def run_with(self, resources: Resources, on_progress: OnProgress | None = None) -> SyncStatistics:
        """As `run`, over what other runs use too."""
        watchers = list(self.place.registry.observers)
        if on_progress is not None:
            watchers.append(_Callback(on_progress))
        with self._running:
            try:
                return Run(self.place, resources, self._stop, watchers).execute()
            finally:
                self._stop.reset()

    def plan(self) -> Plan:
        """What `run` would do now: it lists the source and reads the store, and changes nothing."""
        with self._resources() as resources:
            return self.plan_with(resources)

    def plan_with(self, resources: Resources) -> Plan:
        """As `plan`, over what others use too."""
        return Run(self.place, resources, self._stop, ()).plan()

    def explain(self, path: str) -> Explanation:
        """What `run` would make of the one file at the repository path *path*, and why; the store is not looked at."""
        with self._resources() as resources:
            return Run(self.place, resources, self._stop, ()).explain(path)

    def cancel(self) -> None:
        """Finish the files in hand, store them, and end the run; from any thread. Before a run it ends the next one."""
        self._stop.wish()

    def _resources(self) -> Resources:
        return Resources(f"sync of {self.source}")


class _Callback:
    """A plain function as an `Observer`."""

    name = "on_progress"

    def __init__(self, call: OnProgress) -> None:
        self._call = call

    def progress(self, progress: SyncProgress) -> None:
        self._call(progress)

    def finished(self, statistics: SyncStatistics) -> None:
        """Nothing to add: the caller gets the statistics from `Syncer.run`."""
