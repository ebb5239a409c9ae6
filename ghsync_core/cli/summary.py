"""A run in words: what came of it, what failed, what it would do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from ghsync_core.cli.errors import DONE, FAILED, INTERRUPTED, SOME_FAILED

if TYPE_CHECKING:
    from ghsync_core.models import Json
    from ghsync_core.progress import SyncStatistics
    from ghsync_core.syncer import Plan

SHOWN: Final = 10
"""How many paths of a sort are listed without ``-v``."""


def exit_status_of(statistics: SyncStatistics) -> int:
    """The exit status of one run; a file that failed earlier and still stands counts as failed."""
    if statistics.status == "interrupted":
        return INTERRUPTED
    if statistics.status == "failed":
        return FAILED
    return SOME_FAILED if statistics.status == "partial" or statistics.failed_files else DONE


def summary(statistics: SyncStatistics, *, verbose: bool = False) -> Iterator[str]:
    """What came of a run, in a few lines."""
    yield f"{at_commit(statistics.source, statistics.commit)}: {statistics.status}, {statistics.duration:.1f} s"
    if statistics.status == "failed":
        return
    yield f"  files   {_counts(_files(statistics))}"
    graph = asdict(statistics.graph).items()
    singular = {"classes": "class", "properties": "property"}
    yield f"  graph   {', '.join(counted(n, singular.get(name, name[:-1])) for name, n in graph if n) or 'none'}"
    if statistics.requests:
        yield f"  asked   {_counts((count, kind) for kind, count in sorted(statistics.requests.items()))}"
    if statistics.warnings:
        yield f"  {counted(len(statistics.warnings), 'warning')}{':' if verbose else '; -v lists them'}"
    if verbose:
        for each in statistics.warnings:
            yield f"    {_place(each.path, each.line)}: {each.message} [{each.code}]"


def failures(statistics: SyncStatistics, *, verbose: bool = False) -> Iterator[str]:
    """The files that failed, each with the reason; and what is left to do where the run was interrupted."""
    shown = statistics.errors if verbose else statistics.errors[:SHOWN]
    for error in shown:
        yield f"{_place(error.path or statistics.source, error.line)}: {error.stage} failed: {error.message}"
    if len(shown) < len(statistics.errors):
        yield f"… and {len(statistics.errors) - len(shown):,} more: `ghsync status` lists all"
    if statistics.status == "interrupted":
        left = f"{counted(statistics.left_files, 'file')} left; " if statistics.left_files else ""
        yield f"{statistics.source}: interrupted; {left}what is stored stays, and the same command goes on"


def counted(count: int, word: str) -> str:
    """``1 file``, ``2 files``; what ends in ss or y takes its own plural."""
    if count != 1:
        word = f"{word[:-1]}ies" if word.endswith("y") else f"{word}es" if word.endswith("ss") else f"{word}s"
    return f"{count:,} {word}"


def plan_lines(plan: Plan, *, verbose: bool = False) -> Iterator[str]:
    """What a run would do."""
    yield f"{at_commit(plan.source, plan.commit)}: {'nothing to do' if plan.idle else 'a run would'}"
    requests = counted(plan.requests, "more API request")
    yield (
        f"  read {len(plan.read):,}, delete {len(plan.deleted):,}, move {len(plan.moved):,}, "
        f"skip {plan.skipped_files:,}, leave {counted(plan.unchanged_files, 'file')}; {requests}"
    )
    yield from _some("read", [file.path for file in plan.read], verbose)
    yield from _some("delete", plan.deleted, verbose)


def plan_json(plan: Plan) -> dict[str, Json]:
    """*plan* for ``--json``."""
    return {
        "source": plan.source,
        "commit": plan.commit,
        "unchanged": plan.idle,
        "read": [file.path for file in plan.read],
        "deleted": list(plan.deleted),
        "moved": list(plan.moved),
        "skipped": plan.skipped_files,
        "unchanged_files": plan.unchanged_files,
        "requests": plan.requests,
    }


def at_commit(source: str, commit: str | None) -> str:
    """*source*, with its commit where it has one: a folder without git has none."""
    return f"{source} at {commit}" if commit else source


def _files(statistics: SyncStatistics) -> Iterator[tuple[int, str]]:
    yield statistics.kg_files_processed, "knowledge graph"
    yield statistics.ontology_files_processed, "ontology"
    yield statistics.other_files_processed, "other"
    yield statistics.unchanged_files, "unchanged"
    yield statistics.skipped_files, "skipped"
    yield statistics.failed_files, "failed"
    yield statistics.deleted_files, "deleted"


def _counts(counts: Iterable[tuple[int, str]]) -> str:
    return ", ".join(f"{count:,} {word}" for count, word in counts if count) or "none"


def _some(word: str, paths: Sequence[str], verbose: bool) -> Iterator[str]:
    shown = paths if verbose else paths[:SHOWN]
    yield from (f"    {word} {path}" for path in shown)
    if len(shown) < len(paths):
        yield f"    … and {len(paths) - len(shown):,} more to {word}; -v lists them"


def _place(path: str, line: int | None) -> str:
    return f"{path}:{line}" if line else path
