"""A Markdown page while it is read: its node, and the edges to what it links to, embeds, and is tagged with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ghsync_core import Answer, Document, FileWarning, Node, ParsedFile, names
from ghsync_plugins.formats import pages
from ghsync_plugins.formats.edges import Edges
from ghsync_plugins.formats.front_matter import front_matter
from ghsync_plugins.formats.keys import camel_case
from ghsync_plugins.formats.markdown import properties
from ghsync_plugins.formats.markdown.body import Body, Heading, Link, Mark
from ghsync_plugins.formats.markdown.tags import KEYS, Tags, tags_of
from ghsync_plugins.formats.markdown.targets import Target, Targets, alias_name, base_name
from ghsync_plugins.formats.page_files import OBSIDIAN
from ghsync_plugins.formats.text import page_text
from ghsync_plugins.formats.yaml_kind import yaml_kind


class MarkdownPage:
    """One page; `read` takes all that it says, and `parsed` gives it back."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.own = pages.page_name(document)
        self.matter = front_matter(document)
        self.targets = Targets(document)
        self.edges = Edges()
        self.tags = Tags(document.vault.root, self.own.id, self.edges)
        self.headings: list[Heading] = []
        self.blocks: list[Mark] = []
        self.footnotes: list[Mark] = []
        self.links: list[Link] = []
        self.fields: dict[str, list[str]] = {}
        self._known: dict[tuple[str, str], Target | None] = {}

    def read(self) -> MarkdownPage:
        """Front matter first, then the text."""
        self._properties()
        text, start = page_text(self.document).text, self.matter.end
        first_line = text.count("\n", 0, start) + 1
        in_obsidian = self.document.vault.flavour == OBSIDIAN
        inline_fields = self.document.options.get(OBSIDIAN, {}).get("dataview") is True
        self.add(Body(text[start:] if start else text, first_line, in_obsidian, inline_fields))
        return self

    def add(self, body: Body) -> None:
        """All that a piece of text says."""
        self.headings += body.headings
        self.blocks += body.blocks
        self.footnotes += body.footnotes
        self.links += body.links
        for key, value in body.fields:
            self.fields.setdefault(key, []).append(value)
        for kind, type_, target, text, line, key in body.links:
            if key:
                self.link(kind, target, text, line, camel_case(key), {"key": key})
            else:
                self.link(kind, target, text, line, type_, {})
        for tag in body.tags:
            self.tags.add(tag.text, tag.line)

    def parsed(self, node: Node, *warnings: FileWarning) -> ParsedFile:
        """All that was read, about *node*."""
        said = (*self.matter.warnings, *properties.warnings(self.matter), *warnings)
        return ParsedFile((node, *self.tags.nodes.values()), self.edges.all(), warnings=said)

    def node(self, kind: str = "page", **more: Any) -> Node:
        """The page's node: it answers to its path, and in its vault to its base name and its aliases."""
        vault, path = self.document.vault, self.document.path
        base, inner = base_name(vault.root, vault.inner(path))
        answers = [*names.path_answers(path), Answer(base, path=inner)]
        answers += [Answer(alias_name(vault.root, alias), 1) for alias in self.own.aliases]
        label, line = self._label()
        about = {**self._about(), **self._values(), **more}
        return Node(self.own.id, kind, label, line, about, tuple(answers))

    def _label(self) -> tuple[str, int]:
        titles = ((heading.text, heading.line) for heading in self.headings if heading.level == 1)
        return pages.markdown_title(self.matter) or next(titles, (self.own.title, 1))

    def _values(self) -> dict[str, Any]:
        return {entry.key: entry.value for entry in self.matter.entries}

    def _about(self) -> dict[str, Any]:
        """What the text says of itself; a property of the same name in the front matter goes before it."""
        about: dict[str, Any] = {key: values[0] if len(values) == 1 else values for key, values in self.fields.items()}
        if self.headings:
            about["headings"] = [heading._asdict() for heading in self.headings]
        if self.blocks:
            about["blocks"] = [block.text for block in self.blocks]
        return about

    def _properties(self) -> None:
        for link in properties.links(self.matter) if yaml_kind(self.document) is None else ():
            self.link("wikilink", link.target, link.text, link.line, camel_case(link.key), {"key": link.key})
        for entry in self.matter.entries:
            for label, line in tags_of(entry) if entry.key.lower() in KEYS else ():
                self.tags.add(label, line)

    def link(self, kind: str, written: str, text: str, line: int, type_: str, about: Mapping[str, Any]) -> None:
        """A link of *kind* ``wikilink`` or ``link``, if it leads to another page; *text* is what is shown of it."""
        key = kind, written
        if key not in self._known:
            self._known[key] = self.targets.wikilink(written) if kind == "wikilink" else self.targets.address(written)
        target = self._known[key]
        if target:
            if target.place or (text and text != written):
                about = {**about, **target.place, **({"text": text} if text and text != written else {})}
            self.edges.add(self.own.id, target.note, type_, line, about)
