"""Looking at stores through their readers alone."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from ghsync_core import views
from ghsync_core.plugins import PluginHost
from ghsync_core.registry import Registry

Rows = dict[str, list[dict[str, Any]]]
_TIMES = {"id", "started_at", "ended_at", "synced_at", "statistics"}


def all_rows(url: str, *plugins: object) -> Rows:
    """The rows of every view of the store at *url*, in order, without what tells only of the time."""
    store = Registry.of(PluginHost(plugins)).backend_for(url).open(url, {}, create=False)
    with closing(store), closing(store.reader()) as reader:
        return {view: [_timeless(view, row) for row in reader.rows(view, ordered=True)] for view in views.COLUMNS}


def _timeless(view: str, row: Any) -> dict[str, Any]:
    gone = _TIMES if view == "runs" else {"synced_at"}
    return {column: value for column, value in row.items() if column not in gone}
