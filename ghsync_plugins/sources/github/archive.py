"""Reads a repository's archive while it downloads."""

from __future__ import annotations

import tarfile
import zlib
from collections.abc import Iterator, Mapping
from gzip import GzipFile
from typing import IO

from urllib3.exceptions import HTTPError

from ghsync_core import FileRef, git_blob_id

_MAX_HEADER = 1 << 16
"""Bytes: far more than the longest path; `tarfile` holds a chain of such headers in memory while it recurses."""

_BROKEN = (tarfile.TarError, EOFError, zlib.error, HTTPError, OSError, ValueError, RecursionError)


class BrokenArchive(Exception):
    """The archive ends early or is no archive; what it gave before is good."""


class _Member(tarfile.TarInfo):
    """A member as git writes it. The rest of what tar knows is for hostile hands: sparse maps and headers without end,
    sizes below zero, which lead in circles, and records that some releases of `tarfile` read in quadratic time
    (CVE-2024-6232, CVE-2025-8194).

    The methods are the hooks that `tarfile` gives to subclasses, called for each header before what it announces is
    read.
    """

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo | None:
        if self.size < 0 or (not self.isreg() and self.size > _MAX_HEADER):
            raise tarfile.ReadError("a header is too large")
        if self.issparse() or self.type == tarfile.GNUTYPE_SPARSE:
            raise tarfile.ReadError("it has a sparse file")
        found: tarfile.TarInfo | None = super()._proc_member(archive)  # type: ignore[misc]
        return found

    def _proc_pax(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        """The member that an extended header speaks of, with the path that it gives, which is all that git says so."""
        assert archive.fileobj
        records = archive.fileobj.read(self._block(self.size))[: self.size]  # type: ignore[attr-defined]
        path = _pax_path(records) if self.type == tarfile.XHDTYPE else None
        member = self.fromtarfile(archive)
        member.name = path or member.name
        return member


def _pax_path(records: bytes) -> str | None:
    """The path among *records*, each ``LENGTH KEY=VALUE`` and a line's end (POSIX, pax, "Extended Header")."""
    path = None
    start = 0
    while start < len(records):
        space = records.find(b" ", start, start + 10)
        length = int(records[start:space]) if space > start else 0
        if length <= max(0, space - start):
            raise tarfile.ReadError("a header is damaged")
        key, _, value = records[space + 1 : start + length - 1].partition(b"=")
        if key == b"path":
            path = value.decode(errors="surrogateescape")
        start += length
    return path


def read_archive(
    stream: IO[bytes], wanted: Mapping[str, FileRef], *, max_bytes: float
) -> Iterator[tuple[FileRef, bytes]]:
    """The files of *wanted* (by repository path) that the tar.gz in *stream* holds unaltered, one in memory at a time.

    A path that is taken out of *wanted* meanwhile is not looked at again. Raises `BrokenArchive` where the stream
    breaks off, is no archive, or grows beyond *max_bytes*.
    """
    try:
        with (
            GzipFile(fileobj=stream) as tar,
            tarfile.open(fileobj=tar, mode="r:", tarinfo=_Member, encoding="utf-8") as archive,
        ):
            while member := archive.next():
                archive.members.clear()  # type: ignore[attr-defined]  # it would keep every header until the end
                if member.offset_data + member.size > max_bytes:
                    raise BrokenArchive("it is larger than its files")
                file = wanted.get(_repository_path(member.name))
                data = _content(archive, member, file) if file else None
                if file and data is not None:
                    yield file, data
    except _BROKEN as error:
        raise BrokenArchive(str(error) or type(error).__name__) from None


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo, file: FileRef) -> bytes | None:
    """The bytes of *member*, if they are those of *file*: git's attributes may have altered them for the archive."""
    if not member.isreg() or member.size != file.size:
        return None
    reader = archive.extractfile(member)
    data = reader.read() if reader else b""
    return data if git_blob_id(data) == file.blob_id else None


def _repository_path(name: str) -> str:
    """The path below the archive's one top folder; empty where the name is absolute."""
    return "" if name.startswith("/") else name.partition("/")[2]
