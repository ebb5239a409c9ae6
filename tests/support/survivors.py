"""What a killed sync must leave behind: a database in which each file holds its old or its new facts, whole."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from ghsync_core import SyncStatistics, git_blob_id
from support.toy import graph, rows, sync, write_tree

COUNT = 24


def tree(version: str, numbers: range = range(COUNT)) -> dict[str, str]:
    """Pages that link to each other and to pages of their version, share classes, and answer to aliases that move."""
    return {
        f"page{number}.toy": "\n".join(
            [
                *(f"-> {version} {number % 7} {link}" for link in range(5)),
                f"-> page{number + 1}\n-> alias {number % 9}\nalias alias {(number + len(version)) % 9}",
                f"class urn:{number % 5}\nsub urn:{number % 5} page{number + 1}\ntag {version}\nset version {version}",
            ]
        )
        for number in numbers
    }


OLD = {**tree("old"), "same.toy": "-> page1"}
NEW = {**tree("new one", range(4, COUNT + 4)), "same.toy": "-> page1", "picture.png": "new"}
"""Of the 25 files of OLD, 20 change in NEW, 4 go and 1 stays; 4 more pages come, and a file to skip."""


def blobs(files: Mapping[str, str]) -> dict[str, str]:
    """The blob id of each file."""
    return {path: git_blob_id(text.encode()) for path, text in files.items()}


_TEXTS = {blob: text for files in (OLD, NEW) for path, text in files.items() for blob in [git_blob_id(text.encode())]}


def copied(database: Path, to: Path) -> Path:
    """A copy of the database and its write-ahead log, as a power cut would leave them."""
    for suffix in ("", "-wal"):
        source, target = Path(f"{database}{suffix}"), Path(f"{to}{suffix}")
        target.unlink(missing_ok=True)
        if source.exists():
            shutil.copyfile(source, target)
    return to


def check_survivor(home: Path, database: Path, fresh: Mapping[str, object]) -> SyncStatistics:
    """Hold *database*, left by a killed sync of ``home/source`` from OLD, or nothing, to NEW, to its promises.

    *fresh* is the graph of NEW. Returns what the run that completed it did.
    """
    folder = home / "source"
    connection = sqlite3.connect(copied(database, home / "copy.db"))
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    stored = _check_each_file_whole(home)
    write_tree(folder, NEW)
    again = sync(folder, database, workers=2, max_delete="100%")
    missing = {path for path, blob in blobs(NEW).items() if stored.get(path) != blob}
    assert again.kg_files_processed == len(missing - {"picture.png"})
    assert again.unchanged_files == len(NEW) - len(missing | {"picture.png"})
    assert graph(database) == fresh
    return again


def _check_each_file_whole(home: Path) -> dict[str, str]:
    """The blobs that the copy says it holds: a sync of exactly these files finds nothing to read, and their graph."""
    folder, copy, other = home / "source", home / "copy.db", home / "fresh.db"
    try:
        stored = {str(row["path"]): str(row["blob_id"]) for row in rows(copy, "files")}
    except sqlite3.OperationalError:  # killed before there were tables
        return {}
    if stored:
        write_tree(folder, {path: _TEXTS[blob] for path, blob in stored.items()})
        assert sync(folder, copy, workers=2).kg_files_processed == 0
        copied(copy, other)  # to be filled afresh: the same name, and no facts
        for suffix in ("", "-wal"):
            Path(f"{other}{suffix}").unlink(missing_ok=True)
        sync(folder, other, workers=2)
        assert graph(copy) == graph(other)
    return stored
