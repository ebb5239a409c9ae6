"""What a change means for the graph: two states of a source held against one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Final

from ghsync_core.compare import Compared
from ghsync_core.digest import digest
from ghsync_core.interfaces import Compares, Difference, GraphReader
from ghsync_core.models import Json

MOST: Final = 10_000
"""Changes that are kept; the rest is only counted."""

WORDS: Final = {"added": "adds", "removed": "removes", "changed": "changes"}
_STUB: Final = "stub"
_FEW: Final = 1_000


@dataclass(frozen=True, slots=True)
class Side:
    """One state: what reads it, the source's name there, and what to call it."""

    reader: GraphReader
    source: str
    label: str
    commit: str | None = None


@dataclass(slots=True)
class Diff:
    """All that changes from one state to the other.

    ``counts`` has (sort, view): how many, sort being added, removed or changed; ``moved`` counts facts of which nothing
    but the line differs. ``changes`` are the first `MOST`, without those that only moved; ``broken`` and ``mended`` are
    the edges that lead to no page now, and did before or are new; and those that do now, and did not.
    """

    source: str
    before: str
    after: str
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    moved: int = 0
    changes: list[Difference] = field(default_factory=list)
    broken: list[Mapping[str, Json]] = field(default_factory=list)
    mended: list[Mapping[str, Json]] = field(default_factory=list)

    def add(self, change: Difference) -> None:
        """Count *change*, and keep it while there is room."""
        if _only_moved(change):
            self.moved += 1
            return
        self.counts[sort_of(change), change.view] += 1
        if len(self.changes) < MOST:
            self.changes.append(change)

    @property
    def left_out(self) -> int:
        """How many changes are counted and not kept."""
        return self.counts.total() - len(self.changes)

    def to_json(self) -> dict[str, Json]:
        """This as ``--json`` prints it."""
        counts = {sort: {view: n for (each, view), n in self.counts.items() if each == sort} for sort in WORDS}
        return {
            "source": self.source,
            "from": self.before,
            "to": self.after,
            **counts,
            "moved": self.moved,
            "left_out": self.left_out,
            "changes": [{"sort": sort_of(each), **_told(each)} for each in self.changes],
            "broken": [dict(edge) for edge in self.broken],
            "mended": [dict(edge) for edge in self.mended],
        }


def diff(before: Side, after: Side) -> Diff:
    """What changes from *before* to *after*. Quickly where one store is a copy of the other that was synced on."""
    found = Diff(after.source, before.label, after.label)
    links = _Links()
    for change in _changes(before, after):
        found.add(change)
        links.see(change)
    links.tell(found, after)
    return found


def sort_of(change: Difference) -> str:
    """``added``, ``removed`` or ``changed``."""
    if change.stored is None:
        return "added"
    return "removed" if change.expected is None else "changed"


def _changes(before: Side, after: Side) -> Iterator[Difference]:
    quick = None
    if isinstance(after.reader, Compares) and before.source == after.source:
        quick = after.reader.changes_since(before.reader, after.source)
    if quick is not None:
        yield from quick
        return
    digests = (digest(each.reader, each.source) for each in (before, after))
    compared = Compared(
        before.source, before.reader, next(digests), after.reader, next(digests), expected_source=after.source
    )
    yield from compared.differences()


class _Links:
    """The links that a change breaks or mends: a page that goes leaves a stub behind, of the same id."""

    def __init__(self) -> None:
        self._lost: list[str] = []
        self._found: list[str] = []
        self._new: list[Mapping[str, Json]] = []

    def see(self, change: Difference) -> None:
        """Take note of *change*, however many there are."""
        if change.view == "nodes":
            was, now = _kinds(change)
            if now == _STUB and was not in (_STUB, None):
                self._lost.append(change.fact)
            elif was == _STUB and now not in (_STUB, None):
                self._found.append(change.fact)
        elif change.view == "edges" and change.stored is None and change.expected["type"] != "tag":
            self._new.append(change.expected)

    def tell(self, found: Diff, after: Side) -> None:
        """Put the broken and the mended ones into *found*."""
        found.mended = sorted(_edges_to(self._found, after), key=_place)
        links = {_key(edge): edge for edge in _edges_to(self._lost, after)}
        stubs = _stubs({edge["to_id"] for edge in self._new}, after)
        links |= {_key(edge): edge for edge in self._new if edge["to_id"] in stubs}
        found.broken = sorted(links.values(), key=_place)


def _kinds(change: Difference) -> tuple[str | None, str | None]:
    """A node's kind before and after; None where it is not there, or did not change."""
    was, now = ((side or {}).get("kind") for side in (change.stored, change.expected))
    return was, now


def _edges_to(ids: Iterable[str], side: Side) -> Iterator[Mapping[str, Json]]:
    for id_ in ids:
        for row in side.reader.rows("edges", side.source, where={"to_id": id_}):
            yield {column: value for column, value in row.items() if column != "source"}


def _stubs(ids: Collection[str], side: Side) -> set[str]:
    """Those of *ids* that are stubs: a few are asked for one by one, of many all stubs are read."""
    conditions = [{"kind": _STUB, "id": id_} for id_ in ids] if len(ids) <= _FEW else [{"kind": _STUB}]
    return {row["id"] for where in conditions for row in side.reader.rows("nodes", side.source, where=where)}


def _key(edge: Mapping[str, Json]) -> tuple[Json, ...]:
    return tuple(edge[column] for column in ("from_id", "type", "to_id", "name", "path"))


def _place(edge: Mapping[str, Json]) -> tuple[Json, ...]:
    return (edge["path"] or "", edge["line"] or 0, *_key(edge))


def _only_moved(change: Difference) -> bool:
    return sort_of(change) == "changed" and set(change.stored) <= {"line"}


def _told(change: Difference) -> dict[str, Json]:
    told = asdict(change)
    return {**{key: told[key] for key in ("view", "fact", "path", "line")}, "before": told["stored"],
            "after": told["expected"]}  # fmt: skip
