"""One file's facts as rows for the staging tables of the writer."""

from __future__ import annotations

import json
from collections.abc import Set
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from ghsync_core import Answer, Counts, FileResult, Name, Node, OwlClass, OwlProperty, ParsedFile, Reference, axioms
from ghsync_core import names as naming

NODE, CLASS, PROPERTY = 0, 1, 2
"""The facets of a thing, as the schema numbers them."""

Row = tuple[Any, ...]


@dataclass(slots=True)
class Rows:
    """Rows by staging table, each beginning with the number of its file in the group.

    ``stored`` are keys of targets that are in the database already, and need no row.
    """

    stored: Set[bytes] = frozenset()
    said: list[Row] = field(default_factory=list)
    answers: list[Row] = field(default_factory=list)
    targets: dict[bytes, Row] = field(default_factory=dict)
    target_names: list[Row] = field(default_factory=list)
    statements: list[Row] = field(default_factory=list)
    axioms: list[Row] = field(default_factory=list)
    axiom_targets: list[Row] = field(default_factory=list)

    def add(self, number: int, result: FileResult) -> Counts:
        """Take in the facts of the group's file *number*. Raises where they can't be written as JSON."""
        facts = result.facts
        if facts is None:
            return Counts()
        self._add_said(number, facts)
        self._add_statements(number, facts)
        self._add_axioms(number, facts)
        owl = {item.iri for item in facts.classes} | {item.iri for item in facts.properties}
        return Counts(
            sum(node.id not in owl for node in facts.nodes),
            len(facts.edges),
            len(facts.classes),
            len(facts.properties),
            len(facts.axioms),
        )

    def _add_said(self, number: int, facts: ParsedFile) -> None:
        for node in facts.nodes:
            self._add_thing(number, node, node.id, NODE, node.kind, encode(node.properties))
        for item in facts.classes:
            data = {"comment": item.comment, "annotations": dict(item.annotations)}
            self._add_thing(number, item, item.iri, CLASS, "class", encode(data))
        for prop in facts.properties:
            about = {
                "domain": list(prop.domain),
                "range": list(prop.range),
                "characteristics": list(prop.characteristics),
                "annotations": dict(prop.annotations),
            }
            self._add_thing(number, prop, prop.iri, PROPERTY, prop.kind, encode(about))

    def _add_thing(
        self, number: int, item: Node | OwlClass | OwlProperty, id_: str, facet: int, kind: str, data: str
    ) -> None:
        self.said.append((number, id_, facet, int(item.declared), kind, item.label, item.line, data))
        for answer in item.answers:
            self._add_answer(number, id_, answer)

    def _add_answer(self, number: int, id_: str, answer: Answer) -> None:
        self.answers.append((number, id_, answer.name.scope, answer.name.text, answer.rank, answer.path))

    def _add_statements(self, number: int, facts: ParsedFile) -> None:
        for edge in facts.edges:
            source, target = self._target(edge.source), self._target(edge.target)
            written = None
            if isinstance(edge.target, Reference) and edge.target.text != edge.target.name:
                written = edge.target.text
            count = edge.count if edge.count != 1 else None
            properties = encode(edge.properties) if edge.properties else None
            self.statements.append((number, source, edge.type, target, edge.line, count, written, properties))

    def _add_axioms(self, number: int, facts: ParsedFile) -> None:
        for order, axiom in enumerate(facts.axioms):
            arguments = [None if isinstance(end, Reference) else end for end in axiom.arguments]
            known = [end for end in arguments if end is not None]
            text = subject = object_ = None
            if len(known) == len(arguments):
                text, subject, object_ = written_axiom(axiom.kind, known)
            self.axioms.append(
                (
                    number,
                    order,
                    axiom.kind,
                    encode(arguments),
                    axiom.line,
                    encode(axiom.annotations),
                    text,
                    subject,
                    object_,
                )
            )
            for position, end in enumerate(axiom.arguments):
                if isinstance(end, Reference):
                    self.axiom_targets.append((number, order, position, self._target(end), end.text))

    def _target(self, end: str | Reference) -> bytes:
        key, row, names = target_rows(end)
        if key not in self.stored and key not in self.targets:
            self.targets[key] = row
            self.target_names.extend(names)
        return key


@lru_cache(maxsize=20_000)
def target_rows(end: str | Reference) -> tuple[bytes, Row, tuple[Row, ...]]:
    """The key of a reference, its row, and the rows of its names. An id is a reference by that id alone."""
    if isinstance(end, str):
        end = Reference((Name(naming.SOURCE_SCOPE, end),), stub=end, text=end)
    parts = [end.stub, end.path, end.folder, *(part for name in end.names for part in (name.scope, name.text))]
    key = blake2b("\x00".join(parts).encode(), digest_size=16).digest()
    names = tuple((key, position, name.scope, name.text) for position, name in enumerate(end.names))
    return key, (key, end.name, end.stub, end.path, end.folder), names


def written_axiom(kind: str, arguments: list[str]) -> tuple[str, str | None, str | None]:
    """Text, subject and object of an axiom."""
    ordered = axioms.canonical_arguments(kind, arguments)
    return axioms.axiom_text(kind, ordered), *axioms.subject_and_object(kind, ordered)


_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def encode(value: Any) -> str:
    """JSON with sorted keys, as the contract wants it. Raises ValueError for NaN and infinities."""
    if isinstance(value, list):
        return _ENCODER.encode(value)
    return _ENCODER.encode(dict(value)) if value else "{}"
