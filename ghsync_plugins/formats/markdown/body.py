"""What stands in a piece of Markdown: headings, links, tags, names of blocks and footnotes, each with its line."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence, Set
from typing import Final, NamedTuple

from ghsync_plugins.formats.markdown.comments import without_comments
from ghsync_plugins.formats.markdown.commonmark import COMMENT, Part, Span, structure
from ghsync_plugins.formats.markdown.inline_fields import fields
from ghsync_plugins.formats.markdown.tags import TAG, is_number, label_of

_BLOCK = re.compile(r"\^(?<!\S\^)([A-Za-z0-9-]++)[ \t]*+$", re.MULTILINE)
_FOOTNOTE = re.compile(r"\[\^([^\[\]\s]++)\]")
_WRAPPED = re.compile(rb"[^\[\]\n]*+\]\(")


class Heading(NamedTuple):
    """A heading, of ``level`` 1 to 6."""

    level: int
    line: int
    text: str


class Link(NamedTuple):
    """A link. ``kind`` says how ``target`` is written: ``wikilink`` or ``link``; ``type`` is ``link`` or ``embed``.

    ``key`` is that of the inline field whose value it stands in.
    """

    kind: str
    type: str
    target: str
    text: str
    line: int
    key: str = ""


class Mark(NamedTuple):
    """A tag, the name of a block, or the label of a footnote that is referred to."""

    text: str
    line: int


_LINKS: Final = {
    "wikilink": ("wikilink", "link"),
    "embed": ("wikilink", "embed"),
    "link": ("link", "link"),
    "image": ("link", "embed"),
}


class Body:
    """All that a text says. ``in_obsidian``: images may show notes, and ``%%`` that nothing closes hides the rest.

    ``inline_fields`` says whether ``key:: value`` is read.
    """

    def __init__(self, text: str, first_line: int, in_obsidian: bool, inline_fields: bool = False) -> None:
        self.headings: list[Heading] = []
        self.links: list[Link] = []
        self.tags: list[Mark] = []
        self.blocks: list[Mark] = []
        self.footnotes: list[Mark] = []
        self.fields: list[tuple[str, str]] = []
        text = without_comments(text, unclosed=in_obsidian)
        self._data, self._in_obsidian = text.encode(), in_obsidian
        self._asked, self._line = 0, first_line
        self._may_wrap = "](" in text
        self._maybe_fields = fields(text) if inline_fields else []
        self._field_starts = self._byte_offsets(text, [field.start for field in self._maybe_fields])
        self._field_ends = self._byte_offsets(text, [field.end for field in self._maybe_fields])
        self._read(text)

    def _read(self, text: str) -> None:
        tags = list(TAG.finditer(text)) if "#" in text else []
        blocks = list(_BLOCK.finditer(text)) if "^" in text else []
        notes = list(_FOOTNOTE.finditer(text)) if "[^" in text else []
        prose: list[Span] | None = [] if tags or blocks or notes or self._maybe_fields else None
        for part in structure(text, prose):
            self._part(part)
        if prose:
            prose.sort()
            starts = {start for start, _ in prose} if ">#" in text else set()
            for written, line in self._marks(text, tags, prose, starts):
                label = label_of(written)
                if label and not is_number(label):
                    self.tags.append(Mark(label, line))
            self.blocks += self._marks(text, blocks, prose)
            self.footnotes += self._marks(text, notes, prose)  # CommonMark knows only those that are explained
            for field, start in zip(self._maybe_fields, self._field_starts, strict=True):
                if _is_in(start, prose):
                    self.fields.append((field.key, field.value))

    def _part(self, part: Part) -> None:
        line = self._line_of(part.start)
        if part.kind == "heading":
            if text := part.text:
                self.headings.append(Heading(int(part.target), line, text))
        elif part.kind == "footnote":
            self.footnotes.append(Mark(part.target, line))
        elif self._is_link(part):
            key = self._key_at(part.start) if self._maybe_fields else ""
            self.links.append(Link(*_LINKS[part.kind], part.target, part.text, line, key))

    def _is_link(self, part: Part) -> bool:
        if COMMENT in part.target:  # what is left of a name with a comment in it names nothing
            return False
        return self._in_obsidian if part.kind == "image" else part.kind != "wikilink" or not self._is_wrapped(part)

    def _key_at(self, offset: int) -> str:
        index = bisect_right(self._field_starts, offset) - 1
        return self._maybe_fields[index].key if index >= 0 and offset < self._field_ends[index] else ""

    def _is_wrapped(self, part: Part) -> bool:
        """Whether it stands in the text of a Markdown link, which leads where its address says."""
        if not self._may_wrap or not _WRAPPED.match(self._data, part.end):
            return False
        before = self._data.rfind(b"[", 0, part.start)
        return before >= 0 and not {b"]"[0], b"\n"[0]} & set(self._data[before : part.start])

    def _marks(
        self, text: str, found: Sequence[re.Match[str]], prose: list[Span], starts: Set[int] = frozenset()
    ) -> Iterator[Mark]:
        """Those that stand in prose; right after a ``>`` only where a piece of it *starts*."""
        for match, at in zip(found, self._byte_offsets(text, [match.start() for match in found]), strict=True):
            if _is_in(at, prose) and (text[max(0, match.start() - 1)] != ">" or at in starts):
                yield Mark(match[1], self._line_of(at))

    def _byte_offsets(self, text: str, offsets: list[int]) -> list[int]:
        """Offsets in *text*, which grow, in bytes of UTF-8."""
        if len(text) == len(self._data):
            return offsets
        known, at, found = 0, 0, []
        for offset in offsets:
            at += len(text[known:offset].encode())
            known = offset
            found.append(at)
        return found

    def _line_of(self, offset: int) -> int:
        """The number of the line at a byte offset; most ask in the order of the text, so count from the last one."""
        if offset < self._asked:
            self._line -= self._data.count(b"\n", offset, self._asked)
        else:
            self._line += self._data.count(b"\n", self._asked, offset)
        self._asked = offset
        return self._line


def _is_in(offset: int, spans: list[Span]) -> bool:
    """Whether one of *spans*, which are in order, holds *offset*."""
    index = bisect_right(spans, offset, key=lambda span: span[0]) - 1
    return index >= 0 and offset < spans[index][1]
