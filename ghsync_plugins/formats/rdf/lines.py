"""Which line of its file a fact stands on."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ghsync_plugins.formats.rdf.triples import Triple

_NONE: Final[Mapping[str, int]] = MappingProxyType({})


class Lines:
    """Lines, from 1, by thing and by triple; a file whose statements have no line of their own knows but the first.

    *things* has the line that first names a thing or first says something of it, *triples* that of each statement,
    *mentions* that on which something first stands of which nothing is said.
    """

    def __init__(
        self,
        things: Mapping[str, int] = _NONE,
        triples: Mapping[Triple, int] | None = None,
        mentions: Mapping[str, int] = _NONE,
    ) -> None:
        self._things = things
        self._triples = triples
        self._mentions = mentions

    def of(self, thing: str) -> int | None:
        """The line of *thing*, None where it can't be told."""
        return self._things.get(thing) or self._mentions.get(thing)

    def of_triple(self, triple: Triple) -> int | None:
        """The line of *triple*, else that of its subject."""
        return self.of(triple[0]) if self._triples is None else self._triples.get(triple)
