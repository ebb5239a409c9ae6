"""The local source, on real folders and real git repositories."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.git_repos import GitRepo

from ghsync_core import (
    FileRef,
    Snapshot,
    SourceContext,
    SourceError,
    SourceNotFound,
    SourceState,
    TransportError,
    git_blob_id,
)
from ghsync_plugins.sources.local import LocalSource, register_sources
from ghsync_plugins.sources.local.clone import owner_and_name

CONTEXT = SourceContext(options={}, wait=lambda seconds, why: None)


@pytest.fixture(autouse=True)
def _own_git_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path / "garden")


def snapshot(location: object) -> Snapshot:
    found = LocalSource().open(str(location), CONTEXT).snapshot(None, conditional=False)
    assert found is not None
    return found


def paths(found: Snapshot) -> list[str]:
    return [file.path for file in found.files]


def entries(found: Snapshot) -> dict[str, str]:
    return {file.path: file.entry for file in found.files}


def contents(found: Snapshot) -> dict[str, bytes]:
    return {file.path: found.read(file) for file in found.files if file.entry == "file"}


def only(found: Snapshot) -> FileRef:
    (file,) = found.files
    return file


class TestLocations:
    def test_the_hook_brings_the_source(self) -> None:
        assert [source.name for source in register_sources()] == ["local"]

    @pytest.mark.parametrize("location", [".", "./notes", "../x", "/data", "~/garden", "~", "./x@main"])
    def test_whatever_looks_like_a_path_is_accepted(self, location: str) -> None:
        assert LocalSource().accepts(location)

    @pytest.mark.parametrize(
        "location", ["logseq/docs", "logseq/docs@main", "https://github.com/logseq/docs", "o@r", ""]
    )
    def test_names_of_repositories_are_not(self, location: str) -> None:
        assert not LocalSource().accepts(location)

    def test_a_name_that_exists_is_a_path(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "owner" / "repo").mkdir(parents=True)
        monkeypatch.chdir(tmp_path)
        assert LocalSource().accepts("owner/repo")
        assert LocalSource().accepts("owner/repo@main")
        assert not LocalSource().accepts("owner/other@main")

    def test_a_missing_folder_is_told_with_the_way_to_github(self, tmp_path: Path) -> None:
        with pytest.raises(SourceNotFound, match=r"no such folder: .*missing; to sync from GitHub write OWNER/REPO"):
            LocalSource().open(str(tmp_path / "missing"), CONTEXT)

    def test_a_file_is_no_source(self, tmp_path: Path) -> None:
        (tmp_path / "a.md").write_text("a")
        with pytest.raises(SourceError, match="not a folder"):
            LocalSource().open(str(tmp_path / "a.md"), CONTEXT)

    def test_the_location_is_the_real_path(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "real").mkdir()
        (tmp_path / "link").symlink_to("real")
        monkeypatch.setenv("HOME", str(tmp_path))
        repository = LocalSource().open("~/link", CONTEXT)
        assert repository.location == str((tmp_path / "real").resolve())
        assert repository.requests == {}
        repository.close()

    def test_a_folder_may_have_an_at_sign_in_its_name(self, tmp_path: Path) -> None:
        (tmp_path / "me@home").mkdir()
        (tmp_path / "me@home" / "a.md").write_text("a")
        assert paths(snapshot(tmp_path / "me@home")) == ["a.md"]

    def test_a_location_that_is_no_utf8_has_a_printable_name(self, tmp_path: Path) -> None:
        folder = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")
        Path(folder).mkdir()
        (Path(folder) / "a.md").write_text("a")
        found = snapshot(folder)
        assert found.source.endswith("/caf\\xe9")
        assert contents(found) == {"a.md": b"a"}


class TestPlainFolder:
    def test_lists_everything_but_dot_folders(self, tmp_path: Path) -> None:
        for path in ("b.md", "a/c.md", ".env", "a/.hidden.md", ".git/config", "a/.obsidian/app.json", "z.bin"):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(path)
        found = snapshot(tmp_path)
        assert paths(found) == [".env", "a/.hidden.md", "a/c.md", "b.md", "z.bin"]
        assert (found.source, found.commit, found.complete, found.identity) == (str(tmp_path), None, True, None)
        assert contents(found)["a/c.md"] == b"a/c.md"

    def test_ids_and_sizes_are_those_of_git(self, tmp_path: Path) -> None:
        (tmp_path / "empty").write_bytes(b"")
        (tmp_path / "large").write_bytes(b"x" * (3 << 20))
        empty, large = snapshot(tmp_path).files
        assert (empty.blob_id, empty.size) == ("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", 0)
        assert (large.blob_id, large.size) == (git_blob_id(b"x" * (3 << 20)), 3 << 20)

    def test_links_are_listed_and_never_followed(self, tmp_path: Path) -> None:
        (tmp_path / "outside").mkdir()
        (tmp_path / "outside" / "secret.md").write_text("secret")
        folder = tmp_path / "notes"
        folder.mkdir()
        (folder / "file.md").symlink_to("../outside/secret.md")
        (folder / "folder").symlink_to("../outside")
        (folder / "loop").symlink_to(".")
        (folder / "nowhere").symlink_to("missing")
        found = snapshot(folder)
        assert entries(found) == dict.fromkeys(("file.md", "folder", "loop", "nowhere"), "symlink")
        assert found.files[0].blob_id == git_blob_id(b"../outside/secret.md")

    def test_a_file_that_turned_into_a_link_is_not_read(self, tmp_path: Path) -> None:
        secret = tmp_path / "secret.md"
        secret.write_text("secret")
        folder = tmp_path / "notes"
        folder.mkdir()
        (folder / "a.md").write_text("secret")
        found = snapshot(folder)
        (folder / "a.md").unlink()
        (folder / "a.md").symlink_to(secret)
        with pytest.raises(TransportError, match=r"a\.md") as raised:
            found.read(only(found))
        assert raised.value.reason == "unreadable"

    def test_names_that_are_no_utf8_are_listed_with_their_bytes(self, tmp_path: Path) -> None:
        raw = os.fsencode(tmp_path) + b"/caf\xe9.md"
        os.close(os.open(raw, os.O_CREAT | os.O_WRONLY))
        (tmp_path / "new\nline.md").write_text("a")
        assert entries(snapshot(tmp_path)) == {"caf\\xe9.md": "file-name", "new\nline.md": "file"}

    def test_the_readable_one_of_two_names_that_look_alike_is_kept(self, tmp_path: Path) -> None:
        os.close(os.open(os.fsencode(tmp_path) + b"/caf\xe9.md", os.O_CREAT | os.O_WRONLY))
        (tmp_path / "caf\\xe9.md").write_text("a")
        assert entries(snapshot(tmp_path)) == {"caf\\xe9.md": "file"}

    def test_pipes_and_sockets_are_ignored(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        os.mkfifo(tmp_path / "pipe.md")
        monkeypatch.chdir(tmp_path)
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("socket.md")
            assert paths(snapshot(tmp_path)) == []

    def test_a_file_that_turned_into_a_pipe_does_not_block(self, tmp_path: Path) -> None:
        (tmp_path / "a.md").write_text("a")
        found = snapshot(tmp_path)
        (tmp_path / "a.md").unlink()
        os.mkfifo(tmp_path / "a.md")
        with pytest.raises(TransportError, match="no longer a regular file"):
            found.read(only(found))

    def test_a_changed_file_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "a.md").write_text("a")
        found = snapshot(tmp_path)
        (tmp_path / "a.md").write_text("b")
        with pytest.raises(TransportError, match=r"a\.md changed while it was read") as raised:
            found.read(only(found))
        assert raised.value.reason == "changed"

    def test_a_vanished_file_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "a.md").write_text("a")
        found = snapshot(tmp_path)
        (tmp_path / "a.md").unlink()
        with pytest.raises(TransportError, match=r"can't read a\.md: No such file") as raised:
            found.read(only(found))
        assert raised.value.reason == "unreadable"

    def test_a_folder_without_permission_stops_the_listing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "locked").mkdir()
        scandir = os.scandir

        def refuse(place: bytes) -> Any:
            if bytes(place).rstrip(b"/").endswith(b"locked"):
                raise PermissionError(13, "Permission denied")
            return scandir(place)

        monkeypatch.setattr(os, "scandir", refuse)
        with pytest.raises(SourceError, match=r"locked/: Permission denied; give read permission"):
            snapshot(tmp_path)

    def test_a_file_without_permission_stays_listed(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "a.md").write_text("a")

        really_open = os.open

        def refuse(place: Any, *arguments: Any) -> int:
            if os.fsencode(place).endswith(b"a.md"):
                raise PermissionError(13, "Permission denied")
            return really_open(place, *arguments)

        monkeypatch.setattr(os, "open", refuse)
        found = snapshot(tmp_path)
        assert only(found) == FileRef("a.md", "0" * 40, 0)
        with pytest.raises(TransportError, match=r"can't read a\.md: Permission denied"):
            found.read(only(found))

    def test_works_without_git(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "a.md").write_text("a")
        monkeypatch.setenv("PATH", str(tmp_path))
        assert paths(snapshot(tmp_path)) == ["a.md"]

    def test_fetch_leaves_the_reading_to_the_workers(self, tmp_path: Path) -> None:
        (tmp_path / "a.md").write_text("a")
        found = snapshot(tmp_path)
        assert list(found.fetch(found.files)) == [(only(found), None)]
        assert found.cost(found.files) == 0


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


@given(st.text())
def test_no_address_breaks_the_name(url: str) -> None:
    name = owner_and_name(url)
    assert name is None or name.count("/") == 1
