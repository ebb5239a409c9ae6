"""References as the stores that speak SQL keep them: once for all who use them, by a digest of all their parts."""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple

from ghsync_core import Name, Reference, names

End = str | Reference


class Target(NamedTuple):
    """A reference's number, and how its author spelled it where that is not its name."""

    number: int
    written: str | None


def as_reference(end: End) -> Reference:
    """An id is a reference by that id alone."""
    if isinstance(end, str):
        return Reference((Name(names.SOURCE_SCOPE, end),), stub=end, text=end)
    return end


def written(end: End) -> str | None:
    """How its author spelled it, where that is not its name."""
    return None if isinstance(end, str) or end.text == end.name else end.text


def reference_key(end: End) -> bytes:
    """A digest of all that decides what a reference means; how its author spelled it does not."""
    reference = as_reference(end)
    parts = [reference.stub or "", reference.path, reference.folder]
    for name in reference.names:
        parts += name
    return blake2b("\x00".join(parts).encode(), digest_size=16).digest()
