"""A query of the user's own, fenced in on every side.

It runs as the cursor of a read-only transaction, for which PostgreSQL takes one SELECT (or VALUES, TABLE, WITH …) and
nothing that writes. What a SELECT may still do, acting through functions, is refused by their names: all those of
PostgreSQL itself that it calls volatile (``pg_terminate_backend``, ``setval``, ``lo_unlink``, ``pg_read_file`` …), but
for some that harm nobody. Of the functions that others have added, and of what it may see, ``query_role`` takes care.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from typing import Any, Final

import psycopg
from psycopg import errors, sql

from ghsync_core import StoreError, UsageError
from ghsync_plugins.backends.postgres.connection import BEGIN, Connection
from ghsync_plugins.backends.postgres.trouble import lost

_ROWS: Final = 500
_CURSOR: Final = "ghsync_query"
_WORD: Final = re.compile(r"[a-z_][a-z0-9_]*")
_HARMLESS: Final = ["clock_timestamp", "gen_random_uuid", "random", "timeofday"]
_ACTING: Final = """SELECT min(proname) FROM pg_catalog.pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace AND provolatile = 'v'
      AND proname = ANY(%s) AND proname <> ALL(%s)"""


def run_query(connection: Connection, text: str, role: str | None, seconds: float | None) -> Iterator[Sequence[Any]]:
    """First the names of the columns, then the rows of the query *text*. Raises `UsageError` where it is refused."""
    end = None if seconds is None else time.monotonic() + seconds
    connection.execute(f"{BEGIN}; SET TRANSACTION READ ONLY")
    try:
        _refuse_acting(connection, text)
        if role:
            _take_on(connection, role)
        try:
            _limit(connection, end)
            # By the extended protocol, which takes one statement only.
            connection.execute(f"DECLARE {_CURSOR} NO SCROLL CURSOR FOR {text}", binary=True)
            yield from _fetch(connection, end)
        except errors.QueryCanceled as error:
            raise UsageError(
                f"the query took longer than {seconds or 0:g} seconds and was stopped. Ask for less."
            ) from error
        except (psycopg.Error, UnicodeError) as error:
            raise _refused(error) from error
    finally:
        if not connection.closed:
            connection.execute("ROLLBACK")


def _fetch(connection: Connection, end: float | None) -> Iterator[Sequence[Any]]:
    names: list[str] | None = None
    while True:
        _limit(connection, end)
        cursor = connection.execute(f"FETCH {_ROWS} FROM {_CURSOR}")
        if names is None:
            names = [column.name for column in cursor.description or ()]
            yield names
        rows = cursor.fetchall()
        yield from rows
        if len(rows) < _ROWS:
            return


def _limit(connection: Connection, end: float | None) -> None:
    """Let the next statement take what is left of the time; the last milliseconds are at least one."""
    if end is not None:
        left = max(1, round(1000 * (end - time.monotonic())))
        connection.execute(f"SET LOCAL statement_timeout TO {left}")


def _refuse_acting(connection: Connection, text: str) -> None:
    folded = text.lower()
    if 'u&"' in folded:  # would hide a function's name from us
        raise UsageError('the query can\'t be run: it names something by U&"…". Write the name as it is.')
    row = connection.execute(_ACTING, (sorted(set(_WORD.findall(folded))), _HARMLESS)).fetchone()
    if row and row[0]:
        raise UsageError(f"the query can't be run: {row[0]} may do more than read. It must be one SELECT.")


def _take_on(connection: Connection, role: str) -> None:
    try:
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
    except psycopg.Error as error:
        said = error.diag.message_primary or str(error)
        raise StoreError(f"the setting postgres.query_role names a role that can't be taken on: {said}") from error


def _refused(error: Exception) -> Exception:
    if lost(error):
        return error
    said = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    why = (said or " ".join(str(error).split())).rstrip(".")
    return UsageError(f"the query can't be run: {why}. It must be one SELECT; queries only read.")
