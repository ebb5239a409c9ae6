"""What a group of files says, as rows of our tables. Most are those of every SQL store: see `Group`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ghsync_core import Node, OwlClass, OwlProperty, ParsedFile
from ghsync_plugins.backends.relational.rows import CLASS, NODE, PROPERTY, Group, Row, encode


class Saying(NamedTuple):
    """What one file says of a thing: a row of ``said``, but for the thing's number."""

    facet: int
    file_id: int
    declared: bool
    kind: str
    label: str | None
    line: int | None
    data: str
    comment: str | None = None
    domain: tuple[str, ...] | None = None
    range: tuple[str, ...] | None = None
    characteristics: tuple[str, ...] | None = None

    @property
    def mere(self) -> bool:
        """Whether it mentions the thing, and says nothing else of it than its kind, its label and its data."""
        return not self.declared and self[7:] == (None, None, None, None)

    def as_thing(self) -> Row:
        """Kind, label, home, line and properties that the thing has where nobody else speaks of it."""
        kind = {CLASS: "class", PROPERTY: "property"}.get(self.facet, self.kind)
        home, line = (self.file_id, self.line) if self.declared else (None, None)
        return kind, self.label, home, line, node_data(self.facet, self.data)


def sayings(group: Group) -> Iterator[tuple[str, Saying]]:
    """All that the files of *group* say of things, with the thing's id."""
    for file_id, facts in group.files:
        for node in facts.nodes:
            yield node.id, _said(NODE, file_id, node, node.kind, encode(node.properties))
        yield from _owl(file_id, facts)


def _owl(file_id: int, facts: ParsedFile) -> Iterator[tuple[str, Saying]]:
    for each in facts.classes:
        said = _said(CLASS, file_id, each, "class", encode(each.annotations))
        yield each.iri, said._replace(comment=each.comment)
    for item in facts.properties:
        lists = (tuple(each) or None for each in (item.domain, item.range, item.characteristics))
        yield item.iri, Saying(*_said(PROPERTY, file_id, item, item.kind, encode(item.annotations))[:8], *lists)


def _said(facet: int, file_id: int, item: Node | OwlClass | OwlProperty, kind: str, data: str) -> Saying:
    return Saying(facet, file_id, item.declared, kind, item.label, item.line, data)


def node_data(facet: int, data: str) -> str:
    """What *data* adds to the node's own properties: of a property, its annotations."""
    if facet == NODE:
        return data
    return f'{{"annotations":{data}}}' if facet == PROPERTY and data != "{}" else "{}"


def storable(message: str) -> str:
    """*message* without what no text of PostgreSQL can hold: NUL, and halves of characters."""
    return message.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
