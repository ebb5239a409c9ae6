"""Reads GitHub's answer about a tree while it arrives, so that it never stands in memory as a whole."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator
from json import JSONDecoder

from ghsync_plugins.sources.github.answers import DamagedAnswer, member

_STEP = 1 << 16
"""Bytes that are decoded at a time, however small the pieces are that they come in."""

_MAX_VALUE = 1 << 17
"""Characters of one entry, or of what stands beside the entries: the longest path has room in it, escaped."""

_SPACE = " \t\n\r"
_SPACES = re.compile(f"[{_SPACE}]*")
_DECODER = JSONDecoder()


def read_tree(pieces: Iterable[bytes], take: Callable[[object], None]) -> bool:
    """Whether GitHub cut short the tree that *pieces* are the JSON of; *take* is given each entry as it comes.

    Raises `DamagedAnswer` where they are no JSON, `SourceError` where it is of something else.
    """
    text = _Text(pieces)
    found: dict[str, object] = {}
    for key in text.members():
        if key in found:
            raise _unreadable()
        if key == "tree":
            for entry in text.elements():
                take(entry)
            found[key] = True
        elif key == "truncated":
            found[key] = text.value()
        else:
            text.value()
    member(found, "tree", bool, "the files")
    return member(found, "truncated", bool, "the files")


class _Text:
    """JSON of which only the part that is not yet understood is kept."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._decoder = getincrementaldecoder("utf-8")()
        self._text = ""
        self._at = 0

    def members(self) -> Iterator[str]:
        """The keys of the object that is all there is; whoever gets one takes its value before the next."""
        for _ in self._each("{}"):
            key = self.value()
            if not isinstance(key, str):
                raise _unreadable()
            self._skip(":")
            yield key
        if self._peek():
            raise _unreadable()

    def elements(self) -> Iterator[object]:
        """The elements of an array."""
        for _ in self._each("[]"):
            yield self.value()

    def value(self) -> object:
        """The next value. It is believed when something stands behind it: ``12`` may be the start of ``123``."""
        self._peek()
        while True:
            try:
                found, end = _DECODER.raw_decode(self._text, self._at)
            except ValueError:
                end = len(self._text)
            except RecursionError:
                raise _unreadable() from None
            if end < len(self._text):
                self._at = end
                return found
            if end - self._at > _MAX_VALUE or not self._grow():
                raise _unreadable()

    def _each(self, brackets: str) -> Iterator[None]:
        """Stops once before each member, which must be taken meanwhile."""
        self._skip(brackets[0])
        if self._peek() == brackets[1]:
            self._skip(brackets[1])
            return
        yield
        while self._skip("," + brackets[1]) == ",":
            yield

    def _skip(self, allowed: str) -> str:
        """Take the next character, which must be one of *allowed*."""
        found = self._peek()
        if not found or found not in allowed:
            raise _unreadable()
        self._at += 1
        return found

    def _peek(self) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            found = self._text[self._at : self._at + 1]
            if found and found not in _SPACE:
                return found
            self._at = _SPACES.match(self._text, self._at).end()  # type: ignore[union-attr]  # it matches anything
            if self._at == len(self._text) and not self._grow():
                return ""

    def _grow(self) -> bool:
        """Drop what is understood and decode a step more, if there is more."""
        step = bytearray()
        for piece in self._pieces:
            step += piece
            if len(step) >= _STEP:
                break
        try:
            more = self._decoder.decode(bytes(step), final=not step)
        except UnicodeDecodeError:
            raise _unreadable() from None
        self._text = self._text[self._at :] + more
        self._at = 0
        return bool(step)


def _unreadable() -> DamagedAnswer:
    return DamagedAnswer("GitHub's answer about the files can't be read: try again later")
