"""Several sources in one go, told in one table with a row for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from ghsync_core.cli.errors import DONE, FAILED, worst
from ghsync_core.cli.manner import Manner, watched
from ghsync_core.cli.output import complain, say, say_json, say_table
from ghsync_core.cli.summary import counted, exit_status_of, failures, plan_json, plan_lines, summary
from ghsync_core.interfaces import Expansion
from ghsync_core.many import SyncGroup
from ghsync_core.models import Json
from ghsync_core.places import Place
from ghsync_core.plan import Plan
from ghsync_core.progress import SyncStatistics
from ghsync_core.syncer import Syncer

SEVERITY: Final = ("unchanged", "complete", "partial", "failed", "interrupted")
"""From the mildest to the worst."""

COLUMNS: Final = (
    "source", "status", "commit", "read", "unchanged", "skipped", "failed", "deleted", "nodes", "edges", "requests",
)  # fmt: skip
PLAN_COLUMNS: Final = ("source", "commit", "read", "delete", "move", "skip", "leave", "requests")
_COMMIT_DIGITS: Final = 10


def sync(places: Sequence[Place], how: Manner) -> int:
    """Sync *places*, say what came of each, and return the exit status: the worst."""
    group = SyncGroup(Syncer(place) for place in places)
    with watched(group, how, several=True) as shown:
        runs = group.run(on_progress=shown)
    if how.as_json:
        say_json(_as_json(runs, group.expansions))
    if how.tells:
        _tell(runs, group.expansions, verbose=how.verbose)
    complain(*_failures(runs, verbose=how.verbose))
    return worst([exit_status_of(run) for run in runs])


def _failures(runs: Iterable[SyncStatistics], *, verbose: bool) -> Iterator[str]:
    """What failed, each reason once. Of sources behind the one that was interrupted only their number is told."""
    told: set[str] = set()
    again: Counter[str] = Counter()
    for run in runs:
        reason = "not begun" if run.status == "interrupted" else run.errors[0].message if run.errors else ""
        if run.status in ("failed", "interrupted") and reason in told:
            again["not begun" if run.status == "interrupted" else "failed for a reason told above"] += 1
        else:
            told.add(reason)
            yield from failures(run, verbose=verbose)
    yield from (f"{counted(count, 'source')} more {what}" for what, count in again.items())


def _tell(runs: Sequence[SyncStatistics], expansions: Mapping[str, Expansion], *, verbose: bool) -> None:
    for line in (line for run in runs if verbose and run.warnings for line in summary(run, verbose=True)):
        say(line)
    say_table(COLUMNS, [*map(_row, runs), _total(runs, expansions)])
    for line in _expanded(expansions):
        say(line)
    warnings = sum(len(run.warnings) for run in runs)
    if warnings and not verbose:
        say(f"{counted(warnings, 'warning')}; -v lists them")


def _row(run: SyncStatistics) -> list[Json]:
    return [run.source, run.status, (run.commit or "")[:_COMMIT_DIGITS], *_figures(run), sum(run.requests.values())]


def _figures(run: SyncStatistics) -> tuple[int, ...]:
    read = run.kg_files_processed + run.ontology_files_processed + run.other_files_processed
    files = (read, run.unchanged_files, run.skipped_files, run.failed_files, run.deleted_files)
    return (*files, run.graph.nodes, run.graph.edges)


def _total(runs: Sequence[SyncStatistics], expansions: Mapping[str, Expansion]) -> list[Json]:
    counts = Counter(run.status for run in runs)
    statuses = ", ".join(f"{counts[status]:,} {status}" for status in reversed(SEVERITY) if counts[status])
    sums = [sum(figures) for figures in zip(*map(_figures, runs), strict=True)] if runs else []
    return [counted(len(runs), "source"), statuses, "", *sums, sum(_requests(runs, expansions).values())]


def _requests(runs: Iterable[SyncStatistics], expansions: Mapping[str, Expansion]) -> Counter[str]:
    """What was asked in all, by kind: of the runs, and for the lists of what to run."""
    total: Counter[str] = Counter()
    for requests in (*(run.requests for run in runs), *(each.requests for each in expansions.values())):
        total.update(requests)
    return total


def _expanded(expansions: Mapping[str, Expansion]) -> Iterator[str]:
    for location, expansion in expansions.items():
        left_out = ", ".join(f"{count:,} {word}" for word, count in expansion.left_out.items())
        asked = counted(sum(expansion.requests.values()), "request")
        yield f"{location}: {len(expansion.found):,} listed in {asked}{f'; left out: {left_out}' if left_out else ''}"


def _as_json(runs: Sequence[SyncStatistics], expansions: Mapping[str, Expansion]) -> Json:
    return {
        "status": max((run.status for run in runs), key=SEVERITY.index, default="unchanged"),
        "runs": [run.to_json() for run in runs],
        **_asked_json(_requests(runs, expansions), expansions),
    }


def _asked_json(requests: Any, expansions: Mapping[str, Expansion]) -> dict[str, Json]:
    listed = {
        location: {"found": len(each.found), "left_out": dict(each.left_out), "requests": dict(each.requests)}
        for location, each in expansions.items()
    }
    return {"requests": requests, "listed": listed}


def show_plans(places: Sequence[Place], how: Manner) -> int:
    """Show what a sync of *places* would do and cost."""
    group = SyncGroup(Syncer(place) for place in places)
    found = group.plans()
    plans = [each for each in found if isinstance(each, Plan)]
    total = sum(plan.requests for plan in plans)
    if how.as_json:
        told = [plan_json(each) if isinstance(each, Plan) else each.to_json() for each in found]
        say_json({"plans": told, **_asked_json(total, group.expansions)})
    else:
        for line in (line for plan in plans if how.verbose for line in plan_lines(plan, verbose=True)):
            say(line)
        say_table(PLAN_COLUMNS, [*map(_plan_row, plans), _plan_total(plans)])
        for line in _expanded(group.expansions):
            say(line)
    for each in found:
        if isinstance(each, SyncStatistics):
            complain(*failures(each))
    return DONE if len(plans) == len(found) else FAILED


def _plan_row(plan: Plan) -> list[Json]:
    return [plan.source, (plan.commit or "")[:_COMMIT_DIGITS], *_plan_figures(plan)]


def _plan_figures(plan: Plan) -> tuple[int, ...]:
    gone = (len(plan.deleted), len(plan.moved))
    return (len(plan.read), *gone, plan.skipped_files, plan.unchanged_files, plan.requests)


def _plan_total(plans: Sequence[Plan]) -> list[Json]:
    sums = [sum(figures) for figures in zip(*map(_plan_figures, plans), strict=True)] if plans else []
    return [counted(len(plans), "source"), "", *sums]
