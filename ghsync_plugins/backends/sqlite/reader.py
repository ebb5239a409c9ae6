"""Reading a SQLite store through its views, on a connection that can change nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ghsync_core import StoreError, UsageError
from ghsync_plugins.backends.sqlite.connection import DAMAGED, advice, explained
from ghsync_plugins.backends.sqlite.schema import VIEWS

_ALLOWED = frozenset(
    {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_RECURSIVE,
    }
)


class SqliteReader:
    """Reads by the contract's views, or by a query of the user's own."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def rows(self, view: str, source: str | None = None) -> Iterator[Mapping[str, Any]]:
        """See `GraphReader.rows`."""
        if view not in VIEWS:
            raise UsageError(f"there is no view {view!r}; there are {', '.join(VIEWS)}")
        with explained(self._path):
            cursor = self._connection.execute(
                f"SELECT * FROM {view} WHERE :source IS NULL OR source = :source", {"source": source}
            )
            columns = [column[0] for column in cursor.description]
            for row in cursor:
                found = dict(zip(columns, row, strict=True))
                if not isinstance(found["source"], str):
                    raise StoreError(f"{self._path}: {DAMAGED}")  # every row has its source's name
                yield found

    def query(self, text: str) -> tuple[Sequence[str], Iterator[Sequence[Any]]]:
        """See `GraphReader.query`. The authorizer refuses all but reading, whatever the text says."""
        self._connection.set_authorizer(_read_only)
        try:
            cursor = self._connection.execute(text)
        except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
            if advice(error):
                raise StoreError(f"{self._path}: {advice(error)}") from error
            why = str(error).rstrip(".")
            raise UsageError(f"the query can't be run: {why}. It must be one SELECT; queries only read.") from error
        finally:
            self._connection.set_authorizer(None)
        if cursor.description is None:
            raise UsageError("the query holds no statement. Write one SELECT.")
        return [column[0] for column in cursor.description], self._fetch(cursor)

    def _fetch(self, cursor: sqlite3.Cursor) -> Iterator[Sequence[Any]]:
        with explained(self._path):
            yield from iter(cursor.fetchone, None)  # not from the cursor, which must not be closed after its connection

    def close(self) -> None:
        """See `GraphReader.close`."""
        self._connection.close()


def _read_only(action: int, first: str | None, *_: str | None) -> int:
    if action == sqlite3.SQLITE_FUNCTION and first == "load_extension":
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY
