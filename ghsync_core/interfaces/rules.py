"""What ``ghsync check`` asks of a graph: rules, what they look at, and what they find."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Protocol, TypeVar

from ghsync_core.interfaces.stores import GraphReader
from ghsync_core.models import Json

T = TypeVar("T")
Row = Mapping[str, Json]
"""A row of a view, by column."""

_ASKED_ONE_BY_ONE: Final = 10_000
"""So many ends of edges are looked up in no more time than a graph of some hundred thousand edges takes to read."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule found: what is wrong, as one sentence, and where it is written.

    ``id`` is that of the node which it is about, if any. What has a higher ``weight`` comes first.
    """

    message: str
    path: str | None = None
    line: int | None = None
    id: str | None = None
    weight: int = 0


@dataclass(frozen=True, slots=True)
class SourceGraph:
    """The graph of one source, as rules see it.

    ``options`` are the settings of plugins, by table and name; ``today`` is the day of the check, in UTC.
    """

    source: str
    reader: GraphReader
    options: Mapping[str, Mapping[str, Json]]
    today: date
    _shared: dict[Any, Any] = field(default_factory=dict, init=False, compare=False)

    def rows(self, view: str, *, ordered: bool = False, **where: Json) -> Iterator[Row]:
        """The rows of *view* that have these values in these columns, streamed; see `GraphReader.rows`."""
        return self.reader.rows(view, self.source, where=where, ordered=ordered)

    def edges_to(self, ids: Collection[str]) -> Iterator[Row]:
        """The edges that lead to any of these nodes, in any order: a few are looked up, many are picked out of all."""
        if len(ids) <= _ASKED_ONE_BY_ONE:
            for id_ in ids:
                yield from self.rows("edges", to_id=id_)
        else:
            wanted = ids if isinstance(ids, set | frozenset | dict) else set(ids)
            yield from (edge for edge in self.rows("edges") if edge["to_id"] in wanted)

    def shared(self, make: Callable[[SourceGraph], T]) -> T:
        """What *make* makes of this graph: once, for all rules that ask for it."""
        if make not in self._shared:
            self._shared[make] = make(self)
        found: T = self._shared[make]
        return found


class Rule(Protocol):
    """Something that may be wrong with a graph."""

    @property
    def name(self) -> str:
        """What it is called in settings and in findings: lower case, with hyphens."""

    @property
    def level(self) -> str:
        """``error``, ``warning`` or ``note``, where the settings don't say otherwise."""

    @property
    def summary(self) -> str:
        """What is wrong, in one sentence that holds for every finding."""

    def check(self, graph: SourceGraph) -> Iterable[Finding]:
        """Everything that it finds in *graph*, in any order. Keeps nothing between two graphs."""
