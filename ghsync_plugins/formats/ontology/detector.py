"""Tells pages that carry an ontology."""

from __future__ import annotations

from ghsync_core import Claim, Document, FileRef, Vault
from ghsync_plugins.formats import page_files


class OntologyDetector:
    """The `Detector` of pages with an OntologyBlock, a json-ld fence, OWL under a key, or a type in front matter.

    The page itself is another detector's.
    """

    name = "ontology"
    kind = "ontology"
    priority = 200
    version = "2"

    def look(self, file: FileRef, vault: Vault) -> str | None:
        """*maybe* for Markdown that its vault does not hide."""
        return page_files.look(file, vault)

    def claim(self, document: Document) -> Claim | str | None:
        """A claim where the page says something of an ontology, or means to and can't be read. No marker is needed."""
        from ghsync_plugins.formats.ontology.signs import says_something

        return Claim("ontology") if says_something(document) else None
