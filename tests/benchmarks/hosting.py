"""A repository of generated pages on the stand-in of GitHub, as far away as the real one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.git_repos import GitRepo, run_git
from support.github_server import GitHubServer

from tests.benchmarks.generate import pages

LATENCY = 0.04
"""Seconds that every request takes, as to GitHub from Europe."""


def repository(home: Path, count: int) -> GitRepo:
    """A git repository of *count* generated pages."""
    repo = GitRepo(home / f"pages-{count}")
    repo.write(dict(pages(count)))
    repo.commit("pages")
    return repo


@contextmanager
def hosted(home: Path, count: int) -> Iterator[tuple[GitHubServer, str, dict[str, str]]]:
    """The stand-in with *count* pages, warmed up; with its commit and the environment that leads to it."""
    repo = repository(home, count)
    sha = run_git(repo.path, "rev-parse", "HEAD").decode().strip()
    with GitHubServer({"octo/pages": repo.path}) as server:
        server.repos["octo/pages"].archive(sha)
        server.latency = LATENCY
        yield server, sha, {"GITHUB_API_URL": server.url, "GITHUB_TOKEN": server.token}
