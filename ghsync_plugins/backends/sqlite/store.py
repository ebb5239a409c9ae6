"""An opened SQLite store: who holds it, which sources it knows, and taking one out."""

from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from ghsync_core import GraphReader, SourceState, StoreError, StoreLocked
from ghsync_plugins.backends.sqlite import sources
from ghsync_plugins.backends.sqlite.connection import connect, connect_read_only, explained, transaction
from ghsync_plugins.backends.sqlite.reader import SqliteReader
from ghsync_plugins.backends.sqlite.same_file import SameFile
from ghsync_plugins.backends.sqlite.writer import SqliteWriter


class SqliteStore:
    """The database at *path*. Readers see it whole at any time; one sync at a time writes."""

    def __init__(self, path: Path, *, create: bool) -> None:
        self._path = path
        self._connection = connect(path, create=create)
        self._file = SameFile(path)

    @contextmanager
    def lock(self, holder: str, wait: float) -> Iterator[None]:
        """Hold the store by an operating system's lock on ``PATH.lock``, which dies with its process.

        Raises `StoreLocked` after *wait* seconds, naming the holder, who is written down in the database.
        """
        import filelock

        lock = filelock.FileLock(f"{self._path.resolve()}.lock")  # one lock, whichever links lead to the database
        try:
            lock.acquire(timeout=wait, poll_interval=0.1)
        except filelock.Timeout:
            raise StoreLocked(
                f"{self._path} is held by another sync: {self._holder()}. Wait for it, or give --wait SECONDS."
            ) from None
        except OSError as error:
            raise StoreError(
                f"{self._path}.lock can't be made: {error.strerror}. Mend the folder's permissions."
            ) from error
        try:
            self._set_holder(f"{holder} (process {os.getpid()} on {socket.gethostname()})")
            self._file = SameFile(self._path)  # again, now that it has been written and its log is there
            yield
        finally:
            with suppress(StoreError):  # the run's own error matters more, and the lock itself goes all the same
                self._set_holder(None)
            lock.release()

    def find_source(
        self, *, name: str | None = None, location: str | None = None, identity: str | None = None
    ) -> SourceState | None:
        """See `Store.find_source`."""
        with explained(self._path):
            return sources.find(self._connection, name=name, location=location, identity=identity)

    def writer(self, source: str, commit: str | None) -> SqliteWriter:
        """See `Store.writer`."""
        with explained(self._path):
            return SqliteWriter(self._connection, self._path, source, commit, self._file.check)

    def reader(self) -> GraphReader:
        """See `Store.reader`."""
        return SqliteReader(connect_read_only(self._path), self._path)

    def copy_to(self, path: Path) -> str:
        """See `Copies.copy_to`."""
        with explained(path), closing(sqlite3.connect(path)) as copy:
            copy.execute("PRAGMA synchronous = OFF")
            self._connection.backup(copy)
            copy.execute("INSERT OR IGNORE INTO meta VALUES ('copied', hex(randomblob(16)))")
            copy.commit()
        return f"sqlite:{path}"

    def forget(self, source: str) -> int:
        """See `Store.forget`."""
        with explained(self._path), transaction(self._connection):
            return sources.forget(self._connection, source)

    def close(self) -> None:
        """See `Store.close`."""
        with suppress(sqlite3.Error):
            self._connection.close()
        self._file.clear_away()

    def _holder(self) -> str:
        with explained(self._path):
            row = self._connection.execute("SELECT value FROM meta WHERE key = 'holder'").fetchone()
        return str(row[0]) if row and row[0] else "one that has just begun"

    def _set_holder(self, holder: str | None) -> None:
        with explained(self._path):
            self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('holder', ?)", (holder,))
