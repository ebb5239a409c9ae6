"""Class expressions and data ranges as canonical text: OWL 2 Mapping to RDF Graphs (W3C, 2012), tables 11 to 14.

Keywords with single spaces, IRIs in ``<…>``, operands of sets sorted and without doubles. The same expression has the
same text however it was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from ghsync_core import ContentError
from ghsync_plugins.formats.rdf.kinds import Kinds
from ghsync_plugins.formats.rdf.triples import Graph, Literal, Term, is_iri
from ghsync_plugins.formats.rdf.vocabulary import FIRST, INVERSE_OF, OWL

MAX_DEPTH: Final = 64
"""How deep expressions may be nested."""

MAX_CHARACTERS: Final = 20_000_000
"""How long all expressions of a file together may be: a shared blank node makes a small file huge."""

_SETS: Final = {OWL + "intersectionOf": "IntersectionOf", OWL + "unionOf": "UnionOf", OWL + "oneOf": "OneOf"}
_QUANTIFIERS: Final = {
    OWL + "someValuesFrom": "SomeValuesFrom",
    OWL + "allValuesFrom": "AllValuesFrom",
    OWL + "hasValue": "HasValue",
    OWL + "hasSelf": "HasSelf",
}
_CARDINALITIES: Final = {
    OWL + "minCardinality": "MinCardinality",
    OWL + "maxCardinality": "MaxCardinality",
    OWL + "cardinality": "ExactCardinality",
    OWL + "minQualifiedCardinality": "MinCardinality",
    OWL + "maxQualifiedCardinality": "MaxCardinality",
    OWL + "qualifiedCardinality": "ExactCardinality",
}
_NUMBER: Final = re.compile(r"\+?[0-9]{1,18}")


class Unreadable(Exception):
    """A part of the graph that should be an expression and is none; the message says why."""


class Expressions:
    """The texts of a graph's expressions. *order* is that of `leaves_first`, *names* the stable ones of blank nodes."""

    def __init__(self, graph: Graph, kinds: Kinds, order: Iterable[str], names: dict[str, str]) -> None:
        self._graph = graph
        self._kinds = kinds
        self._names = names
        self._depths: dict[str, int] = {}
        self._texts: dict[str, str] = {}
        self._troubles: dict[str, str] = {}
        self._characters = 0
        for node in order:  # what is below a node has its text by then, so nothing here recurses
            if kinds.is_structure(node) and FIRST not in graph.predicates(node):
                self._read(node)

    def _read(self, node: str) -> None:
        try:
            depth = 1 + max((self._depths[term] for term in self._below(node)), default=0)
            if depth > MAX_DEPTH:
                raise Unreadable(f"an expression nested deeper than {MAX_DEPTH}")
            self._texts[node] = self._counted(self._expression(node))
            self._depths[node] = depth
        except Unreadable as trouble:
            self._troubles[node] = str(trouble)

    def _below(self, node: str) -> Iterable[str]:
        for predicate, terms in self._graph.said(node):
            if predicate in _SETS:
                terms = [member for term in terms for member in self._graph.members(term) or ()]
            yield from (term for term in terms if term in self._depths)

    def _counted(self, text: str) -> str:
        self._characters += len(text)
        if self._characters > MAX_CHARACTERS:
            message = f"its class expressions, written out, are longer than {MAX_CHARACTERS:,} characters"
            raise ContentError(message, reason="limit")
        return text

    def of_class(self, term: Term) -> str:
        """The text of a class or data range. Raises `Unreadable`."""
        if isinstance(term, Literal):
            raise Unreadable("a literal stands where a class should")
        if term[:2] != "_:":
            return f"<{term}>"
        if term in self._texts:
            return self._counted(self._texts[term])
        raise Unreadable(self._troubles.get(term, "a blank node that is no class expression, or refers to itself"))

    def of_object_class(self, term: Term) -> str:
        """As `of_class`, where *term* can be no data range: a name is a class then. Raises `Unreadable`."""
        self._kinds.mention_class(term)
        return self.of_class(term)

    def of_property(self, term: Term) -> str:
        """The text of a property or of the inverse of one. Raises `Unreadable`."""
        if isinstance(term, Literal):
            raise Unreadable("a literal stands where a property should")
        if is_iri(term):
            self._kinds.mention_property(term)
            return f"<{term}>"
        inverse = [other for other in self._graph.objects(term, INVERSE_OF) if is_iri(other)]
        if len(inverse) != 1:
            raise Unreadable("a blank node stands where a property should")
        self._kinds.mention_property(inverse[0])
        return f"ObjectInverseOf(<{inverse[0]}>)"

    def of_individual(self, term: Term) -> str:
        """The text of an individual or a literal. Raises `Unreadable`."""
        if isinstance(term, Literal):
            return literal_text(term)
        if is_iri(term):
            self._kinds.mention_individual(term)
            return f"<{term}>"
        if term in self._names and not self._kinds.is_structure(term):
            return self._names[term]
        raise Unreadable("a blank node that is no individual, or refers to itself")

    def of_members(self, head: Term, text: Callable[[Term], str]) -> list[str]:
        """The *text* of each member of the list at *head*. Raises `Unreadable`."""
        members = self._graph.members(head)
        if members is None:
            raise Unreadable("a list that is not well-formed")
        return [text(member) for member in members]

    def constructed(self, node: str) -> list[tuple[str, str]]:
        """Every expression that the triples about *node* make, with its predicate. Raises `Unreadable`."""
        prefix = "Data" if self._kinds.is_data_range(node) else "Object"
        return [
            (predicate, build(self, node, predicate, term, prefix))
            for predicate, term in self._graph.about(node)
            if (build := _BUILDERS.get(predicate))
        ]

    def _expression(self, node: str) -> str:
        forms = self.constructed(node)
        if len(forms) != 1:
            raise Unreadable("an expression without a constructor" if not forms else "an expression with two meanings")
        return forms[0][1]

    def _set(self, _: str, predicate: str, head: Term, prefix: str) -> str:
        text = self.of_individual if predicate == OWL + "oneOf" else self._of_operand(prefix)
        members = sorted(set(self.of_members(head, text)))
        if not members:
            raise Unreadable("an expression without operands")
        return f"{prefix}{_SETS[predicate]}({' '.join(members)})"

    def _of_operand(self, prefix: str) -> Callable[[Term], str]:
        return self.of_class if prefix == "Data" else self.of_object_class

    def _complement(self, _: str, predicate: str, term: Term, prefix: str) -> str:
        prefix = "Data" if predicate == OWL + "datatypeComplementOf" else prefix
        return f"{prefix}ComplementOf({self._of_operand(prefix)(term)})"

    def _datatype_restriction(self, node: str, _: str, term: Term, __: str) -> str:
        lists = self._graph.objects(node, OWL + "withRestrictions")
        if len(lists) != 1:
            raise Unreadable("a datatype restriction needs one owl:withRestrictions")
        facets = sorted(self.of_members(lists[0], self._facet))
        return f"DatatypeRestriction({' '.join([self.of_class(term), *facets])})"

    def _facet(self, node: Term) -> str:
        facets = [*self._graph.about(node)] if isinstance(node, str) else []
        if len(facets) != 1 or not isinstance(facets[0][1], Literal):
            raise Unreadable("a facet that is not one predicate with one literal")
        return f"<{facets[0][0]}> {literal_text(facets[0][1])}"

    def _quantifier(self, node: str, predicate: str, filler: Term, _: str) -> str:
        property_ = self._restricted(node)
        keyword = _QUANTIFIERS[predicate]
        if keyword == "HasSelf":
            return f"ObjectHasSelf({self.of_property(property_)})"
        data = isinstance(filler, Literal) or self._kinds.is_data_range(filler)
        prefix = "Data" if data else self._prefix(property_)
        of_filler = self.of_object_class if not data and self._kinds.takes_things(property_) else self.of_class
        text = self.of_individual(filler) if keyword == "HasValue" else of_filler(filler)
        return f"{prefix}{keyword}({self.of_property(property_)} {text})"

    def _cardinality(self, node: str, predicate: str, number: Term, _: str) -> str:
        property_ = self._restricted(node)
        if not isinstance(number, Literal) or not _NUMBER.fullmatch(number.value):
            raise Unreadable("a cardinality that is no whole number")
        fillers = [term for way in ("onClass", "onDataRange") for term in self._graph.objects(node, OWL + way)]
        if len(fillers) > 1:
            raise Unreadable("a cardinality with two fillers")
        data = bool(fillers) and self._kinds.is_data_range(fillers[0])
        prefix = "Data" if data else self._prefix(property_)
        of_filler = self.of_class if self._graph.objects(node, OWL + "onDataRange") else self.of_object_class
        parts = [str(int(number.value)), self.of_property(property_), *map(of_filler, fillers)]
        return f"{prefix}{_CARDINALITIES[predicate]}({' '.join(parts)})"

    def _restricted(self, node: str) -> Term:
        properties = self._graph.objects(node, OWL + "onProperty")
        if len(properties) != 1:
            raise Unreadable("a restriction needs one owl:onProperty")
        return properties[0]

    def _prefix(self, property_: Term) -> str:
        return "Data" if self._kinds.keyword(property_) == "Data" else "Object"


_Builder = Callable[[Expressions, str, str, Term, str], str]
_BUILDERS: Final[dict[str, _Builder]] = {
    **dict.fromkeys(_SETS, Expressions._set),
    **dict.fromkeys((OWL + "complementOf", OWL + "datatypeComplementOf"), Expressions._complement),
    **dict.fromkeys(_QUANTIFIERS, Expressions._quantifier),
    **dict.fromkeys(_CARDINALITIES, Expressions._cardinality),
    OWL + "onDatatype": Expressions._datatype_restriction,
}

VOCABULARY: Final = frozenset(_BUILDERS) | {
    OWL + name for name in ("onProperty", "onProperties", "withRestrictions", "onClass", "onDataRange")
}
"""All predicates that make up expressions."""


def literal_text(literal: Literal) -> str:
    """A literal as canonical text, with its datatype always written out."""
    quoted = '"' + literal.value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{quoted}@{literal.language}" if literal.language else f"{quoted}^^<{literal.datatype}>"
