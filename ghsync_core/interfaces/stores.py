"""Where facts go, and how they are read back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from ghsync_core.interfaces.sources import SourceState
from ghsync_core.models import Answer, Counts, FileFailure, FileResult, FileStatus, Json, Name, Reference, Saved


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

    ``keep_runs`` is how many runs of this source stay recorded, with this one; older ones are taken out.
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
    keep_runs: int = 100


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that the store does not hold as it should.

    ``view`` is the view that shows it, or ``counts``, or ``store`` for the store as a whole; ``fact`` names it;
    ``stored`` and ``expected`` are what is held and what should be, by column, None where there is nothing. ``path``
    and ``line`` are where it was written, as far as that can be told.
    """

    view: str
    fact: str
    stored: Json
    expected: Json
    path: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What one file says of a node. ``view`` is where it says so: ``nodes``, ``classes`` or ``properties``.

    ``declared`` says that the file defines it, and does not only mention it. ``answers`` are the names that the file
    lets it answer to; where several views have it, they stand with each.
    """

    path: str
    line: int | None
    view: str
    kind: str
    label: str | None
    declared: bool
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class Stated:
    """What one file says of an edge: ``count`` times, first on ``line``. ``source`` and ``target`` are its ends as the
    file refers to them; an end that is given by its id asks for that id alone, in the scope of the whole source.
    """

    path: str
    line: int | None
    count: int
    source: Reference
    target: Reference


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
    """Reads a store; never changes it, and never sees half a file. All that asks a store of its graph stands on this.

    The columns of its rows, and what names them, are in `ghsync_core.views`.
    """

    @property
    def language(self) -> str:
        """What `query` understands: ``sql``, ``cypher``, ``sparql``."""

    def rows(
        self,
        view: str,
        source: str | None = None,
        *,
        where: Mapping[str, Json] | None = None,
        ordered: bool = False,
    ) -> Iterator[Mapping[str, Json]]:
        """The rows of one of the views, of one source or of all, streamed: memory does not grow with their number.

        *where* takes only rows that have these values in these columns (None is null), none of which holds JSON. Ids,
        both ends of an edge, IRIs and paths are found at once, without reading all rows: so the neighbours of a node
        are the edges where ``from_id`` or ``to_id`` is its id. *ordered* gives them by source and key, in code-point
        order. Columns that hold JSON hold it as a text. Raises `UsageError` for a view or a column that is none.
        """

    def query(self, text: str, *, seconds: float | None = None) -> tuple[Sequence[str], Iterator[Sequence[Json]]]:
        """Column names and rows of a query in the store's own language, which can change nothing.

        Raises `UsageError` where it is refused, and where it takes longer than *seconds*, at the row it was at.
        """

    def close(self) -> None:
        """Let go of the store."""


@runtime_checkable
class BulkReader(Protocol):
    """A `GraphReader` may be this too, where it can write rows as text quicker than one by one."""

    def texts(self, view: str, source: str, columns: Sequence[str]) -> Iterator[str]:
        """All rows of *view* as `ghsync_core.digest.canonical_row` writes them, with these *columns*; each text holds
        some rows, a line for each.
        """


@runtime_checkable
class ColumnReader(Protocol):
    """A `GraphReader` may be this too, where it reads some columns of a view quicker than all."""

    def columns(
        self, view: str, columns: Sequence[str], source: str, where: Mapping[str, Json]
    ) -> Sequence[tuple[Json, ...]]:
        """What `GraphReader.rows` gives for *source* and *where*, of each row only the values of *columns*, in their
        order; all at once, so *where* should be narrow, such as one path.
        """


@runtime_checkable
class Searches(Protocol):
    """A `GraphReader` may be this too, where its store can find words in texts."""

    def search(
        self, words: str, source: str | None = None, *, kind: str | None = None, limit: int = 20
    ) -> Iterator[Mapping[str, Json]]:
        """The nodes, of one *kind* or of all, whose label, aliases, definitions or comments hold all of *words*, best
        first. A word may also begin a longer one; case and marks on letters make no difference. Any text is a search.

        Each row has the columns of ``nodes``, and ``text``: the text that was found in, cut around the first word.
        Raises `UsageError` where the store can't search now.
        """


@runtime_checkable
class Explains(Protocol):
    """A `GraphReader` may be this too, where its store keeps what each file says. What wins is told by
    `ghsync_core.names.preference`; without this, ``ghsync explain`` lists the places alone.
    """

    def said(self, source: str, id_: str) -> Iterator[Said]:
        """What each file says of a node, those that define it first, then by path. Nothing for a stub."""

    def stated(
        self, source: str, to_id: str, *, from_id: str | None = None, type_: str | None = None
    ) -> Iterator[Stated]:
        """The edges to a node, of all that mean it, by path and line; from one node and of one type where given."""

    def answering(self, source: str, name: Name) -> Iterator[tuple[Answer, str, str]]:
        """All that answers to a name, in any order: the answer, the node's id, and the path of the file that says so.
        `ghsync_core.names.resolve` takes them so.
        """


@runtime_checkable
class Verifies(Protocol):
    """A `GraphReader` may be this too, where its store can derive again what spans files. Nothing is ever changed.

    Where a reader is not, ``ghsync verify`` prints the digest alone; ``--fresh`` works all the same.
    """

    def settled(self, source: str) -> bool:
        """Whether all that the files of *source* say is settled: no sync goes on, and none was broken off."""

    def differences(self, source: str) -> Iterator[Difference]:
        """Derive from what each file says how names meet nodes, how things and axioms merge, and the counts; and tell
        what the store holds otherwise. Only for a source that is `settled`. Damage of the store itself comes first.

        Called, and drawn from, in a thread of its own while another uses the reader.
        """


@runtime_checkable
class Compares(Protocol):
    """A `GraphReader` may be this too, where it can say quickly what changed since its store was copied."""

    def changes_since(self, before: GraphReader, source: str) -> Iterator[Difference] | None:
        """What this store holds of *source* otherwise than *before*, which reads the store that this one was copied
        from (see `Copies`); ``stored`` is what it was, ``expected`` what it is. None where that is another store.
        """


@runtime_checkable
class Copies(Protocol):
    """A `Store` may be this too, where it can be copied at once."""

    def copy_to(self, path: Path) -> str:
        """Copy the whole store to *path*, where nothing is yet, as one moment has it; the URL of the copy.

        It is for a while only, so it need not outlive a power cut.
        """


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
        """The real paths of the files on this machine that the store at *url* consists of, or may; a folder stands for
        whatever lies right in it.
        """

    def open(self, url: str, options: Mapping[str, Json], *, create: bool) -> Store:
        """The store at *url*, made where it is missing and *create* is set. Raises `StoreError`."""
