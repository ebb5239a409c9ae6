"""What an OntologyBlock says of one class or property, line by line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from ghsync_plugins.formats.ontology.vocabulary import PropertyKind

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

    kind: Literal["class"] | PropertyKind = "class"
    name: str | None = None
    line: int = 0
    lines: list[Line] = field(default_factory=list)

    def first(self, *wanted: str) -> Line | None:
        """The first line of the first of these keys that is there."""
        firsts = {line.folded: line for line in reversed(self.lines)}
        return next((firsts[key] for key in wanted if key in firsts), None)
