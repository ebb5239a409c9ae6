"""Ontology pages: the classes, properties and individuals that a page defines, and their axioms and relations."""

from __future__ import annotations

from ghsync_core import Document, ParsedFile
from ghsync_plugins.formats.ontology.block import add_section, is_meant
from ghsync_plugins.formats.ontology.facts import Facts
from ghsync_plugins.formats.ontology.iri import Names
from ghsync_plugins.formats.ontology.jsonld import jsonld_blocks
from ghsync_plugins.formats.ontology.jsonld_facts import add_block
from ghsync_plugins.formats.ontology.owl import owl_warnings
from ghsync_plugins.formats.pages import page_name
from ghsync_plugins.formats.sections import ontology_sections
from ghsync_plugins.formats.text import page_text


class OntologyParser:
    """The `Parser` of OntologyBlocks and json-ld fences."""

    name = "ontology"
    version = "1"

    def parse(self, document: Document) -> ParsedFile:
        """All that the page says of its ontology; the page itself is its format's parser's. Raises `ContentError`."""
        page, facts, iris = page_text(document), Facts(document, page_name(document)), Names(document)
        blocks = jsonld_blocks(document)
        for block in blocks.blocks:
            add_block(facts, page, block)
        for section in ontology_sections(document):
            if is_meant(section, page.text):
                add_section(facts, page, section, iris)
        return ParsedFile(
            tuple(facts.nodes),
            facts.edges.all(),
            tuple(facts.classes),
            tuple(facts.properties),
            tuple(facts.axioms),
            (*blocks.warnings, *iris.warnings, *owl_warnings(page), *facts.warnings),
        )
