"""Markdown outside Logseq: a page for each file, known by its path, its links, tags and properties."""

from __future__ import annotations

from ghsync_core import Document, ParsedFile
from ghsync_plugins.formats.markdown.page import MarkdownPage


class MarkdownParser:
    """The `Parser` of plain Markdown (CommonMark) and of Obsidian's notes."""

    def parse(self, document: Document) -> ParsedFile:
        """The page and what it refers to. Raises `ContentError` for a bad encoding."""
        page = MarkdownPage(document).read()
        return page.parsed(page.node())
