"""PostgreSQL alone: facts that are ready in memory, written and settled; against a bare COPY of the same rows.

The bare loop knows all numbers beforehand, has the same indexes as a store before its first settle, and takes as many
transactions. Both are measured by the clock, with the server's time in it, so that the machine should be quiet.
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
from ghsync_plugins.backends.postgres.address import Address
from ghsync_plugins.backends.postgres.install import install
from ghsync_plugins.backends.postgres.store import PostgresStore
from tests.benchmarks.measure import Row, median, run
from tests.benchmarks.settle import PHASES, change, make_pages
from tests.benchmarks.store import GROUP, PAGES, results

REPEATS = 3
TABLES = (
    "files_", "issues", "things", "said", "names", "answers", "targets", "target_names", "subjects", "statements",
    "axioms_", "axiom_targets",
)  # fmt: skip
"""What the writes of files fill; the settle does the rest."""

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
            rows = {table: server.execute(f"SELECT * FROM ghsync.{table}", name) for table in TABLES}
            began = time.perf_counter()
            writer.settle()
            writer.record(RunRecord("complete", None, 0, 0, {}, None))
            settled = time.perf_counter() - began
        bare = _bare_copy(server, f"bare{repeat}", rows)
        ratios.append(bare / written)
        shares.append(settled / written)
    count = sum(map(len, rows.values()))
    what = f"PostgreSQL, {count:,} rows: bare COPY / write"
    yield Row(what, f"{median(ratios):.2f} ×", "≥ 0.7 ×", median(ratios) >= 0.7)
    yield Row("PostgreSQL: settle / write", f"{median(shares):.2f} ×", "≤ 1.5 ×", median(shares) <= 1.5)


def _bare_copy(server: PostgresServer, name: str, rows: dict[str, list[tuple[Any, ...]]]) -> float:
    """The seconds that it takes."""
    server.execute(f"CREATE DATABASE {name}")
    address = Address.of(server.url(name), None)
    transactions = -(-PAGES // GROUP)
    with psycopg.connect(server.url(name)) as connection:
        connection.execute("SET search_path TO ghsync")
        install(connection, address)
        connection.commit()
        began = time.perf_counter()
        for turn in range(transactions):
            for table, all_rows in rows.items():
                share = -(-len(all_rows) // transactions)
                with connection.cursor().copy(f"COPY ghsync.{table} FROM STDIN") as copy:
                    for row in all_rows[turn * share : (turn + 1) * share]:
                        copy.write_row(row)
            connection.commit()
        return time.perf_counter() - began


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
