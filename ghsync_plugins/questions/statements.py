"""The graph as RDF statements, in an order that depends on the graph alone.

The mapping is that of the RDF store (`ghsync_plugins.backends.rdf`): what other tools expect of nodes, edges, classes,
properties and axioms. Besides, a node has its line and its properties, and an axiom that is no single triple its text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import itemgetter
from typing import Any, Final

from ghsync_core import GraphReader, views
from ghsync_plugins.backends.rdf.terms import SourceTerms, literal
from ghsync_plugins.backends.rdf.triples import PartTriples
from ghsync_plugins.backends.rdf.vocabulary import GHSYNC

Statement = tuple[str, str | None, str | None]
"""A triple as N-Triples writes it without its full stop, the path that it stands in, and what it is of if in none."""

_LINE: Final = f"<{GHSYNC}line>"
_PROPERTIES: Final = f"<{GHSYNC}properties>"
_AXIOM: Final = f"<{GHSYNC}axiom>"


def statements(reader: GraphReader, source: str) -> Iterator[Statement]:
    """All that the graph of *source* says. Triples of one subject follow one another within a view."""
    plain, terms = PartTriples(source).plain, SourceTerms(source)
    for row in reader.rows("nodes", source, ordered=True):
        id_, path = row["id"], row["path"]
        for triple in (*plain["nodes"](tuple(row.values())), *_more_of_node(terms.iri(id_), row)):
            yield triple, path, id_
    iri, predicate = terms.iri, terms.predicate
    for row in edges_of(reader, source):
        yield f"<{iri(row['from_id'])}> <{predicate(row['type'])}> <{iri(row['to_id'])}>", row["path"], None
    for view in ("classes", "properties"):
        for row in reader.rows(view, source, ordered=True):
            for triple in plain[view](tuple(row.values())):
                yield triple, row["path"], row["iri"]
    for row in reader.rows("axioms", source, ordered=True):
        for triple in tuple(plain["axioms"](tuple(row.values()))) or (_axiom(terms, row),):
            yield triple, row["path"], None


def edges_of(reader: GraphReader, source: str) -> Iterator[Mapping[str, Any]]:
    """All edges of *source*, file by file: to sort those of each takes half the time that to sort all would."""
    key = itemgetter(*views.KEYS["edges"])
    for file in reader.rows("files", source, ordered=True):
        yield from sorted(reader.rows("edges", source, where={"path": file["path"]}), key=key)


def _more_of_node(subject: str, row: Any) -> Iterator[str]:
    if row["line"] is not None:
        yield f"<{subject}> {_LINE} {literal(row['line'])}"
    if row["properties"] != "{}":
        yield f"<{subject}> {_PROPERTIES} {literal(row['properties'], json=True)}"


def _axiom(terms: SourceTerms, row: Any) -> str:
    """The axiom as a text, said of what it is about; of the source where that is no name."""
    named = row["subject"] is not None and f"<{row['subject']}>" in row["text"]
    return f"<{terms.iri(row['subject']) if named else terms.base}> {_AXIOM} {literal(row['text'])}"
