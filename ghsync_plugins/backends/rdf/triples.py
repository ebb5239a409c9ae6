"""A part of the graph as triples.

Twice: plainly, as people and other tools expect it (an edge is a triple, a label is ``rdfs:label``, an axiom between
names is OWL), and row by row, each a resource with its columns, so that nothing is lost: lines, counts, spellings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final

from ghsync_core import views
from ghsync_plugins.backends.projection import Part, Row
from ghsync_plugins.backends.rdf import vocabulary as v
from ghsync_plugins.backends.rdf.terms import SourceTerms, literal

DEFAULTS: Final[Mapping[str, Any]] = {"count": 1, "properties": "{}"}
"""What a column holds that is not written."""

IDS: Final = {"nodes": "id", "classes": "iri", "properties": "iri"}
_SILENT: Final = frozenset({"source", "path"})
"""Columns that the graph tells of, once for all its rows."""

_COLUMNS: Final = {
    view: [
        (place, f"<{v.GHSYNC}{column}>", column in views.JSON_COLUMNS, DEFAULTS.get(column))
        for place, column in enumerate(columns)
        if column not in _SILENT and column != IDS.get(view)
    ]
    for view, columns in views.COLUMNS.items()
}
"""The columns of each view that are literals: place, predicate, whether it is JSON, what needs no saying."""


_SUBJECT, _PREDICATE, _OBJECT = (f"<{each}>" for each in (v.SUBJECT, v.PREDICATE, v.OBJECT))
_NAME, _LINE, _COUNT, _PROPERTIES = (f"<{v.GHSYNC}{each}>" for each in ("name", "line", "count", "properties"))


class PartTriples:
    """Writes parts of one source as triples, each without its full stop."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._terms = SourceTerms(source)
        self._literal: Callable[[Any], str] = lru_cache(10_000)(literal)
        self.plain: Mapping[str, Callable[[Row], Iterator[str]]] = {
            "nodes": self._node,
            "classes": self._class,
            "properties": self._property,
            "axioms": self._axiom,
        }

    def about_source(self) -> tuple[str, list[str]]:
        """The IRI of the graph that names the source, which is also its base, and its triple."""
        base = self._terms.base
        return base, [f"<{base}> <{v.NAME}> {literal(self._source)}"]

    def of(self, part: Part) -> tuple[str, list[str]]:
        """The IRI of the part's graph, and its triples, sorted, each once."""
        graph = self._terms.graph(part.path, part.id)
        if not part.rows:
            return graph, []
        triples = list(self._about_graph(graph, part))
        triples += self._edges(graph, part.rows.get("edges", ()))
        for view, rows in part.rows.items():
            if view in self.plain:
                for row in rows:
                    triples += self.plain[view](row)
                    triples += self._record(graph, view, row)
        return graph, sorted(set(triples))

    def _about_graph(self, graph: str, part: Part) -> Iterator[str]:
        """Which source and file it is of, the file's row, and where the file came from."""
        yield f"<{graph}> <{v.SOURCE}> {literal(self._source)}"
        if part.path is not None:
            yield f"<{graph}> <{v.PATH}> {literal(part.path)}"
        for row in part.rows.get("files", ()):
            yield from self._columns(f"<{graph}>", "files", row)
            file = dict(zip(views.COLUMNS["files"], row, strict=True))
            yield f"<{graph}> <{v.TYPE}> <{v.GHSYNC}files>"
            yield f"<{graph}> <{v.TYPE}> <{v.PROV}Entity>"
            yield f'<{graph}> <{v.PROV}generatedAtTime> "{file["synced_at"]}"^^<{v.XSD}dateTime>'
            yield f"<{graph}> <{v.PROV}wasDerivedFrom> <{self._terms.permalink(file['commit_id'], file['path'])}>"

    def _edges(self, graph: str, rows: Sequence[Row]) -> list[str]:
        """By far the most of all rows, so written in one go: the triple itself, and the statement about it."""
        iri, predicate = self._terms.iri, self._terms.predicate
        found: list[str] = []
        seen: set[str] = set()
        for _, from_id, to_id, type_, name, _, line, count, properties in rows:
            subject, verb, object_ = f"<{iri(from_id)}>", f"<{predicate(type_)}>", f"<{iri(to_id)}>"
            digest = _digest(from_id, type_, to_id, name)
            while digest in seen:
                digest += "-again"
            seen.add(digest)
            statement = f"<{graph}#edge-{digest}>"
            found += (
                f"{subject} {verb} {object_}",
                f"{statement} {_SUBJECT} {subject}",
                f"{statement} {_PREDICATE} {verb}",
                f"{statement} {_OBJECT} {object_}",
                f"{statement} {_NAME} {self._literal(name)}",
            )
            if line is not None:
                found.append(f"{statement} {_LINE} {self._literal(line)}")
            if count != 1:
                found.append(f"{statement} {_COUNT} {literal(count)}")
            if properties != "{}":
                found.append(f"{statement} {_PROPERTIES} {literal(properties, json=True)}")
        return found

    def _record(self, graph: str, view: str, row: Row) -> Iterator[str]:
        """A resource for the row, with its columns."""
        key = [str(row[views.COLUMNS[view].index(column)]) for column in views.KEYS[view]]
        record = f"<{graph}#{view}-{_digest(*key)}>"
        yield f"{record} <{v.TYPE}> <{v.GHSYNC}{view}>"
        if view in IDS:
            yield f"{record} <{v.GHSYNC}id> <{self._terms.iri(key[0])}>"
        yield from self._columns(record, view, row)

    def _columns(self, subject: str, view: str, row: Row) -> Iterator[str]:
        for place, predicate, json, default in _COLUMNS[view]:
            value = row[place]
            if value is not None and (default is None or value != default):
                yield f"{subject} {predicate} {literal(value, json=json)}"

    # --- for people and other tools ---

    def _node(self, row: Row) -> Iterator[str]:
        id_, _, kind, label, *_ = row
        subject = self._terms.iri(id_)
        yield f"<{subject}> <{v.TYPE}> <{self._terms.kind(kind)}>"
        if label is not None:
            yield f"<{subject}> <{v.LABEL}> {literal(label)}"

    def _class(self, row: Row) -> Iterator[str]:
        iri, _, label, comment, *_ = row
        subject = self._terms.iri(iri)
        yield f"<{subject}> <{v.TYPE}> <{v.OWL}Class>"
        yield from _texts(subject, label, comment)

    def _property(self, row: Row) -> Iterator[str]:
        iri, _, kind, label, *_ = row
        subject = self._terms.iri(iri)
        sort = f"{v.OWL}{v.PROPERTY_KINDS[kind]}" if kind in v.PROPERTY_KINDS else f"{v.RDF}Property"
        yield f"<{subject}> <{v.TYPE}> <{sort}>"
        yield from _texts(subject, label, None)

    def _axiom(self, row: Row) -> Iterator[str]:
        """As OWL, where it is one triple between names."""
        _, kind, subject, object_, text, *_ = row
        if kind in v.CHARACTERISTICS and text == f"{kind}(<{subject}>)":
            yield f"<{self._terms.iri(subject)}> <{v.TYPE}> <{v.CHARACTERISTICS[kind]}>"
        elif kind in v.PLAIN_AXIOMS and text == f"{kind}(<{subject}> <{object_}>)":
            yield f"<{self._terms.iri(subject)}> <{v.PLAIN_AXIOMS[kind]}> <{self._terms.iri(object_)}>"
        elif kind == "ClassAssertion" and text == f"{kind}(<{object_}> <{subject}>)":
            yield f"<{self._terms.iri(subject)}> <{v.TYPE}> <{self._terms.iri(object_)}>"


def _texts(subject: str, label: str | None, comment: str | None) -> Iterator[str]:
    for predicate, text in ((v.LABEL, label), (v.COMMENT, comment)):
        if text is not None:
            yield f"<{subject}> <{predicate}> {literal(text)}"


def _digest(*key: str) -> str:
    return blake2b("\x00".join(key).encode(), digest_size=8).hexdigest()
