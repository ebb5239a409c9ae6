"""What the database remembers of each source between runs."""

from __future__ import annotations

import json
import sqlite3

from ghsync_core import SourceState, UsageError
from ghsync_plugins.backends.sqlite import search

_STATE = """SELECT name, location, identity, commit_id, coalesce(memory, '{}'), fingerprint, clean AND unsettled = 0
    FROM sources LEFT JOIN memories USING (source_id) WHERE """


def find(
    connection: sqlite3.Connection, *, name: str | None, location: str | None, identity: str | None
) -> SourceState | None:
    """The source known by any of these, tried in this order."""
    for column, value in (("name", name), ("location", location), ("identity", identity)):
        if value is None:
            continue
        row = connection.execute(f"{_STATE}{column} = ?", (value,)).fetchone()
        if row:
            name_, location_, identity_, commit, memory, fingerprint, clean = row
            return SourceState(name_, location_ or "", commit, identity_, json.loads(memory), fingerprint, bool(clean))
    return None


def remember(connection: sqlite3.Connection, source_id: int, state: SourceState) -> None:
    """Write *state*; a memory that stayed as it was, which may be megabytes, is left alone."""
    connection.execute(
        """UPDATE sources SET location = ?, identity = ?, commit_id = ?, fingerprint = ?, clean = ?
        WHERE source_id = ?""",
        (state.location, state.identity, state.commit, state.fingerprint, int(state.clean), source_id),
    )
    connection.execute(
        """INSERT INTO memories VALUES (?, ?)
        ON CONFLICT DO UPDATE SET memory = excluded.memory WHERE memory <> excluded.memory""",
        (source_id, json.dumps(dict(state.memory), sort_keys=True)),
    )


_OWNED = (
    "DELETE FROM axiom_targets WHERE axiom_id IN (SELECT axiom_id FROM axioms_ WHERE source_id = :source)",
    "DELETE FROM unwritten_axioms WHERE axiom_id IN (SELECT axiom_id FROM axioms_ WHERE source_id = :source)",
    "DELETE FROM dirty_axioms WHERE source_id = :source",
    "DELETE FROM axioms_ WHERE source_id = :source",
    """DELETE FROM statements WHERE subject_id IN (
        SELECT subject_id FROM subjects JOIN files_ USING (file_id) WHERE source_id = :source)""",
    "DELETE FROM subjects WHERE file_id IN (SELECT file_id FROM files_ WHERE source_id = :source)",
    "DELETE FROM target_names WHERE target_id IN (SELECT target_id FROM targets WHERE source_id = :source)",
    "DELETE FROM dirty_targets WHERE target_id IN (SELECT target_id FROM targets WHERE source_id = :source)",
    "DELETE FROM targets WHERE source_id = :source",
    "DELETE FROM answers WHERE file_id IN (SELECT file_id FROM files_ WHERE source_id = :source)",
    "DELETE FROM dirty_names WHERE name_id IN (SELECT name_id FROM names WHERE source_id = :source)",
    "DELETE FROM names WHERE source_id = :source",
    "DELETE FROM owl WHERE thing_id IN (SELECT thing_id FROM things WHERE source_id = :source)",
    "DELETE FROM said WHERE file_id IN (SELECT file_id FROM files_ WHERE source_id = :source)",
    "DELETE FROM dirty_things WHERE thing_id IN (SELECT thing_id FROM things WHERE source_id = :source)",
    "DELETE FROM things WHERE source_id = :source",
    "DELETE FROM issues WHERE file_id IN (SELECT file_id FROM files_ WHERE source_id = :source)",
    "DELETE FROM files_ WHERE source_id = :source",
    "DELETE FROM runs_ WHERE source = (SELECT name FROM sources WHERE source_id = :source)",
    "DELETE FROM memories WHERE source_id = :source",
    "DELETE FROM sources WHERE source_id = :source",
)


def forget(connection: sqlite3.Connection, name: str) -> int:
    """Take the source out with all that its files said; the number of its files. Raises `UsageError` for a stranger."""
    row = connection.execute("SELECT source_id FROM sources WHERE name = ?", (name,)).fetchone()
    if row is None:
        known = ", ".join(found for (found,) in connection.execute("SELECT name FROM sources ORDER BY name")) or "none"
        raise UsageError(f"the store holds no source {name!r}. It holds: {known}.")
    (files,) = connection.execute("SELECT count(*) FROM files_ WHERE source_id = ?", row).fetchone()
    search.forget(connection, row[0])
    for statement in _OWNED:
        connection.execute(statement, {"source": row[0]})
    return int(files)
