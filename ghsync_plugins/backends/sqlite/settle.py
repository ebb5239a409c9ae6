"""The settle: names meet nodes, and what several files say becomes one row; over what is listed as dirty.

It reads only what the files say, so the same files give the same graph whatever came before (`names.preference` is the
definition that the ORDER BY below translates). The steps follow one another: a name that comes or goes touches the
references that ask for it; a reference that turns to another node touches both nodes and the axioms it stands in.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import fields

from ghsync_core import Counts
from ghsync_plugins.backends.relational.rows import written_axiom
from ghsync_plugins.backends.sqlite import merge, search
from ghsync_plugins.backends.sqlite.schema import EVERYTHING, LATE_INDEXES, SETTLED

_EVERYTHING = (
    "INSERT OR IGNORE INTO dirty_things SELECT thing_id FROM things WHERE source_id = ?",
    "INSERT OR IGNORE INTO dirty_targets SELECT target_id FROM targets WHERE source_id = ?",
    """INSERT OR IGNORE INTO dirty_axioms
    SELECT source_id, kind, text FROM axioms_ WHERE source_id = ? AND text IS NOT NULL""",
    """INSERT OR IGNORE INTO unwritten_axioms
    SELECT axiom_id FROM axioms_ WHERE source_id = ? AND text IS NULL""",
)

_ASKED_FOR = """INSERT OR IGNORE INTO dirty_targets
    SELECT t.target_id FROM dirty_names d CROSS JOIN target_names t ON t.name_id = d.name_id"""

_UNUSED = """SELECT d.target_id FROM dirty_targets d
    WHERE NOT EXISTS (SELECT 1 FROM statements e WHERE e.to_target = d.target_id)
      AND NOT EXISTS (SELECT 1 FROM subjects u WHERE u.from_target = d.target_id)
      AND NOT EXISTS (SELECT 1 FROM axiom_targets a WHERE a.target_id = d.target_id)"""

_DROP_UNUSED = (
    f"""INSERT OR IGNORE INTO dirty_things
    SELECT thing_id FROM targets WHERE target_id IN ({_UNUSED}) AND thing_id IS NOT NULL""",
    f"CREATE TEMP TABLE unused AS {_UNUSED}",
    "DELETE FROM target_names WHERE target_id IN (SELECT target_id FROM unused)",
    "DELETE FROM targets WHERE target_id IN (SELECT target_id FROM unused)",
    "DELETE FROM dirty_targets WHERE target_id IN (SELECT target_id FROM unused)",
    "DROP TABLE temp.unused",
)

_RESOLVE = """CREATE TEMP TABLE resolved AS
    WITH found AS (
        SELECT t.target_id, a.thing_id, row_number() OVER (
            PARTITION BY t.target_id
            ORDER BY n.position,
                     a.path <> '' AND a.path <> t.path,
                     a.path <> ''
                     AND NOT (t.folder <> '' AND substr(a.path, 1, length(t.folder) + 1) = t.folder || '/'),
                     a.rank, length(a.path), a.path, f.path, g.id
        ) AS place
        FROM dirty_targets d
        CROSS JOIN targets t ON t.target_id = d.target_id
        CROSS JOIN target_names n ON n.target_id = t.target_id
        CROSS JOIN answers a ON a.name_id = n.name_id
        JOIN files_ f ON f.file_id = a.file_id
        JOIN things g ON g.thing_id = a.thing_id
        WHERE a.path = '' OR t.path = '' OR substr('/' || a.path, -length(t.path) - 1) = '/' || t.path
    )
    SELECT t.target_id, t.source_id, t.stub, t.thing_id AS before, f.thing_id
    FROM dirty_targets d
    CROSS JOIN targets t ON t.target_id = d.target_id
    LEFT JOIN found f ON f.target_id = t.target_id AND f.place = 1"""

_POINT = (
    """INSERT OR IGNORE INTO things (source_id, id)
    SELECT source_id, stub FROM resolved WHERE thing_id IS NULL AND stub IS NOT NULL""",
    """UPDATE resolved
    SET thing_id = (SELECT g.thing_id FROM things g WHERE g.source_id = resolved.source_id AND g.id = resolved.stub)
    WHERE thing_id IS NULL""",
    """UPDATE targets SET thing_id = r.thing_id, id = (SELECT g.id FROM things g WHERE g.thing_id = r.thing_id)
    FROM temp.resolved r WHERE r.target_id = targets.target_id AND r.thing_id IS NOT r.before""",
    """INSERT OR IGNORE INTO dirty_things
    SELECT before FROM resolved WHERE before IS NOT NULL AND before IS NOT thing_id""",
    # A stub's label is spelled as by its first referrer, so it is looked at again whenever its referrers change.
    """INSERT OR IGNORE INTO dirty_things SELECT r.thing_id FROM resolved r
    WHERE r.thing_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM said s WHERE s.thing_id = r.thing_id)""",
)

_AXIOMS_TO_WRITE = """SELECT a.axiom_id, a.source_id, a.kind, a.arguments, a.text
    FROM resolved r CROSS JOIN axiom_targets x ON x.target_id = r.target_id JOIN axioms_ a ON a.axiom_id = x.axiom_id
    WHERE r.thing_id IS NOT r.before
    UNION
    SELECT a.axiom_id, a.source_id, a.kind, a.arguments, a.text
    FROM unwritten_axioms u CROSS JOIN axioms_ a ON a.axiom_id = u.axiom_id"""

_CLEAN = ("unwritten_axioms", "dirty_things", "dirty_names", "dirty_targets", "dirty_axioms")


def settle(connection: sqlite3.Connection, source_id: int, *, indexed: bool = False) -> Counts:
    """Settle all that is dirty, and count the source's graph; *indexed*: keep the index of words in step.

    Inside the caller's transaction.
    """
    execute = connection.execute
    (unsettled,) = execute("SELECT unsettled FROM sources WHERE source_id = ?", (source_id,)).fetchone()
    if unsettled == SETTLED:
        (counts,) = execute("SELECT counts FROM sources WHERE source_id = ?", (source_id,)).fetchone()
        return _as_kept(counts) or Counts(*_count(connection, source_id))
    for index, columns in LATE_INDEXES.items():
        execute(f"CREATE INDEX IF NOT EXISTS {index} ON {columns}")
    if unsettled == EVERYTHING:
        for statement in _EVERYTHING:
            execute(statement, (source_id,))
    for statement in (_ASKED_FOR, *_DROP_UNUSED, _RESOLVE, *_POINT):
        execute(statement)
    _write_axioms(connection)
    execute("DROP TABLE temp.resolved")
    if indexed:
        search.leave(connection)
    merge.merge_things(connection)
    if indexed:
        search.enter(connection)
    merge.merge_axioms(connection)
    for table in _CLEAN:
        execute(f"DELETE FROM {table}")
    counts = _count(connection, source_id)
    execute(
        "UPDATE sources SET unsettled = ?, counts = ? WHERE source_id = ?", (SETTLED, json.dumps(counts), source_id)
    )
    return Counts(*counts)


def _write_axioms(connection: sqlite3.Connection) -> None:
    """Give the axioms whose references turned their text; list the old and the new text."""
    for axiom_id, source_id, kind, arguments, before in connection.execute(_AXIOMS_TO_WRITE).fetchall():
        ends = json.loads(arguments)
        for position, id_ in connection.execute(
            "SELECT x.position, t.id FROM axiom_targets x JOIN targets t USING (target_id) WHERE x.axiom_id = ?",
            (axiom_id,),
        ):
            ends[position] = f"<{id_}>" if id_ else None
        text, subject, object_ = (None, None, None) if None in ends else written_axiom(kind, ends)
        connection.execute(
            "UPDATE axioms_ SET text = ?, subject = ?, object = ?, first = 0, merged = NULL WHERE axiom_id = ?",
            (text, subject, object_, axiom_id),
        )
        connection.executemany(
            "INSERT OR IGNORE INTO dirty_axioms VALUES (?, ?, ?)",
            [(source_id, kind, written) for written in (before, text) if written is not None],
        )


def _as_kept(text: str) -> Counts | None:
    """The counts that an earlier settle wrote down; None for what none wrote."""
    counts = json.loads(text)
    whole = (
        isinstance(counts, list) and len(counts) == len(fields(Counts)) and all(type(each) is int for each in counts)
    )
    return Counts(*counts) if whole else None


def _count(connection: sqlite3.Connection, source_id: int) -> tuple[int, ...]:
    """The rows of the five views, from the tables: nodes, edges, classes, properties, axioms."""
    queries = (
        "SELECT count(*) FROM things WHERE source_id = ? AND kind IS NOT NULL",
        # The plus keeps SQLite from all references of the source: those without a meaning, by their index, are few.
        """SELECT (SELECT coalesce(sum(edges), 0) FROM files_ WHERE source_id = ?1) - (
            SELECT count(*) FROM targets t CROSS JOIN statements e ON e.to_target = t.target_id
            WHERE t.id IS NULL AND +t.source_id = ?1)""",
        "SELECT count(*) FROM owl WHERE source_id = ? AND facet = 1",
        "SELECT count(*) FROM owl WHERE source_id = ? AND facet = 2",
        "SELECT count(*) FROM axioms_ WHERE first = 1 AND source_id = ?",
    )
    return tuple(connection.execute(query, (source_id,)).fetchone()[0] for query in queries)
