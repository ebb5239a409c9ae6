"""Texts as RDF terms, and back.

What is no IRI becomes one under the source's own base, percent-encoded; both ways are exact, so that what is read back
is what was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote, unquote

from ghsync_plugins.backends.rdf.vocabulary import EDGE, KIND, KNOWN_EDGES, RDF, XSD

_GITHUB: Final = re.compile(r"([A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+)((?:[@:].*)?)", re.DOTALL)
_ABSOLUTE: Final = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:/|urn:|did:|mailto:|doi:|info:)")
"""How an IRI begins. ``page:``, ``tag:`` and a prefix that nobody declared look like schemes, too, but are none."""

_KEPT: Final = 100_000
"""Terms that are remembered: the popular ones, at 300 bytes each."""
_FILES: Final = "blob/HEAD/"
_READABLE: Final = "/:@!$'()*,;+"

_TYPE_OF: Final = {iri: name for name, iri in KNOWN_EDGES.items()}


class SourceTerms:
    """The terms of one source.

    Its base is ``https://github.com/OWNER/REPO/``, with the ref and folder of its name behind it; of a folder, its
    address as a file, of any other name a URN.
    """

    def __init__(self, source: str) -> None:
        found = _GITHUB.fullmatch(source)
        self._repository = f"https://github.com/{found[1]}/" if found else None
        self.base = _base(source)
        self._own = f"{self.base}#"
        self.iri: Callable[[str], str] = lru_cache(_KEPT)(self._iri)
        self.predicate: Callable[[str], str] = lru_cache(_KEPT)(self._predicate)

    def graph(self, path: str | None, id_: str | None) -> str:
        """The graph that holds what stands in the file at *path*, or of the thing *id_* that stands in none."""
        return f"{self.base}{_FILES}{_quoted(path)}" if path is not None else f"{self.base}mentioned/{_quoted(id_)}"

    def path(self, graph: str) -> str | None:
        """The path of the file that *graph* is of; None where it is of a thing that stands in none."""
        begin = f"{self.base}{_FILES}"
        return unquote(graph[len(begin) :]) if graph.startswith(begin) else None

    def permalink(self, commit: str | None, path: str) -> str:
        """Where the file at *path* can be read as it was at *commit*; of a folder, where it lies."""
        if self._repository and commit:
            return f"{self._repository}blob/{_quoted(commit.removesuffix('+dirty'))}/{_quoted(path)}"
        return f"{self.base}{_quoted(path)}"

    def kind(self, kind: str) -> str:
        """The type of a node of this kind."""
        return KIND + _quoted(kind)

    def _iri(self, id_: str) -> str:
        """The IRI of the thing *id_*."""
        if _ABSOLUTE.match(id_) and not id_.startswith(self._own) and _valid(id_):
            return id_
        return self._own + _quoted(id_)

    def id(self, iri: str) -> str:
        """The id of the thing that *iri* names."""
        return unquote(iri[len(self._own) :]) if iri.startswith(self._own) else iri

    def _predicate(self, type_: str) -> str:
        """The IRI of an edge's type."""
        if type_ in KNOWN_EDGES:
            return KNOWN_EDGES[type_]
        if _ABSOLUTE.match(type_) and type_ not in _TYPE_OF and not type_.startswith(EDGE) and _valid(type_):
            return type_
        return EDGE + _quoted(type_)


def edge_type(predicate: str) -> str:
    """The type of an edge that *predicate* names."""
    if predicate.startswith(EDGE):
        return unquote(predicate[len(EDGE) :])
    return _TYPE_OF.get(predicate, predicate)


def literal(value: Any, *, json: bool = False) -> str:
    """*value* as N-Triples writes it: a whole number, or a text, which may be *json*."""
    if isinstance(value, int):
        return f'"{value}"^^<{XSD}integer>'
    text = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{text}"^^<{RDF}JSON>' if json else f'"{text}"'


def _base(source: str) -> str:
    found = _GITHUB.fullmatch(source)
    if found:
        rest = _quoted(found[2])
        return f"https://github.com/{found[1]}/{rest}{'/' if rest else ''}"
    if source.startswith("/"):
        return f"file://{_quoted(source)}/"
    return f"urn:ghsync:source:{_quoted(source)}/"


def _quoted(text: str | None) -> str:
    return quote(text or "", safe=_READABLE)


def _valid(iri: str) -> bool:
    from pyoxigraph import NamedNode

    try:
        NamedNode(iri)
    except ValueError:
        return False
    return True
