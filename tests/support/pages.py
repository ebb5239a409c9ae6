"""Reads one page as a run would: which detectors claim it, and what their parsers make of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ghsync_core import ContentError, Document, Edge, FileRef, ParsedFile, Reference, Vault, git_blob_id
from ghsync_core.facts import join
from ghsync_plugins.formats import logseq, markdown, obsidian, okf, ontology

PLUGINS = (logseq, markdown, obsidian, okf, ontology)
DETECTORS = sorted(
    [detector for plugin in PLUGINS for detector in plugin.register_detectors()],
    key=lambda detector: (-detector.priority, detector.name),
)
PARSERS = {parser.name: parser for plugin in PLUGINS for parser in plugin.register_parsers()}
GRAPH = Vault("", "logseq", {})
OBSIDIAN = Vault("", "obsidian", {})
BUNDLE = Vault("", "okf", {"okf_version": "0.2"})


@dataclass(frozen=True)
class Reading:
    """The outcome for one file: the names of the parsers that read it, or the reason why none did, and the facts."""

    parsers: tuple[str, ...] = ()
    reason: str | None = None
    facts: ParsedFile = field(default_factory=ParsedFile)
    kind: str | None = None

    def edges(self, *types: str) -> list[tuple[str, str]]:
        """(type, target as an id or a stub) of the edges of these types, or of all; in order."""
        return [(edge.type, end(edge.target)) for edge in self.facts.edges if not types or edge.type in types]

    def targets(self, kind: str = "link") -> list[str]:
        """What the edges of one type lead to, without ``page:``."""
        return [target.removeprefix("page:") for _, target in self.edges(kind)]

    def edge(self, kind: str) -> Edge:
        """The only edge of that type."""
        (edge,) = (edge for edge in self.facts.edges if edge.type == kind)
        return edge

    @property
    def page(self) -> Any:
        """The node of the page."""
        (page,) = (node for node in self.facts.nodes if node.kind in ("page", "journal", "concept", "canvas"))
        return page

    @property
    def tags(self) -> list[str]:
        """The labels of the page's own tags."""
        labels = {node.id: node.label for node in self.facts.nodes}
        return [labels[target] for _, target in self.edges("tag")]

    @property
    def codes(self) -> list[str]:
        """The codes of the warnings."""
        return [warning.code for warning in self.facts.warnings]


def end(target: str | Reference) -> str:
    """An end of an edge as an id; with ``?`` where there is an edge only if that page exists."""
    if isinstance(target, str):
        return target
    return f"?{target.names[0].text}" if target.stub is None else target.stub


def read(
    content: str | bytes,
    path: str = "notes/Page.md",
    vault: Vault = Vault(),  # noqa: B008
    *,
    only_public: bool = False,
    options: Mapping[str, Mapping[str, Any]] | None = None,
) -> Reading:
    """Detect and parse *content* as the file at *path*."""
    data = content if isinstance(content, bytes) else content.encode()
    file = FileRef(path, git_blob_id(data), len(data))
    looks = {detector.name: detector.look(file, vault) for detector in DETECTORS}
    if all(looks.values()):
        return Reading(reason=next((reason for reason in looks.values() if reason != "type"), "type"))
    document = Document(file, data, vault, only_public=only_public, options=options or {})
    claims = [(detector, detector.claim(document)) for detector in DETECTORS if looks[detector.name] is None]
    taken = [(detector, claim) for detector, claim in claims if claim is not None and not isinstance(claim, str)]
    reason = next((claim for _, claim in claims if isinstance(claim, str)), None)
    facts = join([PARSERS[claim.parser].parse(document) for _, claim in taken])
    return Reading(tuple(claim.parser for _, claim in taken), reason, facts, taken[0][0].kind if taken else None)


def outcome(content: bytes, path: str, vault: Vault) -> str:
    """Why the file fails; its path where it doesn't."""
    try:
        assert read(content, path, vault).facts.nodes
    except ContentError as error:
        return error.reason
    return path


def logseq_page(content: str | bytes, path: str = "pages/Page.md", **config: Any) -> Reading:
    """Read *content* as a page of a Logseq graph with these settings."""
    return read(content, path, Vault("", "logseq", config))
