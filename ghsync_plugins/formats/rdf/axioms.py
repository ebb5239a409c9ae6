"""Triples as OWL 2 axioms: OWL 2 Mapping to RDF Graphs (W3C, 2012), table 16."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ghsync_core import Axiom
from ghsync_plugins.formats.rdf.expressions import VOCABULARY, Unreadable
from ghsync_plugins.formats.rdf.reader import Reader
from ghsync_plugins.formats.rdf.triples import Literal, Term, Triple, is_iri
from ghsync_plugins.formats.rdf.values import merged
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

Said = tuple[int | None, Mapping[str, list[Any]]]
"""One place where an axiom stands: its line, and the annotations that it has there."""


@dataclass(slots=True)
class AxiomReader(Reader):
    """The axioms of a graph. ``warnings`` has subject and reason of each that can't be read."""

    _found: dict[tuple[str, tuple[str, ...]], Said] = field(default_factory=dict)
    _again: dict[tuple[str, tuple[str, ...]], list[Said]] = field(default_factory=dict)
    warnings: list[tuple[str, str]] = field(default_factory=list)

    def read(self) -> list[Axiom]:
        """Every axiom once, by kind and arguments, with its first line."""
        telling = self.kinds.types_of_things | CHARACTERISTICS.keys()
        for predicate, build in _BUILDERS.items():
            for subject, objects in self.graph.pairs(predicate):
                for object_ in objects:
                    if predicate != TYPE or object_ in telling:
                        self._read_triple(build, (subject, predicate, object_))
        for subject in self.graph.subjects:
            if not is_iri(subject):
                self._attempt(subject, self._of_group)
            elif not VOCABULARY.isdisjoint(self.graph.predicates(subject)):
                self._attempt(subject, self._of_definition)
        for parts, places in self._again.items():
            self._found[parts] = _joined((self._found[parts], *places))
        return [Axiom(kind, arguments, line, notes) for (kind, arguments), (line, notes) in self._found.items()]

    def _read_triple(self, build: _Builder, triple: Triple) -> None:
        try:
            parts = build(self, *triple)
        except Unreadable as trouble:
            self.warnings.append((triple[0], str(trouble)))
            return
        if parts:
            self._add(triple[0], parts, (self.lines.of_triple(triple), self.notes.of(triple)))

    def _attempt(self, subject: str, read: Callable[[str], Iterator[tuple[Parts, Said]]]) -> None:
        try:
            found = list(read(subject))
        except Unreadable as trouble:
            self.warnings.append((subject, str(trouble)))
            return
        for parts, said in found:
            self._add(subject, parts, said)

    def _add(self, subject: str, parts: Parts, said: Said) -> None:
        kind, arguments = parts
        if kind in _NO_ORDER:
            arguments = sorted(set(arguments))
            if len(arguments) < 2:
                self.warnings.append((subject, f"{kind} needs two different operands"))
                return
        key = kind, tuple(arguments)
        if self._found.setdefault(key, said) is not said:
            self._again.setdefault(key, []).append(said)

    def _of_definition(self, name: str) -> Iterator[tuple[Parts, Said]]:
        """A named class that is itself put together, as OWL 1 wrote ``:A owl:unionOf (:B :C)``."""
        kind = "DatatypeDefinition" if self.kinds.is_data_range(name) else "EquivalentClasses"
        for predicate, text in self.text.constructed(name):
            lines = (self.lines.of_triple((name, predicate, term)) for term in self.graph.objects(name, predicate))
            line = min((line for line in lines if line is not None), default=None)
            yield (kind, [f"<{name}>", text]), (line, self.notes.graphs(name))

    def _of_group(self, node: str) -> Iterator[tuple[Parts, Said]]:
        """An axiom that is written as a node of its own."""
        types = self.graph.types(node)
        for type_, read in _GROUPS.items():
            if type_ in types:
                said = merged((self.values.on_axiom(node), self.notes.graphs(node)))
                yield read(self, node), (self.lines.of(node), said)

    def _one(self, node: str, *predicates: str) -> Term:
        found = [term for predicate in predicates for term in self.graph.objects(node, OWL + predicate)]
        if len(found) != 1:
            raise Unreadable(f"it needs one owl:{' or owl:'.join(predicates)}")
        return found[0]

    def _all_disjoint_classes(self, node: str) -> Parts:
        return "DisjointClasses", self.text.of_members(self._one(node, "members"), self.text.of_object_class)

    def _all_disjoint_properties(self, node: str) -> Parts:
        head = self._one(node, "members")
        members = self.text.of_members(head, self.text.of_property)
        prefixes = {self._prefix(term) for term in self.graph.members(head) or ()}
        return f"Disjoint{'Data' if prefixes == {'Data'} else 'Object'}Properties", members

    def _all_different(self, node: str) -> Parts:
        head = self._one(node, "members", "distinctMembers")
        return "DifferentIndividuals", self.text.of_members(head, self.text.of_individual)

    def _negative(self, node: str) -> Parts:
        source, target = self._one(node, "sourceIndividual"), self._one(node, "targetIndividual", "targetValue")
        kind = f"Negative{'Data' if isinstance(target, Literal) else 'Object'}PropertyAssertion"
        property_ = self.text.of_property(self._one(node, "assertionProperty"))
        return kind, [property_, self.text.of_individual(source), self.text.of_individual(target)]

    def _prefix(self, *properties: Term) -> str:
        """The first known kind among *properties* as the beginning of a keyword; `Object` where none is."""
        known = [self.kinds.keyword(property_) for property_ in properties]
        return next((keyword for keyword in known if keyword != "Object"), "Object")

    def _sub_class(self, subject: str, _: str, object_: Term) -> Parts | None:
        return "SubClassOf", [self.text.of_class(subject), self.text.of_class(object_)]

    def _class_pair(self, subject: str, predicate: str, object_: Term) -> Parts | None:
        kind = _CLASS_PAIRS[predicate]
        if kind == "EquivalentClasses" and self.kinds.is_data_range(subject):
            kind = "DatatypeDefinition"
        return kind, [self.text.of_class(subject), self.text.of_class(object_)]

    def _property_pair(self, subject: str, predicate: str, object_: Term) -> Parts | None:
        kind = _PROPERTY_PAIRS[predicate].format(self._prefix(subject, object_))
        return kind, [self.text.of_property(subject), self.text.of_property(object_)]

    def _property_class(self, subject: str, predicate: str, object_: Term) -> Parts | None:
        kind = _PROPERTY_CLASSES[predicate].format(self._prefix(subject))
        is_class = predicate == DOMAIN or self.kinds.takes_things(subject)
        end = self.text.of_object_class(object_) if is_class else self.text.of_class(object_)
        return kind, [self.text.of_property(subject), end]

    def _individual_pair(self, subject: str, predicate: str, object_: Term) -> Parts | None:
        return _INDIVIDUAL_PAIRS[predicate], [
            self.text.of_individual(subject),
            self.text.of_individual(object_),
        ]

    def _inverse(self, subject: str, _: str, object_: Term) -> Parts | None:
        if is_iri(subject):  # a blank subject is an expression, written out where it is used
            return "InverseObjectProperties", [
                self.text.of_property(subject),
                self.text.of_property(object_),
            ]
        return None

    def _chain(self, subject: str, _: str, head: Term) -> Parts | None:
        chain = " ".join(self.text.of_members(head, self.text.of_property))
        return "SubObjectPropertyOf", [f"ObjectPropertyChain({chain})", self.text.of_property(subject)]

    def _key(self, subject: str, _: str, head: Term) -> Parts | None:
        members = self.graph.members(head) or ()
        texts = self.text.of_members(head, self.text.of_property)
        data = {text for text, member in zip(texts, members, strict=True) if self._prefix(member) == "Data"}
        of_objects, of_data = (" ".join(sorted(some)) for some in (set(texts) - data, data))
        return "HasKey", [self.text.of_class(subject), f"({of_objects})", f"({of_data})"]

    def _disjoint_union(self, subject: str, _: str, head: Term) -> Parts | None:
        operands = sorted(set(self.text.of_members(head, self.text.of_object_class)))
        return "DisjointUnion", [self.text.of_class(subject), *operands]

    def _type(self, subject: str, _: str, type_: Term) -> Parts | None:
        if isinstance(type_, str) and type_ in CHARACTERISTICS and is_iri(subject):
            prefix = "Data" if CHARACTERISTICS[type_] == "Functional" and self._prefix(subject) == "Data" else "Object"
            return f"{CHARACTERISTICS[type_]}{prefix}Property", [self.text.of_property(subject)]
        if type_ in self.kinds.types_of_things and not self.kinds.is_structure(subject):
            return "ClassAssertion", [self.text.of_class(type_), self.text.of_individual(subject)]
        return None


def _joined(places: Sequence[Said]) -> Said:
    """Several places where one axiom stands, as one: the first line, and all annotations."""
    lines = (line for line, _ in places if line is not None)
    return min(lines, default=None), merged(notes for _, notes in places)


_CLASS_PAIRS: Final = {OWL + "equivalentClass": "EquivalentClasses", OWL + "disjointWith": "DisjointClasses"}
_PROPERTY_PAIRS: Final = {
    RDFS + "subPropertyOf": "Sub{}PropertyOf",
    OWL + "equivalentProperty": "Equivalent{}Properties",
    OWL + "propertyDisjointWith": "Disjoint{}Properties",
}
_PROPERTY_CLASSES: Final = {DOMAIN: "{}PropertyDomain", RANGE: "{}PropertyRange"}
_INDIVIDUAL_PAIRS: Final = {OWL + "sameAs": "SameIndividual", OWL + "differentFrom": "DifferentIndividuals"}
_NO_ORDER: Final = frozenset(
    {
        *_CLASS_PAIRS.values(),
        *_INDIVIDUAL_PAIRS.values(),
        "InverseObjectProperties",
        *(f"{how}{what}Properties" for how in ("Equivalent", "Disjoint") for what in ("Object", "Data", "Annotation")),
    }
)

_Builder = Callable[[AxiomReader, str, str, Term], Parts | None]
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
