"""The cards and arrows of a canvas, each with the line that it begins on.

The format is JSON Canvas 1.0 (https://jsoncanvas.org/spec/1.0/): an object with the lists ``nodes`` and ``edges``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from ghsync_core import ContentError

_SPACE = re.compile(r"[ \t\n\r]*+")
_DECODER: Final = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
"""Numbers are places and sizes on the screen; their text is never looked at."""

LISTS: Final = ("nodes", "edges")


class Item(NamedTuple):
    """An object in one of the two lists, and where it begins in the text."""

    list: str
    data: Mapping[str, Any]
    offset: int

    def text(self, key: str) -> str:
        """The value of *key* where it is a text that can be stored, else an empty one."""
        value = self.data.get(key)
        return value if isinstance(value, str) and "\x00" not in value and _is_unicode(value) else ""


def _is_unicode(text: str) -> bool:
    """Whether *text* has no half of a surrogate pair, which JSON can write and no store can keep."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def items(text: str) -> list[Item]:
    """All cards and arrows in order. Raises `ContentError` where *text* is no canvas."""
    try:
        return list(_items(text)) if text.strip() else []
    except json.JSONDecodeError as error:
        raise ContentError(f"no JSON: {error.msg}", reason="syntax", line=error.lineno) from None
    except RecursionError:
        raise ContentError("nested too deep", reason="limit") from None


def _items(text: str) -> Iterator[Item]:
    for key, start in _members(text):
        if key in LISTS and text.startswith("[", start):
            for value, offset in _elements(text, start):
                if isinstance(value, dict):
                    yield Item(key, value, offset)


def _members(text: str) -> Iterator[tuple[str, int]]:
    """The keys of the outermost object, and where their values begin."""
    at = _expect(text, "{", _skip(text, 0))
    while not text.startswith("}", at):
        key, at = _DECODER.raw_decode(text, at)
        start = _expect(text, ":", _skip(text, at))
        yield key, start
        _, at = _DECODER.raw_decode(text, start)
        at = _skip(text, at)
        if not text.startswith("}", at):
            at = _expect(text, ",", at)
    end = _skip(text, at + 1)
    if end < len(text):
        raise json.JSONDecodeError("Extra data", text, end)


def _elements(text: str, start: int) -> Iterator[tuple[Any, int]]:
    at = _skip(text, start + 1)
    while not text.startswith("]", at):
        value, end = _DECODER.raw_decode(text, at)
        yield value, at
        at = _skip(text, end)
        if not text.startswith("]", at):
            at = _expect(text, ",", at)


def _skip(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _expect(text: str, mark: str, at: int) -> int:
    """Where the next thing stands after *mark*, which must be at *at*."""
    if not text.startswith(mark, at):
        raise json.JSONDecodeError(f"Expecting {mark!r}", text, at)
    return _skip(text, at + 1)
