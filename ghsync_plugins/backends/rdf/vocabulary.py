"""The IRIs that graphs are written with."""

from __future__ import annotations

from typing import Final

GHSYNC: Final = "urn:ghsync:"
"""Columns of the views: ``urn:ghsync:line``; docs/reference/rdf.md lists them."""
EDGE: Final = f"{GHSYNC}edge:"
"""Types of edges: ``urn:ghsync:edge:link``."""
KIND: Final = f"{GHSYNC}kind:"
"""Kinds of nodes: ``urn:ghsync:kind:page``."""

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
PROV: Final = "http://www.w3.org/ns/prov#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"

TYPE: Final = f"{RDF}type"
LABEL: Final = f"{RDFS}label"
COMMENT: Final = f"{RDFS}comment"
SUBJECT, PREDICATE, OBJECT = f"{RDF}subject", f"{RDF}predicate", f"{RDF}object"
"""An edge is stated as a triple, and described by a statement about it: RDF 1.1 Schema, section 5.3."""

NAME, MARK = f"{GHSYNC}name", f"{GHSYNC}mark"
"""What is said of a source's base: what the source is called, and how far its graphs are."""
SOURCE, PATH = f"{GHSYNC}source", f"{GHSYNC}path"
"""What is said of each graph: whose it is, and of which file."""

KNOWN_EDGES: Final = {"subClassOf": f"{RDFS}subClassOf", "imports": f"{OWL}imports"}
"""Types of edges that have an IRI of their own everywhere."""

PROPERTY_KINDS: Final = {"object": "ObjectProperty", "data": "DatatypeProperty", "annotation": "AnnotationProperty"}

PLAIN_AXIOMS: Final = {
    "SubClassOf": f"{RDFS}subClassOf",
    "EquivalentClasses": f"{OWL}equivalentClass",
    "DisjointClasses": f"{OWL}disjointWith",
    "SubObjectPropertyOf": f"{RDFS}subPropertyOf",
    "SubDataPropertyOf": f"{RDFS}subPropertyOf",
    "SubAnnotationPropertyOf": f"{RDFS}subPropertyOf",
    "EquivalentObjectProperties": f"{OWL}equivalentProperty",
    "EquivalentDataProperties": f"{OWL}equivalentProperty",
    "DisjointObjectProperties": f"{OWL}propertyDisjointWith",
    "DisjointDataProperties": f"{OWL}propertyDisjointWith",
    "InverseObjectProperties": f"{OWL}inverseOf",
    "ObjectPropertyDomain": f"{RDFS}domain",
    "DataPropertyDomain": f"{RDFS}domain",
    "AnnotationPropertyDomain": f"{RDFS}domain",
    "ObjectPropertyRange": f"{RDFS}range",
    "DataPropertyRange": f"{RDFS}range",
    "AnnotationPropertyRange": f"{RDFS}range",
    "SameIndividual": f"{OWL}sameAs",
    "DifferentIndividuals": f"{OWL}differentFrom",
}
"""Axioms that are one triple where both ends are names: OWL 2 Mapping to RDF Graphs, table 1."""

CHARACTERISTICS: Final = {
    f"{name}{sort}Property": f"{OWL}{name}Property"
    for name in ("Functional", "InverseFunctional", "Symmetric", "Asymmetric", "Transitive", "Reflexive", "Irreflexive")
    for sort in ("Object", "Data")
}
"""Axioms that give their subject a type, from the same table."""
