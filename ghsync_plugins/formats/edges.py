"""Collects the edges of one file: equal ones become one, with the line and properties of the first, and a count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ghsync_core import Edge, Reference

End = str | Reference
_NOTHING: Final[Mapping[str, Any]] = {}


class Edges:
    """A collection of edges in the order in which they were first added."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str, str, str], list[Any]] = {}

    def add(self, source: End, target: End, kind: str, line: int, properties: Mapping[str, Any] = _NOTHING) -> None:
        """One more edge of the type *kind*."""
        end = (target, "") if isinstance(target, str) else (target.stub, target.names[0].text)
        key = (source if isinstance(source, str) else source.stub, kind, *end)
        row = self._rows.get(key)
        if row:
            row[4] += 1
        else:
            self._rows[key] = [source, target, kind, line, 1, properties]

    def all(self) -> tuple[Edge, ...]:
        """All of them."""
        return tuple([Edge(*row) for row in self._rows.values()])
