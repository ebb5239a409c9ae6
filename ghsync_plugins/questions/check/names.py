"""Names that two pages share, so that a link by name reaches only one of them."""

from __future__ import annotations

import json
import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from ghsync_core import Finding, SourceGraph, names
from ghsync_plugins.questions.check.stubs import FILE_SUFFIXES, title_of

_KEYS: Final = frozenset({"alias", "aliases"})
_WRITTEN: Final = re.compile(r"\[\[([^\[\]]++)\]\]|([^,，\s][^,，]*+)")
"""Names in a text: ``A, [[B, C]]``."""


class SharedTitle:
    """A file whose page has the title of another file's page: both are read as one page."""

    name, level = "shared-title", "warning"
    summary = "Two files have the same title, and are read as one page."

    def check(self, graph: SourceGraph) -> Iterator[Finding]:
        """See `Rule`. A page's node lies at the first of its files; the others are those without a node."""
        homes = {node["path"] for node in graph.rows("nodes")}
        for file in graph.rows("files", status="stored"):
            path = file["path"]
            if path not in homes and path.lower().endswith(FILE_SUFFIXES):
                yield from _merged(graph, path)


def _merged(graph: SourceGraph, path: str) -> Iterator[Finding]:
    """The page that the file at *path* is read as: the one that its links start from."""
    edges = (edge for edge in graph.rows("edges", path=path) if edge["type"] != "namespace")
    starts = sorted({edge["from_id"] for edge in edges if edge["from_id"].startswith("page:")})
    for id_ in starts:
        for node in graph.rows("nodes", id=id_):
            if node["path"] not in (None, path):
                yield Finding(f"has the title {node['label']!r}, as {node['path']} has", path, 1, id_)
                return


class SharedAlias:
    """An alias that is also the title or an alias of another page: a link by it reaches only one of them."""

    name, level = "shared-alias", "warning"
    summary = "An alias is a name of another page too."

    def check(self, graph: SourceGraph) -> Iterator[Finding]:
        """See `Rule`."""
        titles: dict[tuple[str, str], tuple[str, str]] = {}
        aliases: dict[tuple[str, str], list[tuple[str, str, int | None, str]]] = defaultdict(list)
        for node in graph.rows("nodes", kind="page"):
            if node["path"] is None:
                continue
            vault, title = _own_name(node["id"])
            titles.setdefault((vault, title), (node["id"], node["path"]))
            for alias in _aliases(node["properties"]):
                aliases[vault, names.fold(alias)].append((node["id"], node["path"], node["line"], alias))
        for key, pages in aliases.items():
            pages.sort()
            owner_id, owner_path = titles.get(key, pages[0][:2])
            for id_, path, line, alias in pages:
                if id_ != owner_id:
                    yield Finding(f"the alias {alias!r} is a name of {owner_path} too", path, line, id_)


def _own_name(id_: str) -> tuple[str, str]:
    """The vault of a page, as ids write it, and the folded name by which its links call it."""
    vault = id_.rpartition("//")[0]
    title = title_of(id_)
    if title.lower().endswith(FILE_SUFFIXES):
        title = posixpath.splitext(posixpath.basename(title))[0]
    return vault, names.fold(title)


def _aliases(properties: str) -> Iterator[str]:
    """The aliases in a node's properties, which hold them as they are written."""
    if "alias" not in properties.lower():
        return
    found: dict[str, None] = {}
    for key, value in json.loads(properties).items():
        if key.lower() in _KEYS:
            found.update(dict.fromkeys(_listed(value)))
    yield from found


def _listed(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        yield from (text for each in value if (text := str(each).strip()))
    elif isinstance(value, str):
        for written in _WRITTEN.finditer(value):
            if text := (written[1] or written[2]).strip():
                yield text
