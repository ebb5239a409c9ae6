"""Tells canvases; bases are skipped by name."""

from __future__ import annotations

from ghsync_core import Claim, Document, FileRef, Vault
from ghsync_plugins.formats import page_files


class CanvasDetector:
    """The `Detector` of ``.canvas`` files outside Logseq graphs."""

    name = "canvas"
    kind = "knowledge_graph"
    priority = 100
    version = "1"

    def look(self, file: FileRef, vault: Vault) -> str | None:
        """*maybe* for canvases; ``bases`` for bases."""
        lowered = file.path.lower()
        if vault.flavour == page_files.LOGSEQ or not lowered.endswith((".canvas", ".base")):
            return "type"
        if page_files.in_dot_folder(file.path):
            return "hidden"
        return None if lowered.endswith(".canvas") else "bases"

    def claim(self, document: Document) -> Claim | str | None:
        """A claim, but where only marked pages count: a canvas has no place for the marker."""
        return "not-public" if document.only_public else Claim("canvas")
