"""``ghsync sync``, the default command: brings a store up to the last commit of its sources."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Final

import click

from ghsync_core.cli import options
from ghsync_core.cli.errors import DONE, worst
from ghsync_core.cli.output import complain, configure_logs, say, say_json, stdout_for_results
from ghsync_core.cli.summary import exit_status_of, failures, plan_json, plan_lines, summary
from ghsync_core.errors import DeletionsRefused, GhsyncError, SourceError, StoreError, UsageError

if TYPE_CHECKING:
    from ghsync_core.models import Json
    from ghsync_core.progress import SyncStatistics
    from ghsync_core.syncer import Syncer

SEVERITY: Final = ("unchanged", "complete", "partial", "failed", "interrupted")
GARBAGE: Final = 20_000
"""Objects made between two looks for cycles among them."""

NOTHING_NAMED: Final = (
    "say what to sync: `ghsync OWNER/REPO` or `ghsync ./folder`; "
    "or list places as [[source]] in ghsync.toml, each with its location"
)


@click.command("sync")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@options.to
@options.plugins
@click.option("--workers", type=int, metavar="N", help="Read and parse so many files at once.  [default: 8]")
@click.option("--max-writes", type=int, metavar="N", help="Write at most so many at once.  [default: 4]")
@click.option("--include", multiple=True, metavar="GLOB", help="Only these paths, gitignore-style. Repeatable.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="Not these paths, gitignore-style. Repeatable.")
@click.option("--only-public", is_flag=True, default=None, help="Only pages that carry the public marker.")
@click.option("--full", is_flag=True, default=None, help="Parse everything again.")
@click.option("--dry-run", is_flag=True, help="Show what would be read and deleted, and what it costs; change nothing.")
@click.option("--max-delete", metavar="N|N%", help="Allow so many deletions.  [default: 20%, at least 10]")
@click.option("--name", metavar="NAME", help="The source's name in the store.")
@click.option("--api-url", metavar="URL", help="The API of a GitHub Enterprise server.")
@options.config
@options.wait
@options.as_json
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but what went wrong.")
@options.verbose
@click.option("--no-progress", is_flag=True, help="Show no progress.")
def command(
    sources: tuple[str, ...],
    config: str | None,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
    verbose: int,
    no_progress: bool,
    **arguments: Any,
) -> int:
    """Bring the store up to date with each SOURCE.

    SOURCE is OWNER/REPO, OWNER/REPO@REF, a GitHub URL, or a folder; without it, every [[source]] of ghsync.toml is
    synced. Only what changed is read again.
    """
    configure_logs(verbose, quiet=quiet)
    syncers = _syncers(sources, config, arguments)
    if dry_run:
        _show_plans(syncers, as_json=as_json, verbose=bool(verbose))
        return DONE
    try:
        with stdout_for_results() if as_json else nullcontext():
            runs = _run(syncers, as_json=as_json, silent=quiet or no_progress)
    except (SourceError, StoreError, DeletionsRefused) as error:
        if as_json:
            say_json(_failed(", ".join(sources), error))
        raise
    if as_json:
        say_json(_as_json(runs))
    _report(runs, quiet=quiet or as_json, verbose=bool(verbose))
    return worst([exit_status_of(run) for run in runs])


def _syncers(sources: Sequence[str], config: str | None, arguments: dict[str, Any]) -> list[Syncer]:
    """One syncer for each place to sync, with the settings that hold for it. Raises `UsageError`."""
    from ghsync_core.settings import load_settings
    from ghsync_core.syncer import Syncer

    # click gives an empty tuple for a repeatable option that is not given.
    settings = load_settings({name: None if value == () else value for name, value in arguments.items()}, config=config)
    entries = [settings.source(source) for source in sources] or settings.sources
    if not entries:
        raise UsageError(NOTHING_NAMED)
    if len(entries) > 1 and arguments["name"]:
        raise UsageError(f"--name is for one source, but there are {len(entries)} to sync")
    for entry in entries:
        _refuse_command(entry.location)
    return [Syncer(entry.location, settings=entry.settings) for entry in entries]


def _refuse_command(location: str) -> None:
    """Raise `UsageError` where *location* is no place but reads like a command, misspelled or behind an option.

    OWNER/REPO never does, whatever the owner is called.
    """
    from difflib import get_close_matches
    from pathlib import Path

    from ghsync_core.cli.main import COMMANDS

    nearest = get_close_matches(location, COMMANDS, 1)
    if nearest and location.isalpha() and not Path(location).exists():
        raise UsageError(
            f"there is no folder {location!r}; for the command write `ghsync {nearest[0]}`, options after it"
        )


def _run(syncers: Sequence[Syncer], *, as_json: bool, silent: bool) -> list[SyncStatistics]:
    from ghsync_core.cli.bar import display
    from ghsync_core.cli.interrupt import cancelling
    from ghsync_core.syncer import sync_many

    # Facts hold no cycles, so to look for some among all that was imported is a tenth of a run spent on nothing.
    gc.freeze()
    gc.set_threshold(GARBAGE, 20, 20)
    with cancelling(syncers), display(as_json=as_json, off=silent) as shown:
        if len(syncers) > 1:
            return sync_many(list(syncers), on_progress=shown)
        return [syncers[0].run(on_progress=shown)]


def _show_plans(syncers: Sequence[Syncer], *, as_json: bool, verbose: bool) -> None:
    plans = [syncer.plan() for syncer in syncers]
    if as_json:
        say_json(plan_json(plans[0]) if len(plans) == 1 else {"plans": [plan_json(plan) for plan in plans]})
        return
    for line in (line for plan in plans for line in plan_lines(plan, verbose=verbose)):
        say(line)


def _report(runs: Sequence[SyncStatistics], *, quiet: bool, verbose: bool) -> None:
    """The summary on stdout, what went wrong on stderr."""
    for run in runs:
        for line in () if quiet else summary(run, verbose=verbose):
            say(line)
        for line in failures(run, verbose=verbose):
            complain(line)


def _failed(source: str, error: GhsyncError) -> Json:
    """What ``--json`` says of a run that could not be done."""
    from ghsync_core.models import FileFailure
    from ghsync_core.progress import SyncStatistics

    failure = FileFailure(path="", stage="run", message=str(error), reason="run")
    return SyncStatistics(source, None, "failed", errors=(failure,)).to_json()


def _as_json(runs: Sequence[SyncStatistics]) -> Json:
    """The one run; of several, all of them under the worst status."""
    if len(runs) == 1:
        return runs[0].to_json()
    return {"status": max((run.status for run in runs), key=SEVERITY.index), "runs": [run.to_json() for run in runs]}
