"""What people see: nothing from a repository may steer their terminal, and stdout is for results alone."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from functools import partial
from io import TextIOWrapper
from itertools import chain
from typing import TYPE_CHECKING

import click

from ghsync_core.log import configure_when_used

if TYPE_CHECKING:
    from ghsync_core.models import Json


def printable(text: object) -> str:
    """*text* on one line, with control characters, overrides of direction and broken characters written out."""
    shown = str(text)
    if shown.isprintable():
        return shown
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in shown)


def write_anything() -> None:
    """Let stdout and stderr write out what their encoding can't say, such as names in another script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(line: str) -> None:
    """Write a line to stdout, made `printable`."""
    click.echo(printable(line))


def complain(*lines: str) -> None:
    """Write each of *lines* to stderr, made `printable`."""
    for line in lines:
        click.echo(f"ghsync: {printable(line)}", err=True)


def say_json(value: Json) -> None:
    """Write *value* to stdout as one JSON text; all that is not ASCII is escaped, so that no terminal is harmed."""
    click.echo(json.dumps(value, indent=2, default=str))


def say_json_list(values: Iterable[Json]) -> None:
    """Write *values* to stdout as one JSON list, a line for each, none of which is held for long."""
    before = "["
    for value in values:
        click.echo(f"{before}\n  {_one_line(value)}", nl=False)
        before = ","
    click.echo("[]" if before == "[" else "\n]")


def _one_line(value: Json) -> str:
    """*value* as JSON, which has no infinity and no NaN: a database may give them, and they become texts."""
    try:
        return json.dumps(value, default=str, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(value), default=str)


def _finite(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_finite(each) for each in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def say_csv(columns: Sequence[str], rows: Iterable[Sequence[Json]]) -> None:
    """Write a table to stdout as CSV (RFC 4180, with LF), a row at a time; null is an empty cell."""
    import csv

    writer = csv.writer(sys.stdout, lineterminator="\n")
    shown = _cell if sys.stdout.isatty() else _plain  # only a file or a program gets control characters as they are
    for row in chain((columns,), rows):
        writer.writerow([shown(each) for each in row])


def say_table(columns: Sequence[str], rows: Iterable[Sequence[Json]]) -> None:
    """Write a table to stdout: as wide as the terminal, or as wide as its cells where stdout is none."""
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE, show_edge=False, pad_edge=False)
    for column in columns:
        table.add_column(Text(printable(column)), overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row))
    console = Console(file=sys.stdout)
    if not console.is_terminal:
        console.width = console.measure(table, options=console.options.update(max_width=1_000_000)).maximum
    console.print(table)


def _plain(value: Json) -> Json:
    """*value* as a cell: lists and objects, which some databases give, as JSON."""
    return _one_line(value) if isinstance(value, list | dict) else value


def _cell(value: Json) -> str:
    return "" if value is None else printable(_plain(value))


@contextmanager
def stdout_for_results() -> Iterator[None]:
    """Inside, whatever plugins and libraries print goes to stderr, even past Python's own stdout."""
    sys.stdout.flush()
    with redirect_stdout(sys.stderr):
        kept = os.dup(1)
        try:
            os.dup2(2, 1)
            yield
        finally:
            os.dup2(kept, 1)
            os.close(kept)


def configure_logs(verbose: int = 0, *, quiet: bool = False) -> None:
    """Send logs to stderr: warnings, with ``-v`` what goes on, with ``-vv`` every step, with ``-q`` errors only."""
    import logging

    level = logging.ERROR if quiet else (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    # Libraries are not ours to speak for: they are heard with -v only.
    logging.basicConfig(stream=sys.stderr, level=level if verbose else logging.CRITICAL)
    # It logs whole addresses, and the one that GitHub sends us to for a private archive holds a token.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    configure_when_used(partial(_configure_structlog, level))


def _configure_structlog(level: int) -> None:
    import structlog

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # Asked for stderr anew each time: the bar puts itself in its place.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
