"""``ghsync query``: asks the store in its own language, and can't change it."""

from __future__ import annotations

import sys
from collections.abc import Generator

import click

from ghsync_core.cli import options
from ghsync_core.cli.output import say_json_list, say_table
from ghsync_core.cli.store import opened_reader


@click.command("query")
@click.argument("query", metavar="[QUERY]", required=False)
@click.option("--sparql", metavar="TEXT", help="The query, for a store that is asked in SPARQL.")
@options.to
@options.plugins
@options.config
@options.as_json
@options.verbose
def command(
    query: str | None,
    sparql: str | None,
    to: str | None,
    plugins: tuple[str, ...],
    config: str | None,
    as_json: bool,
    verbose: int,
) -> None:
    """Ask the store in its own language (SQL, Cypher, SPARQL); no query can change anything.

    SQL has the views files, nodes, edges, classes, properties, axioms and runs. QUERY may be - to be read from stdin.
    """
    given = query if sparql is None else sparql
    if given is None or (query is not None and sparql is not None):
        raise click.UsageError("give one query: QUERY or --sparql TEXT")
    text = sys.stdin.read() if given == "-" else given
    with opened_reader(verbose, config, plugins, to) as reader:
        if sparql is not None and reader.language != "sparql":
            raise click.UsageError(f"this store is asked in {reader.language}, not in SPARQL: ghsync query QUERY")
        columns, rows = reader.query(text)
        try:
            if as_json:
                say_json_list(dict(zip(columns, row, strict=True)) for row in rows)
            else:
                say_table(columns, rows)
        finally:
            if isinstance(rows, Generator):
                rows.close()  # a query that is broken off ends before its store is closed
