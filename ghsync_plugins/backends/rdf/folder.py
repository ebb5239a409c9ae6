"""A folder that Oxigraph keeps: of a change it gets the graphs that changed, and no others."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ghsync_core import GraphReader, StoreError
from ghsync_plugins.backends.projection import Change
from ghsync_plugins.backends.rdf import vocabulary as v
from ghsync_plugins.backends.rdf.file import in_quads, in_trig
from ghsync_plugins.backends.rdf.opened import Opened, opened_folder
from ghsync_plugins.backends.rdf.terms import SourceTerms, literal
from ghsync_plugins.backends.rdf.triples import PartTriples

if TYPE_CHECKING:
    from pyoxigraph import Store

_AT_ONCE: Final = 20_000
"""Triples that go in with one transaction, which Oxigraph holds in memory."""


class FolderTarget:
    """The Oxigraph store in the folder at *path*. Keeps `Target`."""

    def __init__(self, path: Path, ledger: Path) -> None:
        self._path = path
        self._ledger = ledger
        self._opened: Opened | None = None

    @contextmanager
    def lock(self, holder: str, wait: float) -> Iterator[None]:  # noqa: ARG002
        """See `Target.lock`: whoever has the store open is alone with it."""
        self._opened = opened_folder(self._path, wait)
        try:
            yield
        finally:
            self.close()

    @property
    def _store(self) -> Store:
        assert self._opened is not None, "used without its lock"
        return self._opened.store

    def mark(self, source: str) -> str | None:
        """See `Target.mark`."""
        from pyoxigraph import NamedNode

        base = NamedNode(SourceTerms(source).base)
        found: Any = next(iter(self._store.quads_for_pattern(base, NamedNode(v.MARK), None, base)), None)
        return str(found.object.value) if found else None

    def apply(self, change: Change) -> None:
        """See `Target.apply`. A small change is one transaction; a larger one takes the mark away first."""
        triples = PartTriples(change.source)
        with _explained(self._path):
            if change.everything:
                self._clear(change.source)
                if change.mark is not None:
                    self._store.bulk_load(_stream(change, triples), _quads())
                    self._store.update(_marked(change.source, change.mark))
            elif self.mark(change.source) != change.mark:
                self._replace(change, triples)

    def _clear(self, source: str) -> None:
        """Take a source out: its mark first."""
        from pyoxigraph import DefaultGraph, Literal, NamedNode

        store, base = self._store, SourceTerms(source).base
        store.remove_graph(NamedNode(base))
        nameless = next(iter(store.quads_for_pattern(None, None, None, DefaultGraph())), None)
        if nameless is None and all(str(graph.value).startswith(base) for graph in store.named_graphs()):
            store.clear()  # many times quicker than graph by graph, where nobody else's are there
            return
        ours: list[Any] = list(store.quads_for_pattern(None, NamedNode(v.SOURCE), Literal(source)))
        for quad in ours:
            store.remove_graph(quad.subject)

    def _replace(self, change: Change, triples: PartTriples) -> None:
        """Put the parts that changed in the place of what was there, and the new mark."""
        statements, size = [f"DROP SILENT GRAPH <{SourceTerms(change.source).base}>"], 0
        for graph, found in map(triples.of, change.parts()):
            statements.append(f"DROP SILENT GRAPH <{graph}>")
            if found:
                statements.append(f"INSERT DATA {{ {in_trig(graph, found)} }}")
            size += len(found)
            if size > _AT_ONCE:
                self._store.update(";\n".join(statements))
                statements, size = [], 0
        statements.append(_marked(change.source, str(change.mark)))
        self._store.update(";\n".join(statements))

    def reader(self) -> GraphReader:
        """See `Target.reader`."""
        from ghsync_plugins.backends.rdf.opened import read_only_folder
        from ghsync_plugins.backends.rdf.reader import RdfReader

        return RdfReader(read_only_folder(self._path, self._ledger), self._ledger)

    def close(self) -> None:
        """See `Target.close`."""
        if self._opened:
            self._opened.close()
            self._opened = None


def _marked(source: str, mark: str) -> str:
    base, triples = PartTriples(source).about_source()
    return f"INSERT DATA {{ {in_trig(base, [*triples, f'<{base}> <{v.MARK}> {literal(mark)}'])} }}"


def _quads() -> Any:
    from pyoxigraph import RdfFormat

    return RdfFormat.N_QUADS


class _Texts(io.RawIOBase):
    """Texts, read as one stream of bytes."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = iter(texts)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            text = next(self._texts, None)
            if text is None:
                return 0
            self._rest = memoryview(text.encode())
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def _stream(change: Change, triples: PartTriples) -> io.BufferedReader:
    """All parts of *change* as N-Quads."""
    found = (triples.of(part) for part in change.parts())
    return io.BufferedReader(_Texts(in_quads(graph, each) for graph, each in found if each), 1 << 20)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError) as error:  # the second where the store is damaged
        raise StoreError(f"{path} can't be written: {error}. Mend that and run again.") from error
