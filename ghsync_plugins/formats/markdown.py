"""The plugin for plain Markdown: a page for each file, known by its path, and its relative links."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ghsync_core import Answer, Claim, Document, FileRef, Name, Node, ParsedFile, Reference, Vault, hookimpl, names
from ghsync_plugins.formats import pages
from ghsync_plugins.formats.edges import Edges
from ghsync_plugins.formats.front_matter import front_matter
from ghsync_plugins.formats.links import page_path
from ghsync_plugins.formats.text import page_text

if TYPE_CHECKING:
    from ghsync_core import Detector, Parser


class MarkdownDetector:
    """The `Detector` of Markdown that is no Logseq page."""

    name = "markdown"
    kind = "knowledge_graph"
    priority = 100
    version = "1"

    def look(self, file: FileRef, vault: Vault) -> str | None:
        """*maybe* for Markdown outside Logseq graphs."""
        return "type" if vault.flavour == pages.LOGSEQ else pages.look(file, vault)

    def claim(self, document: Document) -> Claim | str | None:
        """A claim for what is no Logseq page; ``not-public`` where only marked pages count."""
        if pages.flavour(document) != pages.MARKDOWN:
            return None
        return Claim("markdown") if pages.is_kept(document) else "not-public"


class MarkdownParser:
    """The `Parser` of plain Markdown (CommonMark)."""

    name = "markdown"
    version = "1"

    def parse(self, document: Document) -> ParsedFile:
        """The page and its links to other pages. Raises `ContentError` for a bad encoding."""
        page, matter = page_text(document), front_matter(document)
        own, edges = pages.page_name(document), Edges()
        heading: tuple[str, int] | None = None
        for kind, text, offset in _structure(page.text, matter.end):
            if kind == "heading":
                heading = heading or (text, page.line(offset))
            elif place := page_path(text, document.path, document.vault):
                target, fragment = _reference(document.vault, place[0]), place[1]
                edges.add(own.id, target, "link", page.line(offset), {"heading": fragment} if fragment else {})
        label, line = pages.markdown_title(matter) or heading or (own.title, 1)
        return ParsedFile((_node(document, own.id, label, line),), edges.all(), warnings=matter.warnings)


def _node(document: Document, identity: str, label: str, line: int) -> Node:
    """The page. It answers to its path, and in its vault to its base name."""
    inner = names.fold(document.vault.inner(document.path)).rpartition(".")[0]
    base = Answer(Name(names.vault_scope(document.vault.root), inner.rpartition("/")[2]), path=inner)
    properties = {entry.key: entry.value for entry in front_matter(document).entries}
    return Node(identity, "page", label, line, properties, (*names.path_answers(document.path), base))


def _reference(vault: Vault, path: str) -> Reference:
    return Reference(names.path_names(path), f"page:{names.in_vault(vault.root, vault.inner(path))}", path)


def _structure(text: str, start: int) -> Iterator[tuple[str, str, int]]:
    """The first-level headings and the addresses of links, as (``heading`` or ``link``, text, offset in *text*)."""
    import pyromark

    body = text[start:]
    offset_of = _offsets(body)
    heading: list[str] | None = None
    for event, place in pyromark.events_with_range(body, options=pyromark.Options.ENABLE_TABLES):
        if not isinstance(event, dict):
            continue
        begun = event.get("Start")
        if isinstance(begun, dict) and "Link" in begun and begun["Link"]["link_type"] not in ("Autolink", "Email"):
            yield "link", begun["Link"]["dest_url"], start + offset_of(place["start"])
        elif isinstance(begun, dict) and begun.get("Heading", {}).get("level") == "H1":
            heading = []
        elif heading is not None and event.get("End") == {"Heading": "H1"}:
            if title := " ".join("".join(heading).split()):
                yield "heading", title, start + offset_of(place["start"])
            heading = None
        elif heading is not None:
            heading.append(event.get("Text") or event.get("Code") or "")


def _offsets(text: str) -> Callable[[int], int]:
    """From byte offsets, which only grow or step back a little, to offsets in *text*: each byte is decoded about once."""
    if text.isascii():
        return lambda offset: offset
    data, known = text.encode(), [(0, 0)]

    def offset_of(offset: int) -> int:
        while known[-1][0] > offset:
            known.pop()
        low, characters = known[-1]
        place = characters + len(data[low:offset].decode())
        known.append((offset, place))
        return place

    return offset_of


@hookimpl
def register_detectors() -> list[Detector]:
    """Markdown that is no Logseq page."""
    return [MarkdownDetector()]


@hookimpl
def register_parsers() -> list[Parser]:
    """The parser of it."""
    return [MarkdownParser()]
