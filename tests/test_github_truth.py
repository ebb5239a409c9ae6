"""What a whole sync makes of files that no way gives as they are, and where the token is seen meanwhile."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import structlog
from support.git_repos import GitRepo
from support.github_faults import Fault, refusal
from support.github_reading import read
from support.github_server import TOKEN, GitHubServer

from ghsync_core import Syncer
from ghsync_core.cli.main import main
from ghsync_core.errors import SourceError

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 12345\n".format("0" * 64)
FILES: dict[str, str | bytes] = {
    "plain.md": "- a",
    "drafts/kept.md": "- export-ignore leaves it out of the archive",
    "version.md": "- $Format:%H$",
    "crlf.md": "- one\r\n- two\r\n",
    "bom.md": b"\xef\xbb\xbf- marked",
    "large.md": "- " + "x" * 600_000,
    "lfs.md": POINTER,
    ".gitattributes": "drafts export-ignore\nversion.md export-subst\nlfs.md filter=lfs diff=lfs\n",
}
REASONS = {"link.md": "symlink", "vendor/other": "submodule", "lfs.md": "lfs"}


@pytest.fixture
def garden(git_repo: Callable[[str], GitRepo], github: GitHubServer, monkeypatch: pytest.MonkeyPatch) -> GitRepo:
    """A repository hosted as ``octo/garden``, where ``GITHUB_API_URL`` leads."""
    monkeypatch.setenv("GITHUB_API_URL", github.url)
    repo = git_repo("garden").write(FILES)
    repo.symlink("link.md", "plain.md").submodule("vendor/other").commit()
    github.add("octo/garden", repo.path)
    return repo


@pytest.mark.parametrize("archive", [True, False])
@pytest.mark.parametrize("token", [True, False])
def test_all_ways_lead_to_the_same_files(
    garden: GitRepo, github: GitHubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, archive: bool, token: bool
) -> None:
    if token:
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    to = tmp_path / "graph.db"
    statistics = Syncer("octo/garden", to=f"sqlite:{to}", settings={"github": {"archive": archive}}).run()
    assert (statistics.status, statistics.failed_files) == ("complete", 0)
    with closing(sqlite3.connect(to)) as store:
        rows = store.execute("SELECT path, status, reason, blob_id FROM files").fetchall()
    found = {path: (status, reason) for path, status, reason, _ in rows}
    assert {path: reason for path, (_, reason) in found.items() if reason in REASONS.values()} == REASONS
    stored = {path for path, (status, _) in found.items() if status == "stored"}
    assert stored == {path for path in FILES if path.endswith(".md")} - {"lfs.md"}
    ids = {path: blob for path, _, _, blob in rows}
    assert {path: garden.git("rev-parse", f"HEAD:{path}") for path in ids} == ids


# --- the token ---


def test_the_token_is_in_no_store_log_or_list_of_processes(
    garden: GitRepo, github: GitHubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "arguments"
    program = tmp_path / "bin" / "gh"
    program.parent.mkdir()
    program.write_text(
        f"#!{sys.executable}\nimport sys\nopen({str(seen)!r}, 'w').write(repr(sys.argv))\nprint({TOKEN!r})"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    github.faults.append(refusal("tarball", 403, f"no archive for {TOKEN}"))
    to = tmp_path / "graph.db"
    with structlog.testing.capture_logs() as logs:
        statistics = Syncer("octo/garden", to=f"sqlite:{to}").run()
    assert any(request.token for request in github.log)
    assert "--hostname" in seen.read_text()
    for text in (repr(logs), repr(statistics), seen.read_text(), *(request.path for request in github.log)):
        assert TOKEN not in text
    for file in tmp_path.glob("graph.db*"):
        assert TOKEN.encode() not in file.read_bytes()


def test_no_redirect_takes_the_token_to_another_host(
    garden: GitRepo, github: GitHubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    away = {"location": f"{github.archive_url}/octo/garden/x/HEAD"}
    github.faults += [Fault(kind, status=302, headers=away) for kind in ("graphql", "garden$")]
    with pytest.raises(SourceError):
        read(github)
    assert any(request.host == "archive" for request in github.log)
    assert not any(request.token for request in github.log if request.host == "archive")


def test_a_dry_run_says_what_it_costs_and_that_the_quota_will_not_do(
    garden: GitRepo,
    github: GitHubServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ghsync.toml").write_text("[github]\narchive = false\n")
    github.quota = 5
    with pytest.raises(SystemExit) as ended:
        main(["octo/garden", "--dry-run"])
    assert not ended.value.code
    out, told = capsys.readouterr()
    assert "7 more API requests" in out
    assert "7 requests and 2 are left" in told
