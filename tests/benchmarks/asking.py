"""Questions to a store of 8,000 pages: searching, exporting, comparing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from support.git_repos import GitRepo

from ghsync_plugins.backends.sqlite import SqliteBackend
from tests.benchmarks.generate import pages
from tests.benchmarks.measure import Row, ghsync, median

_WORDS = ("agent token", "agent 1024", "motion trust memory", "signal")
_REPEATS = 5


def asking(home: Path) -> Iterator[Row]:
    """Search in this process; export and diff as whole processes."""
    repo, to = GitRepo(home / "pages"), f"sqlite:{home}/graph.db"
    repo.write(dict(pages(8_000)))
    repo.commit("first")
    ghsync(repo.path, "--to", to, "-q")
    for words in _WORDS:
        took = 1000 * _search(to, words)
        yield Row(f"8,000 pages, search {words!r}", f"{took:.1f} ms", "< 20 ms", took < 20)
    exported = ghsync("export", "--to", to, "-o", home / "graph.nq")
    facts = sum(1 for _ in (home / "graph.nq").open(encoding="utf-8"))
    rate = facts / exported.seconds
    yield Row("8,000 pages, export nquads", f"{rate:,.0f} facts/s", "≥ 200,000", rate >= 200_000)
    yield Row("8,000 pages, export nquads: peak memory", f"{exported.peak:.0f} MB", "≤ 150 MB", exported.peak <= 150)
    path = next(iter(repo.blobs()))
    repo.write({path: repo.blobs()[path] + b"\n- one more [[Link]]\n"})
    repo.commit("second")
    seconds = median([ghsync("diff", "HEAD~1", "HEAD", "--to", to).seconds for _ in range(3)])
    yield Row("8,000 pages, diff of one changed file", f"{seconds:.2f} s", "≤ 1 s", seconds <= 1)


def _search(to: str, words: str) -> float:
    store = SqliteBackend().open(to, {}, create=False)
    with closing(store), closing(store.reader()) as reader:
        times = []
        for _ in range(_REPEATS):
            began = time.perf_counter()
            list(reader.search(words))
            times.append(time.perf_counter() - began)
    return median(times)
