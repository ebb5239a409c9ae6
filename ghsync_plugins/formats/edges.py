"""Collects the edges of one file as they are found; equal ones become one when the core joins a file's facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from ghsync_core import Edge, Reference

End = str | Reference
_NOTHING: Final[Mapping[str, Any]] = {}
_Row = tuple[End, End, str, int, int, Mapping[str, Any]]

_edge: Callable[[_Row], Edge] = partial(tuple.__new__, Edge)  # as `Edge._make` does, without a call of Python's


class Edges:
    """A collection of edges in the order in which they were added."""

    def __init__(self) -> None:
        self._rows: list[_Row] = []

    def add(self, source: End, target: End, kind: str, line: int, properties: Mapping[str, Any] = _NOTHING) -> None:
        """One more edge of the type *kind*."""
        self._rows.append((source, target, kind, line, 1, properties))

    def all(self) -> tuple[Edge, ...]:
        """All of them."""
        return tuple(map(_edge, self._rows))
