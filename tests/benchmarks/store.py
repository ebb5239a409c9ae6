"""The store alone: facts that are ready in memory, written and settled; against a bare loop inserting the same rows.

Both are measured by CPU time. The loop knows all numbers beforehand, and has the same indexes.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from support.pages import read

from ghsync_core import FileRef, FileResult, RunRecord, git_blob_id
from ghsync_core.views import COLUMNS, GRAPH
from ghsync_plugins.backends.sqlite.store import SqliteStore
from tests.benchmarks import bare, generate
from tests.benchmarks.measure import Row

PAGES = 2000
GROUP = 128
"""Files in one transaction, as the write guard gives them."""


def store(home: Path) -> Iterator[Row]:
    """Writing alone, and with the settle, which derives what the bare loop has ready."""
    files = results(PAGES)
    opened = SqliteStore(home / "graph.db", create=True)
    writer = opened.writer("pages", None)
    began = time.process_time()
    for start in range(0, PAGES, GROUP):
        writer.write(files[start : start + GROUP])
    written = time.process_time()
    writer.settle()
    writer.record(RunRecord("complete", None, 0, 0, {}, None))
    settled = time.process_time()
    opened.close()
    tables, schema = bare.read_rows(home / "graph.db")
    rows = sum(map(len, tables.values()))
    loop = time.process_time()
    bare.insert_rows(home / "bare.db", tables, schema)
    loop = time.process_time() - loop
    for what, took in (("write", written - began), ("write and settle", settled - began)):
        yield Row(f"{rows:,} rows: bare loop / {what}", f"{loop / took:.2f} ×", "≥ 0.7 ×", loop / took >= 0.7)


def results(pages: int) -> list[FileResult]:
    """So many pages, read and ready to be written."""
    return [_result(path, text) for path, text in generate.pages(pages, prose=300)]


def facts_size(database: Path) -> int:
    """Bytes of all values in the views of the graph, without the source's name."""
    total = 0
    with closing(sqlite3.connect(database)) as connection:
        for view in GRAPH:
            values = (f"coalesce(length(CAST({each} AS BLOB)), 0)" for each in COLUMNS[view] if each != "source")
            total += connection.execute(f"SELECT coalesce(sum({' + '.join(values)}), 0) FROM {view}").fetchone()[0]
    return total


def _result(path: str, text: str) -> FileResult:
    data = text.encode()
    file = FileRef(path, git_blob_id(data), len(data))
    return FileResult(file, "stored", "", kind="ontology", facts=read(text, path).facts)
