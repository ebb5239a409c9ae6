"""Triples as OWL 2 axioms: OWL 2 Mapping to RDF Graphs (W3C, 2012), table 16."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeVar

from ghsync_core import Axiom
from ghsync_plugins.formats.rdf.expressions import VOCABULARY, Expressions, Unreadable
from ghsync_plugins.formats.rdf.kinds import Kinds
from ghsync_plugins.formats.rdf.triples import Graph, Literal, Term, Triple, is_iri
from ghsync_plugins.formats.rdf.values import Notes, Values, merged
from ghsync_plugins.formats.rdf.vocabulary import (
    CHARACTERISTICS,
    DOMAIN,
    INVERSE_OF,
    OWL,
    RANGE,
    RDFS,
    SUBCLASS_OF,
    TYPE,
)

Parts = tuple[str, list[str]]
"""Keyword and arguments."""

Said = tuple[str, list[str], Mapping[str, list[Any]]]
"""Keyword, arguments, and the annotations of the axiom."""

_Part = TypeVar("_Part", str, Triple)


class AxiomReader:
    """The axioms of a graph. ``warnings`` has subject and reason of each that can't be read."""

    def __init__(self, graph: Graph, kinds: Kinds, expressions: Expressions, values: Values, notes: Notes) -> None:
        self._graph = graph
        self._kinds = kinds
        self._text = expressions
        self._values = values
        self._notes = notes
        self._found: dict[tuple[str, tuple[str, ...]], list[tuple[str, Mapping[str, list[Any]]]]] = {}
        self.warnings: list[tuple[str, str]] = []

    def read(self, lines: Mapping[str, int]) -> list[Axiom]:
        """Every axiom once, by kind and arguments, with the first line of its subjects."""
        for triple in self._graph:
            if triple[1] in _BUILDERS:
                self._attempt(triple[0], self._of_triple, triple)
        for subject in self._graph.subjects:
            if not is_iri(subject):
                self._attempt(subject, self._of_group, subject)
            elif not VOCABULARY.isdisjoint(self._graph.predicates(subject)):
                self._attempt(subject, self._of_definition, subject)
        return [
            Axiom(
                kind,
                arguments,
                min((lines[subject] for subject, _ in said if subject in lines), default=None),
                merged(notes for _, notes in said),
            )
            for (kind, arguments), said in sorted(self._found.items())
        ]

    def _attempt(self, subject: str, read: Callable[[_Part], Iterator[Said]], part: _Part) -> None:
        try:
            said = list(read(part))
        except Unreadable as trouble:
            self.warnings.append((subject, str(trouble)))
            return
        for kind, arguments, notes in said:
            ordered = sorted(set(arguments)) if kind.startswith(_NO_ORDER) else arguments
            if kind.startswith(_NO_ORDER) and len(ordered) < 2:
                self.warnings.append((subject, f"{kind} needs two different operands"))
                continue
            self._found.setdefault((kind, tuple(ordered)), []).append((subject, notes))

    def _of_triple(self, triple: Triple) -> Iterator[Said]:
        subject, predicate, object_ = triple
        for kind, arguments in _BUILDERS[predicate](self, subject, predicate, object_):
            yield kind, arguments, self._notes.of(triple)

    def _of_definition(self, name: str) -> Iterator[Said]:
        """A named class that is itself put together, as OWL 1 wrote ``:A owl:unionOf (:B :C)``."""
        kind = "DatatypeDefinition" if self._kinds.is_data_range(name) else "EquivalentClasses"
        for text in self._text.constructed(name):
            yield kind, [f"<{name}>", text], {}

    def _of_group(self, node: str) -> Iterator[Said]:
        """An axiom that is written as a node of its own."""
        types = self._graph.types(node)
        for type_, read in _GROUPS.items():
            if type_ in types:
                kind, arguments = read(self, node)
                yield kind, arguments, self._values.on_axiom(node)

    def _one(self, node: str, *predicates: str) -> Term:
        found = [term for predicate in predicates for term in self._graph.objects(node, OWL + predicate)]
        if len(found) != 1:
            raise Unreadable(f"it needs one owl:{' or owl:'.join(predicates)}")
        return found[0]

    def _all_disjoint_classes(self, node: str) -> Parts:
        return "DisjointClasses", self._text.of_members(self._one(node, "members"), self._text.of_class)

    def _all_disjoint_properties(self, node: str) -> Parts:
        head = self._one(node, "members")
        members = self._text.of_members(head, self._text.of_property)
        prefixes = {self._prefix(term) for term in self._graph.members(head) or ()}
        return f"Disjoint{'Data' if prefixes == {'Data'} else 'Object'}Properties", members

    def _all_different(self, node: str) -> Parts:
        head = self._one(node, "members", "distinctMembers")
        return "DifferentIndividuals", self._text.of_members(head, self._text.of_individual)

    def _negative(self, node: str) -> Parts:
        source, target = self._one(node, "sourceIndividual"), self._one(node, "targetIndividual", "targetValue")
        kind = f"Negative{'Data' if isinstance(target, Literal) else 'Object'}PropertyAssertion"
        property_ = self._text.of_property(self._one(node, "assertionProperty"))
        return kind, [property_, self._text.of_individual(source), self._text.of_individual(target)]

    def _prefix(self, *properties: Term) -> str:
        """The first known kind among *properties* as the beginning of a keyword; `Object` where none is."""
        known = [self._kinds.keyword(property_) for property_ in properties]
        return next((keyword for keyword in known if keyword != "Object"), "Object")

    def _sub_class(self, subject: str, _: str, object_: Term) -> Iterator[Parts]:
        yield "SubClassOf", [self._text.of_class(subject), self._text.of_class(object_)]

    def _class_pair(self, subject: str, predicate: str, object_: Term) -> Iterator[Parts]:
        kind = _CLASS_PAIRS[predicate]
        if kind == "EquivalentClasses" and self._kinds.is_data_range(subject):
            kind = "DatatypeDefinition"
        yield kind, [self._text.of_class(subject), self._text.of_class(object_)]

    def _property_pair(self, subject: str, predicate: str, object_: Term) -> Iterator[Parts]:
        kind = _PROPERTY_PAIRS[predicate].format(self._prefix(subject, object_))
        yield kind, [self._text.of_property(subject), self._text.of_property(object_)]

    def _property_class(self, subject: str, predicate: str, object_: Term) -> Iterator[Parts]:
        kind = _PROPERTY_CLASSES[predicate].format(self._prefix(subject))
        yield kind, [self._text.of_property(subject), self._text.of_class(object_)]

    def _individual_pair(self, subject: str, predicate: str, object_: Term) -> Iterator[Parts]:
        yield _INDIVIDUAL_PAIRS[predicate], [self._text.of_individual(subject), self._text.of_individual(object_)]

    def _inverse(self, subject: str, _: str, object_: Term) -> Iterator[Parts]:
        if is_iri(subject):  # a blank subject is an expression, written out where it is used
            yield "InverseObjectProperties", [self._text.of_property(subject), self._text.of_property(object_)]

    def _chain(self, subject: str, _: str, head: Term) -> Iterator[Parts]:
        chain = " ".join(self._text.of_members(head, self._text.of_property))
        yield "SubObjectPropertyOf", [f"ObjectPropertyChain({chain})", self._text.of_property(subject)]

    def _key(self, subject: str, _: str, head: Term) -> Iterator[Parts]:
        members = self._graph.members(head) or ()
        texts = self._text.of_members(head, self._text.of_property)
        data = {text for text, member in zip(texts, members, strict=True) if self._prefix(member) == "Data"}
        of_objects, of_data = (" ".join(sorted(some)) for some in (set(texts) - data, data))
        yield "HasKey", [self._text.of_class(subject), f"({of_objects})", f"({of_data})"]

    def _disjoint_union(self, subject: str, _: str, head: Term) -> Iterator[Parts]:
        operands = sorted(set(self._text.of_members(head, self._text.of_class)))
        yield "DisjointUnion", [self._text.of_class(subject), *operands]

    def _type(self, subject: str, _: str, type_: Term) -> Iterator[Parts]:
        if isinstance(type_, str) and type_ in CHARACTERISTICS and is_iri(subject):
            prefix = "Data" if CHARACTERISTICS[type_] == "Functional" and self._prefix(subject) == "Data" else "Object"
            yield f"{CHARACTERISTICS[type_]}{prefix}Property", [self._text.of_property(subject)]
        elif not self._kinds.is_structure(subject) and self._kinds.is_class_of_things(type_):
            yield "ClassAssertion", [self._text.of_class(type_), self._text.of_individual(subject)]


_CLASS_PAIRS: Final = {OWL + "equivalentClass": "EquivalentClasses", OWL + "disjointWith": "DisjointClasses"}
_PROPERTY_PAIRS: Final = {
    RDFS + "subPropertyOf": "Sub{}PropertyOf",
    OWL + "equivalentProperty": "Equivalent{}Properties",
    OWL + "propertyDisjointWith": "Disjoint{}Properties",
}
_PROPERTY_CLASSES: Final = {DOMAIN: "{}PropertyDomain", RANGE: "{}PropertyRange"}
_INDIVIDUAL_PAIRS: Final = {OWL + "sameAs": "SameIndividual", OWL + "differentFrom": "DifferentIndividuals"}
_NO_ORDER: Final = ("Equivalent", "DisjointC", "DisjointO", "DisjointD", "Same", "Different", "InverseObjectP")

_Builder = Callable[[AxiomReader, str, str, Term], Iterator[Parts]]
_BUILDERS: Final[dict[str, _Builder]] = {
    TYPE: AxiomReader._type,
    SUBCLASS_OF: AxiomReader._sub_class,
    **dict.fromkeys(_CLASS_PAIRS, AxiomReader._class_pair),
    **dict.fromkeys(_PROPERTY_PAIRS, AxiomReader._property_pair),
    **dict.fromkeys(_PROPERTY_CLASSES, AxiomReader._property_class),
    **dict.fromkeys(_INDIVIDUAL_PAIRS, AxiomReader._individual_pair),
    INVERSE_OF: AxiomReader._inverse,
    OWL + "propertyChainAxiom": AxiomReader._chain,
    OWL + "hasKey": AxiomReader._key,
    OWL + "disjointUnionOf": AxiomReader._disjoint_union,
}
_GROUPS: Final = {
    OWL + "AllDisjointClasses": AxiomReader._all_disjoint_classes,
    OWL + "AllDisjointProperties": AxiomReader._all_disjoint_properties,
    OWL + "AllDifferent": AxiomReader._all_different,
    OWL + "NegativePropertyAssertion": AxiomReader._negative,
}

PREDICATES: Final = frozenset(_BUILDERS) | VOCABULARY
"""Predicates whose triples are axioms or parts of expressions, and nothing besides."""
