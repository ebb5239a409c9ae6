"""Files of OWL functional syntax."""

from __future__ import annotations

import re
from typing import Final

from ghsync_core import Claim, ContentError, Document, FileRef, FileWarning, ParsedFile, Vault
from ghsync_plugins.formats.functional.canonical import Canonical
from ghsync_plugins.formats.functional.facts import OwlFacts
from ghsync_plugins.formats.functional.statements import Statement, Unclosed, statements
from ghsync_plugins.formats.iri import Names
from ghsync_plugins.formats.text import page_text

_OWN_SUFFIX: Final = ".ofn"
_SHARED_SUFFIX: Final = ".owl"
_BEGINNING = re.compile(r"(?:\s++|#[^\n]*+)*+(?:Prefix|Ontology)\s*+\(")


class FunctionalDetector:
    """The `Detector` of functional syntax: by the name ``.ofn``, and in ``.owl`` by how the text begins."""

    name = "functional"
    kind = "ontology"
    priority = 200
    version = "1"

    def look(self, file: FileRef, vault: Vault) -> str | None:  # noqa: ARG002
        """*maybe* where the name ends in one of the two."""
        return None if file.path.lower().endswith((_OWN_SUFFIX, _SHARED_SUFFIX)) else "type"

    def claim(self, document: Document) -> Claim | str | None:
        """What is called ``.ofn`` is functional syntax, or an error to be told; ``.owl`` may be many things."""
        if document.path.lower().endswith(_OWN_SUFFIX):
            return Claim("functional", exclusive=True)
        if document.data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" or not _BEGINNING.match(document.text):
            return None
        return Claim("functional", exclusive=True)


class FunctionalParser:
    """The `Parser` of whole files: one that breaks off says nothing; else a statement that is wrong costs itself."""

    name = "functional"
    version = "1"

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
