"""Where facts go, and how they are read back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ghsync_core.interfaces.sources import SourceState
from ghsync_core.models import Counts, FileFailure, FileResult, FileStatus, Json, Saved


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """What the store remembers of one file: enough to say whether it must be read again.

    ``failure`` is what the last attempt failed of, where ``status`` is ``failed``. ``arrived`` says that the file is
    new since the last run that came to its end: one broken off may have stored it before it took out its old place.
    """

    path: str
    blob_id: str
    status: FileStatus
    fingerprint: str
    failure: FileFailure | None = None
    arrived: bool = False


@dataclass(frozen=True, slots=True)
class RunRecord:
    """The end of a run, as the store records it. Times are POSIX seconds; ``statistics`` is JSON.

    Where ``state`` is None the run was broken off: what is stored stays, but the source's commit is not moved, and the
    source is not clean until a run comes to its end. Where ``state.name`` is not the name that is written to, the
    source is renamed.
    """

    status: str
    commit: str | None
    started_at: float
    ended_at: float
    statistics: Mapping[str, Json]
    state: SourceState | None


class BackendWriter(Protocol):
    """Writes one source into a store. ``max_writes`` is how many `write` calls it bears at once."""

    @property
    def max_writes(self) -> int:
        """How many `write` calls it bears at once."""

    def manifest(self) -> Iterator[ManifestEntry]:
        """What is stored of every file of this source."""

    def write(self, files: Sequence[FileResult]) -> Sequence[Saved]:
        """Replace what the store holds of each file, all in one transaction; returns after commit, in the same order.

        A stored file gets its new facts; a skipped one loses its facts; a failed one keeps them. One file that the
        store refuses is reported in its `Saved` and harms no other. Raises `StoreError` where the store itself fails.
        """

    def delete(self, paths: Sequence[str]) -> None:
        """Take files out, with all that they said."""

    def settle(self) -> Counts:
        """Let names meet nodes over what changed, and count the graph; the same facts always give the same graph."""

    def record(self, run: RunRecord) -> None:
        """Write the run's row and, where ``run.state`` is given, the source's state, in the transaction that `settle`
        opened; then commit. Where the state has another name, the source and its earlier runs take that name too.
        """


class GraphReader(Protocol):
    """Reads a store; never changes it, and never sees half a file."""

    def rows(self, view: str, source: str | None = None) -> Iterator[Mapping[str, Json]]:
        """The rows of one of the contract's views, of one source or of all."""

    def query(self, text: str) -> tuple[Sequence[str], Iterator[Sequence[Json]]]:
        """Column names and rows of a query in the store's own language. Raises `UsageError` where it is refused."""

    def close(self) -> None:
        """Let go of the store."""


class Store(Protocol):
    """An opened store."""

    def lock(self, holder: str, wait: float) -> AbstractContextManager[None]:
        """Hold the store against other syncs. Raises `StoreLocked`, with the other's *holder*, after *wait* seconds."""

    def find_source(
        self, *, name: str | None = None, location: str | None = None, identity: str | None = None
    ) -> SourceState | None:
        """The source known by any of these, tried in this order."""

    def writer(self, source: str, commit: str | None) -> BackendWriter:
        """A writer for the source of that name, for what it says at *commit*. Used under `lock`."""

    def reader(self) -> GraphReader:
        """A reader; may be used while a sync goes on."""

    def forget(self, source: str) -> int:
        """Take a source out, and say how many files went with it. Used under `lock`."""

    def close(self) -> None:
        """Let go of the store."""


class Backend(Protocol):
    """A kind of store, chosen by the scheme of ``--to``."""

    @property
    def name(self) -> str:
        """The name that it is listed and referred to by."""

    @property
    def schemes(self) -> tuple[str, ...]:
        """The schemes of the URLs that it opens."""

    def files(self, url: str) -> Sequence[Path]:
        """The real paths of the files on this machine that the store at *url* consists of, or may."""

    def open(self, url: str, options: Mapping[str, Json], *, create: bool) -> Store:
        """The store at *url*, made where it is missing and *create* is set. Raises `StoreError`."""
