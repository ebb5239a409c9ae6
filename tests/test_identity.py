"""Repositories that are renamed, transferred, made anew, or claimed twice: one source each, and never two merged."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.git_repos import GitRepo
from support.github_server import TOKEN, GitHubServer
from support.toy import VIEWS, rows

from ghsync_core import DeletionsRefused, SourceError, Syncer, SyncStatistics, sync_many
from ghsync_plugins.backends.sqlite import SqliteBackend

TURTLE = """@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<#Plant> a owl:Class ; rdfs:subClassOf <Thing> .
[] a owl:Class ; rdfs:subClassOf <#Plant> .
"""
FILES = {"ontology.ttl": TURTLE, "pages/One.md": "- [[Two]] #tag\n", "notes/two.md": "# Two\n\n[[One]]\n"}


@pytest.fixture
def garden(git_repo: Callable[[str], GitRepo], github: GitHubServer) -> GitRepo:
    """A repository hosted as ``octo/garden``, whose facts depend on its name."""
    repo = git_repo("garden").write(FILES)
    repo.commit()
    github.add("octo/garden", repo.path)
    return repo


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "graph.db"


def sync(github: GitHubServer, database: Path, location: str = "octo/garden", **options: object) -> SyncStatistics:
    given_settings = {"api_url": github.url, "to": f"sqlite:{database}"}
    github.log.clear()
    return Syncer(location, settings=given_settings, **options).run()


def sync_all(github: GitHubServer, database: Path) -> dict[str, str]:
    runs = sync_many(["octo/*"], settings={"api_url": github.url, "to": f"sqlite:{database}"})
    return {run.source: run.status for run in runs}


def views(database: Path) -> dict[str, list[dict[str, object]]]:
    """All that the store says, but for what tells of times and runs: when, and at which commit, a file was read."""
    files = [{**row, "synced_at": None, "commit_id": None} for row in rows(database, "files")]
    return {"files": files, **{view: rows(database, view) for view in VIEWS}}


def sources(database: Path) -> set[object]:
    return {row["source"] for view in ("files", "runs", *VIEWS) for row in rows(database, view)}


def fresh(github: GitHubServer, tmp_path: Path, *locations: str) -> dict[str, list[dict[str, object]]]:
    """What a new store says of *locations*."""
    database = tmp_path / "fresh.db"
    database.unlink(missing_ok=True)
    for location in locations:
        sync(github, database, location)
    return views(database)


@pytest.mark.parametrize("location", ["octo/garden", "octo/park", "octo/*"])
@pytest.mark.parametrize("changed", [True, False], ids=["changed", "same commit"])
@pytest.mark.parametrize("token", [TOKEN, ""], ids=["token", "no token"])
def test_a_renamed_repository_is_the_same_source_under_its_new_name(
    garden: GitRepo,
    github: GitHubServer,
    database: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    location: str,
    changed: bool,
    token: str,
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", token)
    sync(github, database)
    github.rename("octo/garden", "octo/park")
    if changed:
        garden.write({"pages/Three.md": "- [[One]]\n"}).delete("notes/two.md").commit()
    options = {"settings": {"api_url": github.url, "to": f"sqlite:{database}"}}
    [run] = sync_many([location], **options)
    assert (run.source, run.status) == ("octo/park", "complete")
    assert views(database) == fresh(github, tmp_path, "octo/park")
    assert sources(database) == {"octo/park"}
    [again] = sync_many([location], **options)
    assert (again.source, again.status) == ("octo/park", "unchanged")
    assert views(database) == fresh(github, tmp_path, "octo/park")


def test_a_transferred_repository_is_known_again(garden: GitRepo, github: GitHubServer, database: Path) -> None:
    sync(github, database)
    github.rename("octo/garden", "hexa/garden")
    assert sync(github, database, "hexa/garden").source == "hexa/garden"
    assert sources(database) == {"hexa/garden"}


def test_an_old_name_may_be_used_for_ever(garden: GitRepo, github: GitHubServer, database: Path) -> None:
    sync(github, database)
    github.rename("octo/garden", "octo/park")
    states = [sync(github, database, name).status for name in ("octo/garden", "octo/garden", "octo/park", "octo/park")]
    assert states == ["complete", "unchanged", "unchanged", "unchanged"]
    assert dict(sync(github, database, "octo/park").requests) == {"commit": 1}


def test_a_name_that_the_user_gave_stays(garden: GitRepo, github: GitHubServer, database: Path) -> None:
    sync(github, database, name="mine")
    github.rename("octo/garden", "octo/park")
    for location in ("octo/garden", "octo/park"):
        assert sync(github, database, location, name="mine").source == "mine"
    assert sources(database) == {"mine"}


def test_another_branch_or_folder_is_another_source(garden: GitRepo, github: GitHubServer, database: Path) -> None:
    locations = ("octo/garden", "octo/garden@main", "octo/garden:pages", "octo/garden@main:pages")
    for location in locations:
        sync(github, database, location)
    github.rename("octo/garden", "octo/park")
    for location in locations:
        sync(github, database, location.replace("garden", "park"))
    assert sources(database) == {location.replace("garden", "park") for location in locations}


def test_an_interrupted_rename_is_made_up_for(
    garden: GitRepo, github: GitHubServer, database: Path, tmp_path: Path
) -> None:
    sync(github, database)
    github.rename("octo/garden", "octo/park")

    def cancel(progress: object) -> None:
        syncer.cancel()

    syncer = Syncer("octo/park", settings={"api_url": github.url, "to": f"sqlite:{database}"})
    syncer.run(cancel)
    assert sources(database) == {"octo/garden"}
    sync(github, database, "octo/park")
    assert views(database) == fresh(github, tmp_path, "octo/park")


# --- names that change hands -----------------------------------------------------------------------------------------


@pytest.fixture
def other(garden: GitRepo, git_repo: Callable[[str], GitRepo]) -> GitRepo:
    """Another repository, hosted nowhere yet."""
    repo = git_repo("other").write({"pages/Else.md": "- [[Other]]\n"})
    repo.commit()
    return repo


def test_one_that_is_made_anew_is_the_next_state_of_its_name(
    other: GitRepo, github: GitHubServer, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    sync(github, database)
    github.add("octo/garden", other.path)
    assert sync_all(github, database) == {"octo/garden": "complete"}
    assert views(database) == fresh(github, tmp_path, "octo/garden")
    github.add("octo/park", github.repos["octo/garden"].folder).number = 1001  # the first one, under another name
    assert sync_all(github, database) == {"octo/garden": "unchanged", "octo/park": "complete"}


def test_one_that_is_made_anew_with_the_same_commit_is_noticed(
    garden: GitRepo, github: GitHubServer, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    sync(github, database)
    github.add("octo/garden", garden.path)
    assert sync_all(github, database) == {"octo/garden": "unchanged"}  # but for its number
    github.rename("octo/garden", "octo/park")
    assert sync(github, database, "octo/park").source == "octo/park"
    assert sources(database) == {"octo/park"}


def test_one_that_is_made_anew_does_not_delete_everything(
    garden: GitRepo, other: GitRepo, github: GitHubServer, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    garden.write({f"pages/{number}.md": f"- {number}\n" for number in range(20)}).commit()
    sync(github, database)
    before = views(database)
    github.add("octo/garden", other.path)
    assert sync_all(github, database) == {"octo/garden": "failed"}
    with pytest.raises(DeletionsRefused):
        sync(github, database)
    assert views(database) == before


def test_the_old_name_given_to_another_one_makes_two_sources(
    other: GitRepo, github: GitHubServer, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    sync(github, database)
    github.rename("octo/garden", "octo/a-park")
    github.moved.clear()
    github.add("octo/garden", other.path)
    assert sync_all(github, database) == {"octo/a-park": "complete", "octo/garden": "complete"}
    assert views(database) == fresh(github, tmp_path, "octo/a-park", "octo/garden")


@pytest.fixture
def claimed_twice(
    other: GitRepo, github: GitHubServer, database: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, list[dict[str, object]]]:
    """Two stored repositories, of which the first now has the name of the second, which is gone; what is stored."""
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    github.add("octo/park", other.path)
    assert sync_all(github, database) == {"octo/garden": "complete", "octo/park": "complete"}
    del github.repos["octo/park"]
    github.rename("octo/garden", "octo/park")
    return views(database)


def test_a_new_name_that_another_source_has_is_refused(
    claimed_twice: dict[str, list[dict[str, object]]], github: GitHubServer, database: Path
) -> None:
    with pytest.raises(SourceError, match="'octo/garden' is called 'octo/park' now, but the store holds another"):
        sync(github, database, "octo/garden")
    assert views(database) == claimed_twice


def test_a_repository_that_two_sources_claim_is_refused_until_one_is_forgotten(
    claimed_twice: dict[str, list[dict[str, object]]], github: GitHubServer, database: Path, tmp_path: Path
) -> None:
    [run] = sync_many(["octo/*"], settings={"api_url": github.url, "to": f"sqlite:{database}"})
    assert run.status == "failed"
    assert "take one out, such as `ghsync forget octo/park`" in run.errors[0].message
    assert views(database) == claimed_twice
    with closing(SqliteBackend().open(f"sqlite:{database}", {}, create=False)) as store:
        store.forget("octo/park")
    assert sync_all(github, database) == {"octo/park": "complete"}
    assert views(database) == fresh(github, tmp_path, "octo/park")


def test_two_hosts_with_one_name_are_not_merged(
    garden: GitRepo, other: GitRepo, github: GitHubServer, database: Path
) -> None:
    sync(github, database)
    with GitHubServer({"octo/garden": other.path}) as enterprise:
        with pytest.raises(SourceError, match=r"another source of that name, from .*--name"):
            sync(enterprise, database)
        assert sync(enterprise, database, name="other").status == "complete"
    assert sources(database) == {"octo/garden", "other"}


def test_a_clone_and_its_repository_are_one_source(garden: GitRepo, github: GitHubServer, database: Path) -> None:
    garden.git("remote", "add", "origin", "https://github.com/octo/garden.git")
    sync(github, database)
    for location in (str(garden.path), "octo/garden"):
        assert sync(github, database, location).source == "octo/garden"
    assert sources(database) == {"octo/garden"}


# --- any sequence ----------------------------------------------------------------------------------------------------

steps = st.lists(
    st.tuples(st.sampled_from(["rename", "edit", "sync", "sync by the first name", "list"]), st.integers(0, 2)),
    max_size=6,
)


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, token=st.booleans())
def test_after_any_renames_the_graph_is_that_of_a_fresh_sync(
    git_repo: Callable[[str], GitRepo],
    github: GitHubServer,
    tmp_path: Path,
    steps: list[tuple[str, int]],
    token: bool,
) -> None:
    repo = git_repo("any").write({"pages/One.md": "- [[Two]]\n", "ontology.ttl": TURTLE})
    repo.commit()
    github.repos.clear()
    github.moved.clear()
    github.add("octo/n0", repo.path)
    database = tmp_path / "any.db"
    database.unlink(missing_ok=True)
    name = "octo/n0"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GITHUB_TOKEN", TOKEN if token else "")
        for step, number in steps:
            if step == "rename" and f"octo/n{number}" != name:
                github.moved.pop(f"octo/n{number}", None)
                github.rename(name, f"octo/n{number}")
                name = f"octo/n{number}"
            elif step == "edit":
                repo.write({"pages/One.md": f"- [[Page {number}]]\n"}).commit()
            elif step == "list":
                sync_all(github, database)
            elif step.startswith("sync"):
                sync(github, database, name if step == "sync" else "octo/n0")
        sync(github, database, name)
        assert views(database) == fresh(github, tmp_path, name)
        assert sources(database) == {name}
