"""The head of a Logseq page: front matter and the property lines that open the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ghsync_core import Document
from ghsync_plugins.formats.front_matter import front_matter
from ghsync_plugins.formats.keys import fold_key
from ghsync_plugins.formats.logseq.properties import ALIAS_KEYS, PROPERTY, bare_title, items, typed
from ghsync_plugins.formats.text import page_text

_BLANK_LINES = re.compile(r"(?:[ \t]*+\n)*+")
_BULLET = re.compile(r"[ \t]*+-(?=[ \t\n]|\Z)")


@dataclass(frozen=True, slots=True)
class PageProperty:
    """A property of the page: its key as written, its value as JSON, and its source texts, each with its line."""

    key: str
    value: Any
    texts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The page's properties by folded key, the later winning, and ``end``, where the outline begins."""

    properties: dict[str, PageProperty]
    end: int

    def text(self, key: str) -> str | None:
        """The source text of a property, if it has one."""
        found = self.properties.get(key)
        return found.texts[0][0].strip() or None if found and found.texts else None

    @property
    def title(self) -> str | None:
        """What ``title::`` says."""
        return self.text("title")

    @property
    def title_line(self) -> int | None:
        """The line that says it."""
        return self.properties["title"].texts[0][1] if self.title else None

    @property
    def aliases(self) -> list[str]:
        """What ``alias::`` says, in order, each once."""
        found = [self.properties[key] for key in sorted(ALIAS_KEYS) if key in self.properties]
        return list(dict.fromkeys(alias for own in found for alias in _titles(own)))


def _titles(own: PageProperty) -> list[str]:
    if isinstance(own.value, list):
        return [title for text, _ in own.texts if (title := bare_title(text))]
    return [title for text, _ in own.texts for title in items(text)]


def head(document: Document) -> Head:
    """The document's head. Where YAML and ``key::`` lines say the same key, the line wins."""
    return document.once(Head, _read)


def _read(document: Document) -> Head:
    matter, page = front_matter(document), page_text(document)
    properties = {fold_key(entry.key): PageProperty(entry.key, entry.value, entry.texts) for entry in matter.entries}
    end = matter.end
    for match in _opening_lines(page.text, matter.end):
        value = (match["value"] or "").strip()
        texts = ((value, page.line(match.start("key"))),)
        properties[fold_key(match["key"])] = PageProperty(match["key"], typed(value), texts)
        end = match.end()
    return Head(properties, end)


def _opening_lines(text: str, start: int) -> Iterator[re.Match[str]]:
    """The property lines before the first bullet; then those of the first bullet, if it holds nothing else."""
    position = _skip_blank(text, start)
    while (match := PROPERTY.match(text, position)) and not match["dash"]:
        yield match
        position = _skip_blank(text, match.end())
    if match:
        first = [match]
        while (match := PROPERTY.match(text, _next_line(text, first[-1]))) and not match["dash"]:
            first.append(match)
        after = _skip_blank(text, first[-1].end())
        if after == len(text) or _BULLET.match(text, after):
            yield from first


def _skip_blank(text: str, position: int) -> int:
    match = _BLANK_LINES.match(text, position)
    return match.end() if match else position


def _next_line(text: str, match: re.Match[str]) -> int:
    return min(match.end() + 1, len(text))
