"""All Markdown in a bundle is read as the Open Knowledge Format has it."""

from __future__ import annotations

from ghsync_core import Claim, Document, FileRef, Vault
from ghsync_plugins.formats import page_files


class OkfDetector:
    """The `Detector` of concepts, listings and histories."""

    name = "okf"
    kind = "knowledge_graph"
    priority = 100
    version = "1"

    def look(self, file: FileRef, vault: Vault) -> str | None:
        """*maybe* for Markdown in a bundle."""
        return page_files.look(file, vault) if vault.flavour == page_files.OKF else "type"

    def claim(self, document: Document) -> Claim | str | None:
        """A claim; ``not-public`` where only marked pages count."""
        from ghsync_plugins.formats import pages

        return Claim("okf") if pages.is_kept(document) else "not-public"
