"""Writing the graph as RDF: quads a second into a file, and Oxigraph against its own bulk loader."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tests.benchmarks.measure import Row, ghsync
from tests.benchmarks.settle import change, make_pages

FILES = 8000


def rdf_store(home: Path) -> Iterator[Row]:
    """8,000 pages: the file, the folder, and one changed file in the folder."""
    from pyoxigraph import RdfFormat, Store

    from ghsync_plugins.backends.projection import Change, Ledger
    from ghsync_plugins.backends.rdf.file import quads
    from ghsync_plugins.backends.rdf.folder import FolderTarget

    folder, database, file = home / "pages", home / "graph.db", home / "graph.nq"
    make_pages(folder, FILES)
    ghsync(folder, "--to", f"sqlite:{database}", "--name", "octo/pages")
    with closing(sqlite3.connect(database)) as connection:
        ledger = Ledger(connection)
        began, count = time.process_time(), 0
        with file.open("wb") as stream:
            for text in quads(ledger, ledger.sources()):
                stream.write(text.encode())
                count += text.count("\n")
        rate = count / (time.process_time() - began)
        yield Row(f"RDF file: {count:,} quads, quads a second of CPU", f"{rate:,.0f}", "≥ 300,000", rate >= 300_000)
        (home / "bulk").mkdir()
        (home / "ours").mkdir()
        began = time.perf_counter()
        Store(str(home / "bulk")).bulk_load(path=file, format=RdfFormat.N_QUADS)
        bulk = time.perf_counter() - began
        target = FolderTarget(home / "ours", database)
        with target.lock("benchmark", 0):
            began = time.perf_counter()
            target.apply(Change("octo/pages", "mark", True, ledger))
            ratio = bulk / (time.perf_counter() - began)
    yield Row("Oxigraph: speed / its bulk loader", f"{ratio:.2f} ×", "≥ 0.5 ×", ratio >= 0.5)
    to = ("--to", f"rdf:{home}/store/")
    ghsync(folder, *to)
    ghsync(folder, *to)  # hashes what was too young to be remembered at the first run
    change(folder, 1)
    seconds = ghsync(folder, *to).seconds
    yield Row(f"Oxigraph: 1 of {FILES:,} files changed: whole process", f"{seconds:.2f} s", "≤ 0.9 s", seconds <= 0.9)
