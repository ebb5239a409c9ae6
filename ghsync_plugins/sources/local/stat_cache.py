"""Which files need not be hashed again: those whose size, times and inode are as they were at the last run.

The rules are git's (its Documentation/technical/racy-git): a file that may have been changed within the clock's grain
after it was looked at is not remembered, so that a second change cannot hide behind equal times.
"""

from __future__ import annotations

import os
import struct
import time
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

GRAIN: Final = 2_000_000_000
"""Nanoseconds: the coarsest modification time of a common file system, FAT's."""

_VERSION: Final = 1
_STATUS: Final = struct.Struct("<qqqQQ")
"""Size, modification and change time (ns), inode and device."""

_ENTRY: Final = struct.Struct(f"20s{_STATUS.size}s")
"""Blob id, and the status that it was had under."""


class StatCache:
    """The blob ids of one folder's files. A note that is damaged, or of another folder, counts as none."""

    def __init__(self, folder: Path, note: object = None) -> None:
        self._begun = time.time_ns()
        status = folder.stat()
        self._folder = [status.st_dev, status.st_ino]
        self._note = note
        self._known = _read(note, self._folder, self._begun)
        self._seen: dict[bytes, tuple[bytes, bytes]] = {}

    def recall(self, path: bytes, status: os.stat_result) -> str | None:
        """The blob id of the file at *path* (relative to the folder), if it is as it was; else None."""
        known = self._known.get(path)
        if known is None or known[1] != _pack(status):
            return None
        self._seen[path] = known
        return known[0].hex()

    def keep(self, path: bytes, status: os.stat_result, blob_id: str) -> None:
        """Remember that the file had *blob_id* after it had *status*, unless it is too young to tell."""
        if max(status.st_mtime_ns, status.st_ctime_ns) < self._begun - GRAIN:
            self._seen[path] = bytes.fromhex(blob_id), _pack(status)

    def note(self) -> object:
        """What to give to the next run's cache: JSON."""
        if self._seen == self._known:
            return self._note
        entries = b"".join([_ENTRY.pack(*entry) for entry in self._seen.values()])
        packed = zlib.compress(entries + b"\x00".join(self._seen), 1)
        about = {"version": _VERSION, "folder": self._folder, "at": self._begun, "count": len(self._seen)}
        return {**about, "files": b64encode(packed).decode()}


def _pack(status: os.stat_result) -> bytes:
    inode, device = status.st_ino & (1 << 64) - 1, status.st_dev & (1 << 64) - 1
    return _STATUS.pack(status.st_size, status.st_mtime_ns, status.st_ctime_ns, inode, device)


def _read(note: object, folder: list[int], now: int) -> dict[bytes, tuple[bytes, bytes]]:
    """The entries of *note*; none where it was made by a clock that ran ahead, after which times prove nothing."""
    if not isinstance(note, Mapping) or note.get("version") != _VERSION or note.get("folder") != folder:
        return {}
    try:
        if note["at"] > now:
            return {}
        return _entries(note)
    except (KeyError, TypeError, ValueError, struct.error, zlib.error):
        return {}


def _entries(note: Mapping[str, Any]) -> dict[bytes, tuple[bytes, bytes]]:
    packed = zlib.decompress(b64decode(note["files"], validate=True))
    end = note["count"] * _ENTRY.size
    paths = packed[end:].split(b"\x00") if note["count"] else []
    return dict(zip(paths, _ENTRY.iter_unpack(packed[:end]), strict=True))
