"""What shows that a page carries an ontology."""

from __future__ import annotations

from ghsync_core import Document
from ghsync_plugins.formats.ontology.block import is_meant
from ghsync_plugins.formats.ontology.jsonld import jsonld_blocks
from ghsync_plugins.formats.ontology.owl import has_heredoc, has_owl
from ghsync_plugins.formats.sections import ontology_sections
from ghsync_plugins.formats.text import page_text
from ghsync_plugins.formats.yaml_kind import yaml_kind


def says_something(document: Document) -> bool:
    """Whether the page says something of an ontology, or means to and can't be read."""
    page = page_text(document)
    if yaml_kind(document):
        return True
    if "json" in page.text:
        found = jsonld_blocks(document)
        if found.blocks or found.warnings:
            return True
    if any(is_meant(section, page.text) or has_owl(page, section) for section in ontology_sections(document)):
        return True
    return has_heredoc(page)
