"""The views that every store shows its graph by: their columns, what names a row, and which columns hold JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ghsync_core.errors import UsageError
from ghsync_core.models import Json

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "files": ("source", "path", "blob_id", "size", "kind", "status", "reason", "commit_id", "synced_at"),
    "nodes": ("id", "source", "kind", "label", "path", "line", "properties"),
    "edges": ("source", "from_id", "to_id", "type", "name", "path", "line", "count", "properties"),
    "classes": ("iri", "source", "label", "comment", "path", "line", "annotations"),
    "properties": ("iri", "source", "kind", "label", "domain", "range", "path", "line", "characteristics"),
    "axioms": ("source", "kind", "subject", "object", "text", "path", "line", "annotations"),
    "runs": ("id", "source", "commit_id", "status", "started_at", "ended_at", "statistics"),
}
"""The columns of each view, in the order in which SQL shows them."""

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "files": ("path",),
    "nodes": ("id",),
    "edges": ("from_id", "type", "to_id", "name", "path"),
    "classes": ("iri",),
    "properties": ("iri",),
    "axioms": ("kind", "text"),
    "runs": ("id",),
}
"""What names a row of a view, within its source; in this order its rows come where they are asked for in order."""

GRAPH: Final = ("files", "nodes", "edges", "classes", "properties", "axioms")
"""The views that depend on the commit and the settings alone."""

JSON_COLUMNS: Final = frozenset({"properties", "annotations", "domain", "range", "characteristics", "statistics"})
"""Columns that hold JSON, as a text: keys sorted, no white space (``statistics`` may have some)."""


def conditions(view: str, source: str | None, where: Mapping[str, Json] | None) -> dict[str, Json]:
    """What the columns of the wanted rows must be, for `GraphReader.rows`. Raises `UsageError`."""
    if view not in COLUMNS:
        raise UsageError(f"there is no view {view!r}; there are {', '.join(COLUMNS)}")
    wanted = {} if source is None else {"source": source}
    for column, value in (where or {}).items():
        if column not in COLUMNS[view] or column in JSON_COLUMNS:
            raise UsageError(f"rows of {view} can't be chosen by {column!r}")
        wanted[column] = value
    return wanted
