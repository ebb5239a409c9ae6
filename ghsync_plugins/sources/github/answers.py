"""Reads the JSON that GitHub answers, and trusts none of it."""

from __future__ import annotations

import json
import re
from typing import TypeVar

from ghsync_core import SourceError

T = TypeVar("T")

COMMIT = re.compile(r"[0-9a-f]{40}")
_FULL_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")


def read_object(body: bytes, what: str) -> dict[str, object]:
    """The JSON object in *body*. Raises `SourceError`, which says what the answer was about."""
    return _read(body, dict, "object", what)


def read_list(body: bytes, what: str) -> list[object]:
    """The JSON list in *body*. Raises `SourceError`, which says what the answer was about."""
    return _read(body, list, "list", what)


def _read(body: bytes, kind: type[T], word: str, what: str) -> T:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise SourceError(f"GitHub's answer about {what} is no JSON: try again later") from None
    if not isinstance(found, kind):
        raise SourceError(f"GitHub's answer about {what} is no JSON {word}: try again later")
    return found


def member(found: object, key: str, kind: type[T], what: str) -> T:
    """The value of *key*, which must be of *kind* (a bool is no int). Raises `SourceError`."""
    value = found.get(key) if isinstance(found, dict) else None
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise SourceError(f"GitHub's answer about {what} lacks a sound {key!r}: try again later")
    return value


def full_name(found: object, key: str, what: str) -> str:
    """``OWNER/REPO``, as GitHub spells it, from *key*. Raises `SourceError`."""
    name = member(found, key, str, what)
    if not _FULL_NAME.fullmatch(name) or not name.rpartition("/")[2].strip("."):
        raise SourceError(f"GitHub's answer about {what} holds the name of a repository that can't be: try again later")
    return name
