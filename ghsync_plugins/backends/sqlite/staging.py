"""How a group of files gets in, and how what a file said gets out.

Statements and axioms go straight into their tables, by numbers. Things and names, which are few, take the way through
temporary tables in memory, where one statement turns texts into numbers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from ghsync_plugins.backends.sqlite.bulk import insert_rows
from ghsync_plugins.backends.sqlite.rows import Group
from ghsync_plugins.backends.sqlite.targets import Targets

_COLUMNS: Final = {
    "in_files": ("file_id INTEGER PRIMARY KEY",),
    "in_said": ("file_id", "id", "facet", "declared", "kind", "label", "line", "data"),
    "in_answers": ("file_id", "id", "scope", "text", "rank", "path"),
    "in_target_names": ("target_id", "position", "scope", "text"),
}

_INSERTS: Final = (
    """INSERT INTO things (source_id, id, kind, label, home, line, properties)
    SELECT :source, id, kind, label, iif(declared, file_id, NULL), iif(declared, line, NULL), iif(facet = 0, data, '{}')
    FROM in_said WHERE true ORDER BY declared DESC, facet ON CONFLICT (source_id, id) DO NOTHING""",
    """INSERT INTO said (thing_id, facet, file_id, declared, kind, label, line, data)
    SELECT t.thing_id, s.facet, s.file_id, s.declared, s.kind, s.label, s.line, s.data
    FROM in_said s JOIN things t ON t.source_id = :source AND t.id = s.id""",
    """INSERT OR IGNORE INTO names (source_id, scope, text)
    SELECT :source, scope, text FROM in_answers UNION SELECT :source, scope, text FROM in_target_names""",
    """INSERT OR IGNORE INTO answers (name_id, file_id, thing_id, rank, path)
    SELECT n.name_id, a.file_id, t.thing_id, min(a.rank), a.path
    FROM in_answers a
    JOIN names n ON n.source_id = :source AND n.scope = a.scope AND n.text = a.text
    JOIN things t ON t.source_id = :source AND t.id = a.id
    GROUP BY n.name_id, a.file_id, t.thing_id, a.path""",
    """INSERT INTO target_names (target_id, position, name_id)
    SELECT i.target_id, i.position, n.name_id
    FROM in_target_names i JOIN names n ON n.source_id = :source AND n.scope = i.scope AND n.text = i.text""",
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
    """Make the temporary tables of this connection."""
    for table, columns in _COLUMNS.items():
        connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS {table} ({', '.join(columns)})")


def insert(connection: sqlite3.Connection, source_id: int, group: Group, targets: Targets, *, mark: bool) -> None:
    """Store what the files say and, with *mark*, list it for the settle. Inside the caller's transaction."""
    _empty(connection)
    insert_rows(connection, "in_said", group.said())
    insert_rows(connection, "in_answers", group.answers())
    numbers = targets.add(group.ends(), source_id)
    for statement in _INSERTS:
        connection.execute(statement, {"source": source_id})
    next_subject, next_axiom = connection.execute(
        """SELECT (SELECT coalesce(max(subject_id), 0) + 1 FROM subjects),
                  (SELECT coalesce(max(axiom_id), 0) + 1 FROM axioms_)"""
    ).fetchone()
    subjects, statements = group.statements(numbers, _edge_types(connection, group), next_subject)
    insert_rows(connection, "subjects", subjects)
    insert_rows(connection, "statements", statements)
    axioms, axiom_targets = group.axioms(numbers, source_id, next_axiom)
    insert_rows(
        connection,
        "axioms_ (axiom_id, file_id, source_id, kind, arguments, line, annotations, text, subject, object)",
        axioms,
    )
    insert_rows(connection, "axiom_targets", axiom_targets)
    if mark:
        insert_rows(connection, "in_files", [(file_id,) for file_id, _ in group.files])
        _mark(connection)


def clear_facts(connection: sqlite3.Connection, file_ids: Sequence[int], *, mark: bool) -> None:
    """Take out what these files said and, with *mark*, list it for the settle. Inside the caller's transaction."""
    if not file_ids:
        return
    _empty(connection)
    insert_rows(connection, "in_files", [(file_id,) for file_id in file_ids])
    if mark:
        _mark(connection)
    for statement in _CLEARS:
        connection.execute(statement)


def _edge_types(connection: sqlite3.Connection, group: Group) -> dict[str, int]:
    """The numbers of the edge types, of which there are few."""
    wanted = {edge.type for _, facts in group.files for edge in facts.edges}
    known = dict(connection.execute("SELECT type, type_id FROM edge_types"))
    new = sorted(wanted - known.keys())
    insert_rows(connection, "edge_types (type_id, type)", [(len(known) + 1 + at, each) for at, each in enumerate(new)])
    return {**known, **{each: len(known) + 1 + at for at, each in enumerate(new)}}


def _empty(connection: sqlite3.Connection) -> None:
    for table in _COLUMNS:
        connection.execute(f"DELETE FROM {table}")


def _mark(connection: sqlite3.Connection) -> None:
    for statement in _MARKS:
        connection.execute(statement)
