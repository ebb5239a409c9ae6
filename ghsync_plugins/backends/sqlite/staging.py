"""How a group of files gets in, and how what a file said gets out.

Statements and axioms go straight into their tables, by numbers. Things and names, which are few, take the way through
temporary tables in memory, where one statement turns texts into numbers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from ghsync_plugins.backends.relational.rows import Group
from ghsync_plugins.backends.sqlite.bulk import insert_rows
from ghsync_plugins.backends.sqlite.targets import Targets

_COLUMNS: Final = {
    "in_files": ("file_id INTEGER PRIMARY KEY",),
    "in_said": ("file_id", "id", "facet", "declared", "kind", "label", "line", "data"),
    "in_answers": ("file_id", "id", "scope", "text", "rank", "path"),
    "in_target_names": ("target_id", "position", "scope", "text"),
    "old_said": ("file_id", "thing_id", "facet", "declared", "kind", "label", "line", "data"),
    "old_answers": ("name_id", "file_id", "thing_id", "path", "rank"),
    "old_references": ("file_id", "target_id", "line", "written"),
}

# CROSS JOIN is SQLite's way to say: what is new goes first, however small the planner believes a table to be.
_INSERTS: Final = (
    """INSERT INTO things (source_id, id, kind, label, home, line, properties)
    SELECT :source, id, kind, label, iif(declared, file_id, NULL), iif(declared, line, NULL), iif(facet = 0, data, '{}')
    FROM in_said WHERE true ORDER BY declared DESC, facet ON CONFLICT (source_id, id) DO NOTHING""",
    """INSERT INTO said (thing_id, facet, file_id, declared, kind, label, line, data)
    SELECT t.thing_id, s.facet, s.file_id, s.declared, s.kind, s.label, s.line, s.data
    FROM in_said s CROSS JOIN things t ON t.source_id = :source AND t.id = s.id""",
    """INSERT OR IGNORE INTO names (source_id, scope, text)
    SELECT :source, scope, text FROM in_answers UNION SELECT :source, scope, text FROM in_target_names""",
    """INSERT OR IGNORE INTO answers (name_id, file_id, thing_id, rank, path)
    SELECT n.name_id, a.file_id, t.thing_id, min(a.rank), a.path
    FROM in_answers a
    CROSS JOIN names n ON n.source_id = :source AND n.scope = a.scope AND n.text = a.text
    CROSS JOIN things t ON t.source_id = :source AND t.id = a.id
    GROUP BY n.name_id, a.file_id, t.thing_id, a.path""",
    """INSERT INTO target_names (target_id, position, name_id)
    SELECT i.target_id, i.position, n.name_id
    FROM in_target_names i CROSS JOIN names n ON n.source_id = :source AND n.scope = i.scope AND n.text = i.text""",
)

_SAID: Final = "file_id, thing_id, facet, declared, kind, label, line, data"
_OLD: Final = {
    "old_said": f"SELECT {_SAID} FROM said WHERE file_id IN (SELECT file_id FROM in_files)",
    "old_answers": """SELECT name_id, file_id, thing_id, path, rank FROM answers
        WHERE file_id IN (SELECT file_id FROM in_files)""",
    "old_references": """SELECT u.file_id, e.to_target AS target_id, e.line, coalesce(e.written, '') AS written
        FROM subjects u CROSS JOIN statements e USING (subject_id) WHERE u.file_id IN (SELECT file_id FROM in_files)
        UNION SELECT u.file_id, u.from_target, e.line, '' FROM subjects u CROSS JOIN statements e USING (subject_id)
        WHERE u.file_id IN (SELECT file_id FROM in_files)
        UNION SELECT a.file_id, x.target_id, a.line, x.written
        FROM axioms_ a CROSS JOIN axiom_targets x USING (axiom_id)
        WHERE a.file_id IN (SELECT file_id FROM in_files)""",
}
"""What the files in hand said, kept until their new facts are in."""


def _differences(table: str) -> str:
    """Rows that came or went."""
    new = _OLD[table]
    return f"""SELECT * FROM (SELECT * FROM {table} EXCEPT SELECT * FROM ({new}))
        UNION ALL SELECT * FROM (SELECT * FROM ({new}) EXCEPT SELECT * FROM {table})"""


_MARKS: Final = (
    # One more to mention what an earlier file mentions in the same words changes nothing; popular tags have thousands.
    f"""INSERT OR IGNORE INTO dirty_things SELECT c.thing_id FROM ({_differences("old_said")}) c
    WHERE c.declared OR NOT EXISTS (
        SELECT 1 FROM said s CROSS JOIN files_ f ON f.file_id = s.file_id
        WHERE s.thing_id = c.thing_id AND s.facet = c.facet AND NOT s.declared
          AND s.kind = c.kind AND s.label IS c.label AND s.data = c.data
          AND s.file_id NOT IN (SELECT file_id FROM in_files)
          AND f.path < (SELECT path FROM files_ WHERE file_id = c.file_id))""",
    f"INSERT OR IGNORE INTO dirty_names SELECT name_id FROM ({_differences('old_answers')})",
    f"CREATE TEMP TABLE changed AS {_differences('old_references')}",
    f"""INSERT OR IGNORE INTO dirty_targets
    SELECT target_id FROM (SELECT file_id, target_id FROM old_references
                           EXCEPT SELECT file_id, target_id FROM ({_OLD["old_references"]}))
    UNION
    SELECT target_id FROM (SELECT file_id, target_id FROM ({_OLD["old_references"]})
                           EXCEPT SELECT file_id, target_id FROM old_references)""",
    # A stub is labelled as its first referrer spells it.
    """INSERT OR IGNORE INTO dirty_things SELECT t.thing_id
    FROM (SELECT DISTINCT target_id FROM changed) c CROSS JOIN targets t ON t.target_id = c.target_id
    WHERE t.thing_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM said s WHERE s.thing_id = t.thing_id)""",
    "DROP TABLE temp.changed",
    """INSERT OR IGNORE INTO unwritten_axioms SELECT axiom_id FROM axioms_
    WHERE file_id IN (SELECT file_id FROM in_files) AND text IS NULL""",
)
"""The differences between what the files in hand said and what they say, listed for the settle."""

_MARK_AXIOMS: Final = """INSERT OR IGNORE INTO dirty_axioms SELECT source_id, kind, text FROM axioms_
    WHERE file_id IN (SELECT file_id FROM in_files) AND text IS NOT NULL"""
"""Which of equal axioms is the first stands in its row, which goes with its file: so all are listed, before and after.
"""

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


def insert(connection: sqlite3.Connection, source_id: int, group: Group, targets: Targets) -> None:
    """Store what the files say. Inside the caller's transaction, and inside of `replacing`."""
    for table in ("in_said", "in_answers", "in_target_names"):
        connection.execute(f"DELETE FROM {table}")
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


@contextmanager
def replacing(
    connection: sqlite3.Connection, file_ids: Sequence[int], *, mark: bool, anew: bool = False
) -> Iterator[None]:
    """Take out what these files said, for something else, or nothing, to be put there inside.

    With *mark* the differences are listed for the settle; *anew* says that none of the files has said anything yet.
    Inside the caller's transaction.
    """
    if anew and not mark:
        yield
        return
    connection.execute("DELETE FROM in_files")
    insert_rows(connection, "in_files", [(file_id,) for file_id in file_ids])
    if mark:
        for table, query in _OLD.items():
            connection.execute(f"DELETE FROM {table}")
            connection.execute(f"INSERT INTO {table} {query}")
        connection.execute(_MARK_AXIOMS)
    for statement in _CLEARS:
        connection.execute(statement)
    yield
    if mark:
        for statement in (*_MARKS, _MARK_AXIOMS):
            connection.execute(statement)


def _edge_types(connection: sqlite3.Connection, group: Group) -> dict[str, int]:
    """The numbers of the edge types, of which there are few."""
    wanted = {edge.type for _, facts in group.files for edge in facts.edges}
    known = dict(connection.execute("SELECT type, type_id FROM edge_types"))
    new = sorted(wanted - known.keys())
    insert_rows(connection, "edge_types (type_id, type)", [(len(known) + 1 + at, each) for at, each in enumerate(new)])
    return {**known, **{each: len(known) + 1 + at for at, each in enumerate(new)}}
