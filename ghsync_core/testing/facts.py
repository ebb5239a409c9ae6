"""Whether facts make sense: what every `ParsedFile` must be, whatever its parser."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ghsync_core.errors import ContentError
from ghsync_core.interfaces import Document
from ghsync_core.models import Answer, Edge, End, Json, Node, OwlClass, OwlProperty, ParsedFile, Reference
from ghsync_core.testing.promises import hold

FACT_SORTS = ("nodes", "edges", "classes", "properties", "axioms", "warnings")


def check_facts(document: Document, facts: ParsedFile) -> None:
    """Raise `Broken` where *facts*, which a parser made of *document*, can't be."""
    hold("parse returns a ParsedFile", isinstance(facts, ParsedFile), type(facts).__name__)
    last = _lines(document)
    for sort in FACT_SORTS:
        hold("facts stand in tuples", isinstance(getattr(facts, sort), tuple), f"{sort}: {type(getattr(facts, sort))}")
        for fact in getattr(facts, sort):
            line = fact.line
            hold(f"a line is one of the file's, from 1 to {last}", line is None or 1 <= line <= last, fact)
    things: tuple[Node | OwlClass | OwlProperty, ...] = (*facts.nodes, *facts.classes, *facts.properties)
    for thing in things:
        _check_thing(thing)
    for edge in facts.edges:
        _check_edge(edge)
    for axiom in facts.axioms:
        hold("an axiom has a kind, arguments, and annotations that are JSON", axiom.kind and axiom.arguments, axiom)
        for end in axiom.arguments:
            _check_end(end)
        _check_json(axiom.annotations)
    for warning in facts.warnings:
        hold("a warning has a code and a message", warning.code and warning.message, warning)


def _lines(document: Document) -> int:
    """How many lines the file has, by whichever line end: none is sought behind its last."""
    try:
        return len(document.text.splitlines()) + 1
    except ContentError:
        return document.data.count(b"\n") + document.data.count(b"\r") + 1


def _check_thing(thing: Node | OwlClass | OwlProperty) -> None:
    id_ = thing.id if isinstance(thing, Node) else thing.iri
    hold("a thing has an id", isinstance(id_, str) and id_, thing)
    hold("a thing's kind is a word", isinstance(thing, OwlClass) or (isinstance(thing.kind, str) and thing.kind), thing)
    hold("a label is a text or None", thing.label is None or isinstance(thing.label, str), thing)
    _check_json(thing.properties if isinstance(thing, Node) else thing.annotations)
    _check_text(id_, thing.label)
    for answer in thing.answers:
        _check_answer(answer)
    if isinstance(thing, OwlProperty):
        _check_text(*thing.domain, *thing.range, *thing.characteristics)


def _check_answer(answer: Answer) -> None:
    hold("an answer's rank is 0 or more", answer.rank >= 0, answer)
    _check_text(*answer.name, answer.path)


def _check_edge(edge: Edge) -> None:
    hold("an edge has a type, and a count from 1", edge.type and edge.count >= 1, edge)
    _check_text(edge.type)
    _check_json(edge.properties)
    _check_end(edge.source)
    _check_end(edge.target)


def _check_end(end: End) -> None:
    hold("an end is an id or a reference", isinstance(end, str | Reference) and end, repr(end))
    if isinstance(end, Reference):
        hold("a reference has names", end.names, end)
        _check_text(*_texts(end))
    else:
        _check_text(end)


def _texts(reference: Reference) -> Iterator[str | None]:
    for name in reference.names:
        yield from name
    yield from (reference.stub, reference.text, reference.path, reference.folder)


def _check_text(*texts: str | None) -> None:
    for text in texts:
        try:
            (text or "").encode()
        except UnicodeEncodeError:
            hold("no text holds half a surrogate pair", kept=False, otherwise=ascii(text))


def _check_json(value: Json) -> None:
    try:
        text = json.dumps(dict(value), allow_nan=False, ensure_ascii=False)
    except (TypeError, ValueError) as error:
        hold("properties are JSON", kept=False, otherwise=f"{error}: {value!r}")
    else:
        _check_text(text)
