"""Archives made to fill the memory, to lead in circles or to end the process: each is broken, and no more than that."""

from __future__ import annotations

import gzip
import io
import tarfile
import time
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghsync_core.models import FileRef, git_blob_id
from ghsync_plugins.sources.github.archive import BrokenArchive, read_archive

DATA = b"- hello"
LONG = "/".join(["folder"] * 30) + "/é.md"
WANTED = {path: FileRef(path, git_blob_id(DATA), len(DATA)) for path in ("a.md", "b.md", LONG)}
LIMIT = 1 << 28


def header(name: str, size: int, kind: bytes, **values: object) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.type = size, kind
    for key, value in values.items():
        setattr(info, key, value)
    return info.tobuf(tarfile.GNU_FORMAT)


def block(data: bytes) -> bytes:
    return data + bytes(-len(data) % 512)


def pax(records: bytes, kind: bytes = tarfile.XHDTYPE) -> bytes:
    return header("pax", len(records), kind) + block(records)


FILE = header("top/a.md", len(DATA), tarfile.REGTYPE) + block(DATA)
END = bytes(1024)


def sound(format_: int) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format_, pax_headers={"comment": "c" * 40}) as archive:
        for name in ("a.md", LONG, "b.md"):
            info = tarfile.TarInfo(f"top/{name}")
            info.size = len(DATA)
            archive.addfile(info, io.BytesIO(DATA))
    return out.getvalue()


def read(tar: bytes) -> list[str]:
    """The paths that come of *tar*; also where it breaks off."""
    found = []
    try:
        for file, data in read_archive(io.BytesIO(gzip.compress(tar, 1)), WANTED, max_bytes=LIMIT):
            assert data == DATA
            found.append(file.path)
    except BrokenArchive:
        found.append("broken")
    return found


@pytest.mark.parametrize("format_", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_a_long_path_is_read_in_full(format_: int) -> None:
    assert read(sound(format_)) == ["a.md", LONG, "b.md"]


CIRCLES = {
    "a size below zero": header("top/b.md", -512, tarfile.REGTYPE),
    "a folder of a size below zero": header("top/b", -1024, tarfile.DIRTYPE),
    "a pax size below zero": pax(b"13 size=-512\n") + header("top/x", 0, tarfile.REGTYPE),
    "an old sparse map": header("top/b.md", 0, tarfile.GNUTYPE_SPARSE),
    "a long name of a size below zero": header("x", -512, tarfile.GNUTYPE_LONGNAME),
    "a pax header of a size below zero": header("x", -512, tarfile.XHDTYPE),
    "a pax header that is cut": header("x", 5000, tarfile.XHDTYPE),
    "a pax record of no length": pax(b"0 path=x\n"),
    "a pax record without a length": pax(b"path=x\n"),
    "a pax record of a huge length": pax(b"9" * 600 + b" path=x\n"),
    "a chain of headers": pax(b"11 path=ab\n") * 5000,
    "a chain of long names": (header("x", 3, tarfile.GNUTYPE_LONGNAME) + block(b"ab\0")) * 5000,
    "a global chain": pax(b"11 path=ab\n", tarfile.XGLTYPE) * 5000,
}


@pytest.mark.parametrize("trap", CIRCLES)
def test_a_trap_ends_the_archive_and_nothing_else(trap: str) -> None:
    began = time.process_time()
    found = read(FILE + CIRCLES[trap] + FILE + END)
    assert found[0] == "a.md"
    assert set(found) <= {"a.md", "broken"}
    assert time.process_time() - began < 1


def test_a_path_for_all_members_is_no_path() -> None:
    assert read(pax(b"17 path=top/b.md\n", tarfile.XGLTYPE) + FILE + END) == ["a.md"]


GIGABYTE = 1 << 30


def compressed(start: bytes, filling: bytes) -> bytes:
    """A gzip of *start* and then a gigabyte of *filling*, made without having it."""
    deflate = zlib.compressobj(1, wbits=31)
    pieces = [deflate.compress(start)]
    piece = filling * ((1 << 20) // len(filling))
    pieces += (deflate.compress(piece) for _ in range(GIGABYTE >> 20))
    return b"".join([*pieces, deflate.flush()])


BOMBS = {
    "a header of a gigabyte": (header("x", GIGABYTE, tarfile.XHDTYPE), bytes(512)),
    "a name of a gigabyte": (header("x", GIGABYTE, tarfile.GNUTYPE_LONGNAME), b"x"),
    "a file of a gigabyte": (header("top/b.md", GIGABYTE, tarfile.REGTYPE), bytes(512)),
    "a wanted file of the right size that goes on": (FILE, bytes(512)),
    "a sparse map without end": (header("top/b.md", 0, tarfile.GNUTYPE_SPARSE), b"\xff" * 512),
    "a pax sparse map without end": (
        pax(b"22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n") + header("top/b.md", GIGABYTE, tarfile.REGTYPE),
        b"9" * 512,
    ),
    "digits that are searched again and again": (pax(b"9" * 60_000), b"9"),
    "headers for all without end": (b"", pax(b"12 aaaa=bbb\n", tarfile.XGLTYPE)),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_fills_neither_memory_nor_time(bomb: str) -> None:
    archive = compressed(*BOMBS[bomb])
    tracemalloc.start()
    began = time.process_time()
    found = []
    try:
        for file, _ in read_archive(io.BytesIO(archive), WANTED, max_bytes=1 << 24):
            found.append(file.path)
    except BrokenArchive:
        pass
    seconds = time.process_time() - began
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert set(found) <= {"a.md"}
    assert peak < 30_000_000
    assert seconds < 5


edits = st.lists(st.tuples(st.integers(0, 4000), st.binary(min_size=1, max_size=12)), min_size=1, max_size=4)


@given(format_=st.sampled_from([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT]), edits=edits, mend=st.booleans())
def test_any_damage_gives_right_files_or_none(format_: int, edits: list[tuple[int, bytes]], mend: bool) -> None:
    tar = bytearray(sound(format_))
    for start, new in edits:
        tar[start : start + len(new)] = new
        if mend:  # so that the damage is not noticed by its checksum alone
            place = start // 512 * 512
            total = sum(tar[place : place + 148]) + 8 * 32 + sum(tar[place + 156 : place + 512])
            tar[place + 148 : place + 156] = b"%06o\x00 " % total
    found = read(bytes(tar))
    assert set(found) <= {*WANTED, "broken"}


@given(data=st.binary(max_size=3000))
def test_any_bytes_are_broken_or_empty(data: bytes) -> None:
    assert read(data) in ([], ["broken"])
    with pytest.raises(BrokenArchive):
        list(read_archive(io.BytesIO(b"\x1f\x8b" + data), WANTED, max_bytes=LIMIT))
