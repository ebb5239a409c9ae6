"""Objects of triples as JSON, for annotations and for the properties of nodes.

A key is the predicate's IRI, its value always a list, sorted. In it a string (``xsd:string``) is its text; any other
literal is ``{"value": …, "language": …}`` or ``{"value": …, "datatype": …}``, with the text as written; a resource is
``{"id": …}``, a list ``{"list": […]}``, a class expression ``{"expression": …}``.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeGuard

from ghsync_plugins.formats.rdf.expressions import Expressions, Unreadable
from ghsync_plugins.formats.rdf.kinds import Kinds
from ghsync_plugins.formats.rdf.triples import Graph, Literal, Term, Triple, is_blank, is_iri
from ghsync_plugins.formats.rdf.vocabulary import FIRST, IMPORTS, NIL, OWL, SCHEMA, STRING, TYPE

Json = Any
GRAPH: Final = "graph"
"""The key of the named graphs that a fact stands in; no other key can be the same, as all others are IRIs."""

_NOTHING: Final[Mapping[str, list[Json]]] = MappingProxyType({})

MAX_LIST_DEPTH: Final = 32
"""How deep lists may lie in lists."""

_OF_AXIOM: Final = frozenset({TYPE}) | frozenset(
    OWL + name
    for name in (
        "annotatedSource",
        "annotatedProperty",
        "annotatedTarget",
        "members",
        "distinctMembers",
        "sourceIndividual",
        "assertionProperty",
        "targetIndividual",
        "targetValue",
    )
)
"""What an axiom's node says of the axiom itself; the rest annotates it."""


class Values:
    """Turns the objects of a graph into JSON. *names* are the stable ones of blank nodes."""

    def __init__(self, graph: Graph, kinds: Kinds, expressions: Expressions, names: Mapping[str, str]) -> None:
        self._graph = graph
        self._kinds = kinds
        self._expressions = expressions
        self._names = names
        self.warnings: list[tuple[str, str]] = []

    def name(self, resource: Term) -> str | None:
        """The node id of *resource*; None for a literal, and for a blank node that can't be named."""
        if isinstance(resource, Literal):
            return None
        return self._names.get(resource) if is_blank(resource) else resource

    def json(self, subject: str, leave_out: Container[str], *, links: bool = False) -> dict[str, list[Json]]:
        """Predicates of *subject* with their objects, but for those to *leave_out* and, unless *links* is set, links.

        What can't be read is left out and told in ``warnings``.
        """
        found: dict[str, list[Json]] = {}
        for predicate, terms in self._graph.said(subject):
            if predicate in leave_out:
                continue
            values = []
            for term in terms:
                if isinstance(term, Literal):
                    values.append(_literal(term))
                elif links or not self.is_link(predicate, term):
                    try:
                        values.append(self._value(term, 0))
                    except Unreadable as trouble:
                        self.warnings.append((subject, f"{trouble}, as <{predicate}>"))
            if values:
                found[predicate] = ordered(values)
        return dict(sorted(found.items())) if len(found) > 1 else found

    def on_axiom(self, node: str) -> dict[str, list[Json]]:
        """The annotations of an axiom that is written as a node of its own."""
        return self.json(node, _OF_AXIOM, links=True)

    def is_link(self, predicate: str, term: Term) -> TypeGuard[str]:
        """Whether a triple with these links two things, so that it is an edge and no value."""
        if isinstance(term, Literal) or (predicate.startswith(SCHEMA) and predicate != IMPORTS):
            return False
        return term != NIL and not self._kinds.is_structure(term) and self.name(term) is not None

    def _value(self, term: Term, depth: int) -> Json:
        if isinstance(term, Literal):
            return _literal(term)
        if term == NIL or self._graph.objects(term, FIRST):
            return {"list": [self._value(member, depth + 1) for member in self._members(term, depth)]}
        if is_iri(term) or not self._kinds.is_structure(term):
            name = self.name(term)
            if name is None:
                raise Unreadable("a blank node that refers to itself")
            return {"id": name}
        return {"expression": self._expressions.of_class(term)}

    def _members(self, head: str, depth: int) -> list[Term]:
        if len(self._graph.uses.get(head, ())) > 1:
            raise Unreadable("a list that several things share")  # each would write it out
        members = self._graph.members(head)
        if members is None or depth == MAX_LIST_DEPTH:
            raise Unreadable("a list that is not well-formed" if members is None else "lists nested too deep")
        return members


def _literal(literal: Literal) -> Json:
    if literal.language:
        return {"value": literal.value, "language": literal.language}
    if literal.datatype == STRING:
        return literal.value
    return {"value": literal.value, "datatype": literal.datatype}


_encode: Final = json.JSONEncoder(sort_keys=True).encode


def _order(value: Json) -> tuple[str, str]:
    """What tells two values apart, and gives them an order: language or datatype, then the text."""
    if isinstance(value, str):
        return "", value
    text = value.get("value")
    if text is None:
        return "~", _encode(value)
    return value.get("language") or value["datatype"], text


def ordered(values: list[Json]) -> list[Json]:
    """The *values* in an order that does not depend on how they were written."""
    return sorted(values, key=_order) if len(values) > 1 else values


class Notes:
    """The annotations of triples: ``[] a owl:Axiom ; owl:annotatedSource …`` (OWL 2 Mapping, section 3.2.2)."""

    def __init__(self, graph: Graph, content: Mapping[str, str], values: Values) -> None:
        self._graph = graph
        self._content = content
        self._values = values
        self._nodes: dict[tuple[str, str, Term], list[str]] = {}
        self._graphs: dict[tuple[str, ...], Mapping[str, list[Json]]] = {}
        for node, types in graph.pairs(TYPE):
            if OWL + "Axiom" in types:
                self._read(node)

    def _read(self, node: str) -> None:
        ends = [self._graph.objects(node, OWL + f"annotated{end}") for end in ("Source", "Property", "Target")]
        if all(len(end) == 1 for end in ends):
            (source,), (property_,), (target,) = ends
            if isinstance(source, str) and isinstance(property_, str):
                self._nodes.setdefault(self._key((source, property_, target)), []).append(node)

    def _key(self, triple: Triple) -> tuple[str, str, Term]:
        """The same for two copies of one expression, as some tools write the target out again."""
        source, property_, target = triple
        return self._stable(source), property_, self._stable(target) if isinstance(target, str) else target

    def _stable(self, resource: str) -> str:
        return self._content.get(resource, resource)

    def of(self, triple: Triple) -> Mapping[str, list[Json]]:
        """What is said of *triple*, and the named graphs that it stands in."""
        nodes = self._nodes.get(self._key(triple), ()) if self._nodes else ()
        graphs = self._of_graphs(self._graph.graphs.get(triple)) if self._graph.graphs else _NOTHING
        return merged((*(self._values.on_axiom(node) for node in nodes), graphs)) if nodes else graphs

    def graphs(self, thing: str) -> Mapping[str, list[Json]]:
        """The named graphs in which something is said of *thing*."""
        return self._of_graphs(self._graph.graphs_about.get(thing))

    def _of_graphs(self, names: tuple[str, ...] | None) -> Mapping[str, list[Json]]:
        """The *names* as annotations, the same object each time: most files have one graph."""
        if names is None:
            return _NOTHING
        known = self._graphs.get(names)
        if known is None:
            known = self._graphs[names] = {GRAPH: sorted(names)}
        return known


def merged(parts: Iterable[Mapping[str, list[Json]]]) -> dict[str, list[Json]]:
    """All the *parts* as one: lists joined without doubles, sorted."""
    found: dict[str, dict[tuple[str, str], Json]] = {}
    for part in parts:
        for key, values in part.items():
            found.setdefault(key, {}).update((_order(value), value) for value in values)
    return {key: [found[key][order] for order in sorted(found[key])] for key in sorted(found)}
