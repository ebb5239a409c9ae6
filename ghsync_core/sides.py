"""The two states that ``ghsync diff`` compares: stores, commits of the source that was synced, folders.

A commit or a folder is read into a copy of the store, so that only what differs is read; stores stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from ghsync_core.diff import Side
from ghsync_core.errors import UsageError
from ghsync_core.interfaces import Copies, ReadsCommits, Snapshot, SourceState, Store
from ghsync_core.places import Place, Setup
from ghsync_core.reread import OTHER_SETTINGS, PlaceAgain, find_place
from ghsync_core.resources import Resources
from ghsync_core.setting_values import parse_max_delete
from ghsync_core.stop import Stop
from ghsync_core.syncer import Syncer
from ghsync_core.verify import sources

STORED: Final = "the store"
_FULL_ID: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


@dataclass(slots=True)
class Base:
    """The store that copies are made of, and its source. ``folder`` is for the copies, which go with it."""

    store: Store
    state: SourceState
    setup: Setup
    folder: Path
    open_store: Callable[[str], Store]
    resources: Resources
    closing: ExitStack

    def stored(self) -> tuple[Side, str | None]:
        """The store as it is at this moment, and the URL of its copy, where it can be copied."""
        url = self.store.copy_to(self.folder / "stored.db") if isinstance(self.store, Copies) else None
        return self._side(url, STORED, self.state.commit), url

    def read(self, what: str, stored: str | None, onto: str | None, number: int) -> tuple[Side, str]:
        """The state *what*, a folder or a commit, read into a copy of the store at *onto*, or into a new one; of the
        commit that is in the copy at *stored*, that.
        """
        reading = self._folder(what) if Path(what).is_dir() else self._commit(what)
        with reading as (place, snapshot):
            if stored and self.state.clean and snapshot.commit and snapshot.commit == self.state.commit:
                return self._side(stored, what, snapshot.commit), stored
            url = self._copy(onto, self.folder / f"{number}.db")
            settings = replace(place.settings, to=url, name=self.state.name, max_delete=parse_max_delete("100%"))
            Syncer(PlaceAgain(place.location, settings, place.setup, None, snapshot)).run()
            return self._side(url, what, snapshot.commit), url

    def _copy(self, onto: str | None, path: Path) -> str:
        if onto is None:
            return f"sqlite:{path}"
        with closing(self.open_store(onto)) as store:
            assert isinstance(store, Copies)
            return store.copy_to(path)

    def _side(self, url: str | None, label: str, commit: str | None) -> Side:
        store = self.closing.enter_context(closing(self.open_store(url))) if url else self.store
        reader = self.closing.enter_context(closing(store.reader()))
        return Side(reader, self.state.name, label, commit)

    @contextmanager
    def _folder(self, folder: str) -> Iterator[tuple[Place, Snapshot]]:
        place = self.setup.place(folder)
        self._check(place)
        with closing(place.open(Stop().wait, self.resources.keep)) as repository:
            snapshot = repository.snapshot(None, conditional=False)
            assert snapshot is not None
            yield place, snapshot

    @contextmanager
    def _commit(self, ref: str) -> Iterator[tuple[Place, Snapshot]]:
        place = find_place(self.state, self.setup, self.resources)
        self._check(place)
        with closing(place.open(Stop().wait, self.resources.keep)) as repository:
            known = replace(self.state, commit=ref)
            snapshot = repository.at(known) if isinstance(repository, ReadsCommits) else None
            if snapshot is None:
                raise UsageError(f"{self.state.name} has no commits to go to, so {ref!r} can't be read; no such folder")
            if snapshot.commit is None or not _FULL_ID.fullmatch(snapshot.commit):
                raise UsageError(f"{ref!r} must be a whole commit id here, of 40 digits")
            yield place, snapshot

    def _check(self, place: Place) -> None:
        """That what differs comes from the files. Raises `UsageError` where the settings do."""
        if place.fingerprint() != self.state.fingerprint:
            raise UsageError(f"{self.state.name}: {OTHER_SETTINGS}")


def both(base: Base, before: str | None, after: str | None) -> tuple[Side, Side]:
    """The two states; None is the store as it is. The second is read onto the first, so that they can be compared."""
    stored, url = base.stored()
    old, onto = (stored, url) if before is None else base.read(before, url, url, 1)
    new = stored if after is None else base.read(after, url, onto, 2)[0]
    return old, new


def only_source(store: Store, name: str | None) -> SourceState:
    """The source of that name, else the only one of *store*. Raises `UsageError`."""
    with closing(store.reader()) as reader:
        names = sources(reader)
    if name is None and len(names) == 1:
        (name,) = names
    state = store.find_source(name=name) if name else None
    if state is None:
        what = f"no source {name!r}" if name else f"{len(names)} sources; choose with --source"
        raise UsageError(f"the store holds {what}: {', '.join(names) or 'it is empty; sync into it first'}")
    return state
