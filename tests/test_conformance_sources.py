"""Our sources, held to what every source promises."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from support.git_repos import GitRepo
from support.github_server import TOKEN, GitHubServer

from ghsync_core.testing import SourceSuite
from ghsync_core.testing.places import write_files
from ghsync_core.testing.sources import Hosted


@pytest.fixture(autouse=True)
def _own_git_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def commit(repo: GitRepo, files: Mapping[str, bytes]) -> None:
    """Make *files* all that *repo* holds, as a new commit."""
    for path in repo.git("ls-files", "-z").split("\0"):
        if path:
            (repo.path / path).unlink()
    repo.write(files).commit()


class TestFolder(SourceSuite):
    missing = "./no-such-folder"

    @pytest.fixture
    def hosted(self, tmp_path: Path) -> Hosted:
        return lambda files: str(write_files(tmp_path / "notes", files))


class TestWorkTree(SourceSuite):
    @pytest.fixture
    def hosted(self, tmp_path: Path) -> Hosted:
        repo = GitRepo(tmp_path / "clone")

        def host(files: Mapping[str, bytes]) -> str:
            commit(repo, files)
            return str(repo.path)

        return host


class TestBranchOfAClone(SourceSuite):
    @pytest.fixture
    def hosted(self, tmp_path: Path) -> Hosted:
        repo = GitRepo(tmp_path / "clone")

        def host(files: Mapping[str, bytes]) -> str:
            commit(repo, files)
            return f"{repo.path}@main"

        return host


class OnGitHub(SourceSuite):
    missing = "octo/no-such"
    token = ""

    @pytest.fixture(autouse=True)
    def _asked(self, github: GitHubServer, monkeypatch: pytest.MonkeyPatch) -> None:
        self.settings = {"api_url": github.url, **self.table}
        if self.token:
            monkeypatch.setenv("GITHUB_TOKEN", self.token)

    @property
    def table(self) -> Mapping[str, object]:
        return {}

    @pytest.fixture
    def hosted(self, tmp_path: Path, github: GitHubServer) -> Hosted:
        repo = GitRepo(tmp_path / "garden")
        github.add("octo/garden", repo.path)

        def host(files: Mapping[str, bytes]) -> str:
            commit(repo, files)
            return "octo/garden"

        return host


class TestGitHub(OnGitHub):
    pass


class TestGitHubWithToken(OnGitHub):
    token = TOKEN


class TestGitHubFileByFile(OnGitHub):
    @property
    def table(self) -> Mapping[str, object]:
        return {"github": {"archive": False}}
