"""What the graph is called in Neo4j: labels of nodes and types of relationships, as its users spell them."""

from __future__ import annotations

import re
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
    "subClassOf": "SUBCLASS_OF",
    "subPropertyOf": "SUBPROPERTY_OF",
}
_N10S_TYPES: Final = {"subClassOf": "SCO", "subPropertyOf": "SPO", "domain": "DOMAIN", "range": "RANGE"}
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
def label(kind: str, naming: str = PLAIN) -> str | None:
    """The label for nodes of *kind*: ``page`` → ``Page``, ``work-item`` → ``WorkItem``.

    None where only `property_labels` can say, since neosemantics calls an object property otherwise.
    """
    if naming == N10S and kind == "property":
        return None
    parts = (part for part in _words(kind).split("_") if part)
    return "".join(part[0].upper() + part[1:] for part in parts) or "Thing"


def class_labels(naming: str = PLAIN) -> tuple[str, ...]:
    """The labels for classes."""
    return ("Class", "Resource") if naming == N10S else ("Class",)


def property_labels(kind: str, naming: str = PLAIN) -> tuple[str, ...]:
    """The labels for properties of *kind*: object, data, annotation or unknown."""
    if naming == N10S:
        return ("Resource", "Relationship" if kind == "object" else "Property")
    special = _PROPERTIES.get(kind)
    return ("Property", special) if special else ("Property",)


PROPERTY_LABELS: Final = ("Property", "Relationship", "Resource", *_PROPERTIES.values())
"""All that `property_labels` may give."""


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
