"""Canvases: a node, what its cards show and say, and the arrows between the notes on it."""

from __future__ import annotations

import posixpath
from typing import Any, Final

from ghsync_core import Answer, Document, Node, ParsedFile, Reference, names
from ghsync_plugins.formats.edges import Edges
from ghsync_plugins.formats.keys import camel_case
from ghsync_plugins.formats.links import is_file
from ghsync_plugins.formats.markdown.body import Body
from ghsync_plugins.formats.markdown.tags import Tags
from ghsync_plugins.formats.markdown.targets import Target, Targets, base_name, note_id, place_of
from ghsync_plugins.formats.obsidian.cards import Item, items
from ghsync_plugins.formats.text import page_text

MAX_TYPE: Final = 60
"""Up to this many characters, an arrow's label is its type; a longer one is a sentence."""


class CanvasParser:
    """The `Parser` of ``.canvas`` files (JSON Canvas)."""

    def parse(self, document: Document) -> ParsedFile:
        """The canvas and what stands on it. Raises `ContentError` where it is no canvas."""
        return _Canvas(document).parse()


class _Canvas:
    def __init__(self, document: Document) -> None:
        self.document, self.vault = document, document.vault
        self.page = page_text(document)
        self.id = note_id(document.vault, document.path)
        self.targets, self.edges = Targets(document), Edges()
        self.tags = Tags(document.vault.root, self.id, self.edges)
        self.notes: dict[str, Reference] = {}
        self.about: dict[str, list[str]] = {"groups": [], "urls": []}

    def parse(self) -> ParsedFile:
        found = items(self.page.text)
        for card in found:
            if card.list == "nodes":
                self._card(card, self.page.line(card.offset))
        for arrow in found:
            if arrow.list == "edges":
                self._arrow(arrow, self.page.line(arrow.offset))
        return ParsedFile((self._node(), *self.tags.nodes.values()), self.edges.all())

    def _node(self) -> Node:
        base, path = base_name(self.vault.root, self.vault.inner(self.document.path))
        answers = (*names.path_answers(self.document.path), Answer(base, path=path))
        label = posixpath.basename(self.document.path).rpartition(".")[0]
        about = {key: list(dict.fromkeys(values)) for key, values in self.about.items() if values}
        return Node(self.id, "canvas", label, 1, about, answers)

    def _card(self, card: Item, line: int) -> None:
        kind = card.text("type")
        if kind == "text":
            self._text(card.text("text"), line)
        elif kind == "file":
            self._file(card, line)
        elif kind in ("link", "group"):
            key, value = ("urls", card.text("url")) if kind == "link" else ("groups", card.text("label"))
            self.about[key] += [value] if value else []

    def _text(self, text: str, line: int) -> None:
        """The Markdown on a card, all of which stands on one line of the file."""
        body = Body(text, line, in_obsidian=True)
        for link in body.links:
            written = link.target
            self._edge(
                self.targets.wikilink(written) if link.kind == "wikilink" else self.targets.address(written),
                link.type,
                line,
                {"text": link.text} if link.text and link.text != written else {},
            )
        for tag in body.tags:
            self.tags.add(tag.text, line)

    def _file(self, card: Item, line: int) -> None:
        path = posixpath.normpath(card.text("file")).lstrip("/")
        if path == "." or path.startswith("../") or is_file(path):
            return
        note = self.targets.path(f"{self.vault.root}/{path}" if self.vault.root else path)
        self.notes[card.text("id")] = note
        self._edge(Target(note, place_of(card.text("subpath").removeprefix("#"))), "embed", line, {})

    def _edge(self, target: Target | None, kind: str, line: int, about: dict[str, Any]) -> None:
        if target:
            self.edges.add(self.id, target.note, kind, line, {**about, **target.place})

    def _arrow(self, arrow: Item, line: int) -> None:
        """An arrow between two notes; its label is its type."""
        start, end = self.notes.get(arrow.text("fromNode")), self.notes.get(arrow.text("toNode"))
        if start and end:
            label = arrow.text("label").strip()
            named = label and len(label) <= MAX_TYPE and "\n" not in label
            about = {"label": label} if label else {}
            self.edges.add(start, end, camel_case(label) if named else "canvas", line, about)
