"""Ontology pages: the classes, properties and individuals that a page defines, and their axioms and relations."""

from __future__ import annotations

from dataclasses import replace

from ghsync_core import Document, OwlClass, OwlProperty, ParsedFile
from ghsync_plugins.formats.iri import Names
from ghsync_plugins.formats.ontology.block import add_section, is_meant
from ghsync_plugins.formats.ontology.facts import Facts
from ghsync_plugins.formats.ontology.jsonld import jsonld_blocks
from ghsync_plugins.formats.ontology.jsonld_facts import add_block
from ghsync_plugins.formats.ontology.owl import owl_facts
from ghsync_plugins.formats.ontology.yaml_form import add_yaml_form
from ghsync_plugins.formats.pages import page_name
from ghsync_plugins.formats.sections import ontology_sections
from ghsync_plugins.formats.text import page_text


class OntologyParser:
    """The `Parser` of OntologyBlocks, json-ld fences, front matter and OWL functional syntax in pages."""

    def parse(self, document: Document) -> ParsedFile:
        """All that the page says of its ontology; the page itself is its format's parser's. Raises `ContentError`."""
        page, facts, iris = page_text(document), Facts(document, page_name(document)), Names(document)
        add_yaml_form(facts, document, iris)
        blocks = jsonld_blocks(document)
        for block in blocks.blocks:
            add_block(facts, page, block, iris)
        for section in ontology_sections(document):
            if is_meant(section, page.text):
                add_section(facts, page, section, iris)
        owl = owl_facts(document, iris, {item.iri for item in facts.classes if item.declared})
        classes = _defined(facts, owl)
        return ParsedFile(
            (*facts.nodes, *owl.nodes),
            (*facts.edges.all(), *owl.edges),
            (*facts.classes, *classes),
            (*facts.properties, *owl.properties),
            (*facts.axioms, *owl.axioms),
            (*blocks.warnings, *iris.warnings, *owl.warnings, *facts.warnings),
        )


def _defined(facts: Facts, owl: ParsedFile) -> tuple[OwlClass, ...]:
    """The classes of the page's OWL; the page gets an edge to what is declared there and not defined otherwise.

    Where nothing else on the page defines a class and its OWL declares just one, that is the page's class.
    """
    if not owl.classes and not owl.properties:
        return ()
    before: tuple[OwlClass | OwlProperty, ...] = (*facts.classes, *facts.properties)
    known = {item.iri for item in before if item.declared}
    alone = not any(item.declared for item in facts.classes) and sum(item.declared for item in owl.classes) == 1
    defined: tuple[OwlClass | OwlProperty, ...] = (*owl.classes, *owl.properties)
    for item in defined:
        if item.declared and item.iri not in known and item.line is not None:
            facts.defines(item.iri, item.line)
    if not alone:
        return owl.classes
    answers = facts.answers(None)
    return tuple(replace(item, answers=answers) if item.declared else item for item in owl.classes)
