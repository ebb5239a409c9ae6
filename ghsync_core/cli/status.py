"""``ghsync status``: what the store holds of each source, and what failed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import click

from ghsync_core.cli import options
from ghsync_core.cli.output import say, say_json
from ghsync_core.cli.store import opened
from ghsync_core.cli.summary import at_commit, counted

if TYPE_CHECKING:
    from ghsync_core.interfaces import GraphReader
    from ghsync_core.models import Json

VIEWS: Final = ("nodes", "edges", "classes", "properties", "axioms")
_UNITS: Final = (("day", 86_400), ("hour", 3_600), ("minute", 60))


@dataclass
class SourceStatus:
    """What the store holds of one source. ``commit`` is that of the last run which had one; ``commit_since`` is when
    the first of the unbroken line of runs at that commit ended, ``synced_at`` when the last one did that came to its
    end. ``graph`` are the rows of the five views. ``half_synced`` says that a sync goes on, or was broken off.
    """

    source: str
    commit: str | None = None
    commit_since: str | None = None
    synced_at: str | None = None
    half_synced: bool = False
    files: dict[str, int] = field(default_factory=dict)
    graph: dict[str, int] = field(default_factory=dict)
    last_run: Mapping[str, Json] | None = None
    failures: list[dict[str, Json]] = field(default_factory=list)


@click.command("status")
@options.to
@options.plugins
@options.config
@options.as_json
@options.verbose
@click.option("--history", is_flag=True, help="Show the runs of each source that are recorded.")
def command(
    to: str | None, plugins: tuple[str, ...], config: str | None, as_json: bool, verbose: int, history: bool
) -> None:
    """Show what the store holds of each source, how old that is, and what failed.

    With --history: when each source was synced, what came of it, how large its graph was then, and how long it took.
    """
    from ghsync_core.cli.history import draw, read_history

    with opened(verbose, config, plugins, to=to) as found, closing(found.store.reader()) as reader:
        statuses = read_statuses(reader)
        runs = read_history(reader) if history else {}
        size = found.size
    if as_json:
        told = {status.source: {"history": runs.get(status.source, [])} if history else {} for status in statuses}
        say_json({"bytes": size, "sources": [{**asdict(status), **told[status.source]} for status in statuses]})
        return
    if runs:
        draw(runs)
        return
    for line in (line for status in statuses for line in _lines(status)):
        say(line)
    if size:
        say(f"the store has {size / 1e6:,.1f} MB")
    if not statuses:
        say("the store is empty")


def read_statuses(reader: GraphReader) -> list[SourceStatus]:
    """The status of every source in the store, by name."""
    from ghsync_core.verify import Moment

    statuses: dict[str, SourceStatus] = {}
    messages: dict[tuple[str, str], str] = {}
    for run in sorted(reader.rows("runs"), key=lambda run: run["id"]):
        status = statuses.setdefault(run["source"], SourceStatus(run["source"]))
        messages.update(_take_run(status, run))
    for file in reader.rows("files"):
        status = statuses.setdefault(file["source"], SourceStatus(file["source"]))
        status.files[file["status"]] = status.files.get(file["status"], 0) + 1
        if file["status"] == "failed":
            failure = {key: file[key] for key in ("path", "reason", "commit_id")}
            status.failures.append({**failure, "message": messages.get((file["source"], file["path"]))})
    for status in statuses.values():
        status.half_synced = Moment.of(reader, status.source).half_synced
        status.failures.sort(key=lambda failure: failure["path"])
    return sorted(statuses.values(), key=lambda status: status.source)


def _take_run(status: SourceStatus, run: Mapping[str, Json]) -> Iterator[tuple[tuple[str, str], str]]:
    """Bring *status* up to *run*, the next one; and what failed in it, by source and path."""
    from ghsync_core.cli.history import statistics_of

    status.last_run = {key: run[key] for key in ("status", "started_at", "ended_at")}
    said = statistics_of(run)
    status.graph = said.get("graph") or status.graph
    if run["status"] != "interrupted":
        status.synced_at = run["ended_at"]
    if run["commit_id"] and run["commit_id"] != status.commit:
        status.commit, status.commit_since = run["commit_id"], run["ended_at"]
    for error in said.get("errors") or ():
        yield (status.source, error["path"]), error["message"]


def _lines(status: SourceStatus) -> Iterator[str]:
    from ghsync_core.models import FAIL_REASONS

    yield at_commit(status.source, status.commit)
    if status.half_synced:
        yield "  half synced: a sync goes on, or was broken off; what is shown may be of no commit. Sync again"
    if status.last_run:
        yield f"  last run: {status.last_run['status']}, ended {status.last_run['ended_at']} ({_age(status.synced_at)})"
    if status.commit_since and status.commit_since != status.synced_at:
        yield f"  this commit since {status.commit_since} ({_age(status.commit_since)})"
    counts = ", ".join(_counted(status.files, ("stored", "skipped", "failed")))
    yield f"  {sum(status.files.values()):,} files{': ' if counts else ''}{counts}"
    if status.graph:
        yield f"  graph: {', '.join(_counted(status.graph, VIEWS)) or 'none'}"
    for failure in status.failures:
        reason = failure["reason"]
        why = failure["message"] or FAIL_REASONS.get(reason, "see the last run")
        yield f"    {failure['path']}: {reason} ({why})"


def _age(then: str | None) -> str:
    """How long ago *then* was, in the largest unit that it has one of."""
    if then is None:
        return "no run came to its end"
    try:
        seconds = int((datetime.now(UTC) - datetime.fromisoformat(then)).total_seconds())
    except (TypeError, ValueError):
        return "which is no time: the store is damaged"
    for unit, size in _UNITS:
        if seconds >= size:
            return f"{counted(seconds // size, unit)} ago"
    return "just now"


def _counted(counts: Mapping[str, int], words: Iterable[str]) -> Iterator[str]:
    return (f"{counts[word]:,} {word}" for word in words if counts.get(word))
