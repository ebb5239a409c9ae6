"""One file of quads: written anew, as a whole and sorted, whenever any part of the graph has changed."""

from __future__ import annotations

import gzip
import os
import secrets
import zlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import IO, Final, cast
from urllib.parse import quote, unquote

from ghsync_core import GraphReader, StoreError
from ghsync_plugins.backends.projection import Change, Ledger
from ghsync_plugins.backends.rdf.triples import PartTriples

_HEAD: Final = "# ghsync"
"""Begins a comment that says how far the file is: ``# ghsync MARK SOURCE``; one for each source, before all quads."""

_COMPRESSION: Final = 3
"""Quads repeat themselves so much that more costs three times the time, and saves a fifth."""


class FileTarget:
    """The file at *path*, in N-Quads or TriG by its suffix, compressed where that ends in ``.gz``. Keeps `Target`.

    The same graph gives the same lines in the same order; only the marks and the times of reading differ.
    """

    def __init__(self, path: Path, ledger: Path) -> None:
        self._path = path.resolve()  # where a link leads, and not the link, is what is replaced
        self._ledger = ledger

    def lock(self, holder: str, wait: float) -> AbstractContextManager[None]:  # noqa: ARG002
        """See `Target.lock`. Who writes the file holds the ledger."""
        return nullcontext()

    def mark(self, source: str) -> str | None:
        """See `Target.mark`."""
        return self._marks().get(source)

    def apply(self, change: Change) -> None:
        """See `Target.apply`. Nothing is written where no part changed: runs are in the ledger."""
        marks = self._marks()
        if change.mark is not None and marks.get(change.source) == change.mark:
            return
        marks.pop(change.source, None)
        if change.mark is not None:
            marks[change.source] = change.mark
        with _explained(self._path), _replaced(self._path) as stream:
            for name, mark in sorted(marks.items()):
                stream.write(f"{_HEAD} {mark} {quote(name)}\n".encode())
            for text in quads(change.ledger, sorted(marks), trig=".trig" in self._path.suffixes):
                stream.write(text.encode())

    def reader(self) -> GraphReader:
        """See `Target.reader`."""
        from ghsync_plugins.backends.rdf.opened import opened_file
        from ghsync_plugins.backends.rdf.reader import RdfReader

        with _explained(self._path):
            return RdfReader(opened_file(self._path), self._ledger)

    def close(self) -> None:
        """See `Target.close`."""

    def _marks(self) -> dict[str, str]:
        """The marks in the head of the file; none where there is no such file, or another's."""
        marks: dict[str, str] = {}
        try:
            with unpacked(self._path) as stream:
                for line in iter(lambda: stream.readline(10_000), b""):
                    words = line.decode("utf-8", "replace").split()
                    if words[:2] != _HEAD.split() or len(words) != 4:
                        break
                    marks[unquote(words[3])] = words[2]
        except (OSError, EOFError, zlib.error):  # no file, or cut short by someone: it is written anew
            return {}
        return marks


def quads(ledger: Ledger, sources: Iterable[str], *, trig: bool = False) -> Iterator[str]:
    """The graphs of *sources*, each as one text, in N-Quads or TriG."""
    for source in sources:
        triples = PartTriples(source)
        yield _written(*triples.about_source(), trig=trig)
        for part in ledger.parts(source):
            graph, found = triples.of(part)
            if found:
                yield _written(graph, found, trig=trig)


def _written(graph: str, triples: Iterable[str], *, trig: bool) -> str:
    return in_trig(graph, triples) if trig else in_quads(graph, triples)


def in_quads(graph: str, triples: Iterable[str]) -> str:
    """*triples* as N-Quads of *graph*."""
    end = f" <{graph}> .\n"
    return end.join(triples) + end


def in_trig(graph: str, triples: Iterable[str]) -> str:
    """*triples* as a block of TriG, which is also how SPARQL gives the data of a graph."""
    body = " .\n".join(triples)
    return f"GRAPH <{graph}> {{\n{body} .\n}}\n"


def unpacked(path: Path) -> IO[bytes]:
    """The file, unpacked where it is packed."""
    return cast("IO[bytes]", gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


@contextmanager
def _replaced(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes the place of *path* once it is whole and on the disk."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as raw:
            if path.suffix == ".gz":
                # Neither a name nor a time in its head, so that the same quads are the same bytes.
                with gzip.GzipFile("", "wb", _COMPRESSION, raw, mtime=0) as packed:
                    yield cast("IO[bytes]", packed)
            else:
                yield raw
            raw.flush()
            os.fsync(raw.fileno())
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        raise StoreError(f"{path} can't be read or written: {why}. Mend that and run again.") from error
    except (SyntaxError, EOFError, zlib.error) as error:
        raise StoreError(
            f"{path} is damaged or was edited: {error}. Delete it; the next sync writes it anew."
        ) from error
