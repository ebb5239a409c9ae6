"""Tells plain Markdown from Logseq pages."""

from __future__ import annotations

from ghsync_core import Claim, Document, FileRef, Vault
from ghsync_plugins.formats import pages


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
