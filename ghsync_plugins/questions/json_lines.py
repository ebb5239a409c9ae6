"""JSON Lines: every row of the five views, and of ``files``, as an object on a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Final

from ghsync_core import GraphReader, views

_NOT_OF_THE_GRAPH: Final = frozenset({"commit_id", "synced_at"})
"""Columns that depend on when a file was read."""


class JsonLines:
    """``{"view": "nodes", "id": …}``: columns as in the view, but JSON as what it says."""

    name = "jsonl"
    suffixes = (".jsonl", ".ndjson")

    def texts(self, reader: GraphReader, sources: Sequence[str]) -> Iterator[str]:
        """See `Exporter.texts`."""
        for source in sources:
            for view in views.GRAPH:
                columns = [column for column in views.COLUMNS[view] if column not in _NOT_OF_THE_GRAPH]
                for row in reader.rows(view, source, ordered=True):
                    said = {
                        column: json.loads(row[column]) if column in views.JSON_COLUMNS else row[column]
                        for column in columns
                    }
                    yield json.dumps({"view": view, **said}, ensure_ascii=False) + "\n"
