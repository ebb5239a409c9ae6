"""What the graph is called in Neo4j: labels of nodes and types of relationships, as its users spell them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

PLAIN, N10S = "plain", "n10s"
NAMINGS: Final = (PLAIN, N10S)
"""The values of ``[neo4j] naming``. ``n10s`` calls the ontology's part as Neo4j's neosemantics plugin does when it
imports one: https://neo4j.com/labs/neosemantics/4.3/importing-ontologies/
"""

_VERBS: Final = {
    "link": "LINKS_TO",
    "embed": "EMBEDS",
    "tag": "TAGGED",
    "block": "REFERS_TO",
    "defines": "DEFINES",
    "imports": "IMPORTS",
    "namespace": "IN_NAMESPACE",
    "canvas": "SHOWS",
}
_N10S_TYPES: Final = {"subClassOf": "SCO", "subPropertyOf": "SPO", "domain": "DOMAIN", "range": "RANGE"}
_N10S_PROPERTIES: Final = {"object": "Relationship", "data": "Property", "annotation": "Property"}
_PROPERTIES: Final = {"object": "ObjectProperty", "data": "DatatypeProperty", "annotation": "AnnotationProperty"}

_LONGEST: Final = 100
"""Characters of a name; people write whole sentences before a double colon."""


@lru_cache(maxsize=4096)
def relationship_type(edge_type: str, naming: str = PLAIN) -> str:
    """The type for edges of *edge_type*: ``link`` → ``LINKS_TO``, ``hasPart`` → ``HAS_PART``; of an IRI its last part.

    Two edge types may share one; the relationship's property ``type`` keeps the exact text.
    """
    if naming == N10S and edge_type in _N10S_TYPES:
        return _N10S_TYPES[edge_type]
    if edge_type in _VERBS:
        return _VERBS[edge_type]
    return _words(_local(edge_type)).upper() or "RELATED_TO"


@lru_cache(maxsize=4096)
def label(kind: str) -> str:
    """The label for nodes of *kind*: ``page`` → ``Page``, ``work-item`` → ``WorkItem``."""
    parts = (part for part in _words(kind).split("_") if part)
    return "".join(part[0].upper() + part[1:] for part in parts) or "Thing"


def property_label(kind: str, naming: str = PLAIN) -> str | None:
    """The label for properties of *kind*, beside ``Property``; None where there is nothing more to say."""
    return (_N10S_PROPERTIES if naming == N10S else _PROPERTIES).get(kind)


def local_name(iri: str) -> str:
    """What neosemantics takes for a resource's ``name``: the part behind the last ``#``, else ``/``."""
    return _local(iri)


def quoted(name: str) -> str:
    """*name* as Cypher takes it, whatever is in it."""
    return "`" + name.replace("`", "``") + "`"


def _local(text: str) -> str:
    return re.split(r"[#/:]", text.rstrip("#/:"))[-1] if ":" in text else text


def _words(text: str) -> str:
    """*text* with underscores between its words and nothing else that Cypher would have to quote."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", text[:_LONGEST])
    plain = re.sub(r"[\W_]+", "_", spaced).strip("_")
    return f"_{plain}" if plain[:1].isdigit() else plain


def labels_of(kinds: Mapping[str, str]) -> dict[str, str]:
    """`label` of each of *kinds*."""
    return {kind: label(kind) for kind in kinds}
