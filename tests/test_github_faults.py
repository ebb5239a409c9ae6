"""What goes wrong, and what a person reads then."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from support.git_repos import GitRepo
from support.github_faults import Fault, rate_limit, refusal
from support.github_reading import contents, first_snapshot, opened, read, state_after
from support.github_server import TOKEN, GitHubServer

from ghsync_core.errors import AccessDenied, Cancelled, SourceError, SourceNotFound, TransportError
from ghsync_core.models import FileRef

PAGES = {f"page {number}.md": f"- block {number}\n" * 400 for number in range(30)}


@pytest.fixture
def garden(git_repo: Callable[[str], GitRepo], github: GitHubServer) -> GitRepo:
    """A repository hosted as ``octo/garden``."""
    repo = git_repo("garden").write(PAGES)
    repo.commit()
    github.add("octo/garden", repo.path)
    return repo


def error_of(github: GitHubServer, location: str = "octo/garden") -> SourceError:
    """What a first run at *location* ends with."""
    with pytest.raises(SourceError) as caught:
        read(github, location)
    message = str(caught.value)
    assert message
    assert len(message.splitlines()) == 1
    assert TOKEN not in message
    return caught.value


# --- who may read what -----------------------------------------------------------------------------------------------


def test_a_private_repository_without_a_token_says_how_to_give_one(
    garden: GitRepo, github: GitHubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(garden.path))
    github.repos["octo/garden"].private = True
    error = error_of(github)
    assert isinstance(error, SourceNotFound)
    assert "octo/garden" in str(error)
    assert "GITHUB_TOKEN" in str(error)
    assert "gh auth login" in str(error)


def test_an_unknown_repository_with_a_token_speaks_of_access(
    garden: GitRepo, github: GitHubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    error = error_of(github, "octo/nowhere")
    assert isinstance(error, SourceNotFound)
    assert "octo/nowhere" in str(error)
    assert "the token may not see it" in str(error)


def test_a_wrong_token_is_named_and_not_shown(
    garden: GitRepo, github: GitHubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "ghp_wrong_hush")
    error = error_of(github)
    assert isinstance(error, AccessDenied)
    assert "refuses the token" in str(error)
    assert "hush" not in str(error)


def test_a_token_that_the_host_repeats_is_not_shown(
    garden: GitRepo, github: GitHubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    github.faults.append(refusal("garden", 403, f"Resource not\n accessible by {TOKEN}."))
    error = error_of(github)
    assert isinstance(error, AccessDenied)
    assert "Resource not accessible by …" in str(error)


def test_a_repository_that_is_gone_is_no_deletion(garden: GitRepo, github: GitHubServer) -> None:
    with opened(github) as repository:
        state = state_after(repository, first_snapshot(repository))
    github.repos["octo/garden"].private = True
    with opened(github) as repository, pytest.raises(SourceNotFound, match="no repository octo/garden"):
        repository.snapshot(state, conditional=True)


@pytest.mark.parametrize("ref", ["no/such-branch", "0" * 40])
def test_an_unknown_ref_is_named(garden: GitRepo, github: GitHubServer, ref: str) -> None:
    error = error_of(github, f"octo/garden@{ref}")
    assert isinstance(error, SourceNotFound)
    assert repr(ref) in str(error)


def test_an_empty_repository_is_an_error(git_repo: Callable[[str], GitRepo], github: GitHubServer) -> None:
    github.add("octo/empty", git_repo("empty").path)
    assert "octo/empty is empty" in str(error_of(github, "octo/empty"))


@pytest.mark.parametrize("folder", ["nowhere", "page 1.md"])
def test_a_folder_that_is_none_is_an_error(garden: GitRepo, github: GitHubServer, folder: str) -> None:
    error = error_of(github, f"octo/garden:{folder}")
    assert isinstance(error, SourceNotFound)
    assert repr(folder) in str(error)


# --- the archive -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        refusal("tarball", 404, "Not Found"),
        refusal("tarball", 403, "Forbidden"),
        refusal("legacy.tar.gz", 403, "Forbidden"),
        refusal("legacy.tar.gz", 502, "Bad Gateway"),
        Fault("legacy.tar.gz", "reset"),
        Fault("legacy.tar.gz", "cut"),
        Fault("legacy.tar.gz", "short"),
        Fault("legacy.tar.gz", "corrupt"),
        Fault("legacy.tar.gz", status=200, body=b""),
        Fault("legacy.tar.gz", status=200, body=b"<html>sorry</html>"),
        Fault("tarball", status=302, headers={"location": "ftp://elsewhere.example/"}),
        Fault("tarball", status=302, headers={"location": "http://[bad"}),
    ],
    ids=lambda fault: f"{fault.pattern}-{fault.damage}-{fault.status}-{fault.body[:6]!r}",
)
def test_what_the_archive_does_not_give_comes_by_blob(garden: GitRepo, github: GitHubServer, fault: Fault) -> None:
    github.faults.append(fault)
    assert read(github) == garden.blobs()


def test_a_cut_archive_is_used_as_far_as_it_came(git_repo: Callable[[str], GitRepo], github: GitHubServer) -> None:
    noise = random.Random(1)
    repo = git_repo("noise").write({f"{number:02}.bin": noise.randbytes(100_000) for number in range(20)})
    repo.commit()
    github.add("octo/noise", repo.path)
    github.faults.append(Fault("legacy.tar.gz", "cut"))
    with opened(github, "octo/noise") as repository:
        assert contents(first_snapshot(repository)) == repo.blobs()
        assert 5 <= repository.requests["blob"] <= 15


def test_what_attributes_leave_out_or_alter_comes_by_blob(garden: GitRepo, github: GitHubServer) -> None:
    attributes = "drafts export-ignore\nversion.md export-subst\ncrlf.md text eol=crlf\n"
    odd = {"drafts/secret.md": "- draft", "version.md": "$Format:%H$", "same.md": "$Format:%h$ ", "crlf.md": "a\nb\n"}
    garden.write({".gitattributes": attributes, **odd}).commit()
    with opened(github) as repository:
        read_files = contents(first_snapshot(repository))
        assert read_files == garden.blobs()
        assert read_files["version.md"] == b"$Format:%H$"
        assert dict(repository.requests)["blob"] == 3


def test_a_fetch_that_is_closed_early_hangs_up(garden: GitRepo, github: GitHubServer) -> None:
    with opened(github) as repository:
        snapshot = first_snapshot(repository)
        fetched = snapshot.fetch(snapshot.files)
        assert next(fetched)[1] is not None
        fetched.close()
        assert contents(snapshot) == garden.blobs()


# --- single files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", ["corrupt", "short", "cut", "reset", "answer"])
def test_a_file_that_does_not_come_right_fails_alone(garden: GitRepo, github: GitHubServer, damage: str) -> None:
    with opened(github, archive=False) as repository:
        snapshot = first_snapshot(repository)
        bad, good = snapshot.files[:2]
        github.faults.append(Fault(f"blobs/{bad.blob_id}", damage))  # type: ignore[arg-type]
        with pytest.raises(TransportError) as caught:
            snapshot.read(bad)
        assert caught.value.reason == "transport"
        assert str(caught.value).startswith(f"{bad.path}: ")
        assert snapshot.read(good) == garden.blobs()[good.path]


def test_a_blob_that_is_gone_fails_alone(garden: GitRepo, github: GitHubServer) -> None:
    with opened(github) as repository, pytest.raises(TransportError, match=r"gone\.md: .*404"):
        first_snapshot(repository).read(FileRef("gone.md", "0" * 40, 3))


def test_a_blob_without_end_is_not_read_to_it(garden: GitRepo, github: GitHubServer) -> None:
    github.faults.append(Fault("blobs", status=200, body=b"x" * 10_000_000))
    with opened(github) as repository, pytest.raises(TransportError, match="more than the"):
        first_snapshot(repository).read(FileRef("big.md", "0" * 40, 3))


@pytest.mark.parametrize("damage", ["reset", "cut", "answer"])
def test_a_passing_fault_is_not_noticed(garden: GitRepo, github: GitHubServer, damage: str) -> None:
    github.faults += [
        Fault(f"{kind}", damage, status=502, times=2)  # type: ignore[arg-type]
        for kind in ("garden$", "commits", "trees")
    ]
    assert read(github) == garden.blobs()


def test_a_host_that_is_down_is_named(github: GitHubServer) -> None:
    github.faults.append(Fault("repos", "reset"))
    assert f"{github.url.removeprefix('http://')} can't be read: the connection fails" in str(error_of(github))


def test_a_host_that_keeps_failing_is_quoted(garden: GitRepo, github: GitHubServer) -> None:
    github.faults.append(refusal("trees", 503, "No server is currently available"))
    assert "answers 503: No server is currently available" in str(error_of(github))


# --- limits ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "least", "most"),
    [
        (rate_limit("commits", {"retry-after": "7"}), 7, 7),
        (rate_limit("commits", {"retry-after": "7"}, status=429), 7, 7),
        (rate_limit("commits", {"x-ratelimit-remaining": "0"}), 1700, 1802),
        (rate_limit("commits", {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"}), 1, 1),
        (rate_limit("commits", {"retry-after": "999999999999"}), 3700, 3700),
        (rate_limit("commits", {}), 60, 60),
    ],
)
def test_waits_as_it_is_asked(garden: GitRepo, github: GitHubServer, fault: Fault, least: int, most: int) -> None:
    waits: list[tuple[float, str]] = []
    github.faults.append(fault)
    assert read(github, wait=lambda seconds, why: waits.append((seconds, why))) == garden.blobs()
    [(seconds, why)] = waits
    assert least - 0.5 <= seconds <= most
    assert "GITHUB_TOKEN" in why


def test_waits_for_single_files_too(garden: GitRepo, github: GitHubServer) -> None:
    waits: list[float] = []
    github.faults.append(rate_limit("blobs", {"retry-after": "3"}, times=2))
    assert read(github, archive=False, wait=lambda seconds, why: waits.append(seconds)) == garden.blobs()
    assert waits == [pytest.approx(3, abs=0.5)] * 2


def test_does_not_wait_for_ever(garden: GitRepo, github: GitHubServer) -> None:
    waits: list[float] = []
    github.faults.append(rate_limit("commits", {}, times=99))
    with pytest.raises(SourceError, match="still limits"):
        read(github, wait=lambda seconds, why: waits.append(seconds))
    assert waits == [pytest.approx(seconds, abs=0.5) for seconds in (60, 120, 240, 480)]


def test_a_wait_ends_at_once_when_the_run_is_told_to_stop(garden: GitRepo, github: GitHubServer) -> None:
    def stop(seconds: float, why: str) -> None:
        raise Cancelled("stopped")

    github.faults.append(rate_limit("tarball", {"retry-after": "60"}))
    with pytest.raises(Cancelled):
        read(github, wait=stop)


@pytest.mark.parametrize("status", [304, 409, 422])
def test_an_odd_answer_about_a_repository_does_not_say_that_there_is_none(
    garden: GitRepo, github: GitHubServer, status: int
) -> None:
    assert garden.head
    github.faults.append(Fault("/repos/octo/garden$", status=status))
    error = error_of(github)
    assert not isinstance(error, SourceNotFound)
    assert f"answers {status}" in str(error)
