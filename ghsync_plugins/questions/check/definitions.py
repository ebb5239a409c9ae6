"""Classes and properties that are defined twice, called two things, or not defined at all."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Final

from ghsync_core import Finding, SourceGraph
from ghsync_plugins.questions.check.iris import in_namespace, namespace

_LABELS: Final = {
    "http://www.w3.org/2000/01/rdf-schema#label": "label",
    "http://www.w3.org/2004/02/skos/core#prefLabel": "preferred label",
}
_IRI: Final = re.compile(r"<([^<>\s]++)>")
Place = tuple[str, int]


def own_namespaces(graph: SourceGraph) -> frozenset[str]:
    """The namespaces in which this source defines classes or properties."""
    rows = chain(graph.rows("classes"), graph.rows("properties"))
    return frozenset(namespace(row["iri"]) for row in rows if row["path"] is not None)


class DefinedTwice:
    """A class or property that several pages define: whoever changes one of them overlooks the other."""

    name, level = "defined-twice", "warning"
    summary = "Two pages define the same class or property."

    def check(self, graph: SourceGraph) -> Iterator[Finding]:
        """See `Rule`."""
        first: dict[str, tuple[str, int | None, str]] = {}
        for edge in sorted(graph.rows("edges", type="defines"), key=lambda edge: (edge["path"], edge["line"] or 0)):
            iri = edge["to_id"]
            path, _, page = first.setdefault(iri, (edge["path"], edge["line"], edge["from_id"]))
            if edge["path"] != path or edge["from_id"] != page:
                yield Finding(f"defines {iri}, as {path} does", edge["path"], edge["line"], iri)


class ConflictingLabels:
    """Something that has two labels of one language."""

    name, level = "conflicting-labels", "warning"
    summary = "Something has two labels in one language."

    def check(self, graph: SourceGraph) -> Iterator[Finding]:
        """See `Rule`."""
        for row in graph.rows("classes"):
            yield from _conflicts(row["iri"], row, json.loads(row["annotations"] or "{}"))
        for row in graph.rows("nodes"):
            if "abel" in row["properties"]:
                said = json.loads(row["properties"])
                yield from _conflicts(row["id"], row, said.get("annotations", said))


def _conflicts(id_: str, row: Any, said: Any) -> Iterator[Finding]:
    for key, word in _LABELS.items() if isinstance(said, dict) else ():
        texts: dict[str, dict[str, None]] = defaultdict(dict)
        for value in said.get(key, ()):
            text, language = _text(value)
            texts[language.lower()][text] = None
        for language, found in texts.items():
            if len(found) > 1:
                tongue = f" in {language}" if language else ""
                labels = ", ".join(map(repr, found))
                yield Finding(f"{id_} has {len(found)} {word}s{tongue}: {labels}", row["path"], row["line"], id_)


def _text(value: Any) -> tuple[str, str]:
    """A literal's text and language."""
    if isinstance(value, dict):
        return str(value.get("value")), str(value.get("language", ""))
    return str(value), ""


class UndefinedClass:
    """A class in one of the source's own namespaces that is used, and nothing defines."""

    name, level = "undefined-class", "note"
    summary = "A class of the source's own namespaces is used and not defined."

    def check(self, graph: SourceGraph) -> Iterable[Finding]:
        """See `Rule`."""
        return _undefined(graph, "classes", "class")


class UndefinedProperty:
    """A property in one of the source's own namespaces that is used, and nothing defines."""

    name, level = "undefined-property", "note"
    summary = "A property of the source's own namespaces is used and not defined."

    def check(self, graph: SourceGraph) -> Iterable[Finding]:
        """See `Rule`."""
        return _undefined(graph, "properties", "property")


def _undefined(graph: SourceGraph, view: str, word: str) -> Iterator[Finding]:
    own = graph.shared(own_namespaces)
    missing = [row["iri"] for row in graph.rows(view, path=None) if in_namespace(row["iri"], own)]
    places = _first_mentions(graph, missing) if missing else {}
    for iri in missing:
        path, line = places.get(iri, (None, None))
        yield Finding(f"the {word} {iri} is used and nowhere defined", path, line or None, iri)


def _first_mentions(graph: SourceGraph, iris: list[str]) -> dict[str, Place]:
    """Where each of *iris* is first used: in an axiom, else at the end of an edge, else as the type of one."""
    places: dict[str, Place] = {}
    wanted = set(iris)
    for axiom in graph.rows("axioms"):
        for iri in wanted.intersection(_IRI.findall(axiom["text"])):
            _note(places, iri, axiom)
    for edge in graph.edges_to(wanted - places.keys()):
        _note(places, edge["to_id"], edge)
    left = wanted - places.keys()
    for edge in graph.rows("edges") if left else ():
        if edge["type"] in left:
            _note(places, edge["type"], edge)
    return places


def _note(places: dict[str, Place], iri: str, row: Any) -> None:
    place = (row["path"], row["line"] or 0)
    places[iri] = min(place, places.get(iri, place))
