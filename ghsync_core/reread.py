"""``ghsync verify --fresh``: a source read again, as of the commit that the store holds, into a store of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ghsync_core.compare import Compared
from ghsync_core.digest import digest
from ghsync_core.errors import GhsyncError
from ghsync_core.filters import PathFilter
from ghsync_core.interfaces import Difference, GraphReader, Keep, ReadsCommits, Repository, Snapshot, SourceState
from ghsync_core.places import Place, Setup
from ghsync_core.progress import OnProgress
from ghsync_core.resources import Resources
from ghsync_core.stop import Stop
from ghsync_core.syncer import Syncer
from ghsync_core.verify import Findings, Verification, failed_files

CHANGED = "what lies there is no longer what was synced; sync again, then verify"
OTHER_SETTINGS = (
    "it was synced with other filters, settings or plugins than those in force; give the same, or sync again"
)
MAY_EXPLAIN = "files that failed keep what they said before, which may be all that these differences come from"


class CannotReread(GhsyncError):
    """The source can't be read as it was synced; the message says why."""


@dataclass(frozen=True, slots=True)
class PlaceAgain(Place):
    """A place whose files are listed already."""

    snapshot: Snapshot | None = None

    def open(self, wait: Callable[[float, str], None], keep: Keep) -> Repository:  # noqa: ARG002
        """The repository with these files."""
        assert self.snapshot is not None
        return _Listed(self.location, self.snapshot)


class _Listed:
    """A `Repository` that has been asked for its files."""

    def __init__(self, location: str, snapshot: Snapshot) -> None:
        self.location = location
        self.requests: Mapping[str, int] = {}
        self._snapshot = snapshot

    def snapshot(self, known: SourceState | None, *, conditional: bool) -> Snapshot:  # noqa: ARG002
        """The files that were listed."""
        return self._snapshot

    def close(self) -> None:
        """Whoever listed them closes what gives their bytes."""


def reread(
    verified: Verification,
    reader: GraphReader,
    state: SourceState,
    setup: Setup,
    on_progress: OnProgress | None = None,
) -> Verification:
    """*verified*, with what differs from a fresh sync by the settings and plugins of *setup*.

    Where that can't be done the result says why, as ``undone``. Raises `Cancelled`.
    """
    with tempfile.TemporaryDirectory(prefix="ghsync-verify-") as folder, Resources("verify") as resources:
        try:
            to = f"sqlite:{Path(folder, 'fresh.db')}"
            with _snapshot(state, reader, setup, resources) as (place, snapshot):
                settings = replace(place.settings, to=to, name=state.name, full=False)
                again = PlaceAgain(place.location, settings, place.setup, None, snapshot)
                Syncer(again).run(on_progress)
        except CannotReread as error:
            return replace(verified, undone=(*verified.undone, str(error)))
        backend = place.registry.backend_for(to)
        with (
            closing(backend.open(to, settings.tables.get(backend.name, {}), create=False)) as store,
            closing(store.reader()) as fresh,
        ):
            return _compared(verified, reader, fresh)


def _compared(verified: Verification, stored: GraphReader, fresh: GraphReader) -> Verification:
    assert verified.digest is not None
    failed = failed_files(stored, verified.source) | failed_files(fresh, verified.source)
    compared = Compared(verified.source, stored, verified.digest, fresh, digest(fresh, verified.source))
    findings = Findings.of(each for each in compared.differences() if not _excepted(each, failed))
    notes = (MAY_EXPLAIN,) if failed and findings.count else ()
    return replace(
        verified,
        fresh=True,
        findings=verified.findings + findings,
        notes=(*verified.notes, *notes),
        excepted=failed,
    )


def _excepted(difference: Difference, failed: Mapping[str, str]) -> bool:
    """Whether it stands in a file that failed, in one of the two stores."""
    rows = (row for row in (difference.stored, difference.expected) if row)
    return difference.path in failed or any(row.get("path") in failed for row in rows)


@contextmanager
def _snapshot(
    state: SourceState, reader: GraphReader, setup: Setup, resources: Resources
) -> Iterator[tuple[Place, Snapshot]]:
    """The files of the source as they were synced. Raises `CannotReread`, `SourceError`."""
    place = find_place(state, setup, resources)
    if place.fingerprint() != state.fingerprint:
        raise CannotReread(OTHER_SETTINGS)
    with closing(place.open(Stop().wait, resources.keep)) as repository:
        snapshot = repository.at(state) if isinstance(repository, ReadsCommits) and state.commit else None
        if snapshot is None:
            snapshot = repository.snapshot(None, conditional=False)
            if snapshot is None or _listing(place, snapshot) != _stored_listing(reader, state.name):
                raise CannotReread(CHANGED)
        yield place, snapshot


def find_place(state: SourceState, setup: Setup, resources: Resources) -> Place:
    """The place that the source was synced from: one that the settings list, or what its name or location says.

    Raises `CannotReread`.
    """
    bare = state.location.removeprefix(f"{state.name}=")
    for place in (*setup.listed(), setup.place(bare), setup.place(state.name)):
        try:
            repository = place.open(Stop().wait, resources.keep)
        except GhsyncError:
            continue  # a name may read like a place that it is not
        with closing(repository):
            if repository.location == bare:
                return place
    raise CannotReread(
        f"where it was synced from can't be told from {bare!r}; name its location in a [[source]] of ghsync.toml"
    )


def _listing(place: Place, snapshot: Snapshot) -> dict[str, str]:
    wanted = PathFilter(place.settings.include, place.settings.exclude)
    return {file.path: file.blob_id for file in snapshot.files if wanted(file.path)}


def _stored_listing(reader: GraphReader, source: str) -> dict[str, str]:
    return {row["path"]: row["blob_id"] for row in reader.rows("files", source)}
