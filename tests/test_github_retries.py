"""A host that fails every now and then: the same graph, at less than twice the requests."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support.git_repos import GitRepo
from support.github_faults import Fault
from support.github_reading import contents, first_snapshot, opened
from support.github_server import TOKEN, GitHubServer

from ghsync_core import Syncer, SyncStatistics
from ghsync_plugins.sources.github import client, limits, session

PAGES = {f"pages/note {number}.md": f"- see [[note {number + 1}]] #tag{number % 7}\n" for number in range(60)}
VIEWS = ("nodes", "edges", "classes", "properties", "axioms")

LIMIT = b'{"message": "You have exceeded a secondary rate limit."}'
FAULTS: dict[str, dict[str, Any]] = {
    "502": {"status": 502},
    "reset": {"damage": "reset"},
    "hang": {"damage": "hang"},
    "stall": {"damage": "stall"},
    "cut": {"damage": "cut"},
    "short": {"damage": "short"},
    "corrupt": {"damage": "corrupt"},
    "retry-after": {"status": 403, "headers": {"retry-after": "1"}, "body": LIMIT},
    "message alone": {"status": 403, "body": LIMIT},
    "429": {"status": 429, "body": LIMIT},
    "used up": {"status": 403, "headers": {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"}, "body": LIMIT},
}
every_fault = pytest.mark.parametrize("fault", FAULTS)


@pytest.fixture(autouse=True)
def _impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes seconds in life takes none here."""
    monkeypatch.setattr(session, "BACKOFF", 0.0)
    monkeypatch.setattr(client, "TIMEOUT", (10.0, 1.0))
    monkeypatch.setattr(limits, "SHORTEST_SECONDS", 0.01)
    monkeypatch.setattr(limits, "LONGEST_SECONDS", 0.05)


@pytest.fixture
def garden(git_repo: Callable[[str], GitRepo], github: GitHubServer, monkeypatch: pytest.MonkeyPatch) -> GitRepo:
    """A repository hosted as ``octo/garden``, where ``GITHUB_API_URL`` leads."""
    monkeypatch.setenv("GITHUB_API_URL", github.url)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    repo = git_repo("garden").write(PAGES)
    repo.commit()
    github.add("octo/garden", repo.path)
    return repo


def synced(place: Path, *, archive: bool) -> tuple[SyncStatistics, list[object]]:
    """A first sync into a store of its own, and the graph there."""
    statistics = Syncer("octo/garden", to=f"sqlite:{place}", settings={"github": {"archive": archive}}).run()
    with closing(sqlite3.connect(place)) as store:
        return statistics, [sorted(store.execute(f"SELECT * FROM {view}"), key=repr) for view in VIEWS]


ONE_IN_TEN: dict[str, Callable[[str], Fault]] = {
    "archive": lambda fault: Fault(r"legacy\.tar\.gz", times=1, **FAULTS[fault]),
    "batches": lambda fault: Fault("graphql", every=2, **FAULTS[fault]),
    "blobs": lambda fault: Fault("blobs", every=10, **FAULTS[fault]),
}
"""There are few requests for archives and batches: of those, one."""


@every_fault
@pytest.mark.parametrize("way", ONE_IN_TEN)
def test_failures_now_and_then_change_nothing(
    garden: GitRepo, github: GitHubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, way: str
) -> None:
    if way == "batches":
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    good, graph = synced(tmp_path / "good.db", archive=way == "archive")
    asked, github.log[:] = len(github.log), []
    one = ONE_IN_TEN[way](fault)
    github.faults.append(one)
    statistics, found = synced(tmp_path / "faults.db", archive=way == "archive")
    assert one.struck >= (6 if way == "blobs" else 1)
    assert statistics.status == good.status == "complete"
    assert statistics.failed_files == 0
    assert found == graph
    assert len(github.log) <= 2 * asked


@every_fault
def test_a_file_that_never_comes_is_one_failure(
    garden: GitRepo, github: GitHubServer, tmp_path: Path, fault: str
) -> None:
    lost = garden.git("rev-parse", "HEAD:pages/note 7.md")
    github.faults.append(Fault(f"blobs/{lost}", **FAULTS[fault]))
    statistics, _ = synced(tmp_path / "graph.db", archive=False)
    assert statistics.status == "partial"
    [error] = statistics.errors
    assert (error.path, error.stage) == ("pages/note 7.md", "read")
    assert error.transport
    assert error.message.startswith("pages/note 7.md: ")
    assert len(error.message.splitlines()) == 1
    github.faults.clear()
    again, _ = synced(tmp_path / "graph.db", archive=False)
    assert (again.status, again.kg_files_processed) == ("complete", 1)


# --- an archive that breaks off ---


@pytest.fixture
def noise(git_repo: Callable[[str], GitRepo], github: GitHubServer) -> GitRepo:
    """A repository that does not compress, so that half an archive is half of the files."""
    random_ = random.Random(1)
    repo = git_repo("noise").write({f"{number:02}.bin": random_.randbytes(50_000) for number in range(20)})
    repo.commit()
    github.add("octo/noise", repo.path)
    return repo


def test_an_archive_that_broke_off_early_is_asked_for_once_more(noise: GitRepo, github: GitHubServer) -> None:
    github.faults.append(Fault("legacy.tar.gz", "cut", times=1))
    noise.write({"zz.bin": random.Random(2).randbytes(1_000_000)}).commit()
    hosted = github.repos["octo/noise"]
    assert len(hosted.archive(noise.head)) > 1_900_000
    noise.write({"00.bin": random.Random(3).randbytes(2_100_000)}).commit()
    with opened(github, "octo/noise") as repository:
        assert contents(first_snapshot(repository)) == noise.blobs()
        assert repository.requests["archive"] == 2
        assert "blob" not in repository.requests


def test_an_archive_that_nearly_came_is_not_asked_for_again(noise: GitRepo, github: GitHubServer) -> None:
    noise.write({"zz.bin": random.Random(2).randbytes(600_000)}).commit()
    github.faults.append(Fault("legacy.tar.gz", "cut"))
    with opened(github, "octo/noise") as repository:
        assert contents(first_snapshot(repository)) == noise.blobs()
        assert repository.requests["archive"] == 1
        assert 1 <= repository.requests["blob"] < 10


def test_what_an_archive_lacks_comes_in_batches(
    noise: GitRepo, github: GitHubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    text = {
        f"{number:03}.md": "- " + "".join(random.Random(number).choices("abcdefgh", k=3000)) for number in range(90)
    }
    noise.write(text).commit()
    github.faults.append(Fault("legacy.tar.gz", "short"))
    with opened(github, "octo/noise") as repository:
        snapshot = first_snapshot(repository)
        wanted = [file for file in snapshot.files if file.path in text]
        found = {file.path: data or snapshot.read(file) for file, data in snapshot.fetch(wanted)}
        assert found == {path: content.encode() for path, content in text.items()}
        assert repository.requests["archive"] <= 2
        assert repository.requests["blobs"] == 1
        assert "blob" not in repository.requests


def test_an_archive_that_stalls_is_left(garden: GitRepo, github: GitHubServer) -> None:
    github.faults.append(Fault("legacy.tar.gz", "stall"))
    with opened(github) as repository:
        assert contents(first_snapshot(repository)) == garden.blobs()
