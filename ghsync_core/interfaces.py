"""The Protocols that plugins keep: where files come from, what they mean, and where facts go.

A plugin's hook returns small named objects that keep one of these. The engine calls detectors and parsers from many
threads at once, so they hold no state.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from ghsync_core.errors import ContentError
from ghsync_core.models import (
    EMPTY,
    Counts,
    FileFailure,
    FileRef,
    FileResult,
    FileStatus,
    Json,
    Kind,
    ParsedFile,
    Properties,
    Saved,
    nothing,
)

T = TypeVar("T")

# --- sources --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SourceState:
    """What the store remembers of a source after its last settled run.

    ``location`` is how the source was named, normalised by `Source.open`; ``identity`` is what stays the same when it
    is renamed (GitHub: host and numeric id), or None. ``memory`` is the source's own note to itself, such as an ETag.
    ``fingerprint`` names the filters, settings and versions of that run; ``clean`` says that the run was complete, or
    failed only in files whose content is at fault, and that nothing waits to be settled.
    """

    name: str
    location: str
    commit: str | None = None
    identity: str | None = None
    memory: Properties = field(default_factory=nothing)
    fingerprint: str = ""
    clean: bool = False


@dataclass(frozen=True, slots=True)
class SourceContext:
    """What a source may use while it works.

    ``options`` are the settings of its table in ghsync.toml, and ``api_url`` where given. ``ignore`` are files that are
    never listed: those of the store, which may lie in the very folder that is synced. ``wait(seconds, why)`` sleeps
    where the host asks for patience: it shows in progress as ``waiting_until`` and raises `Cancelled` at once when the
    run is told to stop.
    """

    options: Mapping[str, Json]
    wait: Callable[[float, str], None]
    ignore: frozenset[Path] = frozenset()


class Snapshot(Protocol):
    """A source's files at one commit. ``files`` is the whole listing where ``complete``; else nothing is deleted."""

    @property
    def source(self) -> str:
        """The canonical name of the source."""

    @property
    def commit(self) -> str | None:
        """The commit that the files are of; None where there is no git."""

    @property
    def files(self) -> Sequence[FileRef]:
        """The listing."""

    @property
    def complete(self) -> bool:
        """Whether `files` is the whole listing; else nothing is deleted."""

    @property
    def memory(self) -> Properties:
        """What the source wants to be told again at the next run."""

    @property
    def identity(self) -> str | None:
        """What stays the same when the source is renamed, or None."""

    def read(self, file: FileRef) -> bytes:
        """The bytes of *file*, checked against its ``blob_id``. Called from many threads.

        Raises `TransportError` or `ContentError`, which fail this file alone.
        """

    def fetch(self, wanted: Sequence[FileRef]) -> Generator[tuple[FileRef, bytes | None], None, None]:
        """Each wanted file once, in any order, by the cheapest way: with its checked bytes where they come in a stream,
        or with None where a worker shall `read` it. Called from one thread, and closed early when the run is stopped.
        """

    def cost(self, wanted: Sequence[FileRef]) -> int:
        """How many API requests `fetch` would make for *wanted*, besides those already made."""


class Repository(Protocol):
    """One place to sync from, opened by a `Source`. ``location`` is its normalised address.

    ``requests`` counts what was asked of its host so far, by kind.
    """

    @property
    def location(self) -> str:
        """The normalised address."""

    @property
    def requests(self) -> Mapping[str, int]:
        """What was asked of the host so far, by kind."""

    def snapshot(self, known: SourceState | None, *, conditional: bool) -> Snapshot | None:
        """List the files now. *known* is what the store remembers; None is returned only where *conditional* is set
        and the commit is still ``known.commit``, so that nothing need be listed.

        Raises `SourceError`.
        """

    def close(self) -> None:
        """Let go of connections and processes."""


class Source(Protocol):
    """A kind of place that files come from, such as GitHub or a folder."""

    @property
    def name(self) -> str:
        """The name that it is listed and referred to by."""

    def accepts(self, location: str) -> bool:
        """Whether *location*, as the user wrote it, is of this kind. Makes no request."""

    def open(self, location: str, context: SourceContext) -> Repository:
        """The repository at *location*. Raises `UsageError` where it can't be understood."""


# --- formats --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Vault:
    """The folder inside which titles, aliases and tags are resolved. Outside every vault both texts are empty.

    ``root`` is its repository path (``""`` for the top), ``flavour`` the name of its `VaultKind`, ``config`` what that
    kind read from the governing files.
    """

    root: str = ""
    flavour: str = ""
    config: Properties = field(default_factory=nothing)

    def inner(self, path: str) -> str:
        """A repository path as seen from this vault's root."""
        return path[len(self.root) + 1 :] if self.root else path


class VaultKind(Protocol):
    """A flavour of vault, known by a marker among the listed paths."""

    @property
    def name(self) -> str:
        """The name that it is listed and referred to by."""

    def root(self, path: str) -> str | None:
        """The root of the vault that *path* marks (``""`` for the top), or None where it marks none."""

    def governing(self, root: str) -> Sequence[str]:
        """Paths of the files that govern the vault at *root*; those that exist are read before all others."""

    def configure(self, root: str, files: Mapping[str, bytes]) -> Properties:
        """The vault's settings, from the governing files that exist. Raises `ContentError`: then defaults hold."""


class Document:
    """One file on its way from bytes to facts. It belongs to one thread."""

    __slots__ = ("_memo", "data", "file", "only_public", "options", "source", "vault")

    def __init__(
        self,
        file: FileRef,
        data: bytes,
        vault: Vault | None = None,
        *,
        source: str = "",
        only_public: bool = False,
        options: Mapping[str, Mapping[str, Json]] = EMPTY,
    ) -> None:
        self.file = file
        self.data = data
        self.vault = vault or Vault()
        self.source = source
        self.only_public = only_public
        self.options = options
        self._memo: dict[object, Any] = {}

    @property
    def path(self) -> str:
        """The file's repository path."""
        return self.file.path

    @property
    def text(self) -> str:
        """The content, without byte order mark. Raises `ContentError` where it is no UTF-8, and no UTF-16 with mark."""
        return self.once("text", lambda document: decode(document.data))

    def once(self, key: object, compute: Callable[[Document], T]) -> T:
        """``compute(self)``, worked out once for all the detectors and parsers that look at this document."""
        if key not in self._memo:
            self._memo[key] = compute(self)
        value: T = self._memo[key]
        return value


def decode(data: bytes) -> str:
    """*data* as text: UTF-8, or UTF-16 with a byte order mark. Never guesses, never replaces a character."""
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        wanted = "UTF-16, as its first bytes promise" if utf16 else "UTF-8"
        message = f"not {wanted}: byte {error.start} can't be read. Save the file as UTF-8."
        raise ContentError(message, reason="encoding") from None
    if "\x00" in text:
        raise ContentError(
            "holds NUL bytes, so it is no text", reason="binary", line=text.count("\n", 0, text.index("\x00")) + 1
        )
    return text


@dataclass(frozen=True, slots=True)
class Claim:
    """A detector's word that the parser named ``parser`` can read the file; an exclusive claim shuts out lower ones."""

    parser: str
    exclusive: bool = False


class Detector(Protocol):
    """Knows a kind of file when it sees one. Detectors look in the order (−priority, name)."""

    @property
    def name(self) -> str:
        """The name that it is listed and referred to by."""

    @property
    def kind(self) -> Kind:
        """The kind of the files that it claims."""

    @property
    def priority(self) -> int:
        """Higher looks first."""

    @property
    def version(self) -> str:
        """Changes whenever the facts that a file gives may change."""

    def look(self, file: FileRef, vault: Vault) -> str | None:
        """By path and size alone, before anything is fetched: None for *maybe*, else one of `SKIP_REASONS`."""

    def claim(self, document: Document) -> Claim | str | None:
        """By content: a claim, None for *not mine*, or one of `SKIP_REASONS` for *mine, and not to be read*."""


class Parser(Protocol):
    """Turns one document into facts. It never looks at another file: it names what it refers to."""

    @property
    def name(self) -> str:
        """The name that it is listed and referred to by."""

    @property
    def version(self) -> str:
        """Changes whenever the facts that a file gives may change."""

    def parse(self, document: Document) -> ParsedFile:
        """All that *document* says. Raises `ContentError` where nothing of it can be saved."""


@dataclass(frozen=True, slots=True)
class SuffixDetector:
    """A ready-made `Detector` for files that are known by the end of their name."""

    name: str
    suffixes: tuple[str, ...]
    parser: str
    kind: Kind = "other"
    priority: int = 50
    version: str = "1"

    def look(self, file: FileRef, vault: Vault) -> str | None:  # noqa: ARG002
        """*maybe* where the name ends in one of the suffixes, in any case."""
        return None if file.path.lower().endswith(self.suffixes) else "type"

    def claim(self, document: Document) -> Claim | str | None:
        """A claim wherever `look` said *maybe*."""
        return Claim(self.parser) if self.look(document.file, document.vault) is None else None


# --- stores ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """What the store remembers of one file: enough to say whether it must be read again.

    ``failure`` is what the last attempt failed of, where ``status`` is ``failed``.
    """

    path: str
    blob_id: str
    status: FileStatus
    fingerprint: str
    failure: FileFailure | None = None


@dataclass(frozen=True, slots=True)
class RunRecord:
    """The end of a run, as the store records it. Times are POSIX seconds; ``statistics`` is JSON.

    Where ``state`` is None the run was broken off: what is stored stays, but the source's commit is not moved.
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
        opened; then commit.
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


# --- settings -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a plugin, read from ``[table]`` in ghsync.toml or ``GHSYNC_<TABLE>_<NAME>``.

    ``type`` is bool, int, str, or list (of str). ``reading`` says that it changes what files mean, so that they are
    read again when it changes.
    """

    table: str
    name: str
    type: type
    default: Json
    help: str
    reading: bool = field(default=False)
