"""What GitHub answered about the parts of a tree that is too large for one answer, kept from run to run.

A tree's id is a digest of all that is in it, so what was once answered about that id holds for ever.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from ghsync_core import SourceError
from ghsync_plugins.sources.github.tree_entry import Subtree

_STEP = 1 << 16
_MAX_ANSWER = 1 << 26
"""Bytes: as many as are read of an answer from GitHub itself."""


class TreeMemory:
    """The answers that the last run left, and those that this run leaves to the next.

    In the note ``whole`` has recursive answers, by the id of their tree. ``split`` has, by the path of each folder that
    GitHub did not list recursively, the id of its tree and the answer about that one level. Answers are packed.
    """

    def __init__(self, note: object = None) -> None:
        self._old_whole = _mapping(note, "whole")
        self._old_split = _mapping(note, "split")
        self._whole: dict[str, str] = {}
        self._split: dict[str, list[str]] = {}

    @property
    def note(self) -> dict[str, Any]:
        """What is to be remembered, as JSON; empty where GitHub listed all in one answer."""
        return {"whole": self._whole, "split": self._split} if self._split else {}

    def was_split(self, path: str) -> bool:
        """Whether GitHub did not list the folder at *path* recursively the last time."""
        return path in self._old_split

    def recall(self, tree: Subtree, *, recursive: bool) -> str | None:
        """The answer about *tree*, if it is remembered."""
        if recursive:
            packed = self._whole.get(tree.sha) or self._old_whole.get(tree.sha)
        else:
            sha, packed = _pair(self._old_split.get(tree.path))
            packed = packed if sha == tree.sha else None
        return packed if isinstance(packed, str) else None

    def keep(self, tree: Subtree, packed: str, *, recursive: bool) -> None:
        """Leave the answer about *tree* to the next run."""
        if recursive:
            self._whole[tree.sha] = packed
        else:
            self._split[tree.path] = [tree.sha, packed]


class Packing:
    """Packs an answer while someone else reads it."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        self._deflate = zlib.compressobj(1)  # ids hardly shrink, so more effort gains nothing
        self._packed = bytearray()

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self._packed += self._deflate.compress(piece)
            yield piece

    def text(self) -> str:
        """The answer, packed, once it was read to its end."""
        return base64.b64encode(self._packed + self._deflate.flush()).decode("ascii")


def unpack(packed: str) -> Iterator[bytes]:
    """The pieces of a packed answer. Raises `SourceError` where it is damaged."""
    inflate = zlib.decompressobj()
    try:
        rest = base64.b64decode(packed, validate=True)
        for _ in range(_MAX_ANSWER // _STEP):
            yield inflate.decompress(rest, _STEP)
            rest = inflate.unconsumed_tail
            if inflate.eof:
                return
    except (ValueError, zlib.error):
        pass
    raise SourceError("what was remembered of GitHub's tree is damaged")


def _mapping(note: object, key: str) -> dict[str, Any]:
    found = note.get(key) if isinstance(note, dict) else None
    return found if isinstance(found, dict) else {}


def _pair(value: object) -> tuple[object, object]:
    return (value[0], value[1]) if isinstance(value, list) and len(value) == 2 else (None, None)
