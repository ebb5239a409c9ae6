"""Where a page's OntologyBlocks stand, and what a line in one looks like."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from ghsync_core import Document
from ghsync_plugins.formats.text import PageText, Span, page_text

_HEADING = re.compile(
    r"^(?P<indent>[ \t]*+)(?P<dash>-[ \t]++)?+(?P<level>#{2,6})[ \t]++OntologyBlock[ \t]*+(?=\n|\Z)", re.MULTILINE
)
_FILLED_LINE = re.compile(r"^(?P<indent>[ \t]*+)(?P<level>#{1,6}[ \t])?[^\s]", re.MULTILINE)
KEY_LINE = re.compile(
    r"^[ \t]*+(?:-[ \t]++)?+(?P<key>[A-Za-z][A-Za-z0-9_.-]*+(?::[A-Za-z0-9_.-]++)*+)::"
    r"(?:[ \t]++(?P<value>[^\n]*+))?+(?=\n|\Z)",
    re.MULTILINE,
)
"""A fact of the block: unlike in Logseq, the key may hold colons."""

_TAB: Final = 4


@dataclass(frozen=True, slots=True)
class Section:
    """An OntologyBlock: the line of its heading, and the spans of its text outside code and comments."""

    line: int
    start: int
    end: int
    spans: tuple[Span, ...]

    def facts(self, text: str) -> Iterator[re.Match[str]]:
        """Its ``key:: value`` lines."""
        for low, high in self.spans:
            yield from KEY_LINE.finditer(text, low, high)


def ontology_sections(document: Document) -> tuple[Section, ...]:
    """The document's OntologyBlocks, empty ones too, in order; none lies in another."""
    return document.once(Section, lambda document: tuple(_sections(page_text(document))))


def in_section(sections: tuple[Section, ...], offset: int) -> bool:
    """Whether *offset* lies in one of *sections*."""
    index = bisect_right(sections, offset, key=lambda section: section.start) - 1
    return index >= 0 and offset < sections[index].end


def _sections(page: PageText) -> Iterator[Section]:
    if "OntologyBlock" not in page.text:
        return
    done = 0
    for low, high in page.visible:
        for heading in _HEADING.finditer(page.text, low, high):
            if heading.start() >= done:
                done = _end(page, heading)
                body = heading.end()
                spans = tuple(page.visible_in(body, done))
                yield Section(page.line(heading.start("level")), heading.start(), done, spans)


def _end(page: PageText, heading: re.Match[str]) -> int:
    """Where the block ends. Under a bullet: the next line that is not deeper, but for property lines right below the
    heading. Under a plain heading: the next heading of its level or above."""
    ends = _ends_bullet(page.text, width(heading["indent"])) if heading["dash"] else _ends_heading(heading)
    for low, high in page.visible_in(heading.end(), len(page.text)):
        for line in _FILLED_LINE.finditer(page.text, low, high):
            if ends(line):
                return line.start()
    return len(page.text)


def _ends_heading(heading: re.Match[str]) -> Callable[[re.Match[str]], bool]:
    level = len(heading["level"])
    return lambda line: bool(line["level"]) and not line["indent"] and len(line["level"]) - 1 <= level


def _ends_bullet(text: str, indent: int) -> Callable[[re.Match[str]], bool]:
    at_top = True

    def ends(line: re.Match[str]) -> bool:
        nonlocal at_top
        at_top = at_top and KEY_LINE.match(text, line.start()) is not None
        return not at_top and width(line["indent"]) <= indent

    return ends


def width(indent: str) -> int:
    """How deep a line is indented, in columns."""
    return len(indent.expandtabs(_TAB))
