"""Tells pages that carry an ontology."""

from __future__ import annotations

from ghsync_core import Claim, Document, FileRef, Vault
from ghsync_plugins.formats import pages
from ghsync_plugins.formats.ontology.block import is_meant
from ghsync_plugins.formats.ontology.jsonld import jsonld_blocks
from ghsync_plugins.formats.ontology.owl import has_heredoc, has_owl
from ghsync_plugins.formats.sections import ontology_sections
from ghsync_plugins.formats.text import page_text
from ghsync_plugins.formats.yaml_kind import yaml_kind


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
        return pages.look(file, vault)

    def claim(self, document: Document) -> Claim | str | None:
        """A claim where the page says something of an ontology, or means to and can't be read. No marker is needed."""
        page = page_text(document)
        if yaml_kind(document):
            return Claim("ontology")
        if "json" in page.text:
            found = jsonld_blocks(document)
            if found.blocks or found.warnings:
                return Claim("ontology")
        for section in ontology_sections(document):
            if is_meant(section, page.text) or has_owl(page, section):
                return Claim("ontology")
        return Claim("ontology") if has_heredoc(page) else None
