"""Plain Markdown: a page for each file, known by its path, its relative links and its wikilinks."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import quote

from ghsync_core import Answer, Document, Name, Node, ParsedFile, Reference, Vault, names
from ghsync_plugins.formats import pages
from ghsync_plugins.formats.edges import Edges
from ghsync_plugins.formats.front_matter import front_matter
from ghsync_plugins.formats.links import ATTACHMENT_SUFFIXES, in_folder, page_path
from ghsync_plugins.formats.markdown.commonmark import Part, structure
from ghsync_plugins.formats.text import page_text


class MarkdownParser:
    """The `Parser` of plain Markdown (CommonMark)."""

    name = "markdown"
    version = "1"

    def parse(self, document: Document) -> ParsedFile:
        """The page and its links to other pages. Raises `ContentError` for a bad encoding."""
        page, matter = page_text(document), front_matter(document)
        own, edges = pages.page_name(document), Edges()
        heading: tuple[str, int] | None = None
        targets: dict[tuple[str, str], tuple[Reference, str] | None] = {}
        for part in structure(page.text, matter.end):
            line = page.line(part.offset)
            if part.kind == "heading":
                heading = heading or ((part.text, line) if part.text else None)
                continue
            key = part.kind, part.target
            if key not in targets:
                targets[key] = _target(document, part)
            if found := targets[key]:
                target, fragment = found
                edges.add(own.id, target, "embed" if part.kind == "embed" else "link", line, _about(part, fragment))
        label, line = pages.markdown_title(matter) or heading or (own.title, 1)
        return ParsedFile((_node(document, own.id, label, line),), edges.all(), warnings=matter.warnings)


def _node(document: Document, identity: str, label: str, line: int) -> Node:
    """The page. It answers to its path, and in its vault to its base name."""
    inner = names.fold(document.vault.inner(document.path)).rpartition(".")[0]
    base = Answer(Name(names.vault_scope(document.vault.root), inner.rpartition("/")[2]), path=inner)
    properties = {entry.key: entry.value for entry in front_matter(document).entries}
    return Node(identity, "page", label, line, properties, (*names.path_answers(document.path), base))


def _target(document: Document, part: Part) -> tuple[Reference, str] | None:
    """The page that a link leads to, and the heading in it; None where that is no other page."""
    vault, address = document.vault, part.target
    if part.kind != "address":
        name, _, heading = address.partition("#")
        if not name.startswith(("./", "../", "/")):
            return _named_page(document, name, heading)
        address = quote(name.strip() if name.lower().endswith(".md") else f"{name.strip()}.md") + f"#{quote(heading)}"
    place = page_path(address, document.path, vault, rooted_in_vault=part.kind != "address")
    return place and (Reference(names.path_names(place[0]), _page_id(vault, place[0]), place[0]), place[1])


def _about(part: Part, heading: str) -> dict[str, str]:
    """What an edge keeps of the link: the words shown, where they are not the target itself, and the heading."""
    about = {"heading": heading} if heading else {}
    return {**about, "text": part.text} if part.text and part.text != part.target else about


def _named_page(document: Document, written: str, heading: str) -> tuple[Reference, str] | None:
    """The page that a wikilink names: by the end of its path, and best in the folder of the page that links to it."""
    name, vault = written.strip().removesuffix("/"), document.vault
    path = names.fold(name).removesuffix(".md")
    base = path.rpartition("/")[2]
    if not base or posixpath.splitext(base)[1] in ATTACHMENT_SUFFIXES:
        return None
    folder = names.fold(posixpath.dirname(vault.inner(document.path)))
    answer = Name(names.vault_scope(vault.root), base)
    stub = f"page:{names.in_vault(vault.root, re.sub('//+', '/', path))}.md"
    return Reference((answer,), stub, name, path, folder), heading.strip()


def _page_id(vault: Vault, path: str) -> str:
    return f"page:{names.in_vault(vault.root, vault.inner(path))}" if in_folder(path, vault.root) else f"page:{path}"
