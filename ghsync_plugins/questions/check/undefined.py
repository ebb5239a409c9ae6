"""What is used of an ontology and nowhere defined, in the namespaces that the source itself defines things in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Final

from ghsync_core import Finding, SourceGraph
from ghsync_plugins.questions.check.iris import WELL_KNOWN, in_namespace, namespace
from ghsync_plugins.questions.check.stubs import letters, stubs
from ghsync_plugins.questions.check.wanted import Wanted, counted

_IRI: Final = re.compile(r"<([^<>\s]++)>")
_RESTRICTED: Final = re.compile(
    r"(?:Object|Data)(?:(?:Some|All)ValuesFrom|Has(?:Value|Self)|(?:Min|Max|Exact)Cardinality)"
    r"\((?:\d++ )?(?:ObjectInverseOf\()?<([^<>\s]++)>"
)
"""The property of a restriction, in the canonical text of an axiom."""

Place = tuple[str, int]


def own_namespaces(graph: SourceGraph) -> frozenset[str]:
    """The namespaces in which this source defines classes or properties, but for those that are well known."""
    rows = chain(graph.rows("classes"), graph.rows("properties"))
    return frozenset(namespace(row["iri"]) for row in rows if row["path"] is not None) - {"", *WELL_KNOWN}


class UndefinedClass:
    """A class in one of the source's own namespaces that is used, and nothing defines."""

    name, level = "undefined-class", "note"
    summary = "A class of the source's own namespaces is used and not defined."

    def check(self, graph: SourceGraph) -> Iterator[Finding]:
        """See `Rule`. What is defined as something else, an individual, is no stranger."""
        mentioned = {node["id"] for node in graph.rows("nodes", kind="class", path=None)}
        individuals = {axiom["subject"] for axiom in graph.rows("axioms", kind="ClassAssertion")}
        yield from _undefined(graph, "classes", "class", mentioned - individuals)


class UndefinedProperty:
    """A property in one of the source's own namespaces that is used, and nothing defines."""

    name, level = "undefined-property", "note"
    summary = "A property of the source's own namespaces is used and not defined."

    def check(self, graph: SourceGraph) -> Iterator[Finding]:
        """See `Rule`. What stands in a restriction alone makes no node."""
        mentioned = {node["id"] for node in graph.rows("nodes", kind="property", path=None)}
        for axiom in graph.rows("axioms"):
            mentioned.update(_RESTRICTED.findall(axiom["text"]))
        yield from _undefined(graph, "properties", "property", mentioned)


class UndefinedTerm:
    """What relations lead to, in a namespace of the source's own, without being a class, or anything else, of it."""

    name, level = "undefined-term", "note"
    summary = "Relations lead to a term of the source's own namespaces that is not defined."

    def check(self, graph: SourceGraph) -> Iterator[Finding]:
        """See `Rule`. The heaviest come first."""
        own = graph.shared(own_namespaces)
        mentioned = (row["id"] for row in graph.rows("nodes", kind="individual", path=None))
        wanted = {id_: Wanted() for id_ in chain(graph.shared(stubs), mentioned) if in_namespace(id_, own)}
        for edge in graph.edges_to(wanted):
            wanted[edge["to_id"]].add(edge["path"], edge["line"])
        for iri, found in wanted.items():
            message = f"{counted(found.links, 'relation')} to {iri}, which is nowhere defined"
            yield Finding(message, found.path, found.line, iri, found.links)


def _undefined(graph: SourceGraph, view: str, word: str, mentioned: Iterable[str]) -> Iterator[Finding]:
    own = graph.shared(own_namespaces)
    asked = {iri for iri in mentioned if in_namespace(iri, own)}
    missing = asked - {row["iri"] for row in graph.rows(view) if row["path"] is not None} if asked else asked
    places = _first_mentions(graph, missing) if missing else {}
    near = _near(graph, view, missing)
    for iri in missing:
        path, line = places.get(iri, (None, None))
        hint = f"; did you mean {near[_local(iri)]}?" if _local(iri) in near else ""
        yield Finding(f"the {word} {iri} is used and nowhere defined{hint}", path, line or None, iri)


def _near(graph: SourceGraph, view: str, missing: set[str]) -> dict[str, str]:
    """What is defined under a name that differs from that of a *missing* one only in case, hyphens or namespace."""
    asked = {_local(iri) for iri in missing} - {""}
    found: dict[str, str] = {}
    for row in graph.rows(view) if asked else ():
        if row["path"] is not None and (local := _local(row["iri"])) in asked:
            found[local] = min(row["iri"], found.get(local, row["iri"]))
    return found


def _local(iri: str) -> str:
    return letters(iri[len(namespace(iri)) :])


def _first_mentions(graph: SourceGraph, wanted: set[str]) -> dict[str, Place]:
    """Where each *wanted* IRI is first used: in an axiom, else at the end of an edge, else as the type of one."""
    places: dict[str, Place] = {}
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
