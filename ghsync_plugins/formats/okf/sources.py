"""What a concept was made from: ``sources`` in its front matter, or in 0.1 a list under ``# Citations``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ghsync_plugins.formats.front_matter import Entry
from ghsync_plugins.formats.markdown.body import Heading, Link, Mark

_ITEM = re.compile(r"[ \t]*+(?:[-*+]|\d{1,9}[.)])[ \t]++(?P<text>[^\n]++)")


class SourceOf(NamedTuple):
    """A source: what it says, and the line of its ``resource``."""

    about: Mapping[str, Any]
    line: int

    @property
    def resource(self) -> str:
        """A URL, a path, or prose that says which scope was read."""
        return str(self.about["resource"])


def listed(entry: Entry) -> Iterator[SourceOf]:
    """The sources that front matter lists; those without a ``resource`` are left out."""
    lines = (field.line for field in entry.fields if field.path == "resource")
    for item in entry.value if isinstance(entry.value, list) else [entry.value]:
        if isinstance(item, Mapping) and item.get("resource") not in (None, "", [], {}):
            yield SourceOf(item, next(lines, entry.line))


def cited(lines: list[str], headings: Iterable[Heading], links: Iterable[Link]) -> Iterator[SourceOf]:
    """The items under a heading ``Citations``; *lines* are all lines of the file."""
    first, last = section(headings, "citations", len(lines))
    by_line = {link.line: link for link in reversed(list(links)) if first < link.line <= last}
    for number in range(first + 1, last + 1):
        item = _ITEM.match(lines[number - 1])
        if number in by_line:
            link = by_line[number]
            title = {"title": link.text} if link.text else {}
            yield SourceOf({"resource": link.target, **title}, number)
        elif item:
            yield SourceOf({"resource": item["text"].strip()}, number)


def section(headings: Iterable[Heading], title: str, last_line: int) -> tuple[int, int]:
    """The line of the heading of that title, in any case, and the last line under it; the same line twice for none."""
    start: Heading | None = None
    for heading in headings:
        if start and heading.level <= start.level:
            return start.line, heading.line - 1
        if not start and heading.text.lower() == title:
            start = heading
    return (start.line, last_line) if start else (last_line, last_line)


def claims(sources: Iterable[SourceOf], footnotes: Iterable[Mark]) -> dict[str, int]:
    """How many claims in the text each source stands behind: footnotes whose label is the source's ``id``."""
    counted = Counter(note.text for note in footnotes)
    ids = [str(source.about["id"]) for source in sources if source.about.get("id") is not None]
    return {own: counted[own] for own in ids if counted[own]}
