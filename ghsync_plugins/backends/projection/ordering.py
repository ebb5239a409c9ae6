"""Rows in the order of their keys, for stores that can't sort as SQLite does, whatever their number."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any

from ghsync_core import views


def in_order(view: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """*rows* of *view* by source and key, in code-point order, as `GraphReader.rows` gives them ``ordered``.

    They are sorted in a temporary file that has no name, and so goes with its reader.
    """
    keys = ("source", *views.KEYS[view])
    columns = ", ".join(f"k{number}" for number in range(len(keys)))
    with closing(sqlite3.connect("")) as connection:
        connection.execute(f"CREATE TABLE rows ({columns}, row)")
        marks = ", ".join("?" * (len(keys) + 1))
        connection.executemany(
            f"INSERT INTO rows VALUES ({marks})", ((*(row[key] for key in keys), json.dumps(row)) for row in rows)
        )
        for (text,) in connection.execute(f"SELECT row FROM rows ORDER BY {columns}"):
            yield json.loads(text)
