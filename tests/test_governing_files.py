"""The files that govern vaults are read first, by the cheapest way, and again only when they change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.git_repos import GitRepo
from support.github_server import TOKEN, GitHubServer
from support.toy import rows

from ghsync_core import Syncer, SyncStatistics

CONFIG = '{:hidden ["/drafts"]}'
PAGES = {f"pages/{number}.md": f"- [[Page {number + 1}]]\n" for number in range(30)}
MANUAL = {f"part{number}/index.md": "# Part\n" for number in range(20)}


@pytest.fixture
def graph(git_repo: Callable[[str], GitRepo], github: GitHubServer, monkeypatch: pytest.MonkeyPatch) -> GitRepo:
    """A Logseq graph hosted as ``octo/garden``, for which there is a token."""
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    repo = git_repo("garden").write({"logseq/config.edn": CONFIG, "drafts/a.md": "- [[B]]\n", **PAGES})
    repo.commit()
    github.add("octo/garden", repo.path)
    return repo


def sync(github: GitHubServer, tmp_path: Path) -> SyncStatistics:
    return Syncer("octo/garden", settings={"api_url": github.url, "to": f"sqlite:{tmp_path}/graph.db"}).run()


def test_a_configuration_that_stays_the_same_is_read_once(graph: GitRepo, github: GitHubServer, tmp_path: Path) -> None:
    assert sync(github, tmp_path).requests == {"lookup": 1, "tree": 1, "blob": 1, "archive": 1}
    graph.write({"pages/0.md": "- changed\n"}).commit()
    second = sync(github, tmp_path)
    assert second.requests == {"commit": 1, "tree": 1, "blob": 1}
    assert (second.kg_files_processed, second.skipped_files) == (1, 2)


def test_one_that_changes_is_read_again_and_so_are_its_pages(
    graph: GitRepo, github: GitHubServer, tmp_path: Path
) -> None:
    sync(github, tmp_path)
    graph.write({"logseq/config.edn": "{}"}).commit()
    assert sync(github, tmp_path).kg_files_processed == len(PAGES) + 1
    assert {row["path"] for row in rows(tmp_path / "graph.db", "files") if row["status"] == "stored"} == {
        "drafts/a.md",
        *PAGES,
    }


def test_many_that_may_govern_cost_one_request(
    git_repo: Callable[[str], GitRepo], github: GitHubServer, tmp_path: Path
) -> None:
    repo = git_repo("manual").write(MANUAL)
    repo.commit()
    github.add("octo/garden", repo.path)
    first = sync(github, tmp_path)
    assert sum(first.requests.values()) <= 5
    assert first.kg_files_processed == len(MANUAL)
