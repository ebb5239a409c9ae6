"""Tells Logseq pages from other Markdown."""

from __future__ import annotations

from ghsync_core import Claim, Document, FileRef, Vault
from ghsync_plugins.formats import page_files


class LogseqDetector:
    """The `Detector` of Logseq pages: all Markdown of a graph, and outside vaults what has Logseq's properties."""

    name = "logseq"
    kind = "knowledge_graph"
    priority = 100
    version = "2"

    def look(self, file: FileRef, vault: Vault) -> str | None:
        """*maybe* for Markdown that the graph does not hide."""
        return page_files.look(file, vault)

    def claim(self, document: Document) -> Claim | str | None:
        """A claim for Logseq pages; ``not-public`` where only marked pages count."""
        from ghsync_plugins.formats import pages

        if pages.flavour(document) != page_files.LOGSEQ:
            return None
        return Claim("logseq") if pages.is_kept(document) else "not-public"
