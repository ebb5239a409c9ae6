"""An Obsidian vault in a folder without git: its ``.obsidian/`` is not listed, and marks it all the same."""

from __future__ import annotations

from pathlib import Path

from support.toy import rows

from ghsync_core import HasMarkers, Syncer, SyncStatistics
from ghsync_plugins.sources.local.folder import FolderSnapshot

NOTES = {"a/one.md": "[[two]]\n", "a/sub/two.md": "T\n", "two.md": "outside\n"}


def folder(tmp_path: Path) -> Path:
    for name, text in NOTES.items():
        path = tmp_path / "notes" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "notes"


def sync(tmp_path: Path) -> SyncStatistics:
    return Syncer(str(tmp_path / "notes"), settings={"to": f"sqlite:{tmp_path}/graph.db"}).run()


def link(tmp_path: Path) -> list[str]:
    return [row["to_id"] for row in rows(tmp_path / "graph.db", "edges") if row["type"] == "link"]


def test_a_vault_is_seen_and_none_of_its_settings_is_read(tmp_path: Path) -> None:
    settings = folder(tmp_path) / "a" / ".obsidian"
    settings.mkdir()
    (settings / "notes.md").write_text("[[one]]", encoding="utf-8")
    sync(tmp_path)
    assert link(tmp_path) == ["page:a//sub/two.md"]
    assert {row["path"] for row in rows(tmp_path / "graph.db", "files")} == set(NOTES)


def test_a_vault_that_comes_or_goes_is_noticed(tmp_path: Path) -> None:
    marker = folder(tmp_path) / "a" / ".obsidian"
    sync(tmp_path)
    without = link(tmp_path)
    marker.mkdir()
    assert sync(tmp_path).kg_files_processed == 2
    assert link(tmp_path) != without
    marker.rmdir()
    assert sync(tmp_path).kg_files_processed == 2
    assert link(tmp_path) == without


def test_a_folder_keeps_the_protocol(tmp_path: Path) -> None:
    assert isinstance(FolderSnapshot("x", None, (), tmp_path), HasMarkers)
