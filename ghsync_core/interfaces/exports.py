"""How a graph is written down for other tools."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from ghsync_core.interfaces.stores import GraphReader


class Exporter(Protocol):
    """A format that ``ghsync export`` writes, chosen by ``--format``, else by the suffix of the file."""

    @property
    def name(self) -> str:
        """The name that it is chosen by."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The suffixes of files that are in this format, such as ``.nq``."""

    def texts(self, reader: GraphReader, sources: Sequence[str]) -> Iterator[str]:
        """The graphs of these sources, in pieces that follow one another: the same graph gives the same text, and
        memory does not grow with it.
        """
