"""Neo4j: a first sync's facts, written, settled and shown, against a bare loader of the same rows; then one change.

The bare loader knows all rows beforehand, and gives them to the server in lists, by the quickest statements found:
``UNWIND`` and ``MERGE`` of nodes by their key, then of a page's relationships. Both are measured by the clock, with the
server's time in it, so that the machine should be quiet.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from support.servers.neo4j import PASSWORD, Neo4jServer, jars

from ghsync_core import RunRecord
from ghsync_core.views import GRAPH
from ghsync_plugins.backends.neo4j.address import parse
from ghsync_plugins.backends.neo4j.store import Neo4jStore
from tests.benchmarks.measure import Row, median, run
from tests.benchmarks.settle import PHASES, change, make_pages
from tests.benchmarks.store import GROUP, PAGES, results

REPEATS = 3
SIZE = 8000
FILES = 25
"""Files in one transaction of the bare loader: more are slower."""

_SCHEMA = "CREATE CONSTRAINT bare IF NOT EXISTS FOR (n:Bare) REQUIRE (n.id, n.source) IS UNIQUE"
_NODES = """UNWIND $rows AS r MERGE (n:Bare {id: r[0], source: r[1]})
SET n.kind = r[2], n.label = r[3], n.path = r[4], n.line = r[5], n.properties = r[6]"""
_EDGES = """UNWIND $rows AS r MERGE (a:Bare {id: r[0], source: $source}) WITH a, r
UNWIND r[1] AS e MERGE (b:Bare {id: e[0], source: $source})
CREATE (a)-[:$(e[1]) {type: e[1], name: e[2], path: e[3], line: e[4], count: e[5], properties: e[6]}]->(b)"""
_AXIOMS = "UNWIND $rows AS r CREATE (:BareAxiom {kind: r[1], subject: r[2], object: r[3], text: r[4], path: r[5]})"


def neo4j(home: Path) -> Iterator[Row]:
    """Loading against a bare loader; then one changed file of many."""
    os.environ.update(GHSYNC_NEO4J_PASSWORD=PASSWORD, XDG_CACHE_HOME=str(home / "cache"))
    server = Neo4jServer(Path(tempfile.mkdtemp(dir=home)) / "server", jars())
    server.start()
    try:
        yield from _loading(server)
        server.empty()
        yield from _one_change(server, home)
    finally:
        server.stop()


def _loading(server: Neo4jServer) -> Iterator[Row]:
    files = results(PAGES)
    ratios, count = [], 0
    for _ in range(REPEATS):
        server.empty()
        with closing(Neo4jStore(parse(server.url, {}), {"naming": "plain"}, create=True)) as store:
            began = time.perf_counter()
            with store.lock("benchmark", 0):
                writer = store.writer("pages", None)
                for start in range(0, len(files), GROUP):
                    writer.write(files[start : start + GROUP])
                writer.settle()
                writer.record(RunRecord("complete", None, 0, 0, {}, None))
            took = time.perf_counter() - began
            reader = store.reader()
            rows = {view: [list(row.values()) for row in reader.rows(view)] for view in GRAPH}
        server.empty()
        ratios.append(_bare(server, rows) / took)
        count = sum(map(len, rows.values()))
    ratio = median(ratios)
    yield Row(f"Neo4j, {count:,} rows: bare loader / sync", f"{ratio:.2f} ×", "≥ 0.7 ×", ratio >= 0.7)


def _bare(server: Neo4jServer, rows: dict[str, list[Any]]) -> float:
    """The seconds that it takes."""
    pages: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for source, start, end, kind, name, path, line, number, properties in rows["edges"]:
        told = None if properties == "{}" else properties
        pages[path][start].append([end, kind, name, path, line, number, told])
        own = source
    with server.driver() as driver, driver.session() as session:
        session.run(_SCHEMA).consume()
        session.run("CALL db.awaitIndexes(60)").consume()
        began = time.perf_counter()
        for statement, table in ((_NODES, rows["nodes"]), (_AXIOMS, rows["axioms"])):
            for start in range(0, len(table), 1000):
                session.execute_write(
                    lambda work, s=statement, r=table[start : start + 1000]: work.run(s, rows=r).consume()
                )
        starts = [list(page.items()) for page in pages.values()]
        for first in range(0, len(starts), FILES):
            some = [list(each) for page in starts[first : first + FILES] for each in page]
            session.execute_write(lambda work, r=some: work.run(_EDGES, rows=r, source=own).consume())
        return time.perf_counter() - began


def _one_change(server: Neo4jServer, home: Path) -> Iterator[Row]:
    """What lies between start-up and the end of a run in which one file has changed."""
    folder = home / "pages"
    make_pages(folder, SIZE)
    run([sys.executable, "-c", PHASES, str(folder), server.url])
    seconds = []
    for _ in range(REPEATS):
        change(folder, 1)
        times = json.loads(run([sys.executable, "-c", PHASES, str(folder), server.url]).output)
        seconds.append(times["end"][0] - times["listing"][0])
    took = median(seconds)
    yield Row(f"Neo4j: 1 of {SIZE:,} files changed", f"{took:.2f} s", "≤ 0.5 s", took <= 0.5)
