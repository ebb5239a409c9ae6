"""``ghsync query``: asks the store in its own language, and can't change it."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

import click

from ghsync_core.cli import options
from ghsync_core.cli.output import complain, say_csv, say_json_list, say_table
from ghsync_core.cli.store import opened_reader
from ghsync_core.cli.watchdog import Watchdog

if TYPE_CHECKING:
    from ghsync_core.models import Json

SECONDS: Final = 60.0
TABLE_ROWS: Final = 1_000
"""Rows of a table, which is laid out as a whole and read by people; JSON and CSV are streamed, and read by programs."""


@click.command("query")
@click.argument("query", metavar="[QUERY]", required=False)
@click.option("--sparql", metavar="TEXT", help="The query, for a store that is asked in SPARQL.")
@options.to
@options.plugins
@options.config
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    metavar="FORMAT",
    help="table, json or csv.  [default: table]",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    metavar="ROWS",
    help="Stop after so many rows, and say so; 0: never.  [default: 1000 of a table, else 0]",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0),
    default=SECONDS,
    metavar="SECONDS",
    help="Stop a query that takes longer; 0: never.  [default: 60]",
)
@options.verbose
def command(
    query: str | None,
    sparql: str | None,
    to: str | None,
    plugins: tuple[str, ...],
    config: str | None,
    form: str,
    as_json: bool,
    limit: int | None,
    seconds: float,
    verbose: int,
) -> None:
    """Ask the store in its own language (SQL, Cypher, SPARQL); no query can change anything.

    SQL has the views files, nodes, edges, classes, properties, axioms and runs. QUERY may be - to be read from stdin.
    """
    given = query if sparql is None else sparql
    if given is None or (query is not None and sparql is not None):
        raise click.UsageError("give one query: QUERY or --sparql TEXT")
    text = sys.stdin.read() if given == "-" else given
    form = "json" if as_json else form
    most = TABLE_ROWS if limit is None and form == "table" else limit or 0
    with opened_reader(verbose, config, plugins, to) as reader:
        if sparql is not None and reader.language != "sparql":
            raise click.UsageError(f"this store is asked in {reader.language}, not in SPARQL: ghsync query QUERY")
        dog = Watchdog(seconds)
        with dog.watching():
            columns, rows = dog.step(lambda: reader.query(text, seconds=seconds or None))
            try:
                _write(form, unique(columns), _at_most(dog.steps(rows), most))
            finally:
                if isinstance(rows, Generator):
                    rows.close()  # a query that is broken off ends before its store is closed


def _write(form: str, columns: Sequence[str], rows: Iterator[Sequence[Json]]) -> None:
    if form == "json":
        say_json_list(dict(zip(columns, row, strict=True)) for row in rows)
    elif form == "csv":
        say_csv(columns, rows)
    else:
        say_table(columns, rows)


def _at_most(rows: Iterator[Sequence[Json]], most: int) -> Iterator[Sequence[Json]]:
    """The first *most* rows (all where it is 0); where there are more, stderr says so."""
    if not most:
        yield from rows
        return
    yield from islice(rows, most)
    if next(rows, None) is not None:
        complain(f"there are more than {most:,} rows; the rest is left out: --limit 0 gives all")


def unique(columns: Sequence[str]) -> list[str]:
    """*columns*, where a name that comes again has a number behind it, as SQLite itself does in subqueries."""
    names: list[str] = []
    for column in columns:
        name, again = column, 0
        while name in names:
            again += 1
            name = f"{column}:{again}"
        names.append(name)
    return names
