"""Pages that nothing leads to, and pages that many links lead to and nobody wrote."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from itertools import chain
from typing import Final

from ghsync_core import Finding, SourceGraph, names
from ghsync_plugins.questions.check.stubs import FILE_SUFFIXES, letters, stubs, title_of
from ghsync_plugins.questions.check.wanted import Wanted, counted

_ENTRANCES: Final = frozenset(
    """
    readme index home contents _index _sidebar sidebar license licence contributing changelog code_of_conduct security
    favorites
    """.split()
)
"""Names of files that people come to without a link."""

_TELLING: Final = 4
"""Letters that a title needs to be taken for another one: C, C++ and C# have one in common."""

_OWN: Final = frozenset({"part_of", "defines"})
"""Types of edges that tie a page to what stands on it."""


class OrphanPage:
    """A page that no other page links to, neither to it nor to a block or a class that stands on it."""

    name, level = "orphan-page", "note"
    summary = "No other page links to this page."

    def check(self, graph: SourceGraph) -> Iterator[Finding]:
        """See `Rule`."""
        pages = chain(graph.rows("nodes", kind="page"), graph.rows("nodes", kind="concept"))
        candidates = [(node["id"], node["path"], node["line"]) for node in pages if _is_found_by_links(node["path"])]
        for id_, path, line in candidates:
            if not _is_linked(graph, id_):
                yield Finding("no other page links here", path, line, id_)


def _is_found_by_links(path: str | None) -> bool:
    if path is None or not path.lower().endswith(FILE_SUFFIXES):
        return False
    stem = posixpath.splitext(posixpath.basename(path))[0]
    return names.fold(stem) not in _ENTRANCES and "templates" not in names.fold(path).split("/")


def _is_linked(graph: SourceGraph, id_: str) -> bool:
    parts: list[str] = []
    for edge in graph.rows("edges", to_id=id_):
        if edge["type"] == "part_of":
            parts.append(edge["from_id"])
        elif edge["from_id"] != id_ and edge["type"] not in _OWN:
            return True
    for edge in graph.rows("edges", from_id=id_):
        if edge["type"] == "defines":
            parts.append(edge["to_id"])
        elif edge["type"] == "namespace" and not _is_stub(graph, edge["to_id"]):
            return True  # it is listed on the page above it
    return any(_is_linked_part(graph, part, id_) for part in parts)


def _is_linked_part(graph: SourceGraph, part: str, page: str) -> bool:
    edges = graph.rows("edges", to_id=part)
    return any(edge["from_id"] not in (page, part) and edge["type"] not in _OWN for edge in edges)


def _is_stub(graph: SourceGraph, id_: str) -> bool:
    return id_ in graph.shared(stubs)


class WantedPage:
    """A page that several links lead to and that nobody wrote: in a wiki, what to write next."""

    name, level = "wanted-page", "note"
    summary = "Several links lead to a page that nobody wrote."

    def check(self, graph: SourceGraph) -> Iterator[Finding]:
        """See `Rule`. The heaviest come first; where each is found is the first link to it."""
        least = int(graph.options["check"]["wanted_links"])
        near, titles = graph.shared(namesakes), graph.shared(unwritten)
        wanted = {id_: Wanted() for id_ in titles if id_ not in near}
        for edge in graph.edges_to(wanted):
            if edge["type"] != "namespace":
                wanted[edge["to_id"]].add(edge["path"], edge["line"])
        for id_, found in wanted.items():
            if found.links >= least:
                message = f"{counted(found.links, 'link')} to {titles[id_]!r}, which nobody wrote"
                yield Finding(message, found.path, found.line, id_, found.links)


class MisspelledTitle:
    """A link by a title that no page has, where one has a title of the same letters."""

    name, level = "misspelled-title", "warning"
    summary = "A link leads to a title that only differs in case, blanks or punctuation from that of a page."

    def check(self, graph: SourceGraph) -> Iterator[Finding]:
        """See `Rule`."""
        near, titles = graph.shared(namesakes), graph.shared(unwritten)
        for edge in graph.edges_to(near):
            if edge["type"] not in ("namespace", "embed"):
                id_ = edge["to_id"]
                message = f"link to {titles[id_]!r}, which nobody wrote; did you mean {near[id_]}?"
                yield Finding(message, edge["path"], edge["line"], id_)


def unwritten(graph: SourceGraph) -> dict[str, str]:
    """The pages that links by title lead to and nobody wrote: their ids, and what they are called."""
    return {id_: label or title_of(id_) for id_, label in graph.shared(stubs).items() if _is_title(id_)}


def _is_title(id_: str) -> bool:
    return id_.startswith("page:") and not id_.lower().endswith(FILE_SUFFIXES)


def namesakes(graph: SourceGraph) -> dict[str, str]:
    """Of unwritten pages: the path of a page in the same vault whose title has the same letters."""
    asked = {id_: key for id_ in graph.shared(unwritten) if len((key := _spoken(id_))[1]) >= _TELLING}
    wanted = set(asked.values())
    found: dict[tuple[str, str], str] = {}
    for page in graph.rows("nodes", kind="page") if wanted else ():
        if page["path"] and (key := _spoken(page["id"])) in wanted:
            found[key] = min(page["path"], found.get(key, page["path"]))
    return {id_: found[key] for id_, key in asked.items() if key in found}


def _spoken(id_: str) -> tuple[str, str]:
    """The vault of a page, and the letters of its title."""
    return id_.rpartition("//")[0], letters(title_of(id_))
