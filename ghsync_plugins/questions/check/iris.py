"""IRIs and their namespaces."""

from __future__ import annotations

from collections.abc import Set
from typing import Final

WELL_KNOWN: Final = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://www.w3.org/2000/01/rdf-schema#",
    "http://www.w3.org/2001/XMLSchema#",
    "http://www.w3.org/2002/07/owl#",
    "http://www.w3.org/2004/02/skos/core#",
    "http://www.w3.org/ns/prov#",
    "http://purl.org/dc/elements/1.1/",
    "http://purl.org/dc/terms/",
    "http://xmlns.com/foaf/0.1/",
)
"""Namespaces that everybody borrows from, often with a declaration or two, and few own."""


def namespace(iri: str) -> str:
    """*iri* up to its last ``#``, else its last ``/``, else its last ``:``; empty where it has none of them."""
    for mark in "#/:":
        head, found, _ = iri.rpartition(mark)
        if found:
            return head + mark
    return ""


def in_namespace(iri: str, namespaces: Set[str]) -> bool:
    """Whether *iri* lies in one of *namespaces*."""
    return namespace(iri) in namespaces
