"""Whatever GitHub answers in place of a listing: the run fails, and what is stored stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from support.git_repos import GitRepo
from support.github_faults import Fault, refusal
from support.github_server import GitHubServer
from support.github_trees import TreeLimits

from ghsync_core.cli.main import main

FILES = {f"{folder}/{name}.md": f"# {name}\n\n[[b]]" for folder in ("one", "two", "two/three") for name in "abc"}


@pytest.fixture
def garden(
    git_repo: Callable[[str], GitRepo], github: GitHubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> GitRepo:
    """A repository that was synced, and has changed since, with a tree that is listed in parts."""
    monkeypatch.setenv("GITHUB_API_URL", github.url)
    monkeypatch.chdir(tmp_path)
    repo = git_repo("garden").write(FILES)
    repo.commit()
    github.add("octo/garden", repo.path).tree_limits = TreeLimits(entries=6)
    return repo


def ghsync(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--to", "sqlite:graph.db"])


def rows(view: str) -> object:
    done = ghsync("query", f"select * from {view} order by 1, 2, 3", "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def stored() -> object:
    return rows("files"), rows("nodes"), rows("edges")


def spoil(pattern: str, status: int, message: str) -> Callable[[GitRepo, GitHubServer], None]:
    return lambda repo, server: server.faults.append(refusal(pattern, status, message))


def answer(pattern: str, body: object) -> Callable[[GitRepo, GitHubServer], None]:
    return lambda repo, server: server.faults.append(Fault(pattern, status=200, body=json.dumps(body).encode()))


def vanish(repo: GitRepo, server: GitHubServer) -> None:
    server.repos.clear()


def become_private(repo: GitRepo, server: GitHubServer) -> None:
    server.repos["octo/garden"].private = True


def become_empty(repo: GitRepo, server: GitHubServer) -> None:
    repo.git("update-ref", "-d", "HEAD")


LOSSES = {
    "401 everywhere": (spoil("", 401, "Bad credentials"), "asks for a token"),
    "403 everywhere": (spoil("", 403, "Resource protected by organization SAML enforcement"), "SAML enforcement"),
    "404 everywhere": (spoil("", 404, "Not Found"), "no repository octo/garden"),
    "gone": (vanish, "no repository octo/garden"),
    "private": (become_private, "no repository octo/garden"),
    "empty": (become_empty, "is empty"),
    "a root that is gone": (spoil("/trees/", 404, "Not Found"), "does not list the files"),
    "a root that is refused": (spoil("/trees/", 403, "Forbidden"), "Forbidden"),
    "a root in conflict": (spoil("/trees/", 409, "Git Repository is empty."), "does not list the files"),
    "a root without entries": (answer("/trees/", {"tree": [], "truncated": True}), "too many entries"),
    "a root that is empty": (answer("/trees/", {"tree": [], "truncated": False}), "which has some"),
    "a subtree that is empty": (answer(r"/trees/\w+\?recursive", {"tree": [], "truncated": False}), "which has some"),
    "a root that is nothing": (answer("/trees/", {}), "lacks a sound 'tree'"),
    "a subtree that is gone": (spoil(r"/trees/\w+\?recursive", 404, "Not Found"), "does not list the files"),
    "a subtree that fails": (spoil(r"/trees/\w+\?recursive", 502, "Bad Gateway"), "Bad Gateway"),
    "a subtree that is refused": (spoil(r"/trees/\w+\?recursive", 401, "Bad credentials"), "asks for a token"),
    "a subtree that is nothing": (answer(r"/trees/\w+\?recursive", []), "can't be read"),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_a_loss_is_no_deletion(garden: GitRepo, github: GitHubServer, loss: str) -> None:
    assert ghsync("octo/garden").exit_code == 0
    before = stored()
    garden.write({"two/d.md": "# d"}).delete("one/a.md").commit()
    lose, reason = LOSSES[loss]
    lose(garden, github)
    failed = ghsync("octo/garden", "--max-delete", "100%")
    assert failed.exit_code == 1, failed.output
    assert reason in failed.stderr
    assert len(failed.stderr.splitlines()) <= 2
    assert stored() == before


@pytest.mark.parametrize("location", ["octo/garden@branch", "octo/garden:one", "octo/garden@branch:two/three"])
def test_a_ref_or_folder_that_vanished_is_no_deletion(garden: GitRepo, github: GitHubServer, location: str) -> None:
    garden.git("branch", "branch")
    assert ghsync(location).exit_code == 0
    before = stored()
    garden.git("branch", "-D", "branch")
    garden.delete(*(path for path in FILES if path.startswith("one/"))).commit()
    failed = ghsync(location, "--max-delete", "100%")
    assert failed.exit_code == 1, failed.output
    assert "branch" in failed.stderr or "'one'" in failed.stderr
    assert stored() == before


def test_what_is_really_gone_is_taken_out(garden: GitRepo, github: GitHubServer) -> None:
    assert ghsync("octo/garden").exit_code == 0
    garden.delete("one/a.md", "two/three/b.md").commit()
    github.log.clear()
    assert ghsync("octo/garden").exit_code == 0
    assert {row["path"] for row in rows("files")} == set(FILES) - {"one/a.md", "two/three/b.md"}
    assert [path.partition("garden/")[2].partition("/")[0] for path in github.asked()] == ["commits", *["git"] * 4]


def test_a_commit_without_files_is_believed(garden: GitRepo, github: GitHubServer) -> None:
    assert ghsync("octo/garden").exit_code == 0
    garden.git("rm", "-rq", ".")
    garden.commit("nothing is left")
    done = ghsync("octo/garden")
    assert done.exit_code == 0, done.output
    assert rows("files") == []
