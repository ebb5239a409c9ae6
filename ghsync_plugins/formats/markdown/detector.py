"""Tells plain Markdown and Obsidian's notes from Logseq pages and from bundles."""

from __future__ import annotations

from ghsync_core import Claim, Document, FileRef, Vault
from ghsync_plugins.formats import page_files


class MarkdownDetector:
    """The `Detector` of Markdown that is no Logseq page, and in no bundle of concepts."""

    name = "markdown"
    kind = "knowledge_graph"
    priority = 100
    version = "3"

    def look(self, file: FileRef, vault: Vault) -> str | None:
        """*maybe* for Markdown outside Logseq graphs and bundles."""
        return "type" if vault.flavour in (page_files.LOGSEQ, page_files.OKF) else page_files.look(file, vault)

    def claim(self, document: Document) -> Claim | str | None:
        """A claim for what is no Logseq page; ``not-public`` where only marked pages count."""
        from ghsync_plugins.formats import pages

        if pages.flavour(document) != page_files.MARKDOWN:
            return None
        return Claim("markdown") if pages.is_kept(document) else "not-public"
