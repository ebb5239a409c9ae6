"""A group of files' facts as rows of the tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring as quoted
from operator import itemgetter
from typing import Any

from ghsync_core import Counts, FileResult, Node, OwlClass, OwlProperty, ParsedFile, Reference, axioms
from ghsync_plugins.backends.relational.references import End, Target

Row = tuple[Any, ...]
Properties = Mapping[str, Any]

NODE, CLASS, PROPERTY = 0, 1, 2
"""The facets of a thing, as the schema numbers them."""


@dataclass(frozen=True, slots=True)
class Group:
    """Files that are written together, each with its number in the database."""

    files: Sequence[tuple[int, ParsedFile]]

    def ends(self) -> set[End]:
        """All that the files refer to."""
        ends: set[End] = set()
        for _, facts in self.files:
            ends.update(map(itemgetter(0), facts.edges), map(itemgetter(1), facts.edges))  # their sources and targets
            for axiom in facts.axioms:
                ends.update(end for end in axiom.arguments if isinstance(end, Reference))
        return ends

    def said(self) -> list[Row]:
        """Rows of ``in_said``: what the files say of things."""
        return [row for file_id, facts in self.files for row in _said(file_id, facts)]

    def answers(self) -> list[Row]:
        """Rows of ``in_answers``: the names that the files' things answer to."""
        return [
            (file_id, id_, answer.name.scope, answer.name.text, answer.rank, answer.path)
            for file_id, facts in self.files
            for id_, item in _things(facts)
            for answer in item.answers
        ]

    def statements(
        self, targets: Mapping[End, Target], types: Mapping[str, int], first_subject: int
    ) -> tuple[list[Row], list[Row]]:
        """Rows of ``subjects``, numbered from *first_subject*, and of ``statements``."""
        subjects: list[Row] = []
        statements: list[Row] = []
        for file_id, facts in self.files:
            numbers: dict[int, int] = {}
            last: End | None = None
            subject = 0
            for source, target, type_, line, count, properties in facts.edges:
                if source is not last:  # nearly all of a file's edges start at its page
                    last = source
                    from_target = targets[source].number
                    if from_target not in numbers:
                        numbers[from_target] = first_subject + len(subjects)
                        subjects.append((numbers[from_target], file_id, from_target))
                    subject = numbers[from_target]
                to_target, written = targets[target]
                rest = (line, count if count != 1 else None, written, encode(properties) if properties else None)
                statements.append((subject, types[type_], to_target, *rest))
        return subjects, statements

    def axioms(self, targets: Mapping[End, Target], source_id: int, first: int) -> tuple[list[Row], list[Row]]:
        """Rows of ``axioms_``, numbered from *first*, and of ``axiom_targets``."""
        rows: list[Row] = []
        references: list[Row] = []
        for file_id, facts in self.files:
            for axiom in facts.axioms:
                number = first + len(rows)
                arguments = [None if isinstance(end, Reference) else end for end in axiom.arguments]
                known = [end for end in arguments if end is not None]
                written = written_axiom(axiom.kind, known) if len(known) == len(arguments) else (None, None, None)
                about = (axiom.kind, encode(arguments), axiom.line, encode(axiom.annotations))
                rows.append((number, file_id, source_id, *about, *written))
                references += [
                    (number, place, targets[end].number, end.text)
                    for place, end in enumerate(axiom.arguments)
                    if isinstance(end, Reference)
                ]
        return rows, references


def counts_of(result: FileResult) -> Counts:
    """How many facts *result* brings; a class or property is counted as such, not as a node."""
    facts = result.facts
    if facts is None:
        return Counts()
    owl = {item.iri for item in facts.classes} | {item.iri for item in facts.properties}
    nodes = sum(node.id not in owl for node in facts.nodes)
    return Counts(nodes, len(facts.edges), len(facts.classes), len(facts.properties), len(facts.axioms))


def _things(facts: ParsedFile) -> Iterator[tuple[str, Node | OwlClass | OwlProperty]]:
    yield from ((node.id, node) for node in facts.nodes)
    yield from ((each.iri, each) for each in facts.classes)
    yield from ((each.iri, each) for each in facts.properties)


def _said(file_id: int, facts: ParsedFile) -> Iterator[Row]:
    for id_, item in _things(facts):
        if isinstance(item, Node):
            facet, kind, data = NODE, item.kind, encode(item.properties)
        elif isinstance(item, OwlClass):
            facet, kind, data = CLASS, "class", encode({"comment": item.comment, "annotations": dict(item.annotations)})
        else:
            facet, kind, data = PROPERTY, item.kind, _property_data(item)
        yield file_id, id_, facet, int(item.declared), kind, item.label, item.line, data


def _property_data(item: OwlProperty) -> str:
    return encode(
        {
            "domain": list(item.domain),
            "range": list(item.range),
            "characteristics": list(item.characteristics),
            "annotations": dict(item.annotations),
        }
    )


def written_axiom(kind: str, arguments: list[str]) -> tuple[str, str | None, str | None]:
    """Text, subject and object of an axiom."""
    ordered = axioms.canonical_arguments(kind, arguments)
    return axioms.axiom_text(kind, ordered), *axioms.subject_and_object(kind, ordered)


_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def encode(value: Any) -> str:
    """JSON with sorted keys, as the contract wants it. Raises ValueError for NaN and infinities."""
    if isinstance(value, list):
        return _ENCODER.encode(value)
    if not value:
        return "{}"
    try:  # texts alone, as on most edges: the encoder would take five times as long
        if len(value) == 1:
            ((key, text),) = value.items()
            return f"{{{quoted(key)}:{quoted(text)}}}"
        return "{" + ",".join([f"{quoted(key)}:{quoted(value[key])}" for key in sorted(value)]) + "}"
    except TypeError:
        return _ENCODER.encode(dict(value))
