"""Reads some files of ``octo/pages`` by each way there is: ``python -m tests.benchmarks.ways COUNT``.

Prints a JSON object: for the way that is chosen, and for each one, the requests and the seconds from the first question
to the last byte. COUNT 0 is a first sync, of all files. The environment says where GitHub is.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from ghsync_core import FileRef, SourceContext, SourceState
from ghsync_plugins.sources.github import GitHubSource, snapshot
from ghsync_plugins.sources.github.cost import Means, Way, cheapest_way

WORKERS = 8

Choice = Callable[[Sequence[FileRef], Means], Way]


def _archive(wanted: Sequence[FileRef], means: Means) -> Way:
    return Way(archive=means.archive)


def _batches(wanted: Sequence[FileRef], means: Means) -> Way:
    return cheapest_way(wanted, Means(token=True, graphql=True, archive=False, total_bytes=0))


def _blobs(wanted: Sequence[FileRef], means: Means) -> Way:
    return Way(archive=False, single=tuple(wanted))


CHOICES: dict[str, Choice] = {"chosen": cheapest_way, "archive": _archive, "batches": _batches, "blobs": _blobs}


def read(count: int, choice: Choice) -> tuple[int, float]:
    """The requests and seconds for *count* files, or for all."""
    snapshot.cheapest_way = choice
    known = SourceState("octo/pages", "", "0" * 40, memory={"id": 1001, "full_name": "octo/pages"})
    began = time.perf_counter()
    with closing(GitHubSource().open("octo/pages", SourceContext({}, _never))) as repository:
        files = repository.snapshot(known if count else None, conditional=bool(count))
        assert files is not None
        wanted = files.files[:: len(files.files) // count][:count] if count else files.files
        with ThreadPoolExecutor(WORKERS) as pool:
            for file, data in files.fetch(wanted):
                if data is None:
                    pool.submit(files.read, file)
        return sum(repository.requests.values()), time.perf_counter() - began


def _never(seconds: float, why: str) -> None:
    raise AssertionError(why)


if __name__ == "__main__":
    number = int(sys.argv[1])
    read(1, cheapest_way)  # imports, and the host's first look at its repository
    print(json.dumps({name: read(number, choice) for name, choice in CHOICES.items()}))
