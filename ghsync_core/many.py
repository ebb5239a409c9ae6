"""Several sources in one go, over one pool of workers, one opened store and one set of connections."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from ghsync_core.errors import Cancelled, GhsyncError, UsageError
from ghsync_core.interfaces import Expands, Expansion
from ghsync_core.models import FileFailure
from ghsync_core.places import Place, Setup
from ghsync_core.plan import Plan
from ghsync_core.progress import OnProgress, RunStatus, SyncProgress, SyncStatistics
from ghsync_core.resources import Resources
from ghsync_core.stop import Stop, interruptible
from ghsync_core.syncer import Syncer

T = TypeVar("T")
Member = Syncer | SyncStatistics
"""A source to sync, or what came of it already: it can't be done."""


def sync_many(
    sources: Iterable[Syncer | str | Path], on_progress: OnProgress | None = None, **options: Any
) -> list[SyncStatistics]:
    """Sync several sources, one after the other; one that can't be done never stops the rest.

    A source that is no `Syncer` becomes one, with *options*; ``OWNER/*`` becomes one for each repository. What a run
    failed of is the one entry of its ``errors``.
    """
    return SyncGroup(_members(sources, options)).run(on_progress)


class SyncGroup:
    """Sources that are synced, or planned, one after the other. What stands for several is expanded on the way.

    ``expansions`` says what came of that, by location.
    """

    def __init__(self, members: Iterable[Member]) -> None:
        self._members = list(members)
        self._stop = Stop()
        self._current: Syncer | None = None
        self.expansions: dict[str, Expansion] = {}

    def run(self, on_progress: OnProgress | None = None) -> list[SyncStatistics]:
        """Sync all. *on_progress* and Ctrl-C are as in `Syncer.run`; Ctrl-C ends the runs to come as well."""
        with interruptible(self.cancel), self._resources() as resources:
            try:
                members = self._expanded(resources, on_progress, hold=True)
                return [self._one(each, resources, lambda it: it.run_with(resources, on_progress)) for each in members]
            finally:
                self._current = None
                self._stop.reset()

    def plans(self) -> list[Plan | SyncStatistics]:
        """What `run` would do, and what could not be found out."""
        with self._resources() as resources:
            members = self._expanded(resources, None, hold=False)
            return [self._one(each, resources, lambda it: it.plan_with(resources)) for each in members]

    def cancel(self) -> None:
        """Finish the files in hand, store them, and begin no further source; from any thread."""
        self._stop.wish()
        if self._current is not None:
            self._current.cancel()

    def _resources(self) -> Resources:
        first = self._members[0].source if self._members else "nothing"
        return Resources(f"sync of {first}" if len(self._members) == 1 else f"sync of {len(self._members)} sources")

    def _one(self, member: Member, resources: Resources, work: Callable[[Syncer], T]) -> T | SyncStatistics:
        if isinstance(member, SyncStatistics):
            return member
        self._current = member
        if self._stop:
            return SyncStatistics(member.source, None, "interrupted")
        try:
            return work(member)
        except Exception as error:
            if not isinstance(error, GhsyncError):
                resources.start_afresh()
            return _failed(member.source, error)

    def _expanded(self, resources: Resources, on_progress: OnProgress | None, *, hold: bool) -> Iterator[Member]:
        """The members, each place once: one that is named by itself does not come again."""
        told = {member.source.casefold() for member in self._members}
        for member in self._members:
            found = self._found(member, resources, on_progress, hold=hold)
            if found is None:
                yield member
                continue
            yield from (
                each for each in found if isinstance(each, SyncStatistics) or each.source.casefold() not in told
            )
            told.update(each.source.casefold() for each in found)

    def _found(
        self, member: Member, resources: Resources, on_progress: OnProgress | None, *, hold: bool
    ) -> Sequence[Member] | None:
        """What *member* stands for; None where that is itself."""
        if isinstance(member, SyncStatistics):
            return None
        try:
            several = member.place.several
            if several is None:
                return None
            if hold:  # before the listing: whoever holds the store may be storing what is newer
                resources.held_store(member.place, create=False)
            return [Syncer(place) for place in self._expand(several, member.place, resources, on_progress)]
        except Exception as error:
            return [_failed(member.source, error)]

    def _expand(
        self, several: Expands, place: Place, resources: Resources, on_progress: OnProgress | None
    ) -> list[Place]:
        def wait(seconds: float, why: str) -> None:
            if on_progress:
                on_progress(SyncProgress(source=place.location, waiting_until=time.time() + seconds))
            self._stop.wait(seconds, why)

        if self._stop:
            raise Cancelled("told to stop")
        if place.settings.name:
            raise UsageError(f"{place.location} stands for several sources, which can't all be called by one name")
        expansion = several.expand(place.location, place.context(wait, resources.keep))
        self.expansions[place.location] = expansion
        return [place.at(found) for found in expansion.found]


def _members(sources: Iterable[Syncer | str | Path], options: Mapping[str, Any]) -> Iterator[Member]:
    """A member for each of *sources*; those that are made here share plugins and settings."""
    arguments = {name: value for name, value in options.items() if name != "settings"}
    setup: Setup | None = None
    for source in sources:
        if isinstance(source, Syncer):
            yield source
            continue
        try:
            setup = setup or Setup(options.get("settings"), arguments)
            yield Syncer(setup.place(str(source)))
        except Exception as error:
            yield _failed(str(source), error)


def _failed(location: str, error: Exception) -> SyncStatistics:
    status: RunStatus = "interrupted" if isinstance(error, Cancelled) else "failed"
    what = str(error) if isinstance(error, GhsyncError) else f"{type(error).__name__}: {error}"
    errors = () if status == "interrupted" else (FileFailure("", "run", what, reason="run"),)
    return SyncStatistics(location, None, status, errors=errors)
