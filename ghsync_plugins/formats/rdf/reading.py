"""From text to a graph, whatever the syntax, by pyoxigraph, with limits on what one file may grow to.

Text comes here only after its own module has made sure that it holds nothing which ends the process in native code.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, repeat
from pathlib import PurePosixPath, PureWindowsPath
from typing import Final
from urllib.parse import quote

from ghsync_core import ContentError, Document, FileWarning, ParsedFile
from ghsync_plugins.formats.rdf.collector import Collector
from ghsync_plugins.formats.rdf.lines import Lines, StatementLines
from ghsync_plugins.formats.rdf.mapping import map_graph
from ghsync_plugins.formats.rdf.triples import Graph

_WITH_GRAPHS: Final = frozenset({"N_QUADS", "TRIG", "JSON_LD"})


@dataclass(slots=True)
class Reading:
    """What was read: the ``graph``, how many statements it had, and how many of them quote statements (RDF 1.2).

    ``lines`` has the line of each triple, and of the first triple about each thing, where a line is a statement.
    """

    graph: Graph
    statements: int = 0
    quoted: int = 0
    lines: Lines = field(default_factory=Lines)

    def facts(self, path: str, lines: Lines | None = None, warnings: Sequence[FileWarning] = ()) -> ParsedFile:
        """All that the file at *path* says, what was left out among its warnings."""
        found = map_graph(self.graph, path, self.lines if lines is None else lines)
        if self.quoted:
            told = f"{self.quoted} statements about other statements (<< … >>) are left out"
            warnings = (*warnings, FileWarning(None, "rdf", told))
        return replace(found, warnings=(*warnings, *found.warnings)) if warnings else found


def utf8_text(document: Document, name: str) -> str:
    """The text of a syntax that must be UTF-8. Raises `ContentError` where it is anything else."""
    if document.data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ContentError(f"UTF-16, and {name} must be UTF-8. Save the file as UTF-8.", reason="encoding")
    return document.text


def base_iri(source: str, path: str) -> str:
    """What relative IRIs are resolved against: ``repo:OWNER/REPO/PATH``, the same on every machine.

    A source that is named by its folder on this machine is left out.
    """
    local = PurePosixPath(source).is_absolute() or PureWindowsPath(source).is_absolute()
    return "repo:" + quote(path if local or not source else f"{source}/{path}", safe="/:@")


def read(text: str, syntax: str, name: str, base: str | None = None, numbers: Iterable[int] | None = None) -> Reading:
    """The graph of *text*.

    *syntax* is a name of pyoxigraph's `RdfFormat`, *name* the one that people know it by; *numbers* has the line of
    each statement, where that is known. Raises `ContentError`.
    """
    import pyoxigraph

    quads = pyoxigraph.parse(text.encode(), format=getattr(pyoxigraph.RdfFormat, syntax), base_iri=base)
    collector = Collector(pyoxigraph, may_hold_nul="\\u0000" in text or "\\U00000000" in text)
    try:
        collector.take(quads, chain(numbers or (), repeat(0)), with_graphs=syntax in _WITH_GRAPHS)
    except SyntaxError as error:
        raise _syntax_error(error, name) from None
    graph = Graph(collector.subjects, collector.uses, collector.graphs)
    lines = (
        Lines() if numbers is None else StatementLines(graph, collector.things, collector.predicates, collector.triples)
    )
    return Reading(graph, collector.statements, collector.quoted, lines)


def _syntax_error(error: SyntaxError, name: str) -> ContentError:
    """pyoxigraph's complaint without its own count of lines and columns, which goes before the first colon."""
    said = str(error.msg)
    where, _, what = said.partition(": ")
    printable = "".join(
        letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in (what if _is_place(where) else said)
    )
    return ContentError(f"not {name}: {printable}", reason="syntax", line=error.lineno)


def _is_place(text: str) -> bool:
    return text.startswith(("Parser error", "at "))
