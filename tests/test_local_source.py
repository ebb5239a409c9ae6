"""The local source: what it accepts, and plain folders."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pytest
from support.local_snapshots import CONTEXT, contents, entries, only, paths, snapshot

from ghsync_core import FileRef, SourceError, SourceNotFound, TransportError, git_blob_id
from ghsync_plugins.sources.local import LocalSource, register_sources


@pytest.fixture(autouse=True)
def _own_git_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


class TestLocations:
    def test_the_hook_brings_the_source(self) -> None:
        assert [source.name for source in register_sources()] == ["local"]

    @pytest.mark.parametrize("location", [".", "./notes", "../x", "/data", "~/garden", "~", "./x@main"])
    def test_whatever_looks_like_a_path_is_accepted(self, location: str) -> None:
        assert LocalSource().accepts(location)

    @pytest.mark.parametrize("location", ["~nobody-of-that-name/x", "./a\x00b", f"./{'a' * 5000}", "./x" + "@" * 300])
    def test_what_can_be_no_path_is_told(self, location: str) -> None:
        assert LocalSource().accepts(location)
        with pytest.raises(SourceNotFound, match="no such folder"):
            LocalSource().open(location, CONTEXT)

    @pytest.mark.parametrize(
        "location",
        ["logseq/docs", "logseq/docs@main", "https://github.com/logseq/docs", "o@r", "", "a" * 5000],
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
        assert (found.source, found.commit, found.identity) == (str(tmp_path), None, None)
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
