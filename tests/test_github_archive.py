"""Archives that no honest host would send."""

from __future__ import annotations

import io
import tarfile
from math import inf

from ghsync_core.models import FileRef, git_blob_id
from ghsync_plugins.sources.github.archive import read_archive

WANTED = {path: FileRef(path, git_blob_id(b"- hello"), 7) for path in ("a.md", "b.md", "etc/passwd", "link.md")}


def member(name: str, data: bytes = b"- hello", kind: bytes = tarfile.REGTYPE) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.type = kind
    info.size = len(data)
    info.linkname = "/etc/passwd" if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ""
    return info, data


def packed(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", format=tarfile.PAX_FORMAT) as archive:
        for info, data in members:
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def names(archive: bytes, *, max_bytes: float = inf) -> list[str]:
    return [file.path for file, _ in read_archive(io.BytesIO(archive), WANTED, max_bytes=max_bytes)]


def test_takes_what_is_wanted_and_unaltered() -> None:
    archive = packed(
        member("top/a.md"), member("top/other.md"), member("top/b.md", b"- HELLO"), member("top/etc/passwd")
    )
    assert names(archive) == ["a.md", "etc/passwd"]
