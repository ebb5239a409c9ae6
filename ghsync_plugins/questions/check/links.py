"""Links, embeds and references to blocks that lead nowhere, and links to headings that are not there."""

from __future__ import annotations

import json
import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote

from ghsync_core import Finding, SourceGraph, names
from ghsync_plugins.questions.check.stubs import FILE_SUFFIXES, letters, stubs, title_of

_IMPLIED: Final = frozenset({"namespace", "part_of"})
"""Types of edges that nobody wrote as a link."""

_COUNTER: Final = re.compile(r"-\d+\Z")
"""What GitHub puts behind the anchor of a heading that is not the first of its name."""


Row = Mapping[str, Any]


def broken(graph: SourceGraph) -> list[Row]:
    """The edges that lead to a file or a block that is not there."""
    gone = [id_ for id_ in graph.shared(stubs) if id_.startswith("block:") or id_.lower().endswith(FILE_SUFFIXES)]
    return [edge for edge in graph.edges_to(gone) if edge["type"] not in _IMPLIED]


def namesakes(graph: SourceGraph) -> dict[str, str]:
    """For each file that a broken link asks for: the one file of that name elsewhere, by folded name."""
    asked = {_base(edge["to_id"]) for edge in graph.shared(broken)}
    found: dict[str, list[str]] = defaultdict(list)
    for file in graph.rows("files") if asked else ():
        if (base := _base(file["path"])) in asked:
            found[base].append(file["path"])
    return {base: paths[0] for base, paths in found.items() if len(paths) == 1}


def _base(path: str) -> str:
    return names.fold(posixpath.basename(path))


class BrokenLink:
    """A link to a page by its path, or to a block, that is not there."""

    name, level = "broken-link", "warning"
    summary = "A link leads to a file or a block that is not there."

    def check(self, graph: SourceGraph) -> Iterator[Finding]:
        """See `Rule`."""
        for edge in graph.shared(broken):
            if edge["type"] != "embed":
                yield _broken(graph, edge, "link to")


class BrokenEmbed:
    """An embed of a page or a block that is not there: it shows as nothing, or as an error."""

    name, level = "broken-embed", "warning"
    summary = "What is embedded is not there."

    def check(self, graph: SourceGraph) -> Iterator[Finding]:
        """See `Rule`."""
        gone = graph.shared(stubs)
        for edge in graph.rows("edges", type="embed") if gone else ():
            if edge["to_id"] in gone:
                yield _broken(graph, edge, "embeds")


def _broken(graph: SourceGraph, edge: Row, said: str) -> Finding:
    id_ = edge["to_id"]
    if id_.startswith("block:"):
        return _finding(edge, f"{said} the block {title_of(id_)}, which no page has")
    if not id_.lower().endswith(FILE_SUFFIXES):
        return _finding(edge, f"{said} the page {title_of(id_)!r}, which is not there")
    namesake = graph.shared(namesakes).get(_base(id_))
    hint = f"; did you mean {namesake}?" if namesake else ""
    return _finding(edge, f"{said} {title_of(id_)}, which is not there{hint}")


def _finding(edge: Row, message: str) -> Finding:
    return Finding(message, edge["path"], edge["line"], edge["to_id"])


class BrokenHeading:
    """A link to a heading, or a named block, that its page does not have: the reader lands at the page's top."""

    name, level = "broken-heading", "warning"
    summary = "A link leads to a heading or a block that its page does not have."

    def check(self, graph: SourceGraph) -> Iterator[Finding]:
        """See `Rule`."""
        places = {
            node["id"]: node["path"] for node in graph.rows("nodes", kind="page") if '"headings"' in node["properties"]
        }
        linked: dict[str, list[tuple[str, str, Row]]] = defaultdict(list)
        for edge in graph.edges_to(places):
            about = edge["properties"]
            if '"heading"' in about or '"block"' in about:
                said = json.loads(about)
                for sort in ("heading", "block"):
                    if isinstance(said.get(sort), str):
                        linked[edge["to_id"]].append((sort, said[sort], edge))
        for id_, links in linked.items():
            for node in graph.rows("nodes", id=id_):
                yield from _missing(json.loads(node["properties"]), node["path"], links)


def _missing(page: dict[str, Any], path: str, links: list[tuple[str, str, Row]]) -> Iterator[Finding]:
    headings = {letters(str(each.get("text"))) for each in page.get("headings", ()) if isinstance(each, dict)}
    blocks = {str(each) for each in page.get("blocks", ())}
    for sort, wanted, edge in links:
        if sort == "block" and wanted not in blocks:
            yield _finding(edge, f"link to the block ^{wanted}, which {path} does not have")
        elif sort == "heading" and not _has(headings, wanted):
            yield _finding(edge, f"link to the heading {wanted!r}, which {path} does not have")


def _has(headings: set[str], wanted: str) -> bool:
    """Whether the last of the headings in ``A#B`` is there; written as GitHub's anchor, it has no blanks."""
    last = unquote(wanted).rpartition("#")[2]
    return not letters(last) or letters(last) in headings or letters(_COUNTER.sub("", last)) in headings
