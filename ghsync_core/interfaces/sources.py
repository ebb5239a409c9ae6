"""Where files come from."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from ghsync_core.models import FileRef, Json, Properties, nothing


class Keep(Protocol):
    """Gives what is kept under a key, made when it is first asked for."""

    def __call__(self, key: str, make: Callable[[], Any]) -> Any:
        """What *make* returned, which has a method ``close()``."""


def keep_nothing(key: str, make: Callable[[], Any]) -> Any:  # noqa: ARG001
    """A `Keep` for one who opens a single place: everything is made anew."""
    return make()


@dataclass(frozen=True, slots=True)
class SourceState:
    """What the store remembers of a source after its last settled run.

    ``location`` is how the source was named, normalised by `Source.open`; ``identity`` is what stays the same when it
    is renamed (GitHub: host, numeric id, and what of it is read), or None. ``memory`` is the source's own note to
    itself, such as an ETag.
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
    run is told to stop. ``hint`` is what the source itself said of this location when it found it (see `Expands`), or
    None. ``keep`` holds, for all places that are synced in one go, what they may share, such as connections; a source
    names its own in the key, and ghsync closes it behind the last run.
    """

    options: Mapping[str, Json]
    wait: Callable[[float, str], None]
    ignore: frozenset[Path] = frozenset()
    hint: Json = None
    keep: Keep = keep_nothing


class Snapshot(Protocol):
    """A source's files at one commit."""

    @property
    def source(self) -> str:
        """The canonical name of the source."""

    @property
    def commit(self) -> str | None:
        """The commit that the files are of; None where there is no git."""

    @property
    def files(self) -> Sequence[FileRef]:
        """The whole listing: what is not in it gets deleted, so a source that sees only a part must raise instead."""

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
        """Every wanted file once, in any order, by the cheapest way: with its checked bytes where they come in a
        stream, or with None where a worker shall `read` it. Called from one thread, and closed early when the run is
        stopped.
        """

    def cost(self, wanted: Sequence[FileRef]) -> int:
        """How many API requests `fetch` would make for *wanted*, besides those already made."""


@runtime_checkable
class HasMarkers(Protocol):
    """A `Snapshot` may be this too, where it leaves folders out that tell of the files around them."""

    @property
    def markers(self) -> Sequence[str]:
        """The folders that are there and not listed, each with a ``/`` at its end: only vault kinds get to see them."""


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


@runtime_checkable
class ReadsCommits(Protocol):
    """A `Repository` may be this too, where it can go back to a commit that it was at before."""

    def at(self, known: SourceState) -> Snapshot | None:
        """The files at ``known.commit``, whatever is the newest now; None where that is no commit by itself, such as a
        folder with changes. Raises `SourceError` where the commit can't be had any more.
        """


class Source(Protocol):
    """A kind of place that files come from, such as GitHub or a folder."""

    @property
    def name(self) -> str:
        """The name that it is listed and referred to by."""

    @property
    def priority(self) -> int:
        """Higher is asked first. GitHub's is 0, since it takes any https URL; that of one who knows better is 50."""

    def accepts(self, location: str) -> bool:
        """Whether *location*, as the user wrote it, is of this kind. Makes no request."""

    def open(self, location: str, context: SourceContext) -> Repository:
        """The repository at *location*. Raises `UsageError` where it can't be understood."""


@dataclass(frozen=True, slots=True)
class Found:
    """A place that a location stands for. ``hint`` comes back in `SourceContext.hint` when it is opened; nobody else
    looks at it.
    """

    location: str
    hint: Json = None


@dataclass(frozen=True, slots=True)
class Expansion:
    """All places that a location stands for.

    ``left_out`` counts places that match and are passed over, by the reason, in a word; ``requests`` counts what was
    asked of the host for this, by kind.
    """

    found: Sequence[Found]
    left_out: Mapping[str, int] = field(default_factory=dict)
    requests: Mapping[str, int] = field(default_factory=dict)


@runtime_checkable
class Expands(Protocol):
    """A `Source` may be this too: some of its locations stand for several places, as ``OWNER/*`` does."""

    def expands(self, location: str) -> bool:
        """Whether *location*, which the source accepts, stands for several places. Makes no request."""

    def expand(self, location: str, context: SourceContext) -> Expansion:
        """The places that *location* stands for now, all of them.

        Raises `SourceError`, also where there are none; `UsageError` where it can't be understood.
        """
