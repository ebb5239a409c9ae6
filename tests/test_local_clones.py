"""The local source on real git repositories: work trees, commits, and names."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.git_repos import GitRepo
from support.local_snapshots import CONTEXT, contents, entries, paths, snapshot

from ghsync_core import SourceError, SourceNotFound, SourceState, TransportError, permalinks
from ghsync_plugins.sources.local import LocalSource
from ghsync_plugins.sources.local.clone import github_page, owner_and_name


@pytest.fixture(autouse=True)
def _own_git_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path / "garden")


class TestWorkTree:
    def test_tracked_and_new_but_not_ignored_or_deleted(self, repo: GitRepo) -> None:
        repo.write({"a.md": "a", "gone.md": "x", ".github/b.md": "b", ".gitignore": "*.log\n"})
        head = repo.commit()
        repo.write({"new.md": "n", "x.log": "x"}).delete("gone.md")
        found = snapshot(repo.path)
        assert paths(found) == [".github/b.md", ".gitignore", "a.md", "new.md"]
        assert found.commit == f"{head}+dirty"

    def test_a_clean_work_tree_has_the_commit_and_its_blobs(self, repo: GitRepo) -> None:
        repo.write({"a.md": "a\r\n", "Ü/tab\there.md": b"\x00\xff"})
        head = repo.commit()
        found = snapshot(repo.path)
        assert (found.commit, contents(found)) == (head, repo.blobs())

    def test_what_lies_on_disk_counts_not_the_index(self, repo: GitRepo) -> None:
        repo.write({"a.md": "old"})
        head = repo.commit()
        status = (repo.path / "a.md").stat()
        repo.write({"a.md": "new"})
        os.utime(repo.path / "a.md", ns=(status.st_atime_ns, status.st_mtime_ns))
        repo.git("update-index", "--assume-unchanged", "a.md")
        found = snapshot(repo.path)
        assert (contents(found), found.commit) == ({"a.md": b"new"}, f"{head}+dirty")

    def test_a_clone_without_commits(self, repo: GitRepo) -> None:
        assert (snapshot(repo.path).commit, paths(snapshot(repo.path))) == (None, [])
        repo.write({"a.md": "a"})
        assert (snapshot(repo.path).commit, paths(snapshot(repo.path))) == (None, ["a.md"])

    def test_submodules_and_nested_clones_are_not_entered(self, repo: GitRepo) -> None:
        repo.write({"a.md": "a"}).submodule("lib", "2" * 40)
        GitRepo(repo.path / "nested").write({"b.md": "b"})
        found = snapshot(repo.path)
        assert entries(found) == {"a.md": "file", "lib": "submodule", "nested": "submodule"}
        assert {file.path: file.blob_id for file in found.files}["lib"] == "2" * 40

    def test_links_are_those_of_git(self, repo: GitRepo) -> None:
        repo.write({"a.md": "a"}).symlink("link.md", "a.md")
        head = repo.commit()
        found = snapshot(repo.path)
        assert (entries(found), found.commit) == ({"a.md": "file", "link.md": "symlink"}, head)

    def test_files_behind_a_folder_that_became_a_link_are_gone(self, repo: GitRepo, tmp_path: Path) -> None:
        repo.write({"a/deep/b.md": "b"}).commit()
        (repo.path / "a").rename(tmp_path / "outside")
        (repo.path / "a").symlink_to(tmp_path / "outside")
        assert entries(snapshot(repo.path)) == {"a": "symlink"}

    def test_a_conflict_lists_its_file_once(self, repo: GitRepo) -> None:
        repo.write({"a.md": "base"}).commit()
        repo.branch("other").write({"a.md": "theirs"}).commit()
        repo.git("checkout", "--quiet", "main")
        repo.write({"a.md": "ours"}).commit()
        with pytest.raises(subprocess.CalledProcessError):
            repo.git("merge", "other")
        assert paths(snapshot(repo.path)) == ["a.md"]

    def test_a_sub_folder_keeps_repository_paths(self, repo: GitRepo) -> None:
        repo.write({"a.md": "a", "docs/b.md": "b", "docs/deep/c.md": "c"})
        head = repo.commit()
        repo.write({"a.md": "changed outside"})
        found = snapshot(repo.path / "docs")
        assert (contents(found), found.commit) == ({"docs/b.md": b"b", "docs/deep/c.md": b"c"}, head)

    def test_a_folder_that_the_clone_ignores_is_a_plain_one(self, repo: GitRepo) -> None:
        repo.write({".gitignore": "build/\n", "build/a.md": "a"})
        found = snapshot(repo.path / "build")
        assert (paths(found), found.source) == (["a.md"], str(repo.path / "build"))

    def test_the_name_is_that_of_origin(self, repo: GitRepo) -> None:
        repo.write({"docs/b.md": "b"})
        assert snapshot(repo.path).source == str(repo.path)
        repo.git("remote", "add", "origin", "https://secret@github.com/logseq/docs.git")
        assert snapshot(repo.path).source == "logseq/docs"
        assert snapshot(repo.path / "docs").source == "logseq/docs:docs"

    def test_an_origin_on_this_machine_gives_no_name(self, repo: GitRepo) -> None:
        repo.git("remote", "add", "origin", "/srv/git/garden.git")
        assert snapshot(repo.path).source == str(repo.path)

    def test_without_git_a_clone_is_refused(self, repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(repo.path))
        with pytest.raises(SourceError, match="lies in a git clone, and git is not installed"):
            snapshot(repo.path)

    def test_a_clone_of_someone_else_is_refused(self, repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
        monkeypatch.setattr("ghsync_plugins.sources.local.clone._KEPT_VARIABLES", ("GIT_CONFIG", "GIT_TEST"))
        with pytest.raises(SourceError, match=r"belongs to another user; allow it with: git config"):
            snapshot(repo.path)

    def test_a_damaged_clone_is_told_in_one_line(self, repo: GitRepo) -> None:
        repo.write({"a.md": "a"}).commit()
        (repo.path / ".git" / "index").write_bytes(b"no index")
        with pytest.raises(SourceError, match="git can't read the clone at") as raised:
            snapshot(repo.path)
        assert "\n" not in str(raised.value)

    def test_a_hook_may_call_ghsync(self, repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        other = GitRepo(tmp_path / "other").write({"other.md": "o"})
        monkeypatch.setenv("GIT_DIR", str(other.path / ".git"))
        assert paths(snapshot(repo.write({"a.md": "a"}).path)) == ["a.md"]

    def test_the_clones_own_monitor_is_never_run(self, repo: GitRepo, tmp_path: Path) -> None:
        monitor = tmp_path / "monitor"
        monitor.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        monitor.chmod(0o755)
        repo.write({"a.md": "a"}).commit()
        repo.git("config", "core.fsmonitor", str(monitor))
        assert paths(snapshot(repo.path)) == ["a.md"]
        assert not (tmp_path / "ran").exists()

    def test_the_listing_is_always_made(self, repo: GitRepo) -> None:
        repo.write({"a.md": "a"})
        known = SourceState("x", str(repo.path), commit=repo.commit())
        assert LocalSource().open(str(repo.path), CONTEXT).snapshot(known, conditional=True) is not None


class TestCommit:
    def test_reads_the_commit_and_not_the_disk(self, repo: GitRepo) -> None:
        repo.write({"a.md": "first", "b\nc.md": b"\x00\n\xff", "docs/d.md": ""})
        first = repo.commit()
        wanted = repo.blobs()
        repo.write({"a.md": "second"}).delete("docs/d.md").commit()
        found = snapshot(f"{repo.path}@HEAD~1")
        assert (found.commit, found.source) == (first, f"{repo.path}@HEAD~1")
        assert contents(found) == wanted
        assert {file.path: data for file, data in found.fetch(found.files)} == wanted
        assert {file.path: file.size for file in found.files} == {path: len(data) for path, data in wanted.items()}

    def test_the_name_has_ref_and_folder(self, repo: GitRepo) -> None:
        repo.write({"a.md": "a", "docs/b.md": "b"}).commit()
        repo.git("tag", "v1")
        repo.git("remote", "add", "origin", "git@github.com:logseq/docs.git")
        found = snapshot(f"{repo.path}/docs@v1")
        assert (found.source, paths(found)) == ("logseq/docs@v1:docs", ["docs/b.md"])

    def test_entries_of_other_kinds(self, repo: GitRepo) -> None:
        repo.write({"a.md": "a"}).symlink("link", "a.md").submodule("lib", "3" * 40)
        os.close(os.open(os.fsencode(repo.path) + b"/caf\xe9.md", os.O_CREAT | os.O_WRONLY))
        head = repo.commit()
        found = snapshot(f"{repo.path}@main")
        assert entries(found) == {"a.md": "file", "caf\\xe9.md": "file-name", "lib": "submodule", "link": "symlink"}
        assert snapshot(repo.path).commit == head
        assert list(snapshot(repo.path).files) == list(found.files)

    def test_many_files_come_through_one_process(self, repo: GitRepo) -> None:
        wanted = {f"{number}.md": f"{number}\n".encode() * number for number in range(1, 1500, 7)}
        repo.write(wanted).commit()
        found = snapshot(f"{repo.path}@main")
        assert {file.path: data for file, data in found.fetch(found.files)} == wanted

    def test_a_closed_stream_ends_its_process(self, repo: GitRepo) -> None:
        repo.write({"a.md": "a", "b.md": "b"}).commit()
        found = snapshot(f"{repo.path}@main")
        stream = found.fetch(found.files)
        assert next(stream) == (found.files[0], b"a")
        stream.close()
        assert list(stream) == []
        assert list(found.fetch([])) == []

    def test_a_missing_blob_fails_its_file_alone(self, repo: GitRepo) -> None:
        repo.write({"a.md": "a", "b.md": "b"}).commit()
        found = snapshot(f"{repo.path}@main")
        lost, kept = found.files
        (repo.path / ".git" / "objects" / lost.blob_id[:2] / lost.blob_id[2:]).unlink()
        assert list(found.fetch(found.files)) == [(lost, None), (kept, b"b")]
        with pytest.raises(TransportError, match=r"can't read a\.md"):
            found.read(lost)

    @pytest.mark.parametrize("ref", ["nowhere", "", "--all", "-h", "^main", "main..main", "main:a.md", "a\x00b"])
    def test_an_unknown_ref_is_named(self, repo: GitRepo, ref: str) -> None:
        repo.write({"a.md": "a"}).commit()
        with pytest.raises(SourceNotFound, match="no branch, tag or commit"):
            snapshot(f"{repo.path}@{ref}")

    def test_a_ref_of_a_folder_that_the_commit_lacks(self, repo: GitRepo) -> None:
        repo.write({"a.md": "a"}).commit()
        repo.write({"docs/b.md": "b"})
        with pytest.raises(SourceNotFound, match="no folder docs in 'main'"):
            snapshot(f"{repo.path}/docs@main")

    def test_a_ref_needs_a_clone(self, tmp_path: Path) -> None:
        with pytest.raises(SourceNotFound, match="not in a git clone"):
            snapshot(f"{tmp_path}@main")

    def test_an_unmoved_commit_need_not_be_listed(self, repo: GitRepo) -> None:
        head = repo.write({"a.md": "a"}).commit()
        repository = LocalSource().open(f"{repo.path}@main", CONTEXT)
        known = SourceState("x", repository.location, commit=head)
        assert repository.snapshot(known, conditional=True) is None
        assert repository.snapshot(known, conditional=False) is not None
        repo.commit()
        assert repository.snapshot(known, conditional=True) is not None

    def test_a_bare_repository_is_read_by_commit_alone(self, repo: GitRepo, tmp_path: Path) -> None:
        repo.write({"a.md": "a"}).commit()
        repo.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
        assert contents(snapshot(tmp_path / "bare.git@main")) == {"a.md": b"a"}
        with pytest.raises(SourceError, match=r"without files; name a commit"):
            snapshot(tmp_path / "bare.git")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://github.com/logseq/docs", "logseq/docs"),
        ("https://user:token@ghe.example/logseq/docs.git/", "logseq/docs"),
        ("ssh://git@github.com:22/logseq/docs.git", "logseq/docs"),
        ("git@github.com:logseq/docs.git", "logseq/docs"),
        ("github.com:/srv/logseq/docs", "logseq/docs"),
        ("https://gitlab.example/group/sub/docs.git", "sub/docs"),
        ("/srv/git/logseq/docs.git", None),
        ("file:///srv/logseq/docs.git", None),
        ("../logseq/docs", None),
        ("C:/logseq/docs", None),
        ("https://example.org/docs", None),
    ],
)
def test_the_name_in_a_remote_address(url: str, name: str | None) -> None:
    assert owner_and_name(url) == name


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("https://github.com/logseq/docs.git", "https://github.com/logseq/docs"),
        ("https://user:token@GitHub.com/logseq/docs", "https://github.com/logseq/docs"),
        ("ssh://git@github.com:22/logseq/docs.git", "https://github.com/logseq/docs"),
        ("git@github.com:logseq/docs.git", "https://github.com/logseq/docs"),
        ("git@acme.ghe.com:logseq/docs.git", "https://acme.ghe.com/logseq/docs"),
        ("https://notgithub.com/logseq/docs", None),
        ("https://github.com.example.org/logseq/docs", None),
        ("https://gitlab.example/logseq/docs.git", None),
        ("https://github.com/log seq/docs", None),
        ("/srv/github.com/docs", None),
        ("", None),
    ],
)
def test_the_page_of_an_origin_on_github(url: str, page: str | None) -> None:
    assert github_page(url) == page


def test_a_clone_notes_the_page_of_its_origin(repo: GitRepo) -> None:
    repo.write({"a.md": "a"}).commit()
    places = (repo.path, f"{repo.path}@HEAD")
    assert all(permalinks.WEB not in snapshot(place).memory for place in places)
    repo.git("remote", "add", "origin", "git@github.com:logseq/docs.git")
    for place in places:
        assert snapshot(place).memory[permalinks.WEB] == "https://github.com/logseq/docs"


@given(st.text())
def test_no_address_breaks_the_name(url: str) -> None:
    name = owner_and_name(url)
    assert name is None or name.count("/") == 1
