"""Joining what is said twice: by several parsers of one file, and by several files of one graph.

Always in the contract's order: the first non-null value fills a column; JSON objects merge key by key, their lists are
joined without doubles.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import TypeVar

from ghsync_core.axioms import is_name, restriction, without_brackets
from ghsync_core.models import (
    Axiom,
    Edge,
    End,
    Json,
    Node,
    OwlClass,
    OwlProperty,
    ParsedFile,
    Properties,
    Reference,
)

FACTS_VERSION = "2"
"""Changes whenever this module, or `ghsync_core.names`, makes something else of what parsers say: all is read again."""

Said = TypeVar("Said", Node, OwlClass, OwlProperty)


def merge_json(first: Properties, second: Properties) -> dict[str, Json]:
    """The two objects as one; where both say something that is no list, *first* holds."""
    merged = dict(first)
    for key, value in second.items():
        mine = merged.get(key)
        if mine is None:
            merged[key] = value
        elif isinstance(mine, list) and isinstance(value, list):
            merged[key] = joined(mine, value)
        elif isinstance(mine, dict) and isinstance(value, dict):
            merged[key] = merge_json(mine, value)
    return merged


def joined(first: Sequence[Json], second: Sequence[Json]) -> list[Json]:
    """Both lists in order, without doubles."""
    result: list[Json] = []
    for value in chain(first, second):
        if value not in result:
            result.append(value)
    return result


def join(parts: Sequence[ParsedFile]) -> ParsedFile:
    """What several parsers made of one file, as one; each node, class, property and edge stands in it once."""
    axioms = tuple(chain.from_iterable(part.axioms for part in parts))
    derived = (edge for edge in map(_derived_edge, axioms) if edge is not None)
    edges = chain(chain.from_iterable(part.edges for part in parts), derived)
    return ParsedFile(
        nodes=_join_said((node for part in parts for node in part.nodes), lambda node: node.id),
        edges=_join_edges(edges),
        classes=_join_said((item for part in parts for item in part.classes), lambda item: item.iri),
        properties=_join_said((item for part in parts for item in part.properties), lambda item: item.iri),
        axioms=axioms,
        warnings=tuple(chain.from_iterable(part.warnings for part in parts)),
    )


def _derived_edge(axiom: Axiom) -> Edge | None:
    """What a SubClassOf is for those who walk the graph: between two names an edge ``subClassOf``; and of a restriction
    an edge by its property, marked with its words (``some``, ``min 2`` …)."""
    if axiom.kind != "SubClassOf" or len(axiom.arguments) != 2:
        return None
    below, above = axiom.arguments
    source = _named(below)
    if source is None:
        return None
    target = _named(above)
    if target is not None:
        return Edge(source, target, "subClassOf", axiom.line)
    found = restriction(str(above))
    return found and Edge(source, found.filler, found.property, axiom.line, 1, {"restriction": found.words})


def _named(end: End) -> End | None:
    """A name as the end of an edge; None for an expression."""
    if isinstance(end, Reference):
        return end
    return without_brackets(end) if is_name(end) else None


def _join_said(items: Iterable[Said], key: object) -> tuple[Said, ...]:
    found: dict[str, Said] = {}
    for item in items:
        name: str = key(item)  # type: ignore[operator]
        found[name] = _merge_said(found[name], item) if name in found else item
    return tuple(found.values())


def _merge_said(one: Said, other: Said) -> Said:
    """Two sayings of one thing in one file: a declaration goes before a mention, then the earlier line."""
    first, second = sorted((one, other), key=lambda item: (not item.declared, item.line or 0))
    changes: dict[str, Json] = {"answers": tuple(dict.fromkeys(first.answers + second.answers))}
    for column in first.__slots__:
        mine, theirs = getattr(first, column), getattr(second, column)
        if mine is None or mine == "unknown":
            changes[column] = theirs if theirs is not None else mine
        elif column in ("properties", "annotations"):
            changes[column] = merge_json(mine, theirs)
        elif column in ("domain", "range", "characteristics"):
            changes[column] = tuple(dict.fromkeys(mine + theirs))
    return replace(first, **changes)


def _join_edges(edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """Each edge once: within one file, ends that refer by one name (`Reference.name`) are one."""
    found: dict[tuple[str, str, str], Edge] = {}
    for edge in edges:
        source, target = edge.source, edge.target
        key = (
            # The names written out: to ask for them would be hundreds of calls a page.
            source if isinstance(source, str) else source.path or source.names[-1].text,
            edge.type,
            target if isinstance(target, str) else target.path or target.names[-1].text,
        )
        known = found.get(key)
        found[key] = edge if known is None else _merge_edges(known, edge)
    return tuple(found.values())


def _merge_edges(one: Edge, other: Edge) -> Edge:
    """Two occurrences of one edge: the earlier line's properties hold, the counts add up."""
    first = other if (other.line or 0) < (one.line or 0) else one
    return first._replace(count=one.count + other.count)
