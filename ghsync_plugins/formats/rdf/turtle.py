"""Turtle and TriG (RDF 1.1, W3C, 2014), read by pyoxigraph behind a check of how deep they are nested."""

from __future__ import annotations

from typing import Final

from ghsync_core import ContentError, Document, ParsedFile
from ghsync_plugins.formats.rdf.lines import Lines
from ghsync_plugins.formats.rdf.reading import base_iri, read, utf8_text
from ghsync_plugins.formats.rdf.tokens import Tokens

MAX_NESTING: Final = 200
"""How deep ``[`` and ``(`` may stand in each other; the largest public ontologies stay below 20."""


class TurtleParser:
    """Turtle text, or that of a syntax which only adds brackets, as facts. The `Parser` of both."""

    def __init__(self, syntax: str = "TURTLE", called: str = "Turtle") -> None:
        self._syntax = syntax
        self._called = called

    def parse(self, document: Document) -> ParsedFile:
        """All that the file says, or a `ContentError`: what a broken file says up to its error is never saved."""
        text = utf8_text(document, self._called)
        tokens = Tokens(text)
        line = tokens.too_deep(MAX_NESTING)
        if line is not None:
            raise ContentError(f"brackets nested deeper than {MAX_NESTING}", reason="limit", line=line)
        base = base_iri(document.source, document.path)
        reading = read(text, self._syntax, self._called, base)
        return reading.facts(document.path, Lines(tokens.first_lines(base, set(reading.graph.subjects))))
