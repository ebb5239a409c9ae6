"""Which line of its file a fact stands on."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Final

from ghsync_plugins.formats.rdf.triples import Triple

_NONE: Final[Mapping[str, int]] = MappingProxyType({})


class Lines:
    """Lines, from 1, by thing and by triple; a file whose statements have no line of their own knows but the first.

    *things* has the line that first names a thing or first says something of it, *triples* that of each statement.
    """

    def __init__(self, things: Mapping[str, int] = _NONE, triples: Mapping[Triple, int] | None = None) -> None:
        self._things = things
        self._triples = triples

    def of(self, thing: str) -> int | None:
        """The line of *thing*; where nothing is said of it, that of its first mention, if statements have lines."""
        return self._things.get(thing) or self._mentions.get(thing)

    def of_triple(self, triple: Triple) -> int | None:
        """The line of *triple*, else that of its subject."""
        return self.of(triple[0]) if self._triples is None else self._triples.get(triple)

    @cached_property
    def _mentions(self) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for (_, predicate, object_), line in (self._triples or {}).items():
            found.setdefault(predicate, line)
            if isinstance(object_, str):
                found.setdefault(object_, line)
        return found
