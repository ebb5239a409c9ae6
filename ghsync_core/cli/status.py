"""``ghsync status``: what the store holds of each source, and what failed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

import click

from ghsync_core.cli import options
from ghsync_core.cli.output import say, say_json
from ghsync_core.cli.store import opened_reader
from ghsync_core.cli.summary import at_commit

if TYPE_CHECKING:
    from ghsync_core.interfaces import GraphReader
    from ghsync_core.models import Json


@dataclass
class SourceStatus:
    """What the store holds of one source. ``commit`` is that of the last run which had one."""

    source: str
    commit: str | None = None
    files: dict[str, int] = field(default_factory=dict)
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
    """Show what the store holds, and what failed.

    With --history: when each source was synced, what came of it, how large its graph was then, and how long it took.
    """
    from ghsync_core.cli.history import draw, read_history

    with opened_reader(verbose, config, plugins, to) as reader:
        statuses = read_statuses(reader)
        runs = read_history(reader) if history else {}
    if as_json:
        told = {status.source: {"history": runs.get(status.source, [])} if history else {} for status in statuses}
        say_json({"sources": [{**asdict(status), **told[status.source]} for status in statuses]})
        return
    if runs:
        draw(runs)
        return
    for line in (line for status in statuses for line in _lines(status)):
        say(line)
    if not statuses:
        say("the store is empty")


def read_statuses(reader: GraphReader) -> list[SourceStatus]:
    """The status of every source in the store, by name."""
    statuses: dict[str, SourceStatus] = {}
    for run in sorted(reader.rows("runs"), key=lambda run: run["id"]):
        status = statuses.setdefault(run["source"], SourceStatus(run["source"]))
        status.commit = run["commit_id"] or status.commit
        status.last_run = {key: run[key] for key in ("status", "started_at", "ended_at")}
    for file in reader.rows("files"):
        status = statuses.setdefault(file["source"], SourceStatus(file["source"]))
        status.files[file["status"]] = status.files.get(file["status"], 0) + 1
        if file["status"] == "failed":
            status.failures.append({key: file[key] for key in ("path", "reason", "commit_id")})
    return sorted(statuses.values(), key=lambda status: status.source)


def _lines(status: SourceStatus) -> Iterator[str]:
    from ghsync_core.models import FAIL_REASONS

    yield at_commit(status.source, status.commit)
    if status.last_run:
        yield f"  last run: {status.last_run['status']}, ended {status.last_run['ended_at']}"
    counts = ", ".join(f"{count:,} {word}" for word, count in _in_order(status.files))
    yield f"  {sum(status.files.values()):,} files{': ' if counts else ''}{counts}"
    for failure in status.failures:
        reason = failure["reason"]
        yield f"    {failure['path']}: {reason} ({FAIL_REASONS.get(reason, 'see the last run')})"


def _in_order(files: Mapping[str, int]) -> Iterable[tuple[str, int]]:
    return ((word, files[word]) for word in ("stored", "skipped", "failed") if files.get(word))
