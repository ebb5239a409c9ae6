"""Files of OWL functional syntax."""

from __future__ import annotations

from ghsync_core import ContentError, Document, FileWarning, ParsedFile
from ghsync_plugins.formats.functional.canonical import Canonical
from ghsync_plugins.formats.functional.facts import OwlFacts
from ghsync_plugins.formats.functional.statements import Statement, Unclosed, statements
from ghsync_plugins.formats.iri import Names
from ghsync_plugins.formats.text import page_text


class FunctionalParser:
    """The `Parser` of whole files: one that breaks off says nothing; else a statement that is wrong costs itself."""

    def parse(self, document: Document) -> ParsedFile:
        """All that the file says. Raises `ContentError` where it is no functional syntax, or is cut off."""
        text, names, facts = page_text(document).text, Names(document), OwlFacts()
        found, warnings = 0, list[FileWarning]()
        for said in statements(text, 1, Canonical(names.iri, document.path)):
            if isinstance(said, Unclosed):
                raise ContentError(f"not whole: {said.why}. Nothing of it is stored.", reason="syntax", line=said.line)
            if isinstance(said, Statement):
                facts.add(said)
                found += 1
            else:
                warnings.append(said)
        if warnings and not found:
            raise ContentError("not OWL functional syntax", reason="syntax", line=warnings[0].line)
        own = facts.facts()
        everything = (*names.warnings, *warnings, *own.warnings)
        return ParsedFile(own.nodes, own.edges, own.classes, own.properties, own.axioms, everything)
