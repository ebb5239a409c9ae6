"""From triples to facts, whatever syntax the triples were written in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter, itemgetter
from typing import Final, TypeVar

from ghsync_core import Edge, FileWarning, Node, ParsedFile
from ghsync_plugins.formats.rdf.axioms import AxiomReader
from ghsync_plugins.formats.rdf.blank_nodes import digests, leaves_first, stable_names
from ghsync_plugins.formats.rdf.entities import EntityReader
from ghsync_plugins.formats.rdf.expressions import Expressions
from ghsync_plugins.formats.rdf.kinds import Kinds
from ghsync_plugins.formats.rdf.lines import Lines
from ghsync_plugins.formats.rdf.triples import Graph, is_blank
from ghsync_plugins.formats.rdf.values import Notes, Values

MAX_WARNINGS: Final = 100
"""How many warnings one file may have; what is beyond them is counted."""

Fact = TypeVar("Fact", Edge, Node)


def map_graph(graph: Graph, path: str, lines: Lines) -> ParsedFile:
    """All that *graph* says: the same facts in whatever order it was written, though not in the same order.

    *path* is the file's, which is part of the names of some blank nodes; *lines* has the line of
    each fact. Raises `ContentError` where shared parts make the file too large once written out.
    """
    order = leaves_first(graph)
    kinds = Kinds(graph)
    content, names = _names(graph, kinds, order, path)
    expressions = Expressions(graph, kinds, order, names)
    values = Values(graph, kinds, expressions, names)
    notes = Notes(graph, content, values)
    parts = graph, kinds, expressions, values, notes, lines
    axioms, things = AxiomReader(*parts), EntityReader(*parts)
    found = axioms.read()  # before the things, some of which only axioms and edges mention
    edges = _each_once(things.edges(), itemgetter(0, 1, 2)) if names else tuple(things.edges())
    return ParsedFile(
        axioms=tuple(found),
        edges=edges,
        classes=tuple(things.classes()),
        properties=tuple(things.properties()),
        nodes=_each_once(things.nodes(names), attrgetter("id")) if names else tuple(things.nodes(())),
        warnings=_warnings([*axioms.warnings, *values.warnings, *_circles(graph, order)], lines),
    )


def _names(graph: Graph, kinds: Kinds, order: list[str], path: str) -> tuple[dict[str, str], dict[str, str]]:
    """Digests and stable names of the blank nodes; most files have none but OWL's notation, which needs neither."""
    is_named = not all(map(kinds.is_structure, graph.blank))
    content = digests(graph, order) if is_named or graph.has_notes else {}
    return content, stable_names(graph, order, content, path) if is_named else {}


def _each_once(facts: Iterable[Fact], key: Callable[[Fact], object]) -> tuple[Fact, ...]:
    """The *facts*, one a key; blank nodes of the same name say the same, so any one of them will do."""
    return tuple({key(fact): fact for fact in facts}.values())


def _circles(graph: Graph, order: list[str]) -> Iterator[tuple[str, str]]:
    for node in graph.blank.difference(order) if len(order) < len(graph.blank) else ():
        if graph.said(node):
            yield node, "blank nodes that refer to each other in a circle are left out"


def _warnings(troubles: Iterable[tuple[str, str]], lines: Lines) -> tuple[FileWarning, ...]:
    """Each trouble once. A blank node has neither name nor line that would stay the same."""
    found = {(lines.of(subject), why if is_blank(subject) else f"<{subject}>: {why}") for subject, why in troubles}
    told = sorted(found, key=lambda item: (item[0] or 0, item[1]))
    warnings = [FileWarning(line, "rdf", why) for line, why in told[:MAX_WARNINGS]]
    if len(told) > MAX_WARNINGS:
        warnings.append(FileWarning(None, "rdf", f"and {len(told) - MAX_WARNINGS} more"))
    return tuple(warnings)
