"""``ghsync check``: what is wrong with what was synced."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ghsync_core.cli import options
from ghsync_core.cli.errors import DONE, FAILED, SOME_FAILED
from ghsync_core.cli.output import complain
from ghsync_core.cli.store import opened, source_names

if TYPE_CHECKING:
    from ghsync_core.check import Checked
    from ghsync_core.cli.store import Opened

FORMATS: Final = ("text", "json", "sarif", "github")
LEVELS: Final = ("error", "warning", "note")


@click.command("check")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "--level",
    type=click.Choice(LEVELS),
    metavar="LEVEL",
    default="warning",
    help="Look for what is this bad or worse: error, warning or note.  [default: warning]",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    metavar="FORMAT",
    help="How to write it: text, json, sarif, or github for annotations in a workflow.  [default: text]",
)
@click.option("-o", "--output", metavar="FILE", help="Write it to FILE.  [default: stdout]")
@options.to
@options.plugins
@options.config
@options.as_json
@options.verbose
def command(
    sources: tuple[str, ...],
    level: str,
    form: str | None,
    output: str | None,
    to: str | None,
    plugins: tuple[str, ...],
    config: str | None,
    as_json: bool,
    verbose: int,
) -> int:
    """Find what is wrong in each SOURCE: broken links, names that two pages share, cycles, and what else rules say.

    Each finding has its file and line. The table [check] of ghsync.toml sets the level of each rule, and what is to be
    ignored. Without SOURCE: all. Exit status 3 if anything is found.
    """
    if as_json and form not in (None, "json"):
        raise click.UsageError(f"--json and --format {form} say two things")
    with opened(verbose, config, plugins, to=to) as store:
        checked = _check(store, sources, level)
        rules = {rule.name: rule.summary for rule in store.registry.rules}
    _write(checked, rules, "json" if as_json else form or "text", output, verbose=bool(verbose))
    complain(*(f"{each.source}: {reason}" for each in checked for reason in (*each.undone, *each.notes)))
    if any(each.undone for each in checked):
        return FAILED
    return SOME_FAILED if any(each.problems for each in checked) else DONE


def _check(store: Opened, given: Sequence[str], level: str) -> list[Checked]:
    """What is wrong with each of the sources *given*, or all. Raises `StoreError` where there is none."""
    from ghsync_core.check import Checker
    from ghsync_core.errors import StoreError, UsageError

    checker = Checker(store.registry.rules, store.settings, level)
    if not checker.rules:
        raise UsageError(f"no rule of level {level} or worse is on; see [check] in ghsync.toml, and `ghsync plugins`")
    with closing(store.store.reader()) as reader:
        names = source_names(store.store, reader, given, store.settings)
        states = [state for name in names if (state := store.store.find_source(name=name))]
        if not states:
            raise StoreError("the store is empty, so there is nothing to check; sync a source first")
        return [checker.check(reader, state) for state in states]


def _write(checked: Sequence[Checked], rules: dict[str, str], form: str, output: str | None, *, verbose: bool) -> None:
    """Write all in *form*, to the file *output* or to stdout. Raises `GhsyncError` where the file can't be written."""
    from ghsync_core.cli import findings
    from ghsync_core.errors import GhsyncError

    text = findings.written(checked, rules, form, verbose=verbose)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        Path(output).write_text(text, encoding="utf-8")
    except OSError as error:
        raise GhsyncError(f"{output} can't be written: {error.strerror}; name another file with --output") from None
