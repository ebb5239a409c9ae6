"""Reading a SQLite store through its views, on a connection that can change nothing."""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from ghsync_core import (
    Answer,
    Difference,
    GhsyncError,
    GraphReader,
    Name,
    Said,
    Stated,
    StoreError,
    UsageError,
    views,
)
from ghsync_plugins.backends.sqlite import explain, search
from ghsync_plugins.backends.sqlite.connection import DAMAGED, advice, connect_read_only, explained
from ghsync_plugins.backends.sqlite.schema import EDGE_NAME, EDGES_BY_FILE, SETTLED

_ALLOWED = frozenset(
    {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_RECURSIVE,
    }
)


_STEPS = 10_000
"""SQLite's instructions between two looks at the clock: well under a millisecond."""

_LONGEST = 128 * 1024 * 1024
"""Bytes of a value: a query may ask for larger ones than any file holds, and the clock does not stop their making."""

_CHUNK_FILES = 64
"""Files whose edges are fetched as one text."""

# By the tables and not by the view, so that each text costs only the files that it is made of.
_EDGES = f"""SELECT group_concat(json_array(
        'edges', a.id, b.id, y.type, {EDGE_NAME}, f.path, e.line,
        coalesce(e.count, 1), coalesce(e.properties, '{{}}')), char(10))
    {EDGES_BY_FILE} AND f.file_id BETWEEN ? AND ? AND f.source_id = ?"""


class SqliteReader:
    """Reads by the contract's views, or by a query of the user's own.

    Is a `BulkReader`, a `ColumnReader`, and `Searches`, `Explains` and `Verifies` too.
    """

    language = "sql"

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._fts5 = search.available(connection)
        connection.set_authorizer(_read_only)  # for good: what a query calls for at a later row is refused too
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)

    def rows(
        self, view: str, source: str | None = None, *, where: Mapping[str, Any] | None = None, ordered: bool = False
    ) -> Iterator[Mapping[str, Any]]:
        """See `GraphReader.rows`."""
        wanted = views.conditions(view, source, where)
        marks = " AND ".join(_condition(column, value, wanted) for column, value in wanted.items()) or "true"
        order = f" ORDER BY source, {', '.join(views.KEYS[view])}" if ordered else ""
        with explained(self._path):
            cursor = self._connection.execute(f"SELECT * FROM {view} WHERE {marks}{order}", list(wanted.values()))
            for row in iter(cursor.fetchone, None):
                found = dict(zip(views.COLUMNS[view], row, strict=True))
                if not isinstance(found["source"], str):
                    raise StoreError(f"{self._path}: {DAMAGED}")  # every row has its source's name
                yield found

    def columns(
        self, view: str, columns: Sequence[str], source: str, where: Mapping[str, Any]
    ) -> Sequence[tuple[Any, ...]]:
        """See `ColumnReader.columns`. SQLite looks nothing up of what isn't asked for."""
        wanted = views.conditions(view, source, where)
        marks = " AND ".join(_condition(column, value, wanted) for column, value in wanted.items())
        with explained(self._path):
            query = f"SELECT {', '.join(columns)} FROM {view} WHERE {marks}"
            return self._connection.execute(query, list(wanted.values())).fetchall()

    def texts(self, view: str, source: str, columns: Sequence[str]) -> Iterator[str]:
        """See `BulkReader.texts`. SQLite writes JSON as Python does; edges, most of all rows, come many in a text."""
        with explained(self._path):
            if view == "edges":
                yield from self._edge_texts(source)
                return
            # A text that is JSON must stay a text: || takes from it the mark that would let json_array take it in.
            values = ", ".join(f"{column} || ''" if column in views.JSON_COLUMNS else column for column in columns)
            query = f"SELECT json_array('{view}', {values}) FROM {view} WHERE source = ?"
            for (line,) in self._connection.execute(query, (source,)):
                yield line

    def _edge_texts(self, source: str) -> Iterator[str]:
        source_id = _source_id(self._connection, source)
        ends = "SELECT min(file_id), max(file_id) FROM files_ WHERE source_id = ?"
        first, last = self._connection.execute(ends, (source_id,)).fetchone()
        for low in range(first, last + 1, _CHUNK_FILES) if first is not None else ():
            (text,) = self._connection.execute(_EDGES, (low, low + _CHUNK_FILES - 1, source_id)).fetchone()
            if text is not None:
                yield text

    def search(
        self, words: str, source: str | None = None, *, kind: str | None = None, limit: int = 20
    ) -> Iterator[Mapping[str, Any]]:
        """See `Searches.search`."""
        with explained(self._path):
            if not self._fts5:
                raise UsageError("Python's SQLite was built without FTS5, so it can't search. Use another Python.")
            if not search.exists(self._connection):
                raise UsageError(f"{self._path} has no index of words yet. Any sync into it makes one.")
            with self._trusted():
                found = list(search.find(self._connection, words, source, kind, limit))
        yield from found

    def said(self, source: str, id_: str) -> Iterator[Said]:
        """See `Explains.said`."""
        with explained(self._path):
            yield from explain.said(self._connection, source, id_)

    def stated(
        self, source: str, to_id: str, *, from_id: str | None = None, type_: str | None = None
    ) -> Iterator[Stated]:
        """See `Explains.stated`."""
        with explained(self._path):
            yield from explain.stated(self._connection, source, to_id, from_id, type_)

    def answering(self, source: str, name: Name) -> Iterator[tuple[Answer, str, str]]:
        """See `Explains.answering`."""
        with explained(self._path):
            yield from explain.answering(self._connection, source, name)

    @contextmanager
    def _trusted(self) -> Iterator[None]:
        """For statements of our own: FTS5 declares its table as if it wrote the schema."""
        self._connection.set_authorizer(None)
        try:
            yield
        finally:
            self._connection.set_authorizer(_read_only)

    def settled(self, source: str) -> bool:
        """See `Verifies.settled`."""
        with explained(self._path):
            row = self._connection.execute("SELECT unsettled FROM sources WHERE name = ?", (source,)).fetchone()
            return row is not None and row[0] == SETTLED

    def differences(self, source: str) -> Iterator[Difference]:
        """See `Verifies.differences`. On a connection of its own, which can only read but for its temporary tables."""
        from ghsync_plugins.backends.sqlite.derive import differences

        with explained(self._path), closing(connect_read_only(self._path)) as connection:
            connection.execute("PRAGMA query_only = 0")
            yield from differences(connection, _source_id(connection, source))

    def changes_since(self, before: GraphReader, source: str) -> Iterator[Difference] | None:
        """See `Compares.changes_since`. Another database, whose numbers mean something else, is known by its mark."""
        from ghsync_plugins.backends.sqlite.changes import changes

        if not isinstance(before, SqliteReader) or self._mark() is None or self._mark() != before._mark():
            return None
        return changes(self._path, before._path, source)

    def _mark(self) -> str | None:
        row = self._connection.execute("SELECT value FROM meta WHERE key = 'copied'").fetchone()
        return str(row[0]) if row else None

    def query(self, text: str, *, seconds: float | None = None) -> tuple[Sequence[str], Iterator[Sequence[Any]]]:
        """See `GraphReader.query`. The authorizer refuses all but reading, whatever the text says."""
        with explained(self._path), self._trusted():
            search.declare(self._connection)
        end = math.inf if seconds is None else time.monotonic() + seconds
        self._connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
        try:
            cursor = self._connection.execute(text)
        except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
            raise self._refused(error, seconds) from error
        if cursor.description is None:
            raise UsageError("the query holds no statement. Write one SELECT.")
        return [column[0] for column in cursor.description], self._fetch(cursor, seconds)

    def _fetch(self, cursor: sqlite3.Cursor, seconds: float | None) -> Iterator[Sequence[Any]]:
        try:
            yield from iter(cursor.fetchone, None)  # not from the cursor, which must not be closed after its connection
        except sqlite3.Error as error:
            raise self._refused(error, seconds) from error

    def _refused(self, error: Exception, seconds: float | None) -> GhsyncError:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            return UsageError(f"the query took longer than {seconds:g} seconds and was stopped. Ask for less.")
        if advice(error):
            return StoreError(f"{self._path}: {advice(error)}")
        why = str(error).rstrip(".")
        return UsageError(f"the query can't be run: {why}. It must be one SELECT; queries only read.")

    def close(self) -> None:
        """See `GraphReader.close`."""
        self._connection.close()


def _condition(column: str, value: Any, wanted: Mapping[str, Any]) -> str:
    """That *column* has its value. SQLite starts from no index by IS, and shall not by the source if there is more."""
    if value is None:
        return f"{column} IS ?"
    return f"{'+' if column == 'source' and len(wanted) > 1 else ''}{column} = ?"


def _source_id(connection: sqlite3.Connection, source: str) -> int:
    row = connection.execute("SELECT source_id FROM sources WHERE name = ?", (source,)).fetchone()
    return int(row[0]) if row else 0


def _read_only(action: int, first: str | None, *_: str | None) -> int:
    if action == sqlite3.SQLITE_PRAGMA and first == "data_version":
        return sqlite3.SQLITE_OK  # FTS5 looks whether its index was written to
    if action == sqlite3.SQLITE_FUNCTION and first == "load_extension":
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY
