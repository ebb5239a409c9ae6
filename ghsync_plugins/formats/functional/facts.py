"""What the statements of one file come to: its classes, properties, individuals, axioms and edges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from ghsync_core import Axiom, Edge, FileWarning, Node, OwlClass, OwlProperty, ParsedFile, axioms
from ghsync_plugins.formats.functional.canonical import Mention
from ghsync_plugins.formats.functional.forms import ONTOLOGY
from ghsync_plugins.formats.functional.grammar import ANNOTATION, CHARACTERISTICS, DECLARATION, IMPORT
from ghsync_plugins.formats.functional.statements import Statement
from ghsync_plugins.formats.rdf.values import merged
from ghsync_plugins.formats.rdf.vocabulary import COMMENTS, LABELS, OWL, SCHEMA, WELL_KNOWN

Role = Literal["class", "object", "data", "annotation", "individual", "datatype", "ontology"]
PropertyKind = Literal["object", "data", "annotation"]

_ENTITIES: Final[dict[str, Role]] = {
    "Class": "class",
    "ObjectProperty": "object",
    "DataProperty": "data",
    "AnnotationProperty": "annotation",
    "NamedIndividual": "individual",
    "Datatype": "datatype",
}
_PROPERTIES: Final[tuple[PropertyKind, ...]] = ("object", "data", "annotation")
_NODES: Final[tuple[Role, ...]] = ("ontology", "datatype", "individual")
_ENDS: Final = {
    f"{prefix}Property{end}": end.lower() for prefix in ("Object", "Data", "Annotation") for end in ("Domain", "Range")
}
_CHARACTERISTICS: Final = {
    "FunctionalDataProperty": "Functional",
    **{f"{name}ObjectProperty": name for name in ("Functional", *CHARACTERISTICS)},
}
_VERSION: Final = OWL + "versionIRI"


@dataclass(slots=True)
class _Thing:
    """What is said of one IRI: its roles, each with whether it is declared and on which line; and its annotations."""

    roles: dict[Role, tuple[bool, int]] = field(default_factory=dict)
    notes: list[dict[str, list[Any]]] = field(default_factory=list)
    line: int = 0
    domain: list[str] = field(default_factory=list)
    range: list[str] = field(default_factory=list)
    characteristics: list[str] = field(default_factory=list)

    def has(self, role: Role, line: int, *, declared: bool = False) -> None:
        """One more place that shows this role; the first declaration counts, else the first mention."""
        known = self.roles.get(role)
        if known is None or (declared and not known[0]):
            self.roles[role] = declared, line

    @property
    def is_schema(self) -> bool:
        """Whether it is a class or a property."""
        return any(role in self.roles for role in ("class", *_PROPERTIES))


class OwlFacts:
    """Gathers the statements of one file. *classes* are IRIs that the file says by other means to be classes."""

    def __init__(self, classes: Iterable[str] = ()) -> None:
        self.axioms: list[Axiom] = []
        self.edges: list[Edge] = []
        self.warnings: list[FileWarning] = []
        self._things: dict[str, _Thing] = {}
        self._ontology: str | None = None
        self._classes = frozenset(classes)

    def add(self, statement: Statement) -> None:
        """One more statement."""
        for mention in statement.mentions:
            self._mention(mention, statement.line)
        if statement.kind in _SPECIAL:
            _SPECIAL[statement.kind](self, statement)
            return
        self.axioms.append(Axiom(statement.kind, statement.arguments, statement.line, statement.annotations))
        if statement.kind in _MORE:
            _MORE[statement.kind](self, statement)

    def facts(self) -> ParsedFile:
        """All of them."""
        return ParsedFile(
            nodes=tuple(self._nodes()),
            edges=tuple(self.edges),
            classes=tuple(self._owl_classes()),
            properties=tuple(self._owl_properties()),
            axioms=tuple(self.axioms),
            warnings=tuple(self.warnings),
        )

    def _thing(self, iri: str, line: int) -> _Thing:
        thing = self._things.get(iri)
        if thing is None:
            thing = self._things[iri] = _Thing(line=line)
            if iri in self._classes:
                thing.has("class", line)
        return thing

    def _mention(self, mention: Mention, line: int) -> None:
        if mention.kind != "annotation" or not mention.iri.startswith(WELL_KNOWN):
            self._thing(mention.iri, line).has(mention.kind, line)

    def _declare(self, said: Statement) -> None:
        kind, name = said.arguments
        thing = self._thing(name[1:-1], said.line)
        thing.has(_ENTITIES[kind], said.line, declared=True)
        if said.annotations:
            thing.notes.append(said.annotations)

    def _name_ontology(self, said: Statement) -> None:
        if said.arguments:
            self._ontology = said.arguments[0][1:-1]
            thing = self._thing(self._ontology, said.line)
            thing.has("ontology", said.line, declared=True)
            thing.notes += [{_VERSION: [{"id": version[1:-1]}]} for version in said.arguments[1:2]]

    def _import(self, said: Statement) -> None:
        if self._ontology is None:
            message = "Import( was left out: there is no Ontology( with a name that could import."
            self.warnings.append(FileWarning(said.line, "owl-import", message))
            return
        for name in said.arguments:
            self.edges.append(Edge(self._ontology, name[1:-1], "imports", said.line))

    def _annotate_ontology(self, said: Statement) -> None:
        if self._ontology is None:
            message = "Annotation( was left out: it says nothing of what it annotates."
            self.warnings.append(FileWarning(said.line, "owl-annotation", message))
            return
        self._annotate(self._ontology, said)

    def _assert_annotation(self, said: Statement) -> None:
        self._annotate(axioms.without_brackets(said.arguments[1]), said)

    def _annotate(self, subject: str, said: Statement) -> None:
        """A value is an annotation of the subject; another thing is an edge to it, but for what the schema links."""
        property_, value = said.arguments[0][1:-1], said.value
        thing = self._thing(subject, said.line)
        if isinstance(value, dict) and "id" in value and not property_.startswith(SCHEMA):
            self.edges.append(Edge(subject, value["id"], property_, said.line, properties=said.annotations))
        else:
            thing.notes.append({property_: [value]})

    def _assert_class(self, said: Statement) -> None:
        self._individual(said.arguments[1], said.line, declared=True)

    def _assert_link(self, said: Statement) -> None:
        property_, source, target = said.arguments
        start, end = (self._individual(each, said.line, declared=each is source) for each in (source, target))
        if axioms.is_name(property_):
            self.edges.append(Edge(start, end, property_[1:-1], said.line, properties=said.annotations))

    def _assert_value(self, said: Statement) -> None:
        subject = self._individual(said.arguments[1], said.line, declared=True)
        self._thing(subject, said.line).notes.append({said.arguments[0][1:-1]: [said.value]})

    def _individual(self, name: str, line: int, *, declared: bool) -> str:
        iri = axioms.without_brackets(name)
        self._thing(iri, line).has("individual", line, declared=declared)
        return iri

    def _define_datatype(self, said: Statement) -> None:
        self._thing(said.arguments[0][1:-1], said.line).has("datatype", said.line, declared=True)

    def _describe_property(self, said: Statement) -> None:
        if not axioms.is_name(said.arguments[0]):
            return
        thing = self._thing(said.arguments[0][1:-1], said.line)
        if said.kind in _CHARACTERISTICS:
            thing.characteristics.append(_CHARACTERISTICS[said.kind])
        else:
            getattr(thing, _ENDS[said.kind]).append(axioms.without_brackets(said.arguments[1]))

    def _owl_classes(self) -> Iterator[OwlClass]:
        for iri, thing in self._things.items():
            if "class" in thing.roles:
                declared, line = thing.roles["class"]
                notes = merged(thing.notes)
                yield OwlClass(iri, _text(notes, LABELS), _text(notes, COMMENTS), line, notes, declared=declared)

    def _owl_properties(self) -> Iterator[OwlProperty]:
        for iri, thing in self._things.items():
            kinds = [kind for kind in _PROPERTIES if kind in thing.roles]
            for kind in kinds[:1]:
                declared, line = min((thing.roles[each] for each in kinds), key=lambda role: (not role[0], role[1]))
                notes = merged(thing.notes)
                yield OwlProperty(
                    iri,
                    kind,
                    label=_text(notes, LABELS),
                    line=line,
                    domain=tuple(dict.fromkeys(thing.domain)),
                    range=tuple(dict.fromkeys(thing.range)),
                    characteristics=tuple(dict.fromkeys(thing.characteristics)),
                    annotations=notes,
                    declared=declared,
                )

    def _nodes(self) -> Iterator[Node]:
        """The things that are neither class nor property; of what is only annotated nobody knows what it is."""
        for iri, thing in self._things.items():
            if not thing.is_schema:
                kind: Role = next((role for role in _NODES if role in thing.roles), "individual")
                declared, line = thing.roles.get(kind, (False, thing.line))
                notes = merged(thing.notes)
                yield Node(iri, kind, _text(notes, LABELS), line, notes, declared=declared)


_SPECIAL: Final = {
    DECLARATION: OwlFacts._declare,
    ONTOLOGY: OwlFacts._name_ontology,
    IMPORT: OwlFacts._import,
    ANNOTATION: OwlFacts._annotate_ontology,
}
"""Statements that are no axioms."""

_MORE: Final = {
    "AnnotationAssertion": OwlFacts._assert_annotation,
    "ClassAssertion": OwlFacts._assert_class,
    "ObjectPropertyAssertion": OwlFacts._assert_link,
    "DataPropertyAssertion": OwlFacts._assert_value,
    "DatatypeDefinition": OwlFacts._define_datatype,
    **dict.fromkeys((*_ENDS, *_CHARACTERISTICS), OwlFacts._describe_property),
}
"""Axioms that say something besides."""


def _text(notes: dict[str, list[Any]], predicates: Sequence[str]) -> str | None:
    """The best literal of the first predicate that has any: without language, then English, then any other."""
    for predicate in predicates if notes else ():
        texts = [_preference(value) for value in notes.get(predicate, ()) if isinstance(value, str) or "value" in value]
        if texts:
            return min(texts)[-1]
    return None


def _preference(value: Any) -> tuple[bool, bool, str, str]:
    language = "" if isinstance(value, str) else value.get("language", "").lower()
    text = value if isinstance(value, str) else value["value"]
    return language != "", language.partition("-")[0] != "en", language, text
