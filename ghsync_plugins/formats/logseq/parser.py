"""Logseq pages and journals: a node for the page, one for each block with an id, and an edge for each reference."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from ghsync_core import Answer, Document, Name, Node, ParsedFile, Reference, names
from ghsync_plugins.formats.edges import Edges
from ghsync_plugins.formats.front_matter import front_matter
from ghsync_plugins.formats.links import in_folder, page_path
from ghsync_plugins.formats.logseq import inline, titles
from ghsync_plugins.formats.logseq.dates import format_day, journal_day
from ghsync_plugins.formats.logseq.head import head
from ghsync_plugins.formats.logseq.plain_links import plain_links
from ghsync_plugins.formats.logseq.properties import PROPERTY, items, key_rules, meaning
from ghsync_plugins.formats.pages import page_name, title_answers
from ghsync_plugins.formats.sections import KEY_LINE, in_section, ontology_sections
from ghsync_plugins.formats.text import page_text

_MARK = re.compile(r"\[\[|::(?=[ \n]|\Z)|#(?=[^\s#])|\(\((?=[0-9a-fA-F])|\]\(|\{\{")
"""What a line must hold to say anything."""

_BULLET = re.compile(r"^[ \t]*+-(?=[ \t\n]|\Z)", re.MULTILINE)
_ONLY_LINKS = re.compile(r"(?:\[\[[^\[\]\n]*+\]\][\s,]*+)++")
_NOTHING: Final[Mapping[str, str]] = {}
_SHORT: Final = 200
"""Up to this many characters, an edge keeps the whole value that it was found in."""


class LogseqParser:
    """The `Parser` of Logseq pages."""

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
        self.rules = key_rules(document.vault)
        self.bullets: list[int] | None = None
        self.known = plain_links(self.root, self.form)
        self.edges = Edges()

    def parse(self) -> ParsedFile:
        node = self._node()
        self._namespace(self.own.title, node.line or 1)
        for own in self.head.properties.values():
            for value, line in own.texts:
                self._property(own.key, value, line)
        for text, start, number in self._lines():
            self._line(text, start, number)
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

    def _lines(self) -> Iterator[tuple[str, int, int]]:
        """The visible lines below the head that say something: their text, offset and number."""
        counted, first = 0, 1
        for low, high in self.page.visible:
            start = max(low, self.head.end)
            first += self.text.count("\n", counted, start)
            counted = start
            for number, line in enumerate(self.text[start:high].split("\n"), first):
                # most lines are prose, and single letters are by far the quickest to look for
                if ("[" in line or ":" in line or "#" in line or "(" in line) and ("[[" in line or _MARK.search(line)):
                    yield line, start, number
                start += len(line) + 1

    def _line(self, line: str, start: int, number: int) -> None:
        own = PROPERTY.match(line) if "::" in line else None
        key, value = (own["key"], (own["value"] or "").strip()) if own else ("", "")
        if own and meaning(key, self.rules).is_id:
            self._block(value, start)
        if self.sections and in_section(self.sections, start) and KEY_LINE.match(self.text, start, start + len(line)):
            return  # a fact of the class, not of the page
        if own:
            self._property(key, value, number)
        elif (links := inline.plain_links(line)) is not None:
            self._plain_links(links, number, "link", _NOTHING)
        else:
            for found in inline.references(line):
                self._reference(found, number, _TYPES[found.kind], _NOTHING)

    def _property(self, key: str, value: str, line: int) -> None:
        kind, refers, is_list, _, properties = meaning(key, self.rules)
        if not value or not refers:
            return
        if is_list:
            for title in items(value):
                self._reference(inline.Found("link", title), line, kind, properties)
        elif not (value.startswith('"') and value.endswith('"')):
            if len(value) <= _SHORT and not _ONLY_LINKS.fullmatch(value):
                properties = {**properties, "value": value}
            if (links := inline.plain_links(value)) is not None:
                self._plain_links(links, line, kind, properties)
            else:
                for found in inline.references(value, code=False):
                    self._reference(found, line, kind, properties)

    def _plain_links(self, links: list[str], line: int, kind: str, properties: Mapping[str, str]) -> None:
        """What `_reference` does for any, of *links* as they are written: nearly all are such."""
        own, add = self.own.id, self.edges.add
        for written in links:
            link = self.known[written]
            if link is None:
                continue
            target, title, text = link
            if "/" in title:
                self._namespace(title, line)
            add(own, target, kind, line, {**properties, "text": text} if text else properties)

    def _reference(self, found: inline.Found, line: int, kind: str, properties: Mapping[str, str]) -> None:
        sort, written, text = found
        target: Reference | None
        if sort == "file":
            target, properties = self._file(written, properties)
        elif sort in ("block", "block_embed"):
            block = self._block_id(written)
            target = Reference((Name(names.SOURCE_SCOPE, block),), block, written)
        else:
            target = titles.page_reference(self.root, written, self.form)
            if "/" in written:
                self._namespace(written, line)
        if target:
            self.edges.add(self.own.id, target, kind, line, {**properties, "text": text} if text else properties)

    def _file(self, address: str, properties: Mapping[str, str]) -> tuple[Reference | None, Mapping[str, str]]:
        place = page_path(address, self.document.path, self.vault)
        if place is None:
            return None, properties
        path, heading = place
        if in_folder(path, self.root) and self.vault.inner(path).startswith("assets/"):
            return None, properties  # Markdown may be attached too
        return titles.file_reference(self.vault, path), {**properties, "heading": heading} if heading else properties

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

    def _block(self, identity: str, start: int) -> None:
        if not inline.UUID.fullmatch(identity):
            return
        block = self._block_id(identity)
        if block in self.blocks:
            return
        label, line = self._first_line(start)
        self.blocks[block] = Node(block, "block", label, line)
        self.edges.add(block, self.own.id, "part_of", line)

    def _first_line(self, offset: int) -> tuple[str | None, int]:
        """The first line of the block that the property at *offset* stands in, and its number."""
        if self.bullets is None:
            self.bullets = [match.start() for match in _BULLET.finditer(self.text)]
        index = bisect_right(self.bullets, offset) - 1
        start = self.bullets[index] if index >= 0 else offset
        line = self.text[start : self.page.line_end(start)]
        if index < 0 or PROPERTY.fullmatch(line):
            return None, self.page.line(offset)
        return line.strip().removeprefix("-").strip() or None, self.page.line(start)


_TYPES: Final = {
    "link": "link", "embed": "embed", "tag": "tag", "block": "block", "block_embed": "embed", "file": "link",
}  # fmt: skip
