"""Deriving again what spans files, beside what the database holds, and telling where the two differ.

The settle itself does it, over copies: a temporary table hides the one of the same name, so on a connection that can
only read, the same statements fill temporary tables, from a state in which nothing has been derived yet. What the files
say is read where it stands.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ghsync_core import Difference
from ghsync_plugins.backends.relational.rows import Row, written_axiom
from ghsync_plugins.backends.sqlite.bulk import insert_rows
from ghsync_plugins.backends.sqlite.connection import rollback
from ghsync_plugins.backends.sqlite.derived_queries import CHANGED, COUNTS, EDGES_OF_FILES, LOST, LOST_EDGES
from ghsync_plugins.backends.sqlite.schema import EVERYTHING
from ghsync_plugins.backends.sqlite.settle import settle

_WRITTEN: Final = (
    "sources", "things", "owl", "targets", "target_names", "axioms_",
    "dirty_things", "dirty_names", "dirty_targets", "dirty_axioms", "unwritten_axioms",
)  # fmt: skip
"""All tables that the settle writes."""

_BEFORE: Final = (
    f"INSERT INTO temp.sources (source_id, name, unsettled) SELECT source_id, name, {EVERYTHING} FROM main.sources",
    # The last number is taken, whosever it is, so that a new thing never gets one under which files say something.
    """INSERT INTO temp.things (thing_id, source_id, id) SELECT thing_id, source_id, id FROM main.things
    WHERE source_id = :source OR thing_id = (SELECT max(thing_id) FROM main.things)""",
    """INSERT INTO temp.targets (target_id, source_id, key, name, stub, path, folder)
    SELECT target_id, source_id, key, name, stub, path, folder FROM main.targets WHERE source_id = :source""",
    "INSERT INTO temp.target_names SELECT n.* FROM temp.targets t CROSS JOIN main.target_names n USING (target_id)",
    """INSERT INTO temp.axioms_ (axiom_id, file_id, source_id, kind, arguments, line, annotations)
    SELECT axiom_id, file_id, source_id, kind, arguments, line, annotations FROM main.axioms_
    WHERE source_id = :source AND axiom_id IN (SELECT axiom_id FROM axiom_targets)""",
)

_PLAIN_AXIOMS: Final = """SELECT json_group_array(json_array(axiom_id, file_id, kind, arguments, line, annotations))
    FROM main.axioms_ WHERE source_id = :source AND axiom_id NOT IN (SELECT axiom_id FROM axiom_targets)"""
_AXIOM_COLUMNS: Final = "axiom_id, file_id, source_id, kind, arguments, line, annotations, text, subject, object"


def differences(connection: sqlite3.Connection, source_id: int) -> Iterator[Difference]:
    """What the database holds otherwise than its files say, as one moment has it, whoever writes meanwhile.

    *connection* is for this alone; it need not be able to write.
    """
    connection.execute("BEGIN")
    try:
        yield from _differences(connection, {"source": source_id})
    finally:
        rollback(connection)  # and with it go the temporary tables


def _differences(connection: sqlite3.Connection, named: Mapping[str, int]) -> Iterator[Difference]:
    (verdict,) = connection.execute("PRAGMA main.quick_check(1)").fetchone()
    if verdict != "ok":
        yield Difference("store", f"the file is damaged: {' '.join(verdict.split())}", None, None)
        return
    for what, query in LOST.items():
        for path, line in connection.execute(query, named):
            yield Difference("store", f"{what} that is not there", None, None, path, line)
    miscounted = connection.execute(EDGES_OF_FILES, named).fetchall()
    for path, stored, counted in miscounted:
        yield Difference("counts", f"edges of {path}", stored, counted, path)
    for path, line in connection.execute(LOST_EDGES, named) if miscounted else ():
        yield Difference("store", "an edge points at a reference that is not there", None, None, path, line)
    _derive(connection, named)
    for view, query in CHANGED:
        for fact, path, line, stored, expected in connection.execute(query, named):
            yield Difference(view, fact, *_only_different(stored, expected), path, line)
    stored, derived = connection.execute(COUNTS, named).fetchone()
    if stored != derived:
        yield Difference("counts", "nodes, edges, classes, properties, axioms", json.loads(stored), json.loads(derived))


def _derive(connection: sqlite3.Connection, named: Mapping[str, int]) -> None:
    """Fill schema ``temp`` with what a settle makes of what the files of the source say."""
    for table in _WRITTEN:
        (sql,) = connection.execute("SELECT sql FROM main.sqlite_master WHERE name = ?", (table,)).fetchone()
        connection.execute(f"CREATE TEMP TABLE {sql.removeprefix('CREATE TABLE ')}")
    for statement in _BEFORE:
        connection.execute(statement, named)
    insert_rows(connection, f"temp.axioms_ ({_AXIOM_COLUMNS})", list(_plain_axioms(connection, named)))
    settle(connection, named["source"])


def _plain_axioms(connection: sqlite3.Connection, named: Mapping[str, int]) -> Iterator[Row]:
    """The axioms that refer to nothing: their text is what the file says, written out."""
    (found,) = connection.execute(_PLAIN_AXIOMS, named).fetchone()
    for axiom_id, file_id, kind, arguments, *place in json.loads(found):
        yield axiom_id, file_id, named["source"], kind, arguments, *place, *written_axiom(kind, json.loads(arguments))


def _only_different(stored: str | None, expected: str | None) -> tuple[Any, Any]:
    """Both rows without the columns in which they agree."""
    if stored is None or expected is None:
        return stored and json.loads(stored), expected and json.loads(expected)
    old, new = json.loads(stored), json.loads(expected)
    columns = [column for column in new if old[column] != new[column]]
    return {column: old[column] for column in columns}, {column: new[column] for column in columns}
