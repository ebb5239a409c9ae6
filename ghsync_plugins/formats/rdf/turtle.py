"""Turtle (RDF 1.1 Turtle, W3C, 2014), read by pyoxigraph behind checks that keep hostile files harmless."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, Final
from urllib.parse import quote

from ghsync_core import ContentError, Document, FileWarning, ParsedFile
from ghsync_plugins.formats.rdf.mapping import map_graph
from ghsync_plugins.formats.rdf.tokens import first_lines, too_deep
from ghsync_plugins.formats.rdf.triples import Graph, Literal, Term, Triple

MAX_NESTING: Final = 200
"""How deep ``[`` and ``(`` may stand in each other; the largest public ontologies stay below 20."""

MAX_TRIPLES: Final = 500_000
"""How many statements one file may make; a file of the largest size that is read, 10 MB, seldom makes half as many."""

MAX_CHARACTERS: Final = 200_000_000
"""How long all terms together may be once prefixes are written out: a long prefix makes a small file huge."""


class TurtleParser:
    """Turtle text as facts. Keeps the `Parser` protocol."""

    name = "turtle"
    version = "1"

    def parse(self, document: Document) -> ParsedFile:
        """All that the file says, or a `ContentError`: what a broken file says up to its error is never saved."""
        if document.data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise ContentError("UTF-16, and Turtle must be UTF-8. Save the file as UTF-8.", reason="encoding")
        text = document.text
        line = too_deep(text, MAX_NESTING)
        if line is not None:
            raise ContentError(f"brackets nested deeper than {MAX_NESTING}", reason="limit", line=line)
        base = base_iri(document.source, document.path)
        reader = _Reader(text, base)
        graph = Graph(reader)
        facts = map_graph(graph, document.path, first_lines(text, base, set(graph.subjects)))
        return replace(facts, warnings=(*reader.warnings(), *facts.warnings))


def base_iri(source: str, path: str) -> str:
    """What relative IRIs are resolved against: ``repo:OWNER/REPO/PATH``, the same on every machine.

    A source that is named by its folder on this machine is left out.
    """
    local = PurePosixPath(source).is_absolute() or PureWindowsPath(source).is_absolute()
    return "repo:" + quote(path if local or not source else f"{source}/{path}", safe="/:@")


class _Reader:
    """The triples of a text, one by one; those whose object is itself a triple (RDF 1.2) are left out."""

    def __init__(self, text: str, base: str) -> None:
        import pyoxigraph

        self._rdf = pyoxigraph
        self._text = text
        self._base = base
        self._shared: dict[str, str] = {}
        self._characters = 0
        self._quoted = 0

    def __iter__(self) -> Iterator[Triple]:
        quads = self._rdf.parse(self._text.encode(), format=self._rdf.RdfFormat.TURTLE, base_iri=self._base)
        try:
            for count, quad in enumerate(quads):
                if count == MAX_TRIPLES:
                    raise ContentError(f"more than {MAX_TRIPLES:,} statements; split the file", reason="limit")
                object_ = self._object(quad.object)
                if object_ is not None:
                    yield self._resource(quad.subject), self._resource(quad.predicate), object_
        except SyntaxError as error:
            raise _syntax_error(error) from None

    def warnings(self) -> Iterator[FileWarning]:
        """What was left out so far."""
        if self._quoted:
            yield FileWarning(None, "rdf", f"{self._quoted} statements about other statements (<< … >>) are left out")

    def _object(self, term: Any) -> Term | None:
        if isinstance(term, self._rdf.Triple):
            self._quoted += 1
            return None
        if not isinstance(term, self._rdf.Literal):
            return self._resource(term)
        if "\x00" in term.value:
            raise ContentError(r"a literal holds the character \u0000, which no store keeps", reason="binary")
        direction = f"--{term.direction}" if term.direction else ""
        return Literal(self._once(term.value), self._once(term.datatype.value), (term.language or "") + direction)

    def _resource(self, term: Any) -> str:
        return self._once(f"_:{term.value}" if isinstance(term, self._rdf.BlankNode) else term.value)

    def _once(self, text: str) -> str:
        """*text* as the one copy that all triples share."""
        self._characters += len(text)
        if self._characters > MAX_CHARACTERS:
            raise ContentError(f"its terms, written out, are longer than {MAX_CHARACTERS:,} characters", reason="limit")
        return self._shared.setdefault(text, text)


def _syntax_error(error: SyntaxError) -> ContentError:
    """pyoxigraph's complaint without its own count of lines and columns, which goes before the first colon."""
    said = str(error.msg).partition(": ")[2] or str(error.msg)
    printable = "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in said)
    return ContentError(f"not Turtle: {printable}", reason="syntax", line=error.lineno)
