"""Reading the graph back from its quads, and asking them in SPARQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from ghsync_core import views
from ghsync_plugins.backends.projection import in_order
from ghsync_plugins.backends.rdf import vocabulary as v
from ghsync_plugins.backends.rdf.opened import Opened
from ghsync_plugins.backends.rdf.sparql import ask
from ghsync_plugins.backends.rdf.terms import SourceTerms, edge_type
from ghsync_plugins.backends.rdf.triples import DEFAULTS, IDS
from ghsync_plugins.backends.sqlite.connection import connect_read_only
from ghsync_plugins.backends.sqlite.reader import SqliteReader

Record = dict[str, Any]
"""The columns of a row, by the IRI of each."""

_COLUMN: Final = {
    **{f"{v.GHSYNC}{column}": column for columns in views.COLUMNS.values() for column in columns},
    v.SUBJECT: "from_id",
    v.OBJECT: "to_id",
    v.PREDICATE: "type",
}
"""What column a predicate of a record holds."""

_FOUND_BY: Final = {
    ("nodes", "id"): f"{v.GHSYNC}id",
    ("classes", "iri"): f"{v.GHSYNC}id",
    ("properties", "iri"): f"{v.GHSYNC}id",
    ("edges", "from_id"): v.SUBJECT,
    ("edges", "to_id"): v.OBJECT,
}
"""Columns that hold an id, by which rows are found at once, with their predicate."""


class RdfReader:
    """Reads *opened*, and the runs from the ledger beside it."""

    language = "sparql"

    def __init__(self, opened: Opened, ledger: Path) -> None:
        self._opened = opened
        self._ledger = ledger
        self._terms: dict[str, SourceTerms] = {}

    def rows(
        self, view: str, source: str | None = None, *, where: Mapping[str, Any] | None = None, ordered: bool = False
    ) -> Iterator[Mapping[str, Any]]:
        """See `GraphReader.rows`."""
        wanted = views.conditions(view, source, where)
        if view == "runs":
            return self._runs(wanted, ordered=ordered)
        rows = (
            row
            for graph in self._graphs(view, wanted)
            for row in self._rows_in(graph, view)
            if all(row[column] == value for column, value in wanted.items())
        )
        return in_order(view, rows) if ordered else rows

    def query(self, text: str, *, seconds: float | None = None) -> tuple[Sequence[str], Iterator[Sequence[Any]]]:
        """See `GraphReader.query`: SPARQL, whose default graph is all graphs together."""
        return ask(self._opened.store, text, seconds)

    def close(self) -> None:
        """See `GraphReader.close`."""
        self._opened.close()

    def _runs(self, wanted: Mapping[str, Any], *, ordered: bool) -> Iterator[Mapping[str, Any]]:
        with closing(SqliteReader(connect_read_only(self._ledger), self._ledger)) as ledger:
            yield from ledger.rows("runs", where=wanted, ordered=ordered)

    # --- which graphs to look into ---

    def _graphs(self, view: str, wanted: Mapping[str, Any]) -> Iterator[str]:
        """The graphs in which wanted rows may stand; each once."""
        from pyoxigraph import Literal, NamedNode

        sources = [wanted["source"]] if "source" in wanted else self._sources()
        column = next((column for column in wanted if (view, column) in _FOUND_BY), None)
        if column is not None and isinstance(wanted[column], str):
            ends = {self._terms_of(source).iri(wanted[column]) for source in sources}
            predicate = NamedNode(_FOUND_BY[view, column])
            found = (quad for end in ends for quad in self._quads(None, predicate, NamedNode(end)))
            yield from dict.fromkeys(quad.graph_name.value for quad in found)
        elif isinstance(wanted.get("path"), str):
            yield from (self._terms_of(source).graph(wanted["path"], None) for source in sources)
        else:
            for source in sources:
                for quad in self._quads(None, NamedNode(v.SOURCE), Literal(source)):
                    yield quad.subject.value

    def _sources(self) -> list[str]:
        from pyoxigraph import NamedNode

        return sorted(quad.object.value for quad in self._quads(None, NamedNode(v.NAME)))

    def _terms_of(self, source: str) -> SourceTerms:
        if source not in self._terms:
            self._terms[source] = SourceTerms(source)
        return self._terms[source]

    # --- the rows of a graph ---

    def _rows_in(self, graph: str, view: str) -> Iterator[Mapping[str, Any]]:
        """The rows of *view* that *graph* holds. Its quads are read at one moment, so that a file is seen whole."""
        from pyoxigraph import NamedNode

        name = NamedNode(graph)
        records: dict[str, Record] = {graph: {}}
        prefix = f"{graph}#{view}-" if view != "edges" else f"{graph}#edge-"
        for quad in self._quads(name if view == "files" else None, None, None, name):
            subject = quad.subject.value
            if subject == graph or subject.startswith(prefix):
                records.setdefault(subject, {})[quad.predicate.value] = _value(quad)
        about = records.pop(graph)
        if v.SOURCE not in about:  # gone by now
            return
        place = {"source": about[v.SOURCE], "path": about.get(v.PATH)}
        for record in [about] if view == "files" and place["path"] is not None else records.values():
            yield self._row(view, place, record)

    def _row(self, view: str, place: Mapping[str, Any], record: Record) -> Mapping[str, Any]:
        terms = self._terms_of(place["source"])
        said = {_COLUMN[predicate]: value for predicate, value in record.items() if predicate in _COLUMN}
        if view == "edges":
            said["from_id"], said["to_id"] = terms.id(said["from_id"]), terms.id(said["to_id"])
            said["type"] = edge_type(said["type"])
        elif view in IDS:
            said[IDS[view]] = terms.id(said["id"])
        said |= place
        return {column: said.get(column, DEFAULTS.get(column)) for column in views.COLUMNS[view]}

    def _quads(self, *pattern: Any) -> Iterator[Any]:
        """The quads of a pattern. Ours hold names and texts alone, which all have a ``value``."""
        ends = (*pattern, None, None, None)[:4]
        return iter(self._opened.store.quads_for_pattern(*ends))


def _value(quad: Any) -> Any:
    value = quad.object
    datatype = getattr(value, "datatype", None)
    return int(value.value) if datatype is not None and datatype.value == f"{v.XSD}integer" else value.value
