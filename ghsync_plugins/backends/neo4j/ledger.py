"""The ledger: a SQLite file on this machine in which names meet nodes. Only a cache: what it is made of is in Neo4j.

It is of use as long as its token for a source is the database's. Where it is not (another machine wrote, a crash came
between two commits, the file is new), it is filled again from the database, without a request to anywhere else.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from ghsync_core import FileRef, FileResult, UsageError
from ghsync_plugins.backends.neo4j import codec, files
from ghsync_plugins.backends.neo4j.connection import Connection, Row
from ghsync_plugins.backends.projection import ProjectedStore
from ghsync_plugins.backends.sqlite.connection import explained
from ghsync_plugins.backends.sqlite.store import SqliteStore

AT_ONCE: Final = 200
"""Files that are written again together."""


def place(folder: str | None, store: str) -> Path:
    """Where the ledger of the store with this id lies; its folder is made. *folder* is the setting of that name."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    home = Path(folder).expanduser() if folder else Path(cache) / "ghsync" / "neo4j"
    home.mkdir(parents=True, exist_ok=True)
    return home / f"{store}.db"


class Ledger(ProjectedStore):
    """A `ProjectedStore` that knows how far it is in step with the database, and how to catch up."""

    def token(self, source: str) -> str:
        """The token of the last write that is in it whole, "" for none."""
        with explained(self._path):
            query = "SELECT value FROM meta WHERE key = ?"
            row = self._connection.execute(query, (_key(source),)).fetchone()
        return str(row[0]) if row and row[0] else ""

    def keep_token(self, source: str, token: str) -> None:
        """Note *token*; "" before something is written that may be broken off."""
        with explained(self._path):
            self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_key(source), token))

    def refill(self, connection: Connection, source: str, token: str) -> None:
        """Hold of *source* what the database does, whose token is *token*."""
        self.keep_token(source, "-")
        self.drop(source)
        for commit, found in groupby(files.everything(connection, source), lambda each: each[0].get("commit_id")):
            writer = SqliteStore.writer(self, source, commit)
            for chunk in _chunks(found):
                for what in (_said, _failed):  # the later goes on top of the earlier
                    results = [what(file) for file, _ in chunk]
                    writer.write([result for result in results if result is not None])
                self._restore(source, chunk)
        self.keep_token(source, token)

    def drop(self, source: str) -> None:
        """Hold nothing of *source*."""
        try:
            self.forget(source)
        except UsageError:
            return  # it does not know the source

    def _restore(self, source: str, chunk: list[tuple[Row, bool]]) -> None:
        """Put back what a writer makes anew: when a file was written, and whether it is new."""
        with explained(self._path):
            self._connection.executemany(
                """UPDATE files_ SET synced_at = ?, arrived = ?
                WHERE path = ? AND source_id = (SELECT source_id FROM sources WHERE name = ?)""",
                [(file["synced_at"], int(arrived), file["path"], source) for file, arrived in chunk],
            )


def _key(source: str) -> str:
    return f"facts {source}"


def _said(file: Row) -> FileResult | None:
    """What the file last said, or that it was skipped; None where it has failed ever since."""
    facts, failed = file.get("facts"), file["status"] == "failed"
    if failed and facts is None:
        return None
    about = {"kind": file.get("kind"), "reason": None if facts else file.get("reason")}
    said = codec.decode(facts) if facts else None
    return FileResult(_ref(file), "stored" if facts else file["status"], file["fingerprint"], facts=said, **about)


def _failed(file: Row) -> FileResult | None:
    """That the last attempt failed, if it did."""
    if file["status"] != "failed":
        return None
    failure = codec.decode_failure(file.get("failure"))
    about = {"kind": file.get("kind"), "reason": file.get("reason")}
    return FileResult(_ref(file), "failed", file["fingerprint"], failure=failure, **about)


def _ref(file: Row) -> FileRef:
    return FileRef(file["path"], file["blob_id"], file["size"])


def _chunks(found: Iterator[tuple[Row, bool]]) -> Iterator[list[tuple[Row, bool]]]:
    chunk: list[tuple[Row, bool]] = []
    for each in found:
        chunk.append(each)
        if len(chunk) == AT_ONCE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
