"""Fixtures that tests of all parts share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ghsync_plugins.sources.github import governor
from support.git_repos import GitRepo
from support.github_server import GitHubServer


@pytest.fixture(autouse=True)
def _own_governors(monkeypatch: pytest.MonkeyPatch) -> None:
    """What another test was told to wait for is nothing to this one, whose server may have got the same port."""
    monkeypatch.setattr(governor, "_governors", {})


@pytest.fixture
def git_repo(tmp_path: Path) -> Callable[[str], GitRepo]:
    """Makes git repositories by name, in a folder of their own."""
    return lambda name: GitRepo(tmp_path / "git" / name)


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubServer]:
    """A stand-in of GitHub's API without any repository, asked without a token unless the test sets one."""
    for variable in ("GITHUB_TOKEN", "GH_TOKEN", "GITHUB_API_URL"):
        monkeypatch.delenv(variable, raising=False)
    with GitHubServer() as server:
        yield server
