"""Collects the edges of one file: equal ones become one, with the line and properties of the first, and a count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from ghsync_core import Edge, Reference

End = str | Reference
_NOTHING: Final[Mapping[str, Any]] = {}


class Edges:
    """A collection of edges in the order in which they were first added."""

    def __init__(self) -> None:
        self._first: dict[tuple[str | None, str, str | None, str], Edge] = {}
        self._again: Counter[tuple[str | None, str, str | None, str]] = Counter()

    def add(self, source: End, target: End, kind: str, line: int, properties: Mapping[str, Any] = _NOTHING) -> None:
        """One more edge of the type *kind*."""
        start = source if isinstance(source, str) else source.stub
        key = (start, kind, target, "") if isinstance(target, str) else (start, kind, target.stub, target.names[0].text)
        if key in self._first:
            self._again[key] += 1
        else:
            self._first[key] = Edge(source, target, kind, line, 1, properties)

    def all(self) -> tuple[Edge, ...]:
        """All of them."""
        for key, more in self._again.items():
            self._first[key] = self._first[key]._replace(count=1 + more)
        self._again.clear()
        return tuple(self._first.values())
