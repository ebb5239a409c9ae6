"""Many rows in few calls.

Every call into SQLite gives up the interpreter's lock and must win it back from the parsing threads, which may take
5 ms each time; so rows go in by hundreds, and what is looked up comes back as one JSON text instead of row by row.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from ghsync_plugins.backends.relational.rows import Row

_MOST_ROWS = 512
_MOST_VALUES = 900
"""Values in one look-up."""


def insert_rows(connection: sqlite3.Connection, table: str, rows: Sequence[Row], conflict: str = "") -> None:
    """Insert *rows* into *table* (which may name its columns), with an ON CONFLICT clause where one is given."""
    for start in range(0, len(rows), _MOST_ROWS):
        chunk = rows[start : start + _MOST_ROWS]
        row = f"({', '.join('?' * len(chunk[0]))})"
        values = ", ".join([row] * len(chunk))
        connection.execute(f"INSERT INTO {table} VALUES {values} {conflict}", list(chain.from_iterable(chunk)))


def look_up(connection: sqlite3.Connection, query: str, source_id: int, values: Sequence[Any]) -> Iterator[list[Any]]:
    """What *query* finds for *values*: pairs, for a query that aggregates them into one JSON array.

    In *query* ``?`` stands for the source and ``{marks}`` for the values.
    """
    for start in range(0, len(values), _MOST_VALUES):
        chunk = values[start : start + _MOST_VALUES]
        marks = ", ".join("?" * len(chunk))
        (found,) = connection.execute(query.format(marks=marks), (source_id, *chunk)).fetchone()
        yield from json.loads(found)
