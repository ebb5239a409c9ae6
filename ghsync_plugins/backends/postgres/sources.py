"""What the database remembers of each source between runs."""

from __future__ import annotations

import json

from ghsync_core import SourceState, UsageError
from ghsync_plugins.backends.postgres.connection import Connection

_STATE = """SELECT name, location, identity, commit_id, coalesce(memory, '{{}}'), fingerprint, clean AND unsettled = 0
    FROM sources LEFT JOIN memories USING (source_id) WHERE {column} = %s ORDER BY source_id LIMIT 1"""


def find(connection: Connection, *, name: str | None, location: str | None, identity: str | None) -> SourceState | None:
    """The source known by any of these, tried in this order."""
    for column, value in (("name", name), ("location", location), ("identity", identity)):
        row = None if value is None else connection.execute(_STATE.format(column=column), (value,)).fetchone()
        if row:
            name_, location_, identity_, commit, memory, fingerprint, clean = row
            return SourceState(name_, location_ or "", commit, identity_, json.loads(memory), fingerprint, clean)
    return None


def number(connection: Connection, name: str) -> int | None:
    """The number of the source of that name."""
    row = connection.execute("SELECT source_id FROM sources WHERE name = %s", (name,)).fetchone()
    return int(row[0]) if row else None


def remember(connection: Connection, source_id: int, state: SourceState) -> None:
    """Write *state*; a memory that stayed as it was, which may be megabytes, is left alone."""
    connection.execute(
        """UPDATE sources SET location = %s, identity = %s, commit_id = %s, fingerprint = %s, clean = %s
        WHERE source_id = %s""",
        (state.location, state.identity, state.commit, state.fingerprint, state.clean, source_id),
    )
    connection.execute(
        """INSERT INTO memories AS m VALUES (%s, %s)
        ON CONFLICT (source_id) DO UPDATE SET memory = excluded.memory WHERE m.memory <> excluded.memory""",
        (source_id, json.dumps(dict(state.memory), sort_keys=True)),
    )


_OF_FILES = "file_id IN (SELECT file_id FROM files_ WHERE source_id = {source})"
_OF_AXIOMS = "axiom_id IN (SELECT axiom_id FROM axioms_ WHERE source_id = {source})"
_OF_TARGETS = "target_id IN (SELECT target_id FROM targets WHERE source_id = {source})"
_OF_THINGS = "thing_id IN (SELECT thing_id FROM things WHERE source_id = {source})"
_OWNED = {
    "axiom_targets": _OF_AXIOMS,
    "unwritten_axioms": _OF_AXIOMS,
    "dirty_axioms": "source_id = {source}",
    "axioms_": "source_id = {source}",
    "statements": f"subject_id IN (SELECT subject_id FROM subjects WHERE {_OF_FILES})",
    "subjects": _OF_FILES,
    "target_names": _OF_TARGETS,
    "dirty_targets": _OF_TARGETS,
    "targets": "source_id = {source}",
    "answers": _OF_FILES,
    "dirty_names": "name_id IN (SELECT name_id FROM names WHERE source_id = {source})",
    "names": "source_id = {source}",
    "owl": _OF_THINGS,
    "said": _OF_FILES,
    "search_index": _OF_THINGS,
    "dirty_things": _OF_THINGS,
    "things": "source_id = {source}",
    "issues": _OF_FILES,
    "files_": "source_id = {source}",
    "runs_": "source = (SELECT name FROM sources WHERE source_id = {source})",
    "memories": "source_id = {source}",
    "sources": "source_id = {source}",
}
"""Which rows of each table belong to a source, in the order in which they can go."""


def forget(connection: Connection, name: str) -> int:
    """Take the source out with all that its files said; the number of its files. Raises `UsageError` for a stranger."""
    source_id = number(connection, name)
    if source_id is None:
        known = ", ".join(row[0] for row in connection.execute("SELECT name FROM sources ORDER BY name")) or "none"
        raise UsageError(f"the store holds no source {name!r}. It holds: {known}.")
    row = connection.execute("SELECT count(*) FROM files_ WHERE source_id = %s", (source_id,)).fetchone()
    assert row is not None
    for table, condition in _OWNED.items():
        connection.execute(f"DELETE FROM {table} WHERE {condition.format(source=source_id)}")
    return int(row[0])
