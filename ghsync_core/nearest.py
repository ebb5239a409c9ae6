"""Ids that someone may have meant who wrote one that is not there."""

from __future__ import annotations

import re
from difflib import get_close_matches
from itertools import islice
from typing import Final

from ghsync_core.interfaces import GraphReader
from ghsync_core.names import fold

_LOOKED_AT: Final = 50_000
"""Nodes that are held against what was written, at most: a second or so."""

_MOST: Final = 3
_LONGEST: Final = 60
"""Characters that are compared: comparing takes their square."""


def nearest(reader: GraphReader, source: str | None, wanted: str) -> list[str]:
    """Ids of nodes that are called as *wanted* is, or nearly so; the likeliest first, three at most."""
    tail = _tail(wanted)
    called: dict[str, list[str]] = {}
    for row in islice(reader.rows("nodes", source), _LOOKED_AT):
        for name in {_tail(row["id"]), fold(row["label"] or "")[:_LONGEST]}:
            called.setdefault(name, []).append(row["id"])
    near = (id_ for name in get_close_matches(tail, called, _MOST) for id_ in sorted(called[name]))
    scheme = wanted.partition(":")[0]
    return sorted(dict.fromkeys(near), key=lambda id_: id_.partition(":")[0] != scheme)[:_MOST]


def _tail(id_: str) -> str:
    """The last part of an id, by which people know it: of ``page:garden//hot heap``, ``hot heap``."""
    return fold(re.split("[:/#]", id_.rstrip(":/#"))[-1])[:_LONGEST]
