"""How often something is asked for that is not there."""

from __future__ import annotations


class Wanted:
    """How many links lead to something, and where the first of them stands."""

    __slots__ = ("line", "links", "path")

    def __init__(self) -> None:
        self.links = 0
        self.path: str | None = None
        self.line: int | None = None

    def add(self, path: str, line: int | None) -> None:
        """Count a link that is written there."""
        self.links += 1
        if self.path is None or (path, line or 0) < (self.path, self.line or 0):
            self.path, self.line = path, line


def counted(count: int, word: str) -> str:
    """``1 link``, ``2 links``."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
