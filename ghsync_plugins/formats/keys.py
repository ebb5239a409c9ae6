"""Property keys: how Logseq tells them apart, and the edge type that a key gives."""

from __future__ import annotations

import re
from functools import lru_cache

_SEPARATORS = re.compile(r"[-_\s]+")


@lru_cache(maxsize=4096)
def camel_case(key: str) -> str:
    """``has-part``, ``has_part`` and ``hasPart`` are all ``hasPart``; case is kept otherwise."""
    first, *others = [word for word in _SEPARATORS.split(key) if word] or [key]
    return first + "".join(word[0].upper() + word[1:] for word in others)


@lru_cache(maxsize=4096)
def fold_key(key: str) -> str:
    """The form in which two spellings of a key are one: lower case, ``-`` for ``_``."""
    return key.lower().replace("_", "-")
