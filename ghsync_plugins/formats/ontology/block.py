"""OntologyBlocks: ``key:: value`` lines under the heading ``### OntologyBlock`` define classes and properties."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ghsync_plugins.formats.keys import fold_key
from ghsync_plugins.formats.ontology import vocabulary as keys
from ghsync_plugins.formats.ontology.facts import Facts
from ghsync_plugins.formats.ontology.iri import Names
from ghsync_plugins.formats.sections import Section
from ghsync_plugins.formats.text import PageText

LINK = re.compile(r"\[\[([^\[\]\n]*+)\]\]")


@dataclass(frozen=True, slots=True)
class Line:
    """One fact: its key as written and folded, its value, and its line."""

    key: str
    folded: str
    value: str
    number: int


@dataclass(slots=True)
class Entity:
    """A class or property while its lines are gathered; ``kind`` is ``class`` or a kind of property."""

    kind: str = "class"
    name: str | None = None
    line: int = 0
    lines: list[Line] = field(default_factory=list)

    def first(self, *wanted: str) -> str | None:
        """The value of the first of these keys that is there."""
        values = {line.folded: line.value for line in reversed(self.lines)}
        return next((values[key] for key in wanted if key in values), None)


def is_meant(section: Section, text: str) -> bool:
    """Whether the block holds a line that an ontology page has; it may hold OWL instead."""
    return any(
        fold_key(match["key"]) in keys.RECOGNISED or (match["value"] and LINK.search(match["value"]))
        for match in section.facts(text)
    )


def add_section(facts: Facts, page: PageText, section: Section, iris: Names) -> None:
    """Add what the block says to *facts*."""
    from ghsync_plugins.formats.ontology.classes import add_class
    from ghsync_plugins.formats.ontology.properties import add_property

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
        kind = "class" if line.folded in keys.CLASS else keys.PROPERTY.get(line.folded)
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
