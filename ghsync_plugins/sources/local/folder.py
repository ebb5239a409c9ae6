"""Files on disk: how a folder is walked, and how a file is hashed and read without ever following a link."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import Any, Final, Literal

from ghsync_core import FileRef, SourceError, TransportError, git_blob_id, permalinks
from ghsync_plugins.sources.local.stat_cache import StatCache

NO_ID: Final = "0" * 40
"""Stands where no blob id can be had: git's own null id, which no file has."""

HASHED: Final = "hashed"
"""The key of the `StatCache`'s note in a source's memory."""

Entry = Literal["file", "file-name"]

_CHUNK: Final = 1 << 20
_OPEN_FLAGS: Final = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
)
"""A link is refused; a pipe that took a file's place does not block; no line end is translated."""


def path_text(path: bytes | str | Path) -> str:
    """*path* as text that can be stored and printed: bytes that are no UTF-8 are written out as ``\\xNN``."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def is_utf8(path: bytes) -> bool:
    """Whether *path* is its own text."""
    return path_text(path).encode() == path


def on_disk(folder: Path, path: bytes) -> bytes:
    """Where *path*, which is relative to *folder*, lies."""
    return os.path.join(os.fsencode(folder), path)  # noqa: PTH118 - Path takes no bytes


def walk(folder: Path, left_out: list[bytes]) -> Iterator[bytes]:
    """Every entry below *folder* that is no folder, as a path relative to it; dot folders go to *left_out*.

    Raises `SourceError` where a folder can't be listed.
    """
    pending = [b""]
    while pending:
        prefix = pending.pop()
        for name, is_folder in _entries(folder, prefix):
            if not is_folder:
                yield prefix + name
            else:
                (left_out if name.startswith(b".") else pending).append(prefix + name + b"/")


def _entries(folder: Path, prefix: bytes) -> list[tuple[bytes, bool]]:
    place = on_disk(folder, prefix)
    try:
        with os.scandir(place) as entries:
            return [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
    except FileNotFoundError:
        if prefix:
            return []  # it went while we walked
        raise SourceError(f"the folder is gone: {path_text(place)}") from None
    except OSError as error:
        raise SourceError(
            f"can't list the folder {path_text(place)}: {error.strerror}; give read permission, or sync a folder "
            "that leaves it out"
        ) from None


def list_files(
    folder: Path, paths: Iterable[bytes], prefix: str = "", ignore: Set[bytes] = frozenset(), note: object = None
) -> tuple[tuple[FileRef, ...], object]:
    """The entries at *paths*, which are relative to *folder*; ``FileRef.path`` gets *prefix* before it.

    Files whose absolute path is in *ignore* are left out. *note* is what the last run's listing returned besides the
    files, by which those that are as they were need not be hashed again (see `StatCache`).

    What is neither file nor link is left out, and so is what is no longer there. A file that can't be read stands in
    the list with `NO_ID`, so that reading it tells why and nothing that it said before is deleted.
    """
    found: dict[str, FileRef] = {}
    cache = StatCache(folder, note)
    top = on_disk(folder, b"")
    for raw in paths:
        file = None if top + raw in ignore else _file_ref(top, raw, prefix, cache)
        if file is not None and (file.entry != "file-name" or file.path not in found):
            found[file.path] = file
    return tuple(found[path] for path in sorted(found)), cache.note()


def _file_ref(top: bytes, raw: bytes, prefix: str, cache: StatCache) -> FileRef | None:
    place = top + raw
    entry: Entry = "file"
    try:
        path = prefix + raw.decode()
    except UnicodeDecodeError:
        path, entry = prefix + path_text(raw), "file-name"
    try:
        status = os.lstat(place)
        if stat.S_ISLNK(status.st_mode):
            target = git_blob_id(os.readlink(place))  # noqa: PTH115
            return FileRef(path, target, status.st_size, "symlink" if entry == "file" else entry)
        if not stat.S_ISREG(status.st_mode):
            return None
        blob_id = cache.recall(raw, status)
        if blob_id is None:
            blob_id = _hash_file(place)
            cache.keep(raw, status, blob_id)
        return FileRef(path, blob_id, status.st_size, entry)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return FileRef(path, NO_ID, 0, entry)


def _open(place: bytes | Path) -> tuple[int, int]:
    """A descriptor of the regular file at *place*, and its size in bytes. Raises OSError."""
    descriptor = os.open(place, _OPEN_FLAGS)
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is no longer a regular file")
    return descriptor, status.st_size


def _hash_file(place: bytes) -> str:
    """git's blob id of the file, without holding it in memory. If it grows meanwhile, the id is that of no file."""
    descriptor, size = _open(place)
    digest = hashlib.sha1(b"blob %d\x00" % size, usedforsecurity=False)
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


class FolderSnapshot:
    """Files as they lie on disk. Keeps the `Snapshot` and `HasMarkers` protocols."""

    identity: str | None = None

    def __init__(
        self,
        source: str,
        commit: str | None,
        files: Sequence[FileRef],
        folder: Path,
        prefix: str = "",
        note: object = None,
        markers: Sequence[str] = (),
        page: str | None = None,
    ) -> None:
        self.source = source
        self.commit = commit
        self.files = files
        self.markers = markers
        self.memory: Mapping[str, Any] = {HASHED: note, **({permalinks.WEB: page} if page else {})}
        self._folder = folder
        self._prefix = prefix

    def read(self, file: FileRef) -> bytes:
        """The bytes on disk. Raises `TransportError`: ``unreadable``, or ``changed`` if not those listed."""
        try:
            descriptor, _ = _open(self._folder / file.path.removeprefix(self._prefix))
            with os.fdopen(descriptor, "rb") as stream:
                data = stream.read()
        except OSError as error:
            raise TransportError(f"can't read {file.path}: {error.strerror}", reason="unreadable") from None
        if git_blob_id(data) != file.blob_id:
            raise TransportError(f"{file.path} changed while it was read; sync again", reason="changed")
        return data

    def fetch(self, wanted: Sequence[FileRef]) -> Generator[tuple[FileRef, bytes | None], None, None]:
        """Each file without bytes: the workers read them from disk."""
        return ((file, None) for file in wanted)

    def cost(self, wanted: Sequence[FileRef]) -> int:  # noqa: ARG002
        """Nothing is asked of any host."""
        return 0
