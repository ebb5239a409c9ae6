"""The things that a graph tells of, as nodes, classes, properties and edges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ghsync_core import Edge, Node, OwlClass, OwlProperty
from ghsync_plugins.formats.rdf.axioms import PREDICATES
from ghsync_plugins.formats.rdf.expressions import Unreadable
from ghsync_plugins.formats.rdf.reader import Reader
from ghsync_plugins.formats.rdf.triples import Literal, is_blank
from ghsync_plugins.formats.rdf.values import ordered
from ghsync_plugins.formats.rdf.vocabulary import (
    COMMENTS,
    CONCEPT_TYPES,
    DOMAIN,
    IMPORTS,
    LABELS,
    ONTOLOGY,
    PREFERRED_LABEL,
    RANGE,
    SCHEMA,
    TYPE,
    WELL_KNOWN,
)


class EntityReader(Reader):
    """Reads what a graph says of each thing. *lines* has the line of each."""

    def edges(self) -> Iterator[Edge]:
        """A link for each triple between two things."""
        is_link, name, note, line = self.values.is_link, self.values.name, self.notes.of, self.lines.of_triple
        for predicate in self.graph.by_predicate:
            if predicate.startswith(SCHEMA) and predicate != IMPORTS:
                continue
            type_ = "imports" if predicate == IMPORTS else predicate
            is_between_things = self.kinds.properties.get(predicate) == "object"
            for subject, objects in self.graph.pairs(predicate):
                source = name(subject)
                if source is None or self.kinds.is_structure(subject):
                    continue
                for object_ in objects:
                    target = name(object_)
                    if target is not None and is_link(predicate, object_):
                        triple = subject, predicate, object_
                        if is_between_things:
                            self.kinds.mention_individual(object_)
                        yield Edge(source, target, type_, line(triple), properties=note(triple))

    def classes(self) -> Iterator[OwlClass]:
        """The named classes, declared or mentioned."""
        for iri in sorted(self.kinds.classes):
            yield OwlClass(
                iri,
                label=self._text(iri, LABELS),
                comment=self._text(iri, COMMENTS),
                line=self.lines.of(iri),
                annotations=self._said(iri),
                declared=iri in self.kinds.declared_classes,
            )

    def properties(self) -> Iterator[OwlProperty]:
        """The properties, declared or mentioned."""
        for iri, kind in sorted(self.kinds.properties.items()):
            yield OwlProperty(
                iri,
                kind,
                label=self._text(iri, LABELS),
                line=self.lines.of(iri),
                domain=self._of_classes(iri, DOMAIN),
                range=self._of_classes(iri, RANGE),
                characteristics=tuple(self.kinds.characteristics(iri)),
                annotations=self._said(iri),
                declared=iri in self.kinds.declared_properties,
            )

    def nodes(self, blank: Iterable[str]) -> Iterator[Node]:
        """Everything else that something is said of, the *blank* nodes, and the individuals of axioms and edges."""
        for thing in dict.fromkeys((*self.graph.subjects, *blank, *self.kinds.individuals)):
            name = self.values.name(thing)
            if name is None or self.kinds.is_structure(thing) or self._is_schema(thing):
                continue
            kind = self._kind(thing)
            yield Node(
                name,
                kind,
                label=self._text(thing, (PREFERRED_LABEL, *LABELS) if kind == "concept" else LABELS),
                line=self.lines.of(thing),
                properties=self._said(thing),
                declared=self._is_told_of(thing),
            )

    def _is_schema(self, thing: str) -> bool:
        return thing in self.kinds.classes or thing in self.kinds.properties

    def _kind(self, thing: str) -> str:
        types = self.graph.types(thing)
        if ONTOLOGY in types:
            return "ontology"
        if not CONCEPT_TYPES.isdisjoint(types):
            return "concept"
        return "datatype" if thing in self.kinds.datatypes else "individual"

    def _is_told_of(self, thing: str) -> bool:
        """Whether the file says more of *thing* than a remark in a well-known vocabulary, which may be on anything."""
        predicates = self.graph.predicates(thing)
        return is_blank(thing) or TYPE in predicates or any(not way.startswith(WELL_KNOWN) for way in predicates)

    def _said(self, thing: str) -> dict[str, list[Any]]:
        """What is said of *thing* besides links and axioms, and in which named graphs."""
        said = self.values.json(thing, PREDICATES)
        types = [{"id": type_} for type_ in self.graph.types(thing) if type_ in CONCEPT_TYPES]
        if types:
            said = dict(sorted({**said, TYPE: ordered(types)}.items()))
        return {**self.notes.graphs(thing), **said} if self.graph.graphs else said

    def _of_classes(self, iri: str, predicate: str) -> tuple[str, ...]:
        found = set()
        for term in self.graph.objects(iri, predicate):
            try:
                found.add(self.text.of_class(term).removeprefix("<").removesuffix(">"))
            except Unreadable:
                continue  # told where its axiom is read
        return tuple(sorted(found))

    def _text(self, thing: str, predicates: Sequence[str]) -> str | None:
        """The best literal of the first predicate that has any: without language, then English, then any other."""
        for predicate in predicates:
            terms = self.graph.objects(thing, predicate)
            if terms:
                literals = [term for term in terms if isinstance(term, Literal)]
                if literals:
                    return literals[0].value if len(literals) == 1 else min(literals, key=_preference).value
        return None


def _preference(literal: Literal) -> tuple[bool, bool, str, str]:
    language = literal.language.lower()
    return language != "", language.partition("-")[0] != "en", language, literal.value
