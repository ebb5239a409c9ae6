"""Archives that no honest host would send."""

from __future__ import annotations

import gzip
import io
import tarfile
import tracemalloc
from math import inf

import pytest

from ghsync_core.models import FileRef, git_blob_id
from ghsync_plugins.sources.github.archive import BrokenArchive, read_archive

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


@pytest.mark.parametrize(
    "odd",
    [
        member("/etc/passwd"),
        member("//etc/passwd"),
        member("top/../etc/passwd"),
        member("top/link.md", b"", tarfile.SYMTYPE),
        member("top/link.md", b"", tarfile.LNKTYPE),
        member("top/link.md", b"", tarfile.CHRTYPE),
        member("top/link.md", b"", tarfile.FIFOTYPE),
        member("top/link.md", b"", tarfile.DIRTYPE),
        member("link.md"),
        member("top/b.md", b"- hello, and more"),
    ],
    ids=lambda odd: f"{odd[0].name}-{odd[0].type!r}",
)
def test_passes_over_what_is_no_plain_file_of_the_commit(odd: tuple[tarfile.TarInfo, bytes]) -> None:
    assert names(packed(odd, member("top/a.md"))) == ["a.md"]


def test_stops_where_the_archive_outgrows_its_files() -> None:
    archive = packed(member("top/a.md"), member("top/bomb.md", bytes(5_000_000)), member("top/b.md"))
    got = read_archive(io.BytesIO(archive), WANTED, max_bytes=1_000_000)
    assert next(got)[0].path == "a.md"
    with pytest.raises(BrokenArchive, match="larger than its files"):
        next(got)


def test_a_header_that_would_fill_the_memory_is_not_read() -> None:
    header = tarfile.TarInfo("top/pax")
    header.type = tarfile.XHDTYPE
    header.size = 200_000_000
    bomb = gzip.compress(header.tobuf(tarfile.USTAR_FORMAT) + bytes(header.size), 1)
    tracemalloc.start()
    with pytest.raises(BrokenArchive, match="header"):
        names(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000


def test_any_cut_is_noticed_or_harmless() -> None:
    archive = packed(*(member(f"top/{name}") for name in ("a.md", "x.md", "b.md")))
    for length in range(len(archive)):
        got = []
        try:
            got += names(archive[:length])
        except BrokenArchive:
            continue
        assert set(got) <= {"a.md", "b.md"}


def test_memory_does_not_grow_with_the_number_of_members() -> None:
    def peak(count: int) -> int:
        archive = packed(*(member(f"top/{number}.md") for number in range(count)))
        tracemalloc.start()
        names(archive)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(4000) < peak(400) + 500_000
