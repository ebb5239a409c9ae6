"""PostgreSQL alone: facts that are ready in memory, written and settled; against a bare COPY of the same rows.

The bare loop copies the rows of the views, as they are known in the end, into a table for each, in as many
transactions; like the store it has to write properties as JSON. Both are measured by the clock, with the server's time
in it, so that the machine should be quiet.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from support.servers.postgres import PostgresServer, programs

from ghsync_core import RunRecord
from ghsync_core.views import GRAPH
from ghsync_plugins.backends.postgres.address import Address
from ghsync_plugins.backends.postgres.store import PostgresStore
from ghsync_plugins.backends.relational.rows import encode
from tests.benchmarks.measure import Row, median, run
from tests.benchmarks.settle import PHASES, change, make_pages
from tests.benchmarks.store import GROUP, PAGES, results

REPEATS = 3
BARE = """
CREATE SCHEMA bare;
CREATE TABLE bare.files (LIKE ghsync.files, PRIMARY KEY (path));
CREATE TABLE bare.nodes (LIKE ghsync.nodes, PRIMARY KEY (id));
CREATE TABLE bare.edges (LIKE ghsync.edges);
CREATE INDEX ON bare.edges (from_id);
CREATE INDEX ON bare.edges (to_id);
CREATE INDEX ON bare.edges (path);
CREATE TABLE bare.classes (LIKE ghsync.classes, PRIMARY KEY (iri));
CREATE TABLE bare.properties (LIKE ghsync.properties, PRIMARY KEY (iri));
CREATE TABLE bare.axioms (LIKE ghsync.axioms);
CREATE INDEX ON bare.axioms (path);
"""
"""A table for each view, with what is needed to find a row by its id or its file."""

SIZE = 8000


def postgres(home: Path) -> Iterator[Row]:
    """Writing and settling against bare COPY; then one changed file of many."""
    found = programs()
    if found is None:
        print("no PostgreSQL server is installed: nothing of it is measured")
        return
    server = PostgresServer.made(found)
    server.start()
    try:
        yield from _writing(server)
        yield from _one_change(server, home)
    finally:
        server.remove()


def _writing(server: PostgresServer) -> Iterator[Row]:
    files = results(PAGES)
    ratios, shares = [], []
    rows: dict[str, list[tuple[Any, ...]]] = {}
    for repeat in range(REPEATS):
        name = f"store{repeat}"
        server.execute(f"CREATE DATABASE {name}")
        with closing(PostgresStore(Address.of(server.url(name), None), create=True)) as store:
            writer = store.writer("pages", None)
            began = time.perf_counter()
            for start in range(0, len(files), GROUP):
                writer.write(files[start : start + GROUP])
            written = time.perf_counter() - began
            writer.settle()
            writer.record(RunRecord("complete", None, 0, 0, {}, None))
            settled = time.perf_counter() - began
        rows = {view: server.execute(f"SELECT * FROM ghsync.{view}", name) for view in GRAPH}
        bare = _bare_copy(server, name, rows)
        ratios.append(bare / written)
        shares.append(settled / written)
    count = sum(map(len, rows.values()))
    ratio, share = median(ratios), median(shares)
    yield Row(f"PostgreSQL, {count:,} rows: bare COPY / write", f"{ratio:.2f} ×", "≥ 0.7 ×", ratio >= 0.7)
    yield Row("PostgreSQL: write and settle / write", f"{share:.2f} ×", "≤ 2 ×", share <= 2)


def _bare_copy(server: PostgresServer, database: str, rows: dict[str, list[tuple[Any, ...]]]) -> float:
    """The seconds that it takes."""
    server.execute(BARE, database)
    rows = {view: [(*row, _object(data)) for *row, data in all_rows] for view, all_rows in rows.items()}
    transactions = -(-PAGES // GROUP)
    with psycopg.connect(server.url(database)) as connection:
        began = time.perf_counter()
        for turn in range(transactions):
            for view, all_rows in rows.items():
                share = -(-len(all_rows) // transactions)
                with connection.cursor().copy(f"COPY bare.{view} FROM STDIN") as copy:
                    for *row, data in all_rows[turn * share : (turn + 1) * share]:
                        copy.write_row((*row, encode(data) if isinstance(data, dict) else data))
            connection.commit()
        return time.perf_counter() - began


def _object(data: Any) -> Any:
    """What stands in the last column of a view, as a parser gives it."""
    return json.loads(data) if isinstance(data, str) and data.startswith("{") else data


def _one_change(server: PostgresServer, home: Path) -> Iterator[Row]:
    """What lies between start-up and the end of a run in which one file has changed."""
    server.execute("CREATE DATABASE change")
    folder, to = home / "pages", server.url("change")
    make_pages(folder, SIZE)
    run([sys.executable, "-c", PHASES, str(folder), to])
    seconds = []
    for _ in range(REPEATS):
        change(folder, 1)
        times = json.loads(run([sys.executable, "-c", PHASES, str(folder), to]).output)
        seconds.append(times["end"][0] - times["listing"][0])
    took = median(seconds)
    yield Row(f"PostgreSQL: 1 of {SIZE:,} files changed", f"{took:.2f} s", "≤ 0.5 s", took <= 0.5)
