"""Which line of its file a fact stands on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Final

from ghsync_plugins.formats.rdf.triples import Graph, Triple

_NONE: Final[Mapping[str, int]] = MappingProxyType({})


class Lines:
    """Lines, from 1, of a file whose statements have none of their own.

    *things* has the line that first names a thing or first says something of it.
    """

    def __init__(self, things: Mapping[str, int] = _NONE) -> None:
        self._things = things

    def of(self, thing: str) -> int | None:
        """The line of *thing*, where that is known."""
        return self._things.get(thing)

    def of_triple(self, triple: Triple) -> int | None:
        """The line of the subject of *triple*."""
        return self.of(triple[0])


class StatementLines(Lines):
    """Lines of a file with a statement on each: *triples* has those of links that are not the first about a subject."""

    def __init__(
        self,
        graph: Graph,
        things: Mapping[str, int],
        predicates: Mapping[str, int],
        triples: Mapping[Triple, int],
    ) -> None:
        super().__init__(things)
        self._graph = graph
        self._predicates = predicates
        self._triples = triples

    def of(self, thing: str) -> int | None:
        """The line of the first statement about *thing*, else that of its first mention."""
        return self._things.get(thing) or self._predicates.get(thing) or self._objects.get(thing)

    def of_triple(self, triple: Triple) -> int | None:
        """The line of *triple*; where that is a literal's, the first about its subject."""
        return self._triples.get(triple) or self._things.get(triple[0])

    @cached_property
    def _objects(self) -> Mapping[str, int]:
        """The first line of each resource that nothing is said of."""
        found: dict[str, int] = {}
        for object_, line in self._mentions():
            if line < found.get(object_, line + 1):
                found[object_] = line
        return found

    def _mentions(self) -> Iterator[tuple[str, int]]:
        for subject, line in self._things.items():
            for predicate, objects in self._graph.said(subject):
                for object_ in objects:
                    if isinstance(object_, str) and object_ not in self._things:
                        yield object_, self._triples.get((subject, predicate, object_), line)
