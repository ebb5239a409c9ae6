"""``verify --fresh`` of a repository on GitHub: read at the commit that is stored, not at the newest."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from support.git_repos import GitRepo
from support.github_server import GitHubServer

from ghsync_core import Syncer
from ghsync_core.places import Setup
from ghsync_core.reread import reread
from ghsync_core.verify import Verification, verify
from ghsync_plugins.backends.sqlite import SqliteBackend


@pytest.fixture
def garden(git_repo: Callable[[str], GitRepo], github: GitHubServer, monkeypatch: pytest.MonkeyPatch) -> GitRepo:
    monkeypatch.setenv("GITHUB_API_URL", github.url)
    repo = git_repo("garden").write({"pages/a.md": "- [[b]]", "pages/b.md": "- b", "note.txt": "-"})
    repo.commit()
    github.add("octo/garden", repo.path)
    return repo


def again(database: Path) -> Verification:
    store = SqliteBackend().open(f"sqlite:{database}", {}, create=False)
    setup = Setup({}, {"to": f"sqlite:{database}"})
    with closing(store), closing(store.reader()) as reader:
        state = store.find_source(name="octo/garden")
        assert state
        return reread(verify(reader, "octo/garden"), reader, state, setup)


def test_it_is_read_at_the_commit_that_is_stored(garden: GitRepo, tmp_path: Path) -> None:
    database = tmp_path / "graph.db"
    Syncer("octo/garden", to=f"sqlite:{database}").run()
    garden.write({"pages/a.md": "- something else", "pages/new.md": "- new"}).commit()
    proven = again(database)
    assert (proven.fresh, proven.findings.listed, proven.undone) == (True, (), ())


def test_what_the_store_made_up_is_found(garden: GitRepo, tmp_path: Path) -> None:
    database = tmp_path / "graph.db"
    Syncer("octo/garden", to=f"sqlite:{database}").run()
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE files_ SET blob_id = ? WHERE path = 'note.txt'", ("0" * 40,))
    (found,) = again(database).findings.listed
    assert (found.view, found.path, found.stored) == ("files", "note.txt", {"blob_id": "0" * 40})
