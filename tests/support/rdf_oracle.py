"""What our facts say as triples, to hold them against another reader's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import rdflib
from rdflib.namespace import OWL, RDF, RDFS

from ghsync_core import ParsedFile
from ghsync_plugins.formats.rdf.reading import base_iri
from support.rdf_files import document

Triple = tuple[str, str, str]
"""A literal is its text with quotes around it: tools differ on how they write datatypes that mean the same."""

FORMATS = {
    ".ttl": "turtle",
    ".nt": "nt",
    ".nq": "nquads",
    ".trig": "trig",
    ".rdf": "xml",
    ".owl": "xml",
    ".jsonld": "json-ld",
    ".json": "json-ld",
}

PAIRS = {
    "SubClassOf": RDFS.subClassOf,
    "EquivalentClasses": OWL.equivalentClass,
    "DisjointClasses": OWL.disjointWith,
    "SameIndividual": OWL.sameAs,
    "DifferentIndividuals": OWL.differentFrom,
    "InverseObjectProperties": OWL.inverseOf,
    "DatatypeDefinition": OWL.equivalentClass,
    **{f"Sub{kind}PropertyOf": RDFS.subPropertyOf for kind in ("Object", "Data", "Annotation")},
    **{f"Equivalent{kind}Properties": OWL.equivalentProperty for kind in ("Object", "Data", "Annotation")},
    **{f"Disjoint{kind}Properties": OWL.propertyDisjointWith for kind in ("Object", "Data", "Annotation")},
    **{f"{kind}PropertyDomain": RDFS.domain for kind in ("Object", "Data", "Annotation")},
    **{f"{kind}PropertyRange": RDFS.range for kind in ("Object", "Data", "Annotation")},
}
SCHEMA_TYPES = (str(OWL), str(RDFS), str(RDF))
"""Types from here are the rows' own kinds: they are compared as declarations, not triple by triple."""


def said(facts: ParsedFile) -> set[Triple]:
    """Every triple between names, and every literal of a name, that *facts* hold."""
    return {*_edges(facts), *_axioms(facts), *_values(facts)}


def _edges(facts: ParsedFile) -> Iterator[Triple]:
    for edge in facts.edges:
        yield str(edge.source), str(OWL.imports) if edge.type == "imports" else edge.type, str(edge.target)


def _axioms(facts: ParsedFile) -> Iterator[Triple]:
    for axiom in facts.axioms:
        ends = [str(end)[1:-1] for end in axiom.arguments]
        if axiom.kind == "ClassAssertion":
            yield ends[1], str(RDF.type), ends[0]
        elif axiom.kind in PAIRS and len(ends) == 2:
            yield ends[0], str(PAIRS[axiom.kind]), ends[1]
            if axiom.kind.startswith(("Equivalent", "Disjoint", "Same", "Different", "Inverse")):
                yield ends[1], str(PAIRS[axiom.kind]), ends[0]


def _values(facts: ParsedFile) -> Iterator[Triple]:
    rows: list[tuple[str, dict[str, Any]]] = [(node.id, dict(node.properties)) for node in facts.nodes]
    rows += [(item.iri, dict(item.annotations)) for item in (*facts.classes, *facts.properties)]
    for subject, properties in rows:
        for predicate, values in properties.items():
            for value in values if predicate != "graph" else ():
                if isinstance(value, str):
                    yield subject, predicate, f'"{value}"'
                elif "value" in value:
                    yield subject, predicate, f'"{value["value"]}"'
                elif "id" in value:
                    yield subject, predicate, value["id"]


def by_rdflib(path: str, data: bytes) -> set[Triple]:
    """The triples between names, and the literals of names, that rdflib reads."""
    graph = rdflib.Dataset(default_union=True)
    base = base_iri(document(path, data).source, path)
    graph.parse(data=data, format=FORMATS["." + path.rpartition(".")[2]], publicID=base)
    found: set[Triple] = set()
    for subject, predicate, value, _ in graph.quads():
        if isinstance(subject, rdflib.URIRef) and not isinstance(value, rdflib.BNode):
            text = f'"{value}"' if isinstance(value, rdflib.Literal) else str(value)
            found.add((str(subject), str(predicate), text))
    return found


def expected(triples: set[Triple]) -> set[Triple]:
    """Those that our facts must hold one by one."""
    return {
        triple
        for triple in triples
        if not (triple[1] == str(RDF.type) and triple[2].startswith(SCHEMA_TYPES) and triple[2] != str(OWL.Thing))
    }


def declared(triples: set[Triple]) -> tuple[set[str], set[str]]:
    """The names that are typed as classes and as properties."""
    classes = {str(OWL.Class), str(RDFS.Class), str(OWL.DeprecatedClass)}
    return (
        {subject for subject, predicate, type_ in triples if predicate == str(RDF.type) and type_ in classes},
        {
            subject
            for subject, predicate, type_ in triples
            if predicate == str(RDF.type) and (type_.startswith((str(OWL), str(RDF))) and type_.endswith("Property"))
        },
    )
