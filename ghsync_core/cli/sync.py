"""``ghsync sync``, the default command: brings a store up to the last commit of its sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from ghsync_core.cli import options
from ghsync_core.cli.errors import DONE
from ghsync_core.cli.manner import Manner, watched
from ghsync_core.cli.output import complain, configure_logs, say, say_json
from ghsync_core.cli.summary import exit_status_of, failures, plan_json, plan_lines, summary
from ghsync_core.errors import DeletionsRefused, GhsyncError, SourceError, StoreError, UsageError

if TYPE_CHECKING:
    from ghsync_core.models import Json
    from ghsync_core.places import Place

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

    SOURCE is OWNER/REPO, OWNER/REPO@REF, a GitHub URL, or a folder; OWNER/* is every repository of an organisation or
    a user. Without it, every [[source]] of ghsync.toml is synced. Only what changed is read again.
    """
    configure_logs(verbose, quiet=quiet)
    places = _places(sources, config, arguments)
    how = Manner(as_json=as_json, quiet=quiet, verbose=bool(verbose), progress=not (quiet or no_progress))
    if len(places) > 1 or places[0].several:
        from ghsync_core.cli import several

        return several.show_plans(places, how) if dry_run else several.sync(places, how)
    return _show_plan(places[0], how) if dry_run else _sync(places[0], how)


def _places(sources: Sequence[str], config: str | None, arguments: dict[str, Any]) -> list[Place]:
    """The places to sync, with the settings that hold for each. Raises `UsageError`."""
    from ghsync_core.places import Setup
    from ghsync_core.settings import load_settings

    # click gives an empty tuple for a repeatable option that is not given.
    settings = load_settings({name: None if value == () else value for name, value in arguments.items()}, config=config)
    setup = Setup(settings)
    places = [setup.place(source) for source in sources] or setup.listed()
    if not places:
        raise UsageError(NOTHING_NAMED)
    for place in places:
        _refuse_command(place.location)
    if len(places) > 1 and arguments["name"]:
        raise UsageError(f"--name is for one source, but there are {len(places)} to sync")
    return places


def _refuse_command(location: str) -> None:
    """Raise `UsageError` where *location* is no place but reads like a command, misspelled or behind an option.

    OWNER/REPO never does, whatever the owner is called.
    """
    from difflib import get_close_matches
    from pathlib import Path

    from ghsync_core.commands import COMMANDS

    nearest = get_close_matches(location, COMMANDS, 1)
    if nearest and location.isalpha() and not Path(location).exists():
        raise UsageError(
            f"there is no folder {location!r}; for the command write `ghsync {nearest[0]}`, options after it"
        )


def _show_plan(place: Place, how: Manner) -> int:
    from ghsync_core.syncer import Syncer

    plan = Syncer(place).plan()
    if how.as_json:
        say_json(plan_json(plan))
    for line in () if how.as_json else plan_lines(plan, verbose=how.verbose):
        say(line)
    return DONE


def _sync(place: Place, how: Manner) -> int:
    from ghsync_core.syncer import Syncer

    syncer = Syncer(place)
    try:
        with watched(syncer, how) as shown:
            statistics = syncer.run(on_progress=shown)
    except (SourceError, StoreError, DeletionsRefused) as error:
        if how.as_json:
            say_json(_failed(place.location, error))
        raise
    if how.as_json:
        say_json(statistics.to_json())
    for line in summary(statistics, verbose=how.verbose) if how.tells else ():
        say(line)
    complain(*failures(statistics, verbose=how.verbose))
    return exit_status_of(statistics)


def _failed(source: str, error: GhsyncError) -> Json:
    """What ``--json`` says of a run that could not be done."""
    from ghsync_core.models import FileFailure
    from ghsync_core.progress import SyncStatistics

    failure = FileFailure(path="", stage="run", message=str(error), reason="run")
    return SyncStatistics(source, None, "failed", errors=(failure,)).to_json()
