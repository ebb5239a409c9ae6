"""What is referred to and not there: the stubs of a graph, and how people call them."""

from __future__ import annotations

from typing import Final

from ghsync_core import SourceGraph

FILE_SUFFIXES: Final = (".md", ".markdown", ".canvas")
"""How the id of a stub ends that is known by a path, not by a title."""


def stubs(graph: SourceGraph) -> dict[str, str | None]:
    """The ids of all stubs, with their labels."""
    return {node["id"]: node["label"] for node in graph.rows("nodes", kind="stub")}


def title_of(id_: str) -> str:
    """What stands behind the kind and the vault in the id of a page or a block."""
    return id_.partition(":")[2].rpartition("//")[2]
