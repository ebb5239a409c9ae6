"""``ghsync query``: asks the store in its own language, and can't change it."""

from __future__ import annotations

import sys
from collections.abc import Generator

import click

from ghsync_core.cli import options
from ghsync_core.cli.output import say_json_list, say_table
from ghsync_core.cli.store import opened_reader


@click.command("query")
@click.argument("sql", metavar="SQL")
@options.to
@options.plugins
@options.config
@options.as_json
@options.verbose
def command(
    sql: str, to: str | None, plugins: tuple[str, ...], config: str | None, as_json: bool, verbose: int
) -> None:
    """Ask the store with SQL, which can change nothing.

    Its views: files, nodes, edges, classes, properties, axioms and runs. SQL may be - to be read from stdin.
    """
    text = sys.stdin.read() if sql == "-" else sql
    with opened_reader(verbose, config, plugins, to) as reader:
        columns, rows = reader.query(text)
        try:
            if as_json:
                say_json_list(dict(zip(columns, row, strict=True)) for row in rows)
            else:
                say_table(columns, rows)
        finally:
            if isinstance(rows, Generator):
                rows.close()  # a query that is broken off ends before its store is closed
