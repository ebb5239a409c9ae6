"""Logseq pages and journals: a node for the page, one for each block with an id, and an edge for each reference."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

from ghsync_core import Answer, Document, Name, Node, ParsedFile, Reference, names
from ghsync_plugins.formats.edges import Edges
from ghsync_plugins.formats.front_matter import front_matter
from ghsync_plugins.formats.keys import camel_case, fold_key
from ghsync_plugins.formats.links import page_path
from ghsync_plugins.formats.logseq import inline, titles
from ghsync_plugins.formats.logseq.dates import format_day, journal_day
from ghsync_plugins.formats.logseq.head import head
from ghsync_plugins.formats.logseq.properties import PROPERTY, TAG_KEYS, has_references, is_list, items
from ghsync_plugins.formats.pages import page_name, title_answers
from ghsync_plugins.formats.sections import KEY_LINE, in_section, ontology_sections
from ghsync_plugins.formats.text import page_text

_MARK = re.compile(r"\[\[|::(?=[ \n]|\Z)|#(?=[^\s#])|\(\((?=[0-9a-fA-F])|\]\(|\{\{")
"""What a line must hold to say anything."""

_BULLET = re.compile(r"^[ \t]*+-(?=[ \t\n]|\Z)", re.MULTILINE)
_ONLY_LINKS = re.compile(r"(?:\[\[[^\[\]\n]*+\]\][\s,]*+)++")
_SHORT: Final = 200
"""Up to this many characters, an edge keeps the whole value that it was found in."""


class LogseqParser:
    """The `Parser` of Logseq pages."""

    name = "logseq"
    version = "1"

    def parse(self, document: Document) -> ParsedFile:
        """The page, its blocks with an id, and what they refer to. Raises `ContentError` for a bad encoding."""
        return _Page(document).parse()


class _Page:
    """One page while it is read."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.vault, self.root = document.vault, document.vault.root
        self.form = titles.title_format(document.vault)
        self.page, self.text = page_text(document), page_text(document).text
        self.head = head(document)
        self.own = page_name(document)
        self.sections = tuple(section for section in ontology_sections(document) if any(section.facts(self.text)))
        self.blocks: dict[str, Node] = {}
        self.bullets: list[int] | None = None
        self.edges = Edges()

    def parse(self) -> ParsedFile:
        node = self._node()
        self._namespace(self.own.title, node.line or 1)
        for own in self.head.properties.values():
            for value, line in own.texts:
                self._property(own.key, value, line)
        for low, high in self.page.visible:
            self._lines(max(low, self.head.end), high)
        warnings = front_matter(self.document).warnings
        return ParsedFile((node, *self.blocks.values()), self.edges.all(), warnings=warnings)

    def _node(self) -> Node:
        day = journal_day(self.own.title, self.form)
        answers = list(title_answers(names.vault_scope(self.root), self.own, self.form))
        answers += names.path_answers(self.document.path)
        identity = (self.head.text("id") or "").lower()
        if inline.UUID.fullmatch(identity):
            answers.append(Answer(Name(names.SOURCE_SCOPE, self._block_id(identity))))
        return Node(
            self.own.id,
            "journal" if day else "page",
            format_day(day, self.form) if day else self.own.title,
            self.head.title_line or 1,
            {key: own.value for key, own in self.head.properties.items()},
            tuple(answers),
        )

    def _lines(self, position: int, end: int) -> None:
        text = self.text
        while position < end and (mark := _MARK.search(text, position, end)):
            start = max(position, text.rfind("\n", position, mark.start()) + 1)
            position = min(self.page.line_end(mark.start()), end)
            self._line(start, position)

    def _line(self, start: int, end: int) -> None:
        own = PROPERTY.match(self.text, start, end) if self.text.find("::", start, end) > 0 else None
        if own and fold_key(own["key"]) == "id":
            self._block(own)
        if self.sections and in_section(self.sections, start) and KEY_LINE.match(self.text, start, end):
            return  # a fact of the class, not of the page
        line = self.page.line(start)
        if own:
            self._property(own["key"], (own["value"] or "").strip(), line)
        else:
            for found in inline.references(self.text, start, end):
                self._reference(found, line, _TYPES[found.kind], {})

    def _property(self, key: str, value: str, line: int) -> None:
        folded = fold_key(key)
        if not value or not has_references(folded, self.vault):
            return
        kind = "tag" if folded in TAG_KEYS else camel_case(key)
        if is_list(folded, self.vault):
            for title in items(value):
                self._reference(inline.Found("link", title, 0), line, kind, {"key": key})
        elif not (value.startswith('"') and value.endswith('"')):
            properties = {"key": key}
            if len(value) <= _SHORT and not _ONLY_LINKS.fullmatch(value):
                properties["value"] = value
            for found in inline.references(value, 0, len(value), code=False):
                self._reference(found, line, kind, properties)

    def _reference(self, found: inline.Found, line: int, kind: str, properties: Mapping[str, Any]) -> None:
        target, more = self._target(found)
        if target is None:
            return
        if found.text:
            more["text"] = found.text
        self.edges.add(self.own.id, target, kind, line, {**properties, **more} if more else properties)
        if "/" in found.target and found.kind in ("link", "tag", "embed"):
            self._namespace(found.target, line)

    def _target(self, found: inline.Found) -> tuple[Reference | None, dict[str, Any]]:
        if found.kind in ("block", "block_embed"):
            block = self._block_id(found.target)
            return Reference((Name(names.SOURCE_SCOPE, block),), block, found.target), {}
        if found.kind == "file":
            place = page_path(found.target, self.document.path, self.vault)
            if place is None:
                return None, {}
            return titles.file_reference(self.vault, place[0]), {"heading": place[1]} if place[1] else {}
        return titles.page_reference(self.root, found.target, self.form), {}

    def _namespace(self, title: str, line: int) -> None:
        if "/" not in title or journal_day(title, self.form):
            return
        chain = [reference for level in titles.levels(title) if (reference := self._page(level))]
        for child, parent in pairwise(chain):
            self.edges.add(child, parent, "namespace", line)

    def _page(self, title: str) -> Reference | None:
        return titles.page_reference(self.root, title, self.form)

    def _block_id(self, uuid: str) -> str:
        return f"block:{names.in_vault(self.root, uuid.lower())}"

    def _block(self, own: re.Match[str]) -> None:
        identity = (own["value"] or "").strip()
        if not inline.UUID.fullmatch(identity):
            return
        block = self._block_id(identity)
        if block in self.blocks:
            return
        label, line = self._first_line(own)
        self.blocks[block] = Node(block, "block", label, line)
        self.edges.add(block, self.own.id, "part_of", line)

    def _first_line(self, own: re.Match[str]) -> tuple[str | None, int]:
        """The first line of the block that a property stands in, and its number."""
        if self.bullets is None:
            self.bullets = [match.start() for match in _BULLET.finditer(self.text)]
        index = bisect_right(self.bullets, own.start()) - 1
        start = self.bullets[index] if index >= 0 else own.start()
        line = self.text[start : self.page.line_end(start)]
        if index < 0 or PROPERTY.fullmatch(line):
            return None, self.page.line(own.start())
        return line.strip().removeprefix("-").strip() or None, self.page.line(start)


_TYPES: Final = {
    "link": "link", "embed": "embed", "tag": "tag", "block": "block", "block_embed": "embed", "file": "link",
}  # fmt: skip
