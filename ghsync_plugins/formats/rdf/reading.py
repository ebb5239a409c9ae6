"""From text to a graph, whatever the syntax, by pyoxigraph, with limits on what one file may grow to.

Text comes here only after its own module has made sure that it holds nothing which ends the process in native code.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, Final
from urllib.parse import quote

from ghsync_core import ContentError, Document, FileWarning, ParsedFile
from ghsync_plugins.formats.rdf.lines import Lines
from ghsync_plugins.formats.rdf.mapping import map_graph
from ghsync_plugins.formats.rdf.triples import Graph, Literal, Said, Term, Triple
from ghsync_plugins.formats.rdf.vocabulary import DIR_LANG_STRING, LANG_STRING

MAX_TRIPLES: Final = 500_000
"""How many statements one file may make; a file of the largest size that is read, 10 MB, seldom makes half as many."""

MAX_CHARACTERS: Final = 200_000_000
"""How long all terms together may be once prefixes are written out: a long prefix makes a small file huge."""

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


def read(text: str, syntax: str, name: str, base: str | None = None, numbers: Iterator[int] | None = None) -> Reading:
    """The graph of *text*.

    *syntax* is a name of pyoxigraph's `RdfFormat`, *name* the one that people know it by; *numbers* has the line of
    each statement, where that is known. Raises `ContentError`.
    """
    import pyoxigraph

    quads = pyoxigraph.parse(text.encode(), format=getattr(pyoxigraph.RdfFormat, syntax), base_iri=base)
    collector = _Collector(pyoxigraph, may_hold_nul="\\u0000" in text or "\\U00000000" in text)
    try:
        collector.take(quads, numbers, with_graphs=syntax in _WITH_GRAPHS)
    except SyntaxError as error:
        raise _syntax_error(error, name) from None
    graph = Graph(collector.subjects, collector.uses, collector.graphs)
    lines = Lines() if numbers is None else Lines(collector.things, collector.triples)
    return Reading(graph, collector.statements, collector.quoted, lines)


class _Collector:
    """Triples by subject, as text that is kept once however often it stands in the file."""

    def __init__(self, rdf: Any, may_hold_nul: bool) -> None:
        self._rdf = rdf
        self._may_hold_nul = may_hold_nul
        self._shared: dict[str, str] = {}
        self.statements = 0
        self.quoted = 0
        self.subjects: dict[str, Said] = {}
        self.uses: dict[str, list[tuple[str, str]]] = {}
        self.graphs: dict[Triple, list[str]] = {}
        self.things: dict[str, int] = {}
        self.triples: dict[Triple, int] = {}

    def take(self, quads: Iterator[Any], numbers: Iterator[int] | None, with_graphs: bool) -> None:
        """Take all *quads*, the first of which stands on the first of the lines *numbers*, and so on.

        *with_graphs* says that they may stand in named graphs.

        The one loop that every statement of every file goes through, hence written out.
        """
        blank_type, literal_type, node_type = self._rdf.BlankNode, self._rdf.Literal, self._rdf.NamedNode
        share, subjects, uses, may_hold_nul = self._shared.setdefault, self.subjects, self.uses, self._may_hold_nul
        things, triples, characters, number, statements = self.things, self.triples, 0, 0, 0
        last, subject, said = "", "", Said()
        object_: Term
        for quad in islice(quads, MAX_TRIPLES + 1):
            statements += 1
            if numbers is not None:
                number = next(numbers, 0)
            object_term = quad.object
            kind = type(object_term)
            if kind is literal_type:
                value, language = object_term.value, object_term.language
                if may_hold_nul and "\x00" in value:
                    message = r"a literal holds the character \u0000, which no store keeps"
                    raise ContentError(message, reason="binary")
                if language:
                    object_ = _in_a_language(value, language, object_term.direction)
                else:
                    datatype = object_term.datatype.value
                    object_ = _make(Literal, (value, share(datatype, datatype), ""))
                characters += len(value)
            elif kind is node_type:
                value = object_term.value
                object_ = share(value, value)
                characters += len(value)
            elif kind is blank_type:
                value = "_:" + object_term.value
                object_ = share(value, value)
                characters += len(value)
            else:
                self.quoted += 1
                continue
            subject_term, predicate = quad.subject, quad.predicate.value
            written = subject_term.value
            if type(subject_term) is blank_type:
                written = "_:" + written
            if written != last:
                last = subject = share(written, written)
                said = subjects.setdefault(subject, {})
                if number:
                    things.setdefault(subject, number)
            if predicate not in said:
                predicate = share(predicate, predicate)
            if kind is blank_type:
                uses.setdefault(object_, []).append((subject, predicate))  # type: ignore[arg-type]
            characters += len(written) + len(predicate)
            if characters > MAX_CHARACTERS:
                raise _too_large(f"its terms, written out, are longer than {MAX_CHARACTERS:,} characters")
            if predicate in said:
                said[predicate].append(object_)
            else:
                said[predicate] = [object_]
            if number:
                triples.setdefault((subject, predicate, object_), number)
            if with_graphs and type(quad.graph_name) is node_type:
                self._note_graph((subject, predicate, object_), quad.graph_name.value)
        self.statements = statements
        if statements > MAX_TRIPLES:
            raise _too_large(f"more than {MAX_TRIPLES:,} statements; split the file")

    def _note_graph(self, triple: Triple, graph: str) -> None:
        graphs = self.graphs.setdefault(triple, [])
        if graph not in graphs[-1:]:
            graphs.append(self._shared.setdefault(graph, graph))


def _in_a_language(value: str, language: str, direction: object) -> Literal:
    """A text of a language, with its direction (RDF 1.2) behind its language where it has one."""
    if direction:
        return Literal(value, DIR_LANG_STRING, f"{language}--{direction}")
    return _make(Literal, (value, LANG_STRING, language))


_make: Final = tuple.__new__
"""What `Literal` calls itself, without the call in between: most statements have a literal."""


def _too_large(why: str) -> ContentError:
    return ContentError(why, reason="limit")


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
