"""The IRIs with a meaning of their own.

RDF 1.1 Concepts, RDF Schema 1.1, SKOS Reference, and OWL 2 Mapping to RDF Graphs (W3C, 2012), tables 1 and 16.
"""

from __future__ import annotations

from typing import Final

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
DC: Final = "http://purl.org/dc/elements/1.1/"
DCTERMS: Final = "http://purl.org/dc/terms/"
PROV: Final = "http://www.w3.org/ns/prov#"

SCHEMA: Final = (RDF, RDFS, OWL)
"""Namespaces whose predicates say what a thing is, not how it stands to another."""

WELL_KNOWN: Final = (*SCHEMA, XSD, SKOS, DC, DCTERMS, PROV)
"""Namespaces whose terms need no mention: every reader knows them."""

TYPE: Final = RDF + "type"
FIRST: Final = RDF + "first"
REST: Final = RDF + "rest"
NIL: Final = RDF + "nil"
LANG_STRING: Final = RDF + "langString"
DIR_LANG_STRING: Final = RDF + "dirLangString"
LABEL: Final = RDFS + "label"
COMMENT: Final = RDFS + "comment"
SUBCLASS_OF: Final = RDFS + "subClassOf"
DOMAIN: Final = RDFS + "domain"
RANGE: Final = RDFS + "range"
DATATYPE: Final = RDFS + "Datatype"
STRING: Final = XSD + "string"
THING: Final = OWL + "Thing"
ONTOLOGY: Final = OWL + "Ontology"
IMPORTS: Final = OWL + "imports"
INVERSE_OF: Final = OWL + "inverseOf"

CLASS_TYPES: Final = frozenset({OWL + "Class", RDFS + "Class", OWL + "DeprecatedClass"})
CONCEPT_TYPES: Final = frozenset(
    SKOS + name for name in ("Concept", "ConceptScheme", "Collection", "OrderedCollection")
)

PROPERTY_TYPES: Final = {
    OWL + "ObjectProperty": "object",
    OWL + "DatatypeProperty": "data",
    OWL + "AnnotationProperty": "annotation",
    OWL + "OntologyProperty": "annotation",
    RDF + "Property": "unknown",
    OWL + "DeprecatedProperty": "unknown",
    OWL + "FunctionalProperty": "unknown",
    OWL + "InverseFunctionalProperty": "object",
    OWL + "TransitiveProperty": "object",
    OWL + "SymmetricProperty": "object",
    OWL + "AsymmetricProperty": "object",
    OWL + "ReflexiveProperty": "object",
    OWL + "IrreflexiveProperty": "object",
}
"""Types of properties, and the kind that each implies."""

CHARACTERISTICS: Final = {
    OWL + name + "Property": name
    for name in (
        "Functional",
        "InverseFunctional",
        "Transitive",
        "Symmetric",
        "Asymmetric",
        "Reflexive",
        "Irreflexive",
    )
}

PREFERRED_LABEL: Final = SKOS + "prefLabel"
LABELS: Final = (LABEL, PREFERRED_LABEL, DCTERMS + "title", DC + "title")
"""Where a label is looked for, best first."""

COMMENTS: Final = (COMMENT, SKOS + "definition", DCTERMS + "description", DC + "description")

CONSTRUCTORS: Final = frozenset(
    OWL + name
    for name in (
        "intersectionOf",
        "unionOf",
        "complementOf",
        "oneOf",
        "datatypeComplementOf",
        "onDatatype",
        "onProperty",
        "onProperties",
    )
)
"""Predicates that make a blank node a class expression or data range."""

GROUPS: Final = frozenset(
    OWL + name
    for name in (
        "Axiom",
        "Annotation",
        "AllDisjointClasses",
        "AllDisjointProperties",
        "AllDifferent",
        "NegativePropertyAssertion",
    )
)
"""Types of blank nodes that stand for an axiom or its annotation."""
