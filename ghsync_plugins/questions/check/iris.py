"""IRIs and their namespaces."""

from __future__ import annotations

from collections.abc import Set


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
