"""How far concepts of the Open Knowledge Format are to be trusted today."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from ghsync_core import Finding, SourceGraph


def concepts(graph: SourceGraph) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The concepts of bundles, with what is said of each. Deprecated ones are past caring for."""
    for node in graph.rows("nodes", kind="concept"):
        said = json.loads(node["properties"])
        if "trust" in said and said.get("status") != "deprecated":
            yield node, said


class StaleConcept:
    """A concept whose ``stale_after`` is past."""

    name, level = "stale-concept", "warning"
    summary = "A concept is past the day after which it is stale."

    def check(self, graph: SourceGraph) -> Iterator[Finding]:
        """See `Rule`."""
        for node, said in concepts(graph):
            day = _day(said.get("stale_after"))
            if day and day < graph.today:
                yield Finding(f"{node['label']!r} is stale since {day}", node["path"], node["line"], node["id"])


class UnverifiedConcept:
    """A concept that nobody has verified, neither a person nor a machine."""

    name, level = "unverified-concept", "note"
    summary = "Nobody has verified a concept."

    def check(self, graph: SourceGraph) -> Iterator[Finding]:
        """See `Rule`."""
        for node, said in concepts(graph):
            if said["trust"] == "unverified":
                yield Finding(f"nobody has verified {node['label']!r}", node["path"], node["line"], node["id"])


def _day(value: Any) -> date | None:
    """The day that begins *value*, such as ``2026-01-31`` or ``2026-01-31T08:00:00Z``; None where there is none."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
