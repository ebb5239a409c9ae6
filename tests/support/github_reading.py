"""Reads from the stand-in of GitHub as the engine does, without the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from ghsync_core.interfaces import Repository, Snapshot, SourceContext, SourceState
from ghsync_plugins.sources.github import GitHubSource
from support.github_server import GitHubServer


def never_wait(seconds: float, why: str) -> None:
    """For runs in which the host has no reason to ask for patience."""
    raise AssertionError(f"asked to wait {seconds} s: {why}")


@contextmanager
def opened(
    server: GitHubServer,
    location: str = "octo/garden",
    *,
    wait: Callable[[float, str], None] = never_wait,
    **options: Any,
) -> Iterator[Repository]:
    """The repository at *location* on the stand-in, with *options* of ``[github]``."""
    context = SourceContext({"api_url": server.url, **options}, wait)
    with closing(GitHubSource().open(location, context)) as repository:
        yield repository


def first_snapshot(repository: Repository) -> Snapshot:
    """The snapshot of a first run."""
    snapshot = repository.snapshot(None, conditional=False)
    assert snapshot is not None
    return snapshot


def state_after(repository: Repository, snapshot: Snapshot) -> SourceState:
    """What the store would remember after a run over *snapshot*."""
    return SourceState(snapshot.source, repository.location, snapshot.commit, snapshot.identity, snapshot.memory)


def contents(snapshot: Snapshot) -> dict[str, bytes]:
    """The bytes of every plain file, by path: fetched, and read by itself where it did not come so."""
    wanted = [file for file in snapshot.files if file.entry == "file"]
    fetched = list(snapshot.fetch(wanted))
    assert sorted(file.path for file, _ in fetched) == sorted(file.path for file in wanted)
    return {file.path: snapshot.read(file) if data is None else data for file, data in fetched}


def read(server: GitHubServer, location: str = "octo/garden", **options: Any) -> dict[str, bytes]:
    """The bytes of every plain file at *location*."""
    with opened(server, location, **options) as repository:
        return contents(first_snapshot(repository))
