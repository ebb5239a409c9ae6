"""Whether a store holds what it should of a source: see `verify`, and `ghsync_core.reread` for ``--fresh``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Final

from ghsync_core.digest import Digest, digest
from ghsync_core.errors import StoreError
from ghsync_core.interfaces import Difference, GraphReader, Verifies
from ghsync_core.models import Json

MOST: Final = 1_000
"""Differences that are listed; the rest is only counted."""

HALF_SYNCED: Final = (
    "half synced: a sync goes on, or was broken off, so that the graph is that of no commit; sync again, then verify"
)
MEANWHILE: Final = "a sync wrote meanwhile, so that this is no proof; verify again when it is done"
NOT_DERIVED: Final = "this kind of store can't derive again what spans files; its digest was computed, nothing else"


@dataclass(frozen=True, slots=True)
class Findings:
    """The first `MOST` differences, and how many there are."""

    listed: tuple[Difference, ...] = ()
    count: int = 0

    @classmethod
    def of(cls, differences: Iterable[Difference]) -> Findings:
        """All of *differences*."""
        listed: list[Difference] = []
        count = 0
        for count, difference in enumerate(differences, 1):
            if count <= MOST:
                listed.append(difference)
        return cls(tuple(listed), count)

    def __add__(self, other: Findings) -> Findings:
        return Findings((self.listed + other.listed)[:MOST], self.count + other.count)


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of verifying one source.

    ``digest`` is None where what was found keeps its rows from being read. ``derived`` says that what spans files was
    derived again; ``fresh`` that the source was read again. ``undone`` are the reasons why something could not be
    verified. ``excepted`` are files that failed, with the reason: of those the store may rightly hold something else.
    """

    source: str
    commit: str | None
    digest: Digest | None
    derived: bool = False
    fresh: bool = False
    findings: Findings = Findings()
    undone: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    excepted: Mapping[str, str] | None = None

    def to_json(self) -> dict[str, Json]:
        """This as ``--json`` prints it."""
        return {
            "source": self.source,
            "commit": self.commit,
            "digest": str(self.digest) if self.digest else None,
            "rows": {view: each.rows for view, each in self.digest.views.items()} if self.digest else {},
            "derived": self.derived,
            "fresh": self.fresh,
            "found": self.findings.count,
            "differences": [asdict(each) for each in self.findings.listed],
            "undone": list(self.undone),
            "notes": list(self.notes),
            "failed_files": dict(self.excepted or {}),
        }


@dataclass(frozen=True, slots=True)
class Moment:
    """What changes whenever a sync writes: the last run of a source, and whether all is settled."""

    last: Mapping[str, Json] | None
    settled: bool

    @classmethod
    def of(cls, reader: GraphReader, source: str) -> Moment:
        """This moment, of *source*."""
        last = max(reader.rows("runs", source), key=lambda run: run["id"], default=None)
        return cls(last, reader.settled(source) if isinstance(reader, Verifies) else True)

    @property
    def half_synced(self) -> bool:
        """Whether a sync goes on, or was broken off, so that the graph is that of no commit."""
        return self.last is None or self.last["status"] == "interrupted" or not self.settled


def verify(reader: GraphReader, source: str) -> Verification:
    """Digest what the store holds of *source* and, in a thread beside it, derive again what spans files.

    Changes nothing. Raises `StoreError` where the store can't be read.
    """
    before = Moment.of(reader, source)
    with ThreadPoolExecutor(1, thread_name_prefix="ghsync-verify") as pool:
        deriving = None
        if isinstance(reader, Verifies) and before.settled:
            deriving = pool.submit(lambda differences: Findings.of(differences(source)), reader.differences)
        digested, failure = _digest(reader, source)
        findings = deriving.result() if deriving else Findings()
    if failure and not findings.count:
        raise failure
    undone = [HALF_SYNCED] if before.half_synced else []
    undone += [MEANWHILE] if Moment.of(reader, source) != before else []
    undone += [f"no digest: {failure}"] if failure else []
    return Verification(
        source,
        before.last["commit_id"] if before.last else None,
        digested,
        derived=deriving is not None,
        findings=findings,
        undone=tuple(undone),
        notes=() if isinstance(reader, Verifies) else (NOT_DERIVED,),
    )


def _digest(reader: GraphReader, source: str) -> tuple[Digest | None, StoreError | None]:
    """The digest, or why there is none: that must not keep from the user what is found otherwise."""
    try:
        return digest(reader, source), None
    except StoreError as error:
        return None, error


def sources(reader: GraphReader) -> list[str]:
    """The names of all sources that the store holds anything of."""
    return sorted({str(row["source"]) for view in ("runs", "files") for row in reader.rows(view)})


def failed_files(reader: GraphReader, source: str) -> dict[str, str]:
    """Paths of files that failed, with the reason."""
    return {row["path"]: row["reason"] for row in reader.rows("files", source) if row["status"] == "failed"}
