"""The settle: names meet nodes, and what several files say becomes one row; over what is listed as dirty.

It takes the steps of SQLite's (`ghsync_plugins.backends.sqlite.settle`) in PostgreSQL's words. A planner that thinks
a table large which is small, or the other way round, reads millions of rows for one; so what has just been filled is
analysed before it is joined.
"""

from __future__ import annotations

import json
from typing import Final

from ghsync_core import Counts
from ghsync_plugins.backends.postgres import merge, search
from ghsync_plugins.backends.postgres.connection import Connection
from ghsync_plugins.backends.postgres.copying import copy_rows
from ghsync_plugins.backends.postgres.schema import EVERYTHING, SETTLED
from ghsync_plugins.backends.postgres.staging import make_indexes
from ghsync_plugins.backends.relational.rows import Row, written_axiom

_EVERYTHING: Final = """
    INSERT INTO dirty_things SELECT thing_id FROM things WHERE source_id = {source} ON CONFLICT DO NOTHING;
    INSERT INTO dirty_targets SELECT target_id FROM targets WHERE source_id = {source} ON CONFLICT DO NOTHING;
    INSERT INTO dirty_axioms
    SELECT DISTINCT source_id, kind, text FROM axioms_ WHERE source_id = {source} AND text IS NOT NULL;
    INSERT INTO unwritten_axioms
    SELECT axiom_id FROM axioms_ WHERE source_id = {source} AND text IS NULL ON CONFLICT DO NOTHING"""

_ALL_TABLES: Final = (
    "files_, things, said, names, answers, targets, target_names, subjects, statements, axioms_, axiom_targets"
)

_ASKED_FOR: Final = """INSERT INTO dirty_targets
    SELECT t.target_id FROM dirty_names d JOIN target_names t ON t.name_id = d.name_id ON CONFLICT DO NOTHING"""

_DROP_UNUSED: Final = """
    CREATE TEMP TABLE unused ON COMMIT DROP AS SELECT d.target_id FROM dirty_targets d
    WHERE NOT EXISTS (SELECT 1 FROM statements e WHERE e.to_target = d.target_id)
      AND NOT EXISTS (SELECT 1 FROM subjects u WHERE u.from_target = d.target_id)
      AND NOT EXISTS (SELECT 1 FROM axiom_targets a WHERE a.target_id = d.target_id);
    INSERT INTO dirty_things
    SELECT thing_id FROM targets WHERE target_id IN (SELECT target_id FROM unused) AND thing_id IS NOT NULL
    ON CONFLICT DO NOTHING;
    DELETE FROM target_names WHERE target_id IN (SELECT target_id FROM unused);
    DELETE FROM targets WHERE target_id IN (SELECT target_id FROM unused);
    DELETE FROM dirty_targets WHERE target_id IN (SELECT target_id FROM unused);
    DROP TABLE unused"""

_RESOLVE: Final = """
    CREATE TEMP TABLE resolved ON COMMIT DROP AS
    WITH found AS (
        SELECT t.target_id, a.thing_id, row_number() OVER (
            PARTITION BY t.target_id
            ORDER BY n.position,
                     a.path <> '' AND a.path <> t.path,
                     a.path <> '' AND NOT (t.folder <> '' AND starts_with(a.path, t.folder || '/')),
                     a.rank, length(a.path), a.path, f.path, g.id
        ) AS place
        FROM dirty_targets d
        JOIN targets t ON t.target_id = d.target_id
        JOIN target_names n ON n.target_id = t.target_id
        JOIN answers a ON a.name_id = n.name_id
        JOIN files_ f ON f.file_id = a.file_id
        JOIN things g ON g.thing_id = a.thing_id
        WHERE a.path = '' OR t.path = '' OR right('/' || a.path, length(t.path) + 1) = '/' || t.path
    )
    SELECT t.target_id, t.source_id, t.stub, t.thing_id AS before, f.thing_id
    FROM dirty_targets d
    JOIN targets t ON t.target_id = d.target_id
    LEFT JOIN found f ON f.target_id = t.target_id AND f.place = 1;
    ANALYZE resolved"""

_POINT: Final = """
    INSERT INTO things (thing_id, source_id, id)
    SELECT (SELECT coalesce(max(thing_id), 0) FROM things) + row_number() OVER (), s.source_id, s.stub
    FROM (SELECT DISTINCT source_id, stub FROM resolved WHERE thing_id IS NULL AND stub IS NOT NULL) s
    WHERE NOT EXISTS (SELECT 1 FROM things t WHERE t.id = s.stub AND t.source_id = s.source_id);
    UPDATE resolved r SET thing_id = g.thing_id
    FROM things g WHERE r.thing_id IS NULL AND g.id = r.stub AND g.source_id = r.source_id;
    UPDATE targets t SET thing_id = r.thing_id, id = g.id
    FROM resolved r LEFT JOIN things g ON g.thing_id = r.thing_id
    WHERE r.target_id = t.target_id AND r.thing_id IS DISTINCT FROM r.before;
    INSERT INTO dirty_things
    SELECT DISTINCT before FROM resolved WHERE before IS NOT NULL AND before IS DISTINCT FROM thing_id
    ON CONFLICT DO NOTHING;
    -- A stub's label is spelled as by its first referrer, so it is looked at again whenever its referrers change.
    INSERT INTO dirty_things
    SELECT DISTINCT r.thing_id FROM resolved r
    WHERE r.thing_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM said s WHERE s.thing_id = r.thing_id)
    ON CONFLICT DO NOTHING"""

_AXIOMS_TO_WRITE: Final = """
    WITH due AS (
        SELECT x.axiom_id FROM resolved r JOIN axiom_targets x ON x.target_id = r.target_id
        WHERE r.thing_id IS DISTINCT FROM r.before
        UNION SELECT axiom_id FROM unwritten_axioms)
    SELECT a.axiom_id, a.source_id, a.kind, a.arguments, a.text, array_agg(x.position), array_agg(t.id)
    FROM due JOIN axioms_ a USING (axiom_id)
    JOIN axiom_targets x USING (axiom_id) JOIN targets t USING (target_id)
    GROUP BY a.axiom_id"""

_WRITE_AXIOMS: Final = """
    ANALYZE rewritten;
    UPDATE axioms_ a SET text = r.text, subject = r.subject, object = r.object, first = false, merged = NULL
    FROM rewritten r WHERE r.axiom_id = a.axiom_id"""

_DIRTY: Final = "unwritten_axioms, dirty_things, dirty_names, dirty_targets, dirty_axioms"


def settle(connection: Connection, source_id: int) -> Counts:
    """Settle all that is dirty, and count the source's graph. Inside the caller's transaction."""
    execute = connection.execute
    row = execute("SELECT unsettled, counts FROM sources WHERE source_id = %s", (source_id,)).fetchone()
    assert row is not None
    unsettled, counts = row
    if unsettled == SETTLED:
        return Counts(*counts)
    make_indexes(connection)
    if unsettled == EVERYTHING:
        execute(f"ANALYZE {_ALL_TABLES}; {_EVERYTHING.format(source=source_id)}")
    execute(f"ANALYZE dirty_names; {_ASKED_FOR}; ANALYZE dirty_targets; {_DROP_UNUSED}; {_RESOLVE}; {_POINT}")
    _write_axioms(connection)
    execute("DROP TABLE resolved; ANALYZE dirty_things; ANALYZE dirty_axioms")
    merge.merge_things(connection)
    search.refresh(connection)
    merge.merge_axioms(connection)
    execute(f"TRUNCATE {_DIRTY}" if unsettled == EVERYTHING else _deletes())
    if unsettled == EVERYTHING:
        execute("ANALYZE things, owl, targets, axioms_, search_index")
    counts = _count(connection, source_id)
    execute("UPDATE sources SET unsettled = %s, counts = %s WHERE source_id = %s", (SETTLED, list(counts), source_id))
    return Counts(*counts)


def _deletes() -> str:
    """Where there are few rows, quicker than to truncate, which makes new files."""
    return "; ".join(f"DELETE FROM {table}" for table in _DIRTY.split(", "))


def _write_axioms(connection: Connection) -> None:
    """Give the axioms whose references turned their text; list the old and the new text."""
    rewritten: list[Row] = []
    dirty: list[Row] = []
    for axiom_id, source_id, kind, arguments, before, positions, ids in connection.execute(_AXIOMS_TO_WRITE):
        ends = json.loads(arguments)
        for position, id_ in zip(positions, ids, strict=True):
            ends[position] = f"<{id_}>" if id_ else None
        text, subject, object_ = (None, None, None) if None in ends else written_axiom(kind, ends)
        rewritten.append((axiom_id, text, subject, object_))
        dirty += [(source_id, kind, written) for written in (before, text) if written is not None]
    if rewritten:
        connection.execute(
            "CREATE TEMP TABLE rewritten (axiom_id INTEGER, text TEXT, subject TEXT, object TEXT) ON COMMIT DROP"
        )
        copy_rows(connection, "rewritten", rewritten)
        connection.execute(_WRITE_AXIOMS)
        copy_rows(connection, "dirty_axioms", dirty)


def _count(connection: Connection, source_id: int) -> tuple[int, ...]:
    """The rows of the five views, from the tables: nodes, edges, classes, properties, axioms."""
    row = connection.execute(
        """SELECT
        (SELECT count(*) FROM things WHERE source_id = %(source)s AND kind IS NOT NULL),
        (SELECT coalesce(sum(edges), 0) FROM files_ WHERE source_id = %(source)s) - (
            SELECT count(*) FROM targets t JOIN statements e ON e.to_target = t.target_id
            WHERE t.id IS NULL AND t.source_id = %(source)s),
        (SELECT count(*) FROM owl WHERE source_id = %(source)s AND facet = 1),
        (SELECT count(*) FROM owl WHERE source_id = %(source)s AND facet = 2),
        (SELECT count(*) FROM axioms_ WHERE source_id = %(source)s AND first)""",
        {"source": source_id},
    ).fetchone()
    assert row is not None
    return tuple(map(int, row))
