"""OntologyBlocks: ``key:: value`` lines under the heading ``### OntologyBlock`` define classes and properties."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from ghsync_plugins.formats.iri import Names
from ghsync_plugins.formats.keys import fold_key
from ghsync_plugins.formats.ontology import vocabulary as keys
from ghsync_plugins.formats.ontology.classes import add_class
from ghsync_plugins.formats.ontology.entity import LINK, Entity, Line
from ghsync_plugins.formats.ontology.facts import Facts
from ghsync_plugins.formats.ontology.properties import add_property
from ghsync_plugins.formats.sections import Section
from ghsync_plugins.formats.text import PageText

_KINDS: Final[dict[str, Literal["class"] | keys.PropertyKind]] = {**dict.fromkeys(keys.CLASS, "class"), **keys.PROPERTY}
"""What a key that names something defines."""


def is_meant(section: Section, text: str) -> bool:
    """Whether the block holds a line that an ontology page has; it may hold OWL instead."""
    return any(
        fold_key(match["key"]) in keys.RECOGNISED or (match["value"] and LINK.search(match["value"]))
        for match in section.facts(text)
    )


def add_section(facts: Facts, page: PageText, section: Section, iris: Names) -> None:
    """Add what the block says to *facts*."""
    for entity in _entities(_lines(page, section)):
        if entity.kind == "class":
            add_class(facts, entity, iris)
        else:
            add_property(facts, entity, iris)


def _lines(page: PageText, section: Section) -> Iterator[Line]:
    for match in section.facts(page.text):
        folded, value = fold_key(match["key"]), (match["value"] or "").strip()
        if value and folded not in keys.HOUSEKEEPING:
            yield Line(match["key"], folded, value, page.line(match.start("key")))


def _entities(lines: Iterator[Line]) -> Iterator[Entity]:
    """Each class or property with its lines. What stands before the first name belongs to it."""
    current = Entity()
    for line in lines:
        kind = _KINDS.get(line.folded)
        if kind is None:
            current.lines.append(line)
            continue
        if current.name is not None:
            yield current
            current = Entity()
        current.kind, current.name, current.line = kind, line.value, line.number
    if current.name is not None or any(_is_class_sign(line) for line in current.lines):
        yield current


def _is_class_sign(line: Line) -> bool:
    return line.folded in keys.CLASS_SIGNS or LINK.search(line.value) is not None
