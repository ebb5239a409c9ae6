"""Texts that py-horned-owl turns into functional syntax, from which they are read like any other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ghsync_core import Axiom, Document, FileWarning, ParsedFile
from ghsync_plugins.formats.functional.parser import FunctionalParser
from ghsync_plugins.formats.owl_library.library import functional_syntax
from ghsync_plugins.formats.owl_library.syntaxes import SYNTAXES


class OwlLibraryParser:
    """The `Parser` of one syntax, called by its name in `SYNTAXES`."""

    def __init__(self, name: str) -> None:
        self._syntax = SYNTAXES[name]

    def parse(self, document: Document) -> ParsedFile:
        """All that the file says, or a `ContentError`."""
        text, lines = self._syntax.prepare(document)
        written = functional_syntax(text, self._syntax.serialization, self._syntax.called)
        facts = FunctionalParser().parse(
            Document(document.file, written.encode(), document.vault, source=document.source, options=document.options)
        )
        return with_lines(facts, lines)


def with_lines(facts: ParsedFile, lines: Mapping[str, int]) -> ParsedFile:
    """*facts*, whose own lines are of another text, with the line that first names what each is about."""

    def of_axiom(axiom: Axiom) -> Axiom:
        found = (lines.get(str(end)[1:-1]) for end in axiom.arguments)
        return replace(axiom, line=next((line for line in found if line is not None), None))

    return ParsedFile(
        nodes=tuple(replace(node, line=lines.get(node.id)) for node in facts.nodes),
        edges=tuple(edge._replace(line=lines.get(str(edge.source))) for edge in facts.edges),
        classes=tuple(replace(item, line=lines.get(item.iri)) for item in facts.classes),
        properties=tuple(replace(item, line=lines.get(item.iri)) for item in facts.properties),
        axioms=tuple(map(of_axiom, facts.axioms)),
        warnings=tuple(FileWarning(None, warning.code, warning.message) for warning in facts.warnings),
    )
