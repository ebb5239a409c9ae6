"""Questions to a large graph, through the public views. ``GHSYNC_BENCH_EDGES=10000000`` asks the size of the issue."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from ghsync_plugins.backends.sqlite.connection import connect
from ghsync_plugins.backends.sqlite.schema import LATE_INDEXES
from tests.benchmarks.measure import Row, median

EDGES_A_FILE = 50
REPEATS = 7
ALLOWED = 5.0
"""Milliseconds."""

# Squared, so that some pages are far more popular than others; the parents make a tree, about 17 deep at 200,000.
_FILL = (
    "INSERT INTO sources (source_id, name, unsettled) VALUES (1, 'large', 0)",
    "CREATE TEMP TABLE numbers (i INTEGER PRIMARY KEY)",
    """WITH RECURSIVE up (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM up WHERE i < :files)
    INSERT INTO numbers SELECT i FROM up""",
    """INSERT INTO files_
        (file_id, source_id, path, blob_id, size, kind, status, synced_at, fingerprint, edges, arrived)
    SELECT i, 1, printf('pages/Page %d.md', i), printf('%040x', i), 9000, 'ontology', 'stored', '', '', :each, 0
    FROM numbers""",
    """INSERT INTO things (thing_id, source_id, id, kind, label, home, line)
    SELECT i, 1, 'urn:ngm:class:' || i, 'class', 'Page ' || i, i, 1 FROM numbers""",
    """INSERT INTO said (thing_id, facet, file_id, declared, kind, label, line, data)
    SELECT i, 0, i, 1, 'page', 'Page ' || i, 1, '{}' FROM numbers""",
    """INSERT INTO targets (target_id, source_id, key, name, path, folder, thing_id, id)
    SELECT i, 1, CAST(printf('%016d', i) AS BLOB), 'Page ' || i, '', '', i, 'urn:ngm:class:' || i FROM numbers""",
    "INSERT INTO edge_types VALUES (0, 'subClassOf'), (1, 'link'), (2, 'uses'), (3, 'enables'), (4, 'requires')",
    "INSERT INTO subjects SELECT i, i, i FROM numbers",
    "INSERT INTO statements (subject_id, type_id, to_target, line) SELECT i, 0, i / 2, 3 FROM numbers WHERE i > 1",
    """INSERT OR IGNORE INTO statements (subject_id, type_id, to_target, line, properties)
    SELECT i, 1 + k % 4, 1 + CAST(:files * r * r AS INTEGER), k, iif(k % 3, NULL, '{"section":"about"}')
    FROM (SELECT n.i, k.i AS k, (random() & 0xFFFFF) / 1048576.0 AS r
          FROM numbers n CROSS JOIN numbers k ON k.i < :each)""",
    """INSERT INTO axioms_
        (axiom_id, file_id, source_id, kind, arguments, line, annotations, text, subject, object, first)
    SELECT i, i, 1, 'SubClassOf', '[]', 3, '{}',
        printf('SubClassOf(<urn:ngm:class:%d> <urn:ngm:class:%d>)', i, i / 2),
        'urn:ngm:class:' || i, 'urn:ngm:class:' || (i / 2), 1
    FROM numbers WHERE i > 1""",
)

_ANCESTORS = """WITH RECURSIVE up (id) AS (
    SELECT :id UNION SELECT {upper} FROM up JOIN {view} ON {lower} = up.id AND {kind} = '{subclass}'
) SELECT id FROM up"""

QUERIES = {
    "neighbours": "SELECT to_id, type FROM edges WHERE from_id = :id",
    "backlinks": "SELECT from_id, path, line FROM edges WHERE to_id = :id",
    "between two": "SELECT type FROM edges WHERE from_id = :id AND to_id = :hub",
    "a file's facts: edges": "SELECT * FROM edges WHERE path = :path",
    "a file's facts: nodes": "SELECT * FROM nodes WHERE path = :path",
    "a file's facts: axioms": "SELECT * FROM axioms WHERE path = :path",
    "node by id": "SELECT * FROM nodes WHERE id = :id",
    "ancestors by edges": _ANCESTORS.format(
        view="edges", lower="from_id", upper="to_id", kind="type", subclass="subClassOf"
    ),
    "ancestors by axioms": _ANCESTORS.format(
        view="axioms", lower="subject", upper="object", kind="kind", subclass="SubClassOf"
    ),
}


def queries(home: Path) -> Iterator[Row]:
    """Each question, the middle of several pages, once the pages of the database are in memory."""
    connection, files = make_graph(home / "large.db", int(os.environ.get("GHSYNC_BENCH_EDGES", "500000")))
    (edges,) = connection.execute("SELECT count(*) FROM statements").fetchone()
    for name, query in QUERIES.items():
        times, rows = zip(*(_ask(connection, query, files // 2 + 97 * at) for at in range(REPEATS)), strict=True)
        took = median(times)
        what = f"{edges:,} edges, {name}, {median(rows)} rows"
        yield Row(what, f"{took:.2f} ms", f"< {ALLOWED:.0f} ms", took < ALLOWED)
    connection.close()
    size = (home / "large.db").stat().st_size / edges
    yield Row(f"{edges:,} edges: bytes an edge, all in all", f"{size:.0f}", "≤ 130", size <= 130)


def make_graph(path: Path, edges: int) -> tuple[sqlite3.Connection, int]:
    """A settled database of so many edges, and the number of its files."""
    files = edges // EDGES_A_FILE
    connection = connect(path, create=True)
    connection.execute("BEGIN")
    for statement in _FILL:
        connection.execute(statement, {"files": files, "each": EDGES_A_FILE} if ":" in statement else {})
    for index, columns in LATE_INDEXES.items():
        connection.execute(f"CREATE INDEX {index} ON {columns}")
    connection.execute("PRAGMA analysis_limit = 1000")
    connection.execute("ANALYZE statements")
    connection.execute("COMMIT")
    return connection, files


def _ask(connection: sqlite3.Connection, query: str, number: int) -> tuple[float, int]:
    """Milliseconds that the second time took, and the rows."""
    values = {"id": f"urn:ngm:class:{number}", "hub": "urn:ngm:class:1", "path": f"pages/Page {number}.md"}
    connection.execute(query, values).fetchall()
    began = time.perf_counter()
    rows = connection.execute(query, values).fetchall()
    return 1000 * (time.perf_counter() - began), len(rows)
