"""The engine's public face: `Syncer` syncs one source, `sync_many` several."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ghsync_core.errors import GhsyncError, UsageError
from ghsync_core.explain import Explanation
from ghsync_core.models import FileFailure
from ghsync_core.plan import Plan
from ghsync_core.plugins import PluginHost
from ghsync_core.progress import Observer, OnProgress, SyncProgress, SyncStatistics
from ghsync_core.registry import Registry
from ghsync_core.run import Run
from ghsync_core.settings import Settings, load_settings
from ghsync_core.stop import Stop, interruptible

__all__ = ["Explanation", "Plan", "Syncer", "sync_many"]


class Syncer:
    """Keeps a store in step with one source.

    *source* is what the command line takes: ``OWNER/REPO``, a URL, a folder. The other arguments are the settings of
    the same name (docs/reference/settings.md); one that is None comes from the environment, ``ghsync.toml``, or its
    default (8 workers, 4 writes, everything included). *plugins* may hold plugin objects as well as names. *settings*
    is a `Settings`, the path of a settings file, or a mapping that stands for one.

    Raises `UsageError` where any of that can't be.
    """

    def __init__(
        self,
        source: str | Path,
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
        if isinstance(plugins, str):
            raise UsageError(f"plugins must be a list of names and plugin objects: plugins=[{plugins!r}]")
        arguments = {
            "to": to,
            "plugins": tuple(plugins) or None,
            "workers": workers,
            "max_writes": max_writes,
            "include": include,
            "exclude": exclude,
            "only_public": only_public,
            "full": full,
            "max_delete": max_delete,
            "name": name,
        }
        base = settings if isinstance(settings, Settings) else load_settings(config=settings)
        entry = base.source(str(source))
        chosen = entry.settings.with_arguments(arguments)
        self.source = entry.location
        self._registry = Registry.of(PluginHost(chosen.plugins, chosen.block))
        self._settings = chosen.validated(self._registry.settings, self._registry.inactive)
        self._stop = Stop()
        self._running = threading.Lock()
        self._new_run(())  # finds wrong patterns and an unknown store before anything is asked of anyone

    def run(self, on_progress: OnProgress | None = None) -> SyncStatistics:
        """Sync now. *on_progress* is called in this thread, with a `SyncProgress`, at most ten times a second.

        In the main thread the first Ctrl-C finishes the files in hand and stores them. Raises `GhsyncError` where the
        run could not be done; failed files are no error but are told in the result.
        """
        watchers = list(self._registry.observers)
        if on_progress is not None:
            watchers.append(_Callback(on_progress))
        with self._running, interruptible(self._stop):
            try:
                return self._new_run(watchers).execute()
            finally:
                self._stop.reset()

    def plan(self) -> Plan:
        """What `run` would do now: it lists the source and reads the store, and changes nothing."""
        return self._new_run(()).plan()

    def explain(self, path: str) -> Explanation:
        """What `run` would make of the one file at the repository path *path*, and why; the store is not looked at."""
        return self._new_run(()).explain(path)

    def cancel(self) -> None:
        """Finish the files in hand, store them, and end the run; from any thread. Before a run it ends the next one."""
        self._stop.wish()

    def _new_run(self, watchers: Sequence[Observer]) -> Run:
        return Run(self._registry, self._settings, self.source, self._stop, watchers)


class _Callback:
    """A plain function as an `Observer`."""

    name = "on_progress"

    def __init__(self, call: OnProgress) -> None:
        self._call = call

    def progress(self, progress: SyncProgress) -> None:
        self._call(progress)

    def finished(self, statistics: SyncStatistics) -> None:
        """Nothing to add: the caller gets the statistics from `Syncer.run`."""


def sync_many(
    sources: Iterable[Syncer | str | Path], on_progress: OnProgress | None = None, **options: Any
) -> list[SyncStatistics]:
    """Sync several sources, one after the other; one that can't be done never stops the rest.

    A source that is no `Syncer` becomes one, with *options*. What a run failed of is the one entry of its ``errors``.
    """
    return [_sync_one(source, on_progress, options) for source in sources]


def _sync_one(
    source: Syncer | str | Path, on_progress: OnProgress | None, options: Mapping[str, Any]
) -> SyncStatistics:
    location = source.source if isinstance(source, Syncer) else str(source)
    try:
        syncer = source if isinstance(source, Syncer) else Syncer(source, **options)
        return syncer.run(on_progress)
    except Exception as error:
        what = str(error) if isinstance(error, GhsyncError) else f"{type(error).__name__}: {error}"
        failure = FileFailure("", "run", what, reason="run")
        return SyncStatistics(source=location, commit=None, status="failed", errors=(failure,))
