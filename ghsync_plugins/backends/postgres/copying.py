"""Many rows in one COPY, the quickest way into PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable

from ghsync_plugins.backends.postgres.connection import Connection
from ghsync_plugins.backends.relational.rows import Row


def copy_rows(connection: Connection, table: str, rows: Iterable[Row]) -> None:
    """Put *rows* into *table* (which may name its columns). The server works on the first while the next are made."""
    remaining = iter(rows)
    first = next(remaining, None)
    if first is None:
        return
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        copy.write_row(first)
        for row in remaining:
            copy.write_row(row)


def list_dirty(connection: Connection, table: str, column: str, numbers: Iterable[int]) -> None:
    """Note these things, names or targets for the settle, each once."""
    found = sorted(set(numbers))
    if found:
        connection.execute(
            f"INSERT INTO {table} ({column}) SELECT unnest(%s::integer[]) ON CONFLICT DO NOTHING", (found,)
        )
