"""N-Triples and N-Quads (RDF 1.1, W3C, 2014): a statement a line, so that every fact has exactly its own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import count
from typing import Final

from ghsync_core import Document, ParsedFile
from ghsync_plugins.formats.rdf.reading import read, utf8_text

_LINE_END: Final = re.compile(r"\r\n?|\n")
_ODD: Final = ("\n\n", "\n#", "\n ", "\n\t", "\r")
"""Where none of these is, every line holds a statement, as most tools write them."""


class NTriplesParser:
    """N-Triples or N-Quads as facts. The `Parser` of both."""

    def __init__(self, syntax: str, called: str) -> None:
        self._syntax = syntax
        self._called = called

    def parse(self, document: Document) -> ParsedFile:
        """All that the file says, or a `ContentError`."""
        text = utf8_text(document, self._called)
        return read(text, self._syntax, self._called, numbers=_statement_lines(text)).facts(document.path)


def _statement_lines(text: str) -> Iterable[int]:
    """The number of each line that is neither blank nor a comment: it holds one statement, or none can be read."""
    if text[:1] in ("<", "_") and not any(odd in text for odd in _ODD):
        return count(1)
    lines = _LINE_END.split(text) if "\r" in text else text.split("\n")
    return (
        number for number, line in enumerate(lines, 1) if line[:1] == "<" or line.lstrip(" \t")[:1] not in ("", "#")
    )
