"""Reading the graph back from its quads, and asking them in SPARQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from ghsync_core import views
from ghsync_plugins.backends.projection import in_order
from ghsync_plugins.backends.rdf import vocabulary as v
from ghsync_plugins.backends.rdf.opened import Opened
from ghsync_plugins.backends.rdf.sparql import ask
from ghsync_plugins.backends.rdf.terms import SourceTerms, edge_type, literal
from ghsync_plugins.backends.rdf.triples import DEFAULTS, IDS
from ghsync_plugins.backends.sqlite.connection import connect_read_only
from ghsync_plugins.backends.sqlite.reader import SqliteReader

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
            for name in ([wanted["source"]] if isinstance(wanted.get("source"), str) else self._sources())
            for row in self._rows(view, name, wanted)
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

    def _sources(self) -> list[str]:
        from pyoxigraph import NamedNode

        named: Iterator[Any] = iter(self._opened.store.quads_for_pattern(None, NamedNode(v.NAME), None))
        return sorted(quad.object.value for quad in named)

    def _rows(self, view: str, source: str, wanted: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """The rows of one source, by one query, which sees one moment. The columns of a row follow one another."""
        terms = self._terms.setdefault(source, SourceTerms(source))
        found: Any = self._opened.store.query(_query(view, source, terms, wanted))
        for record, columns in groupby(found, lambda solution: solution[0].value):
            said = {column: _value(value) for column, value in _named(columns)}
            said["source"], said["path"] = source, terms.path(record.partition("#")[0])
            yield _row(view, terms, said)


def _named(columns: Any) -> Iterator[tuple[str, Any]]:
    """Those columns that are ours."""
    for _, predicate, value in columns:
        if predicate.value in _COLUMN:
            yield _COLUMN[predicate.value], value


def _query(view: str, source: str, terms: SourceTerms, wanted: Mapping[str, Any]) -> str:
    """Asks for all that is said of each row of *view*, from as few of them as the index can tell."""
    anchors = [f"?row <{v.SUBJECT}> ?from" if view == "edges" else f"?row <{v.TYPE}> <{v.GHSYNC}{view}>"]
    for column, value in wanted.items():
        if (view, column) in _FOUND_BY and isinstance(value, str):
            anchors.append(f"?row <{_FOUND_BY[view, column]}> <{terms.iri(value)}>")
    path = wanted.get("path")
    graph = f"<{terms.graph(path, None)}>" if isinstance(path, str) else "?graph"
    anchors.append(f"{graph} <{v.SOURCE}> {literal(source)}")
    return f"SELECT ?row ?name ?value {{ GRAPH {graph} {{ {' . '.join(anchors)} . ?row ?name ?value }} }}"


def _row(view: str, terms: SourceTerms, said: dict[str, Any]) -> Mapping[str, Any]:
    if view == "edges":
        said["from_id"], said["to_id"] = terms.id(said["from_id"]), terms.id(said["to_id"])
        said["type"] = edge_type(said["type"])
    elif view in IDS:
        said[IDS[view]] = terms.id(said["id"])
    return {column: said.get(column, DEFAULTS.get(column)) for column in views.COLUMNS[view]}


def _value(term: Any) -> Any:
    datatype = getattr(term, "datatype", None)
    return int(term.value) if datatype is not None and datatype.value == f"{v.XSD}integer" else term.value
