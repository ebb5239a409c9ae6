"""A store that is a ledger and a target.

The ledger's transaction, in which a run is settled and recorded, stays open while the target takes the change in, and
commits after it. Whatever breaks in between leaves the target with a mark that is not the ledger's; then the next run,
which does again what the ledger undid, gives it everything.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ghsync_core import GraphReader
from ghsync_plugins.backends.projection import journal
from ghsync_plugins.backends.projection.change import Change
from ghsync_plugins.backends.projection.ledger import Ledger
from ghsync_plugins.backends.projection.target import Target
from ghsync_plugins.backends.sqlite import sources
from ghsync_plugins.backends.sqlite.connection import explained, transaction
from ghsync_plugins.backends.sqlite.store import SqliteStore
from ghsync_plugins.backends.sqlite.writer import SqliteWriter


class ProjectedStore(SqliteStore):
    """Keeps *target* in step with the ledger at *path*, which is made where it is missing and *create* is set.

    Raises `StoreError`.
    """

    def __init__(self, path: Path, target: Target, *, create: bool) -> None:
        super().__init__(path, create=create)
        self._target = target
        with explained(path):
            journal.keep(self._connection)

    @contextmanager
    def lock(self, holder: str, wait: float) -> Iterator[None]:
        """See `Store.lock`. First the ledger, then the target."""
        with super().lock(holder, wait), self._target.lock(holder, wait):
            yield

    def writer(self, source: str, commit: str | None) -> SqliteWriter:
        """See `Store.writer`."""
        with explained(self._path):
            return _Writer(self._connection, self._path, source, commit, self._file.check, self._target)

    def reader(self) -> GraphReader:
        """See `Store.reader`: what the target holds, never the ledger."""
        return self._target.reader()

    def forget(self, source: str) -> int:
        """See `Store.forget`."""
        connection = self._connection
        with explained(self._path), transaction(connection):
            row = connection.execute("SELECT source_id FROM sources WHERE name = ?", (source,)).fetchone()
            files = sources.forget(connection, source)
            journal.forget(connection, row[0])
            self._target.apply(Change(source, None, True, Ledger(connection)))
        return files

    def close(self) -> None:
        """See `Store.close`."""
        try:
            self._target.close()
        finally:
            super().close()


class _Writer(SqliteWriter):
    """Writes the ledger, and the target as the last thing before the run is recorded."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: Path,
        source: str,
        commit: str | None,
        check_file: Callable[[], None],
        target: Target,
    ) -> None:
        super().__init__(connection, path, source, commit, check_file)
        self._target = target
        self._former = source

    def _end(self) -> None:
        self._apply()
        super()._end()
        self._former = self._source

    def _apply(self) -> None:
        """Bring the target up to date. A source that was renamed goes in anew, and then out under its former name."""
        connection, source, ledger = self._connection, self._source, Ledger(self._connection)
        mark = journal.mark_of(connection, source)
        renamed = source != self._former
        everything = mark is None or renamed or self._target.mark(source) != mark
        if everything or journal.anything(connection, source):
            mark = secrets.token_hex(8)
        self._target.apply(Change(source, mark, everything, ledger))
        if renamed:
            self._target.apply(Change(self._former, None, True, ledger))
        journal.applied(connection, source, str(mark))
