"""``ghsync status --history``: the runs of each source, drawn."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from ghsync_core.cli.output import say, say_table

if TYPE_CHECKING:
    from ghsync_core.interfaces import GraphReader
    from ghsync_core.models import Json

COLUMNS: Final = (
    "ended (UTC)",
    "status",
    "commit",
    "read",
    "failed",
    "deleted",
    "graph",
    "",
    "seconds",
    "",
    "requests",
)
_COMMIT_DIGITS: Final = 10
_EIGHTHS: Final = " ▏▎▍▌▋▊▉█"
_BAR: Final = 8
"""Cells of the longest bar."""


def read_history(reader: GraphReader) -> dict[str, list[dict[str, Json]]]:
    """The recorded runs of each source, oldest first, with the figures that are drawn."""
    history: dict[str, list[dict[str, Json]]] = {}
    for run in sorted(reader.rows("runs"), key=lambda run: run["id"]):
        history.setdefault(run["source"], []).append(_figures(run))
    return history


def _figures(run: Mapping[str, Json]) -> dict[str, Json]:
    said = statistics_of(run)
    read = sum(said.get(f"{kind}_files_processed", 0) for kind in ("kg", "ontology", "other"))
    return {
        **{column: run[column] for column in ("started_at", "ended_at", "status")},
        "commit": run["commit_id"],
        "read_files": read,
        **{name: said.get(name, 0) for name in ("failed_files", "deleted_files", "duration")},
        "graph": said.get("graph", {}),
        "requests": said.get("requests", {}),
    }


def statistics_of(run: Mapping[str, Json]) -> Mapping[str, Any]:
    """What a run's row says of it."""
    told = run["statistics"]
    said: Mapping[str, Any] = json.loads(told) if isinstance(told, str) else told
    return said


def draw(history: Mapping[str, Sequence[Mapping[str, Json]]]) -> None:
    """Write a table for each source, with bars for the size of its graph and the time that each run took."""
    for source, runs in sorted(history.items()):
        say(source)
        facts = [sum(run["graph"].values()) for run in runs]
        seconds = [run["duration"] for run in runs]
        bars = zip(runs, facts, scaled(facts), scaled(seconds), strict=True)
        say_table(COLUMNS, [_row(run, size, *drawn) for run, size, *drawn in bars])


def _row(run: Mapping[str, Json], facts: int, size: str, time: str) -> list[Json]:
    ended = datetime.fromisoformat(run["ended_at"]).strftime("%Y-%m-%d %H:%M:%S")
    what = (run["read_files"], run["failed_files"], run["deleted_files"], f"{facts:,}", size)
    commit = (run["commit"] or "")[:_COMMIT_DIGITS]
    return [ended, run["status"], commit, *what, f"{run['duration']:.1f}", time, sum(run["requests"].values())]


def scaled(values: Iterable[float]) -> list[str]:
    """A bar for each value, the greatest the longest; whatever is not nothing can be seen."""
    values = list(values)
    most = max(values, default=0)
    return [_bar(value / most) if most else "" for value in values]


def _bar(share: float) -> str:
    eighths = max(round(share * _BAR * 8), 1 if share else 0)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()
