"""N-Quads, Turtle and JSON-LD, written as they come."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

from ghsync_core import GraphReader
from ghsync_plugins.backends.rdf import vocabulary as v
from ghsync_plugins.backends.rdf.terms import SourceTerms
from ghsync_plugins.questions.statements import Statements, statements

_PREFIXES: Final = {"edge": v.EDGE, "kind": v.KIND, "g": v.GHSYNC, "rdf": v.RDF, "rdfs": v.RDFS, "owl": v.OWL,
                    "xsd": v.XSD}  # fmt: skip
_LOCAL: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_LINES: Final = 1_000
"""Lines, or groups of them, in one piece of text."""

Triple = tuple[str, str, str]


class NQuads:
    """A graph for each file, so that where a thing was said is kept; what stands in no file has one by itself."""

    name = "nquads"
    suffixes = (".nq",)

    def texts(self, reader: GraphReader, sources: Sequence[str]) -> Iterator[str]:
        """See `Exporter.texts`."""
        for source in sources:
            graph = lru_cache(10_000)(SourceTerms(source).graph)
            yield from _pieces(_quads(statements(reader, source), graph))


class Turtle:
    """One graph for all; what is said of one subject stands together, as far as one view says it."""

    name = "turtle"
    suffixes = (".ttl",)

    def texts(self, reader: GraphReader, sources: Sequence[str]) -> Iterator[str]:
        """See `Exporter.texts`."""
        yield "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in _PREFIXES.items())
        for source in sources:
            yield from _pieces(self._subjects(_triples(reader, source)))

    def _subjects(self, triples: Iterable[Triple]) -> Iterator[str]:
        for subject, said in groupby(triples, lambda triple: triple[0]):
            pairs = dict.fromkeys(f"{_short(predicate)} {_short(value)}" for _, predicate, value in said)
            together = " ;\n    ".join(pairs)
            yield f"\n{subject} {together} .\n"


class JsonLd:
    """One graph for all, an object for each subject, as far as one view says it."""

    name = "jsonld"
    suffixes = (".jsonld",)

    def texts(self, reader: GraphReader, sources: Sequence[str]) -> Iterator[str]:
        """See `Exporter.texts`."""
        yield '{"@graph": ['
        comma = ""
        for source in sources:
            for subject, said in groupby(_triples(reader, source), lambda triple: triple[0]):
                yield f"{comma}\n{json.dumps(_object(subject, said), ensure_ascii=False)}"
                comma = ","
        yield "\n]}\n"


def _quads(said: Iterable[Statements], graph: Callable[[str | None, str | None], str]) -> Iterator[str]:
    for triples, path, id_ in said:
        if triples:
            end = f" <{graph(path, None if path is not None else id_)}> .\n"
            yield f"{end.join(triples)}{end}"


def _triples(reader: GraphReader, source: str) -> Iterator[Triple]:
    for triples, _, _ in statements(reader, source):
        for triple in triples:
            subject, predicate, value = triple.split(" ", 2)  # no IRI holds a space
            yield subject, predicate, value


def _object(subject: str, said: Iterable[Triple]) -> dict[str, Any]:
    found: dict[str, Any] = {"@id": subject[1:-1]}
    for _, predicate, value in dict.fromkeys(said):
        key = predicate[1:-1]
        if key == v.TYPE:
            found.setdefault("@type", []).append(value[1:-1])
        else:
            found.setdefault(key, []).append(_value(value))
    return found


def _value(term: str) -> dict[str, Any]:
    """A term of N-Triples as JSON-LD has it."""
    if term.startswith("<"):
        return {"@id": term[1:-1]}
    text, _, datatype = term.rpartition("^^<") if term.endswith(">") else (term, "", "")
    # The escapes that a literal is written with are those of JSON, too.
    value = json.loads(text, strict=False)
    if datatype == f"{v.RDF}JSON>":
        return {"@type": "@json", "@value": json.loads(value)}
    return {"@value": int(value)} if datatype else {"@value": value}


@lru_cache(10_000)
def _short(term: str) -> str:
    """*term* with a prefix, where the rest of it is a plain word."""
    if term == f"<{v.TYPE}>":
        return "a"
    for name, iri in _PREFIXES.items():
        if term.startswith(f"<{iri}"):
            local = term[len(iri) + 1 : -1]
            if _LOCAL.fullmatch(local):
                return f"{name}:{local}"
    return term


def _pieces(lines: Iterator[str]) -> Iterator[str]:
    """*lines*, many in a text."""
    piece: list[str] = []
    for line in lines:
        piece.append(line)
        if len(piece) == _LINES:
            yield "".join(piece)
            piece.clear()
    yield "".join(piece)
