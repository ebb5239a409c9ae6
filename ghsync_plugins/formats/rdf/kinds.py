"""What each name of a graph is: class, datatype, or property of a kind; and which nodes are only notation."""

from __future__ import annotations

from typing import Final, Literal, TypeGuard

from ghsync_plugins.formats.rdf import triples
from ghsync_plugins.formats.rdf.triples import Graph, Term, is_blank, is_iri
from ghsync_plugins.formats.rdf.vocabulary import (
    CHARACTERISTICS,
    CLASS_TYPES,
    CONCEPT_TYPES,
    CONSTRUCTORS,
    DATATYPE,
    FIRST,
    GROUPS,
    INVERSE_OF,
    LANG_STRING,
    OWL,
    PROPERTY_TYPES,
    RDF,
    RDFS,
    REST,
    SCHEMA,
    SUBCLASS_OF,
    THING,
    TYPE,
    WELL_KNOWN,
    XSD,
)

PropertyKind = Literal["object", "data", "annotation", "unknown"]
_KINDS: Final[tuple[PropertyKind, ...]] = ("object", "data", "annotation")

_CLASS_ENDS: Final = (SUBCLASS_OF, OWL + "equivalentClass", OWL + "disjointWith")
"""Predicates between classes: their ends are classes, if only by mention."""

_PROPERTY_ENDS: Final = (RDFS + "subPropertyOf", OWL + "equivalentProperty", OWL + "propertyDisjointWith", INVERSE_OF)
_OF_PROPERTIES: Final = (RDFS + "domain", RDFS + "range", OWL + "propertyChainAxiom", *_PROPERTY_ENDS)

_DATATYPES: Final = frozenset({RDFS + "Literal", LANG_STRING, RDF + "PlainLiteral", OWL + "real", OWL + "rational"})


class Kinds:
    """The names of a graph by what they are, from their types and from the predicates that they stand at.

    ``declared`` are the names that have a type which says so; the others are mentioned only.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.datatypes = {name for name in graph.subjects if DATATYPE in graph.types(name)}
        self.declared: set[str] = set()
        self.classes: set[str] = set()
        self.properties: dict[str, PropertyKind] = {}
        for subject in graph.subjects:
            self._read_types(subject)
        for subject, predicate, object_ in graph:
            self._read_use(subject, predicate, object_)

    def _read_types(self, subject: str) -> None:
        types = self._graph.types(subject)
        if is_iri(subject) and types & CLASS_TYPES:
            self.classes.add(subject)
            self.declared.add(subject)
        implied = {PROPERTY_TYPES[type_] for type_ in types if type_ in PROPERTY_TYPES}
        if is_iri(subject) and implied:
            self.properties[subject] = next((kind for kind in _KINDS if kind in implied), "unknown")
            self.declared.add(subject)

    def _read_use(self, subject: str, predicate: str, object_: Term) -> None:
        if predicate in _CLASS_ENDS:
            self.classes.update(end for end in (subject, object_) if self._may_be_class(end))
        elif predicate == TYPE and self.is_class_of_things(object_) and self._may_be_class(object_):
            self.classes.add(object_)
        if not predicate.startswith(WELL_KNOWN):
            self.properties.setdefault(predicate, "unknown")
        if predicate in _OF_PROPERTIES and is_iri(subject):
            self.properties.setdefault(subject, "unknown")
        if predicate in _PROPERTY_ENDS and isinstance(object_, str) and is_iri(object_):
            self.properties.setdefault(object_, "unknown")

    def _may_be_class(self, end: Term) -> TypeGuard[str]:
        return is_iri(end) and not self.is_data_range(end)

    def characteristics(self, name: str) -> list[str]:
        """``Functional``, ``Transitive`` … of the property *name*."""
        return sorted(CHARACTERISTICS[type_] for type_ in self._graph.types(name) if type_ in CHARACTERISTICS)

    def is_data_range(self, term: Term) -> bool:
        """Whether *term* is a datatype, or an expression that makes one."""
        if not isinstance(term, str):
            return False
        if is_iri(term):
            return term.startswith(XSD) or term in _DATATYPES or term in self.datatypes
        if self._graph.types(term) & {DATATYPE, OWL + "DataRange"}:
            return True
        heads = [head for head in self._graph.objects(term, OWL + "oneOf") if isinstance(head, str)]
        return any(isinstance(first, triples.Literal) for head in heads for first in self._graph.objects(head, FIRST))

    def keyword(self, term: Term) -> str:
        """``Object``, ``Data`` or ``Annotation``: how the keywords of OWL begin for this property.

        Where its kind is unknown, a datatype as its range makes it ``Data``, else it is read as ``Object``.
        """
        kind = self.properties.get(term, "unknown") if isinstance(term, str) else "unknown"
        if kind != "unknown":
            return kind.capitalize()
        ranges = self._graph.objects(term, RDFS + "range") if isinstance(term, str) else []
        return "Data" if ranges and all(self.is_data_range(range_) for range_ in ranges) else "Object"

    def is_class_of_things(self, type_: Term) -> bool:
        """Whether being of *type_* makes an individual; the types of the schema languages and of SKOS do not."""
        if not isinstance(type_, str):
            return False
        return type_ == THING or not (type_.startswith(SCHEMA) or type_ in CONCEPT_TYPES)

    def is_structure(self, node: str) -> bool:
        """Whether a blank node is part of OWL's or RDF's own notation, not a thing that the file tells of."""
        if not is_blank(node):
            return False
        types = self._graph.types(node)
        return bool(
            types & (CLASS_TYPES | GROUPS | {DATATYPE, OWL + "Restriction", OWL + "DataRange", RDF + "List"})
        ) or any(
            predicate in CONSTRUCTORS or predicate in (FIRST, REST, INVERSE_OF) or predicate.startswith(XSD)
            for predicate in self._graph.predicates(node)
        )
