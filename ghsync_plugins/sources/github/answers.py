"""Reads the JSON that GitHub answers, and trusts none of it."""

from __future__ import annotations

import json
from typing import TypeVar

from ghsync_core import SourceError

T = TypeVar("T")


class DamagedAnswer(SourceError):
    """What came is not what was sent: asking again may help."""


def read_object(body: bytes, what: str) -> dict[str, object]:
    """The JSON object in *body*. Raises `DamagedAnswer`, which says what the answer was about."""
    return _read(body, dict, "object", what)


def read_list(body: bytes, what: str) -> list[object]:
    """The JSON list in *body*. Raises `DamagedAnswer`, which says what the answer was about."""
    return _read(body, list, "list", what)


def _read(body: bytes, kind: type[T], word: str, what: str) -> T:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise DamagedAnswer(f"GitHub's answer about {what} is no JSON: try again later") from None
    if not isinstance(found, kind):
        raise DamagedAnswer(f"GitHub's answer about {what} is no JSON {word}: try again later")
    return found


def member(found: object, key: str, kind: type[T], what: str) -> T:
    """The value of *key*, which must be of *kind* (a bool is no int). Raises `SourceError`."""
    value = found.get(key) if isinstance(found, dict) else None
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise SourceError(f"GitHub's answer about {what} lacks a sound {key!r}: try again later")
    return value
