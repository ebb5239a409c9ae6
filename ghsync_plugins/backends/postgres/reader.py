"""Reading a PostgreSQL store: its views row by row, or by a query of the user's own, which can change nothing.

Each reading has a connection of its own for as long as it goes on, so that several may go on at once, in any thread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

import psycopg

from ghsync_core import views
from ghsync_plugins.backends.postgres import search
from ghsync_plugins.backends.postgres.address import Address
from ghsync_plugins.backends.postgres.connection import Connection, connect
from ghsync_plugins.backends.postgres.install import check_current
from ghsync_plugins.backends.postgres.query import run_query
from ghsync_plugins.backends.postgres.rows import storable
from ghsync_plugins.backends.postgres.schema import SCHEMA
from ghsync_plugins.backends.postgres.trouble import explained

_ROWS: Final = 500
"""Rows that are fetched at once, so that memory does not grow with their number."""


class PostgresReader:
    """Reads by the contract's views, or by a query, which is asked as *query_role* where that is given.

    It `Searches` too.
    """

    language = "sql"

    def __init__(self, address: Address, query_role: str | None = None) -> None:
        self._address = address
        self._query_role = query_role
        self._idle: deque[Connection] = deque()

    def check(self) -> None:
        """Raise `StoreError` where there is no schema that can be read."""
        with explained(self._address), self._connection() as connection:
            check_current(connection, self._address)

    def rows(
        self, view: str, source: str | None = None, *, where: Mapping[str, Any] | None = None, ordered: bool = False
    ) -> Iterator[Mapping[str, Any]]:
        """See `GraphReader.rows`."""
        wanted = views.conditions(view, source, where)
        asked = [f"{column} IS NULL" if value is None else f"{column} = %s" for column, value in wanted.items()]
        values = [value for value in wanted.values() if value is not None]
        if any(isinstance(value, str) and storable(value) != value for value in values):
            return  # what no text holds is nowhere
        order = f" ORDER BY {', '.join(dict.fromkeys(('source', *views.KEYS[view])))}" if ordered else ""
        columns = views.COLUMNS[view]
        statement = f"SELECT {', '.join(columns)} FROM {SCHEMA}.{view} WHERE {' AND '.join(asked) or 'true'}{order}"
        with explained(self._address), self._connection() as connection, _cursor(connection) as cursor:
            cursor.execute(statement, values)
            for row in cursor:
                yield dict(zip(columns, row, strict=True))

    def search(
        self, words: str, source: str | None = None, *, kind: str | None = None, limit: int = 20
    ) -> Iterator[Mapping[str, Any]]:
        """See `Searches.search`."""
        if any(each is not None and storable(each) != each for each in (source, kind)):
            return
        with explained(self._address), self._connection() as connection, connection.transaction():
            connection.execute(f"SET LOCAL search_path TO {SCHEMA}")
            found = list(search.find(connection, words, source, kind, limit))
        yield from found

    def query(self, text: str, *, seconds: float | None = None) -> tuple[Sequence[str], Iterator[Sequence[Any]]]:
        """See `GraphReader.query`."""
        rows = self._query(text, seconds)
        return next(rows), rows

    def _query(self, text: str, seconds: float | None) -> Iterator[Sequence[Any]]:
        with explained(self._address), self._connection() as connection:
            yield from run_query(connection, text, self._query_role, seconds)

    def close(self) -> None:
        """See `GraphReader.close`."""
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        """A connection that nobody else uses; one that has been cut while it was idle is not used again."""
        connection = self._alive() or connect(self._address)
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)

    def _alive(self) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            with suppress(psycopg.Error):
                connection.execute("")
                return connection
        return None


@contextmanager
def _cursor(connection: Connection) -> Iterator[psycopg.ServerCursor[tuple[Any, ...]]]:
    """A cursor of the server's, in a transaction that ends with it."""
    with connection.transaction(), connection.cursor("ghsync_rows") as cursor:
        cursor.itersize = _ROWS
        yield cursor
