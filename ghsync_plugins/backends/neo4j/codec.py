"""What a file says, as bytes that give exactly the same again: compressed JSON, which can run nothing when it is read.

Named tuples are written as the lists that they are, so that the many edges of a page cost one call of the encoder.
"""

from __future__ import annotations

import json
import zlib
from typing import Any, Final

from ghsync_core import (
    Answer,
    Axiom,
    Edge,
    FileFailure,
    FileWarning,
    Name,
    Node,
    OwlClass,
    OwlProperty,
    ParsedFile,
    Reference,
    StoreError,
)

FORMAT: Final = 1
"""Stands first; whoever changes what follows raises it."""

_LEVEL: Final = 1
"""zlib's fastest: a page's facts shrink to a fifth."""

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=dict)


def encode(facts: ParsedFile) -> bytes:
    """*facts* as bytes. Raises ValueError for what JSON can't hold, as NaN."""
    value = (
        FORMAT,
        [(n.id, n.kind, n.label, n.line, n.properties, n.answers, n.declared) for n in facts.nodes],
        facts.edges,
        [(c.iri, c.label, c.comment, c.line, c.annotations, c.answers, c.declared) for c in facts.classes],
        [
            (p.iri, p.kind, p.label, p.line, p.domain, p.range, p.characteristics, p.annotations, p.answers, p.declared)
            for p in facts.properties
        ],
        [(a.kind, a.arguments, a.line, a.annotations) for a in facts.axioms],
        [(w.line, w.code, w.message) for w in facts.warnings],
    )
    return zlib.compress(_ENCODER.encode(value).encode(), _LEVEL)


def decode(data: bytes) -> ParsedFile:
    """The facts that `encode` made *data* of. Raises `StoreError` where a newer ghsync did."""
    number, nodes, edges, classes, properties, axioms, warnings = json.loads(zlib.decompress(data))
    if number != FORMAT:
        raise StoreError("the database was written by a newer ghsync. Update ghsync: pip install -U ghsync")
    return ParsedFile(
        nodes=tuple(map(_node, nodes)),
        edges=tuple(Edge(_end(source), _end(target), *rest) for source, target, *rest in edges),
        classes=tuple(map(_class, classes)),
        properties=tuple(map(_property, properties)),
        axioms=tuple(Axiom(kind, tuple(map(_end, ends)), line, notes) for kind, ends, line, notes in axioms),
        warnings=tuple(FileWarning(*row) for row in warnings),
    )


def _node(row: list[Any]) -> Node:
    id_, kind, label, line, properties, answers, declared = row
    return Node(id_, kind, label, line, properties, _answers(answers), declared)


def _class(row: list[Any]) -> OwlClass:
    iri, label, comment, line, annotations, answers, declared = row
    return OwlClass(iri, label, comment, line, annotations, _answers(answers), declared)


def _property(row: list[Any]) -> OwlProperty:
    iri, kind, label, line, domain, range_, characteristics, annotations, answers, declared = row
    lists = (tuple(domain), tuple(range_), tuple(characteristics))
    return OwlProperty(iri, kind, label, line, *lists, annotations, _answers(answers), declared)


def encode_failure(failure: FileFailure | None) -> str | None:
    """*failure* as JSON."""
    if failure is None:
        return None
    return _ENCODER.encode((failure.path, failure.stage, failure.message, failure.reason, failure.line))


def decode_failure(text: str | None) -> FileFailure | None:
    """The failure that `encode_failure` made *text* of."""
    return FileFailure(*json.loads(text)) if text else None


def _answers(rows: list[Any]) -> tuple[Answer, ...]:
    return tuple(Answer(Name(*name), rank, path) for name, rank, path in rows)


def _end(value: Any) -> str | Reference:
    if isinstance(value, str):
        return value
    names, *rest = value
    return Reference(tuple(Name(*name) for name in names), *rest)
