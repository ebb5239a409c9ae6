"""What each name of a graph is: class, datatype, or property of a kind; and which nodes are only notation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TypeGuard

from ghsync_plugins.formats.rdf import triples
from ghsync_plugins.formats.rdf.triples import Graph, Term, is_iri
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

_OF_CLASSES: Final = tuple(
    OWL + name for name in ("disjointUnionOf", "hasKey", "intersectionOf", "unionOf", "complementOf", "oneOf")
)
"""Predicates from a class to something else: a name that has one is a class, and no individual."""

_PROPERTY_ENDS: Final = (RDFS + "subPropertyOf", OWL + "equivalentProperty", OWL + "propertyDisjointWith", INVERSE_OF)
_OF_PROPERTIES: Final = (RDFS + "domain", RDFS + "range", OWL + "propertyChainAxiom", *_PROPERTY_ENDS)

_DATA_RANGES: Final = frozenset({DATATYPE, OWL + "DataRange"})
_NOTATION: Final = CLASS_TYPES | GROUPS | _DATA_RANGES | {OWL + "Restriction", RDF + "List"}
_OF_NOTATION: Final = CONSTRUCTORS | {FIRST, REST, INVERSE_OF}
_DATATYPES: Final = frozenset({RDFS + "Literal", LANG_STRING, RDF + "PlainLiteral", OWL + "real", OWL + "rational"})


class Kinds:
    """The names of a graph by what they are, from their types and from the predicates that they stand at.

    ``types_of_things`` are the types by which something is an individual. The ``declared`` ones have a type which says
    so; the others are mentioned only. ``individuals`` are those that axioms mention, by ``mention_individual``.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.datatypes: set[str] = set()
        self.declared_classes: set[str] = set()
        self.declared_properties: set[str] = set()
        self.classes: set[str] = set()
        self.properties: dict[str, PropertyKind] = {}
        self.individuals: dict[str, None] = {}  # a set with an order
        self._of_things: dict[Term, bool] = {}
        self._data_ranges: dict[Term, bool] = {}
        self._keywords: dict[Term, str] = {}
        typed = [*graph.pairs(TYPE)]
        for subject, types in typed:
            self._read_types(subject, types)
        self._structures = {node for node in graph.subjects if node.startswith("_:") and self._is_notation(node)}
        self._read_mentions()
        used = {type_ for _, types in typed for type_ in types}
        self.types_of_things = {type_ for type_ in used if self.is_class_of_things(type_)}
        self.classes.update(filter(self._may_be_class, self.types_of_things))

    def _read_types(self, subject: str, types: Sequence[Term]) -> None:
        implied = set()
        for type_ in types:
            if type_ in CLASS_TYPES:
                if is_iri(subject):
                    self.classes.add(subject)
                    self.declared_classes.add(subject)
            elif type_ in PROPERTY_TYPES:
                implied.add(PROPERTY_TYPES[type_])
            elif type_ == DATATYPE:
                self.datatypes.add(subject)
        if implied and is_iri(subject):
            self.properties[subject] = next((kind for kind in _KINDS if kind in implied), "unknown")
            self.declared_properties.add(subject)

    def _read_mentions(self) -> None:
        """What the graph uses as a class or property without a word on what it is."""
        for predicate, subjects in self._graph.by_predicate.items():
            if not predicate.startswith(WELL_KNOWN):
                self.properties.setdefault(predicate, "unknown")
            if predicate in _CLASS_ENDS:
                for subject, objects in self._graph.pairs(predicate):
                    for end in (subject, *objects):
                        if end not in self.classes and self._may_be_class(end):
                            self.classes.add(end)
            elif predicate in _OF_CLASSES:
                self.classes.update(filter(self._may_be_class, subjects))
            elif predicate in _OF_PROPERTIES:
                for subject, objects in self._graph.pairs(predicate):
                    for end in (subject, *(objects if predicate in _PROPERTY_ENDS else ())):
                        if is_iri(end):
                            self.properties.setdefault(end, "unknown")

    def mention_class(self, term: Term) -> None:
        """*term* stands where only a class or a data range can."""
        if self._may_be_class(term):
            self.classes.add(term)

    def mention_property(self, term: Term) -> None:
        """*term* stands where only a property can."""
        if is_iri(term):
            self.properties.setdefault(term, "unknown")

    def mention_individual(self, term: Term) -> None:
        """*term* stands where only an individual can."""
        if is_iri(term):
            self.individuals[term] = None

    def _may_be_class(self, end: Term) -> TypeGuard[str]:
        return is_iri(end) and not self.is_data_range(end)

    def characteristics(self, name: str) -> list[str]:
        """``Functional``, ``Transitive`` … of the property *name*."""
        return sorted(CHARACTERISTICS[type_] for type_ in self._graph.types(name) if type_ in CHARACTERISTICS)

    def is_data_range(self, term: Term) -> bool:
        """Whether *term* is a datatype, or an expression that makes one."""
        known = self._data_ranges.get(term)
        if known is None:
            known = self._data_ranges[term] = self._makes_data_range(term)
        return known

    def _makes_data_range(self, term: Term) -> bool:
        if not isinstance(term, str):
            return False
        if is_iri(term):
            return term.startswith(XSD) or term in _DATATYPES or term in self.datatypes
        if not _DATA_RANGES.isdisjoint(self._graph.types(term)):
            return True
        heads = [head for head in self._graph.objects(term, OWL + "oneOf") if isinstance(head, str)]
        return any(isinstance(first, triples.Literal) for head in heads for first in self._graph.objects(head, FIRST))

    def keyword(self, term: Term) -> str:
        """``Object``, ``Data`` or ``Annotation``: how the keywords of OWL begin for this property.

        Where its kind is unknown, a datatype as its range makes it ``Data``, else it is read as ``Object``.
        """
        known = self._keywords.get(term)
        if known is None:
            known = self._keywords[term] = self._keyword(term)
        return known

    def _keyword(self, term: Term) -> str:
        kind = self.properties.get(term, "unknown") if isinstance(term, str) else "unknown"
        if kind != "unknown":
            return kind.capitalize()
        ranges = self._graph.objects(term, RDFS + "range") if isinstance(term, str) else []
        return "Data" if ranges and all(self.is_data_range(range_) for range_ in ranges) else "Object"

    def takes_things(self, property_: Term) -> bool:
        """Whether *property_* is known to lead to individuals: it is said to, or it is the inverse of another."""
        return self.properties.get(property_) == "object" if is_iri(property_) else True

    def is_class_of_things(self, type_: Term) -> bool:
        """Whether being of *type_* makes an individual; the types of the schema languages and of SKOS do not."""
        known = self._of_things.get(type_)
        if known is None:
            known = isinstance(type_, str) and (
                type_ == THING or not (type_.startswith(SCHEMA) or type_ in CONCEPT_TYPES)
            )
            self._of_things[type_] = known
        return known

    def is_structure(self, node: Term) -> bool:
        """Whether a blank node is part of OWL's or RDF's own notation, not a thing that the file tells of."""
        return node in self._structures

    def _is_notation(self, node: str) -> bool:
        if not _NOTATION.isdisjoint(self._graph.types(node)):
            return True
        predicates = self._graph.predicates(node)
        return not _OF_NOTATION.isdisjoint(predicates) or any(predicate.startswith(XSD) for predicate in predicates)
