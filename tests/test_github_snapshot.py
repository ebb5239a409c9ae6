"""First, second and later runs against the stand-in: what is read, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.git_repos import GitRepo
from support.github_reading import contents, first_snapshot, opened, read, state_after
from support.github_server import TOKEN, GitHubServer

from ghsync_core.interfaces import SourceState
from ghsync_core.models import FileRef, git_blob_id

PAGES = {f"pages/note {number}.md": f"- block {number}\n" * number for number in range(1, 40)}
ODD = {
    "100% done.md": "- all of it",
    "a#b?.md": "- odd",
    "New to Logseq%3F.md": "- quoted",
    "pages/Übung/日本.md": "- far",
    "back\\slash.md": "- windows",
    "x" * 120 + "/" + "y" * 120 + ".md": "- long",
    "empty.md": "",
}


@pytest.fixture
def garden(git_repo: Callable[[str], GitRepo], github: GitHubServer) -> GitRepo:
    """A repository hosted as ``Octo/Garden``."""
    repo = git_repo("garden").write({**PAGES, **ODD, "binary.png": bytes(range(256))})
    repo.symlink("link.md", "a#b?.md").submodule("vendor/other").commit()
    github.add("Octo/Garden", repo.path)
    return repo


def test_a_first_run_costs_four_requests(garden: GitRepo, github: GitHubServer) -> None:
    with opened(github) as repository:
        snapshot = first_snapshot(repository)
        assert contents(snapshot) == garden.blobs()
        assert dict(repository.requests) == {"repository": 1, "commit": 1, "tree": 1, "archive": 1}
    assert len(github.asked("api")) == 4
    assert len(github.asked("archive")) == 1


def test_says_what_it_read(garden: GitRepo, github: GitHubServer) -> None:
    with opened(github) as repository:
        snapshot = first_snapshot(repository)
    assert (snapshot.source, snapshot.commit) == ("Octo/Garden", garden.head)
    assert snapshot.identity == f"{github.url.removeprefix('http://')}:1001"
    assert repository.location == f"{github.url.removeprefix('http://')}/octo/garden"
    listed = {file.path: file for file in snapshot.files}
    assert listed["link.md"] == FileRef("link.md", git_blob_id(b"a#b?.md"), 7, "symlink")
    assert listed["vendor/other"] == FileRef("vendor/other", "1" * 40, 0, "submodule")
    assert {path for path, file in listed.items() if file.entry == "file"} == set(garden.blobs())


def test_nothing_new_costs_one_request(garden: GitRepo, github: GitHubServer) -> None:
    with opened(github) as repository:
        state = state_after(repository, first_snapshot(repository))
    with opened(github) as repository:
        assert repository.snapshot(state, conditional=True) is None
        assert dict(repository.requests) == {"commit": 1}
    assert github.log[-1].status == 304


def test_lists_anyway_where_it_may_not_say_unchanged(garden: GitRepo, github: GitHubServer) -> None:
    with opened(github) as repository:
        first = first_snapshot(repository)
        again = repository.snapshot(state_after(repository, first), conditional=False)
        assert again is not None
        assert (again.source, again.identity, again.files) == (first.source, first.identity, first.files)
        assert dict(repository.requests) == {"repository": 1, "commit": 2, "tree": 2}


def test_one_changed_file_comes_by_blob(garden: GitRepo, github: GitHubServer) -> None:
    with opened(github) as repository:
        state = state_after(repository, first_snapshot(repository))
    garden.write({"empty.md": "- no more"}).commit()
    with opened(github) as repository:
        snapshot = repository.snapshot(state, conditional=True)
        assert snapshot is not None
        wanted = [file for file in snapshot.files if file.path == "empty.md"]
        assert snapshot.cost(wanted) == 1
        assert list(snapshot.fetch(wanted)) == [(wanted[0], None)]
        assert snapshot.read(wanted[0]) == b"- no more"
        assert dict(repository.requests) == {"commit": 1, "tree": 1, "blob": 1}


def test_a_memory_that_lacks_something_is_asked_for_again(garden: GitRepo, github: GitHubServer) -> None:
    state = SourceState("Octo/Garden", "", garden.head, memory={"id": "1"})
    with opened(github) as repository:
        assert repository.snapshot(state, conditional=True) is None
        assert dict(repository.requests) == {"repository": 1, "commit": 1}


def test_without_the_archive_every_file_comes_by_blob(garden: GitRepo, github: GitHubServer) -> None:
    with opened(github, archive=False) as repository:
        snapshot = first_snapshot(repository)
        wanted = [file for file in snapshot.files if file.entry == "file"]
        assert snapshot.cost(wanted) == len(wanted)
        with ThreadPoolExecutor(16) as pool:
            read_files = dict(zip((file.path for file in wanted), pool.map(snapshot.read, wanted), strict=True))
        assert read_files == garden.blobs()
        assert repository.requests["blob"] == len(wanted)
    assert not github.asked("archive")


def test_everything_is_read_at_the_commit_that_was_resolved_first(garden: GitRepo, github: GitHubServer) -> None:
    before = garden.blobs()
    with opened(github) as repository:
        snapshot = first_snapshot(repository)
        garden.delete("empty.md").write({"a#b?.md": "- pushed meanwhile"}).commit()
        assert contents(snapshot) == before


def test_reads_the_branch_tag_or_commit_that_is_named(garden: GitRepo, github: GitHubServer) -> None:
    old = garden.head
    garden.git("tag", "-a", "v1.0", "-m", "first")
    garden.branch("feature/new#beds").write({"beds.md": "- new"}).commit()
    garden.git("checkout", "--quiet", "main")
    for ref, commit in (("feature/new#beds", garden.git("rev-parse", "feature/new#beds")), ("v1.0", old), (old, old)):
        with opened(github, f"octo/garden@{ref}") as repository:
            snapshot = first_snapshot(repository)
            assert (snapshot.source, snapshot.commit) == (f"Octo/Garden@{ref}", commit)
            assert repository.location.endswith(f"/octo/garden@{ref}")


def test_reads_one_folder(garden: GitRepo, github: GitHubServer) -> None:
    address = f"{github.url}/octo/garden/tree/main/pages/%C3%9Cbung"
    with opened(github, address) as repository:
        snapshot = first_snapshot(repository)
        assert snapshot.source == "Octo/Garden@main:pages/Übung"
        assert contents(snapshot) == {"pages/Übung/日本.md": b"- far"}


def test_an_enterprise_address_is_enough(garden: GitRepo, github: GitHubServer) -> None:
    assert read(github, f"{github.url}/octo/garden", api_url=None) == garden.blobs()
    assert all(path.lower().startswith("/api/v3/repos/octo/garden") for path in github.asked())


def test_a_renamed_repository_is_followed(garden: GitRepo, github: GitHubServer) -> None:
    with opened(github) as repository:
        first = first_snapshot(repository)
        state = state_after(repository, first)
    github.rename("octo/garden", "Octo/Park")
    garden.write({"new.md": "-"}).commit()
    with opened(github) as repository:
        snapshot = repository.snapshot(state, conditional=True)
        assert snapshot is not None
        assert (snapshot.source, snapshot.identity) == ("Octo/Park", first.identity)
        assert contents(snapshot) == garden.blobs()


def test_the_token_goes_to_the_api_and_nowhere_else(
    garden: GitRepo, github: GitHubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    github.repos["octo/garden"].private = True
    assert read(github) == garden.blobs()
    assert {(request.host, request.token) for request in github.log} == {("api", True), ("archive", False)}
    assert all(request.headers["user-agent"].startswith("ghsync/") for request in github.log)


def test_netrc_decides_nothing(
    garden: GitRepo, github: GitHubServer, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = garden.path.parent / "netrc"
    netrc.write_text("default login me password hush\n")
    monkeypatch.setenv("NETRC", str(netrc))
    assert read(github) == garden.blobs()
    assert not any(request.token for request in github.log)
