"""The staging tables, through which a group of files gets in; and how a file's facts get out.

Temporary tables in memory take the rows as they are; one statement a table then turns texts into numbers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from ghsync_plugins.backends.sqlite.rows import Row, Rows

_COLUMNS: Final = {
    "in_files": ("number INTEGER PRIMARY KEY", "file_id"),
    "in_said": ("number", "id", "facet", "declared", "kind", "label", "line", "data"),
    "in_answers": ("number", "id", "scope", "text", "rank", "path"),
    "in_targets": ("key", "name", "stub", "path", "folder"),
    "in_target_names": ("key", "position", "scope", "text"),
    "in_statements": ("number", "source", "type", "target", "line", "count", "written", "properties"),
    "in_axioms": ("number", "axiom", "kind", "arguments", "line", "annotations", "text", "subject", "object"),
    "in_axiom_targets": ("number", "axiom", "position", "key", "written"),
}

_ROWS_A_STATEMENT = 128
"""Large enough that the price of a call vanishes, small enough that the driver's cache holds a statement a length."""

_INSERTS: Final = (
    """INSERT OR IGNORE INTO things (source_id, id, kind, label, home, line, properties)
    SELECT :source, s.id, s.kind, s.label, iif(s.declared, f.file_id, NULL), iif(s.declared, s.line, NULL),
           iif(s.facet = 0, s.data, '{}')
    FROM in_said s JOIN in_files f USING (number) ORDER BY s.declared DESC, s.facet""",
    """INSERT INTO said (thing_id, facet, file_id, declared, kind, label, line, data)
    SELECT t.thing_id, s.facet, f.file_id, s.declared, s.kind, s.label, s.line, s.data
    FROM in_said s JOIN in_files f USING (number) JOIN things t ON t.source_id = :source AND t.id = s.id""",
    """INSERT OR IGNORE INTO names (source_id, scope, text)
    SELECT :source, scope, text FROM in_answers UNION SELECT :source, scope, text FROM in_target_names""",
    """INSERT OR IGNORE INTO answers (name_id, file_id, thing_id, rank, path)
    SELECT n.name_id, f.file_id, t.thing_id, min(a.rank), a.path
    FROM in_answers a JOIN in_files f USING (number)
    JOIN names n ON n.source_id = :source AND n.scope = a.scope AND n.text = a.text
    JOIN things t ON t.source_id = :source AND t.id = a.id
    GROUP BY n.name_id, f.file_id, t.thing_id, a.path""",
    """INSERT OR IGNORE INTO targets (source_id, key, name, stub, path, folder)
    SELECT :source, key, name, stub, path, folder FROM in_targets""",
    """INSERT OR IGNORE INTO target_names (target_id, position, name_id)
    SELECT t.target_id, i.position, n.name_id
    FROM in_target_names i JOIN targets t ON t.source_id = :source AND t.key = i.key
    JOIN names n ON n.source_id = :source AND n.scope = i.scope AND n.text = i.text""",
    "INSERT OR IGNORE INTO edge_types (type) SELECT DISTINCT type FROM in_statements",
    """INSERT OR IGNORE INTO subjects (file_id, from_target)
    SELECT DISTINCT f.file_id, t.target_id
    FROM in_statements i JOIN in_files f USING (number) JOIN targets t ON t.source_id = :source AND t.key = i.source""",
    """INSERT INTO statements (subject_id, type_id, to_target, line, count, written, properties)
    SELECT u.subject_id, y.type_id, b.target_id, i.line, i.count, i.written, i.properties
    FROM in_statements i JOIN in_files f USING (number)
    JOIN targets a ON a.source_id = :source AND a.key = i.source
    JOIN subjects u ON u.file_id = f.file_id AND u.from_target = a.target_id
    JOIN targets b ON b.source_id = :source AND b.key = i.target
    JOIN edge_types y ON y.type = i.type
    ORDER BY 1, 2, 3""",
    # An axiom is found again by its file and its place in it, which is kept in `first` until all its rows are there.
    """INSERT INTO axioms_ (file_id, source_id, kind, arguments, line, annotations, text, subject, object, first)
    SELECT f.file_id, :source, i.kind, i.arguments, i.line, i.annotations, i.text, i.subject, i.object, -1 - i.axiom
    FROM in_axioms i JOIN in_files f USING (number)""",
    """INSERT INTO axiom_targets (axiom_id, position, target_id, written)
    SELECT a.axiom_id, i.position, t.target_id, i.written
    FROM in_axiom_targets i JOIN in_files f USING (number)
    JOIN axioms_ a ON a.file_id = f.file_id AND a.first = -1 - i.axiom
    JOIN targets t ON t.source_id = :source AND t.key = i.key""",
    "UPDATE axioms_ SET first = 0 WHERE file_id IN (SELECT file_id FROM in_files) AND first < 0",
)

_MARKS: Final = (
    "INSERT OR IGNORE INTO dirty_things SELECT thing_id FROM said WHERE file_id IN (SELECT file_id FROM in_files)",
    "INSERT OR IGNORE INTO dirty_names SELECT name_id FROM answers WHERE file_id IN (SELECT file_id FROM in_files)",
    """INSERT OR IGNORE INTO dirty_targets
    SELECT from_target FROM subjects WHERE file_id IN (SELECT file_id FROM in_files)
    UNION SELECT e.to_target FROM subjects u JOIN statements e USING (subject_id)
          WHERE u.file_id IN (SELECT file_id FROM in_files)
    UNION SELECT t.target_id FROM axioms_ a JOIN axiom_targets t USING (axiom_id)
          WHERE a.file_id IN (SELECT file_id FROM in_files)""",
    """INSERT OR IGNORE INTO dirty_axioms SELECT source_id, kind, text FROM axioms_
    WHERE file_id IN (SELECT file_id FROM in_files) AND text IS NOT NULL""",
)
"""All that the files in hand say, listed for the settle: before they are cleared, and again when their facts are in."""

_CLEARS: Final = (
    """DELETE FROM axiom_targets
    WHERE axiom_id IN (SELECT axiom_id FROM axioms_ WHERE file_id IN (SELECT file_id FROM in_files))""",
    "DELETE FROM axioms_ WHERE file_id IN (SELECT file_id FROM in_files)",
    """DELETE FROM statements
    WHERE subject_id IN (SELECT subject_id FROM subjects WHERE file_id IN (SELECT file_id FROM in_files))""",
    "DELETE FROM subjects WHERE file_id IN (SELECT file_id FROM in_files)",
    "DELETE FROM answers WHERE file_id IN (SELECT file_id FROM in_files)",
    "DELETE FROM said WHERE file_id IN (SELECT file_id FROM in_files)",
)


def create(connection: sqlite3.Connection) -> None:
    """Make the staging tables of this connection."""
    for table, columns in _COLUMNS.items():
        connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS {table} ({', '.join(columns)})")


def insert(connection: sqlite3.Connection, source_id: int, file_ids: Sequence[int], rows: Rows, *, mark: bool) -> None:
    """Store what the files say and, with *mark*, list it for the settle. Inside the caller's transaction."""
    _take_in_hand(connection, file_ids)
    insert_rows(connection, "in_said", rows.said)
    insert_rows(connection, "in_answers", rows.answers)
    insert_rows(connection, "in_targets", list(rows.targets.values()))
    insert_rows(connection, "in_target_names", rows.target_names)
    insert_rows(connection, "in_statements", rows.statements)
    insert_rows(connection, "in_axioms", rows.axioms)
    insert_rows(connection, "in_axiom_targets", rows.axiom_targets)
    for statement in _INSERTS:
        connection.execute(statement, {"source": source_id})
    if mark:
        _mark(connection)


def clear_facts(connection: sqlite3.Connection, file_ids: Sequence[int], *, mark: bool) -> None:
    """Take out what these files said and, with *mark*, list it for the settle. Inside the caller's transaction."""
    _take_in_hand(connection, file_ids)
    if mark:
        _mark(connection)
    for statement in _CLEARS:
        connection.execute(statement)


def insert_rows(connection: sqlite3.Connection, table: str, rows: Sequence[Row]) -> None:
    """Insert *rows*, many to a statement."""
    for start in range(0, len(rows), _ROWS_A_STATEMENT):
        chunk = rows[start : start + _ROWS_A_STATEMENT]
        row = f"({', '.join('?' * len(chunk[0]))})"
        connection.execute(
            f"INSERT INTO {table} VALUES {', '.join([row] * len(chunk))}",
            [value for values in chunk for value in values],
        )


def _take_in_hand(connection: sqlite3.Connection, file_ids: Sequence[int]) -> None:
    for table in _COLUMNS:
        connection.execute(f"DELETE FROM {table}")
    insert_rows(connection, "in_files", list(enumerate(file_ids)))


def _mark(connection: sqlite3.Connection) -> None:
    for statement in _MARKS:
        connection.execute(statement)
