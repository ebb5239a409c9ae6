"""A repository of 100,000 small pages, and what listing it takes: ``python -m tests.benchmarks.large_tree URL COMMIT``.

Prints the CPU seconds, and the peak of traced memory in bytes a file, of one listing from the stand-in at URL.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

from support.git_repos import GitRepo, run_git

FILES = 100_000
FOLDERS = 20
CHANGED = 50


def large_repository(folder: Path) -> GitRepo:
    """`FILES` pages of a line each, in `FOLDERS` folders, none of which is too large for one answer of GitHub's."""
    repo = GitRepo(folder)
    run_git(folder, "fast-import", "--quiet", data=b"".join(_commit("pages", range(FILES), first=True)))
    return repo


def change(repo: GitRepo) -> None:
    """A commit that changes `CHANGED` pages all over."""
    numbers = range(0, FILES, FILES // CHANGED + 1)
    run_git(repo.path, "fast-import", "--quiet", data=b"".join(_commit("change", numbers)))


def _commit(message: str, numbers: range, *, first: bool = False) -> Iterator[bytes]:
    """What ``git fast-import`` reads."""
    when = f"Test Author <author@example.org> {1_700_000_000 + (not first)} +0000"
    yield f"commit refs/heads/main\ncommitter {when}\ndata {len(message)}\n{message}\n".encode()
    if not first:
        yield b"from refs/heads/main^0\n"
    for number in numbers:
        text = f"- {message} [[The title of page {number // 2}]]\n"
        path = f"pages {number % FOLDERS:02}/{number // 1000:03}/The title of page {number}.md"
        yield f"M 100644 inline {path}\ndata {len(text)}\n{text}\n".encode()
    yield b"\n"


def main(api: str, commit: str) -> None:
    """List once, as the source does."""
    from ghsync_plugins.sources.github.client import Client
    from ghsync_plugins.sources.github.tree import TreeLister
    from ghsync_plugins.sources.github.tree_memory import TreeMemory

    def run(client: Client) -> int:
        return len(TreeLister(client, "/repos/octo/large", "", TreeMemory()).list(commit).files)

    client = Client(api, None, lambda seconds, why: None)
    began = time.process_time()
    files = run(client)
    seconds = time.process_time() - began
    tracemalloc.start()
    run(client)
    print(seconds, tracemalloc.get_traced_memory()[1] / files)


if __name__ == "__main__":
    main(*sys.argv[1:])
