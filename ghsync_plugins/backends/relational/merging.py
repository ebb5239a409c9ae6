"""Several sayings as one: the first non-null value fills a column, JSON objects merge key by key."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, TypeVar

from ghsync_core import facts
from ghsync_plugins.backends.relational.rows import encode

T = TypeVar("T")


def first(values: Iterable[T | None]) -> T | None:
    """The first of *values* that is not None."""
    return next((value for value in values if value is not None), None)


def merged(texts: Iterable[str]) -> str:
    """JSON objects as one, in this order. Most sayers say the same, that is nothing, which need be read once only."""
    distinct = list(dict.fromkeys(texts))
    if len(distinct) == 1:
        return distinct[0]
    result: dict[str, Any] = {}
    for text in distinct:
        result = facts.merge_json(result, json.loads(text))
    return encode(result)
