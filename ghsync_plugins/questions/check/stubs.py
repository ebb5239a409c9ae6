"""What is referred to and not there: the stubs of a graph, and how people call them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote

from ghsync_core import SourceGraph, names

FILE_SUFFIXES: Final = (".md", ".markdown", ".canvas")
"""How the id of a stub ends that is known by a path, not by a title."""


def stubs(graph: SourceGraph) -> dict[str, str | None]:
    """The ids of all stubs, with their labels; but for those that a file may define which was not read.

    Such a file is there, so that a link to it is not broken: a page in Org, one without the public marker, one that
    failed. A block may stand in any of them.
    """
    unread = {_letters_of_path(path): None for path in _unread(graph)}
    return {
        node["id"]: node["label"]
        for node in graph.rows("nodes", kind="stub")
        if not unread or not (node["id"].startswith("block:") or _letters_of_id(node["id"]) in unread)
    }


def _unread(graph: SourceGraph) -> Iterable[str]:
    """The paths of pages that were not read: what was skipped for its type alone holds no page."""
    rows = (*graph.rows("files", status="skipped"), *graph.rows("files", status="failed"))
    return (file["path"] for file in rows if file["reason"] not in ("type", "hidden", "submodule", "symlink"))


def title_of(id_: str) -> str:
    """What stands behind the kind and the vault in the id of a page or a block."""
    return id_.partition(":")[2].rpartition("//")[2]


def letters(text: str) -> str:
    """The letters and digits of *text*, folded: in these a title, a file's name and an anchor agree."""
    return "".join(each for each in names.fold(text) if each.isalnum())


def _letters_of_path(path: str) -> str:
    return letters(unquote(posixpath.splitext(posixpath.basename(path))[0]))


def _letters_of_id(id_: str) -> str:
    title = title_of(id_)
    return _letters_of_path(title) if title.endswith(FILE_SUFFIXES) else letters(title)
