"""Which parts of the graph have changed since the target was last brought up to date, as triggers of the ledger see it.

They note it in the ledger's own transactions, so that what a crash undoes is not noted, and what it leaves is. Each
watches one table that a view shows: a row of the view can't change but by one of these. A first load notes its files
alone; what is settled as a whole is also applied as a whole.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from ghsync_plugins.backends.sqlite.connection import statements, transaction
from ghsync_plugins.backends.sqlite.schema import LISTED

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS marks (source_id INTEGER PRIMARY KEY, mark TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS touched_files (source_id INTEGER NOT NULL, path TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS touched_things (source_id INTEGER NOT NULL, id TEXT NOT NULL);
"""
"""The same may be noted more than once: inside a trigger, OR IGNORE gives way to what its statement says."""


def _listed(row: str) -> str:
    return f"(SELECT unsettled FROM sources WHERE source_id = {row}.source_id) = {LISTED}"


def _home(row: str) -> str:
    """Note the file in which *row* of ``things`` or ``owl`` stands, or, where it stands in none, the thing itself."""
    return f"""
    INSERT INTO touched_files SELECT source_id, path FROM files_ WHERE file_id = {row}.home;
    INSERT INTO touched_things SELECT source_id, id FROM things
    WHERE thing_id = {row}.thing_id AND {row}.home IS NULL;"""


def _axiom(row: str) -> str:
    """Note where the axiom stands, and where the property stands of whose domain or range it tells."""
    return f"""
    INSERT INTO touched_files SELECT source_id, path FROM files_ WHERE file_id = {row}.file_id;
    INSERT INTO touched_files SELECT f.source_id, f.path
    FROM things t CROSS JOIN owl o USING (thing_id) CROSS JOIN files_ f ON f.file_id = o.home
    WHERE t.id = {row}.subject AND t.source_id = {row}.source_id AND o.facet = 2 AND {_ENDS.format(row=row)};
    INSERT INTO touched_things SELECT t.source_id, t.id FROM things t CROSS JOIN owl o USING (thing_id)
    WHERE t.id = {row}.subject AND t.source_id = {row}.source_id AND o.facet = 2 AND o.home IS NULL
      AND {_ENDS.format(row=row)};"""


_ENDS: Final = "({row}.kind GLOB '*PropertyDomain' OR {row}.kind GLOB '*PropertyRange')"

_USERS: Final = """
    INSERT INTO touched_files SELECT DISTINCT f.source_id, f.path
    FROM statements e CROSS JOIN subjects u USING (subject_id) CROSS JOIN files_ f USING (file_id)
    WHERE e.to_target = new.target_id;
    INSERT INTO touched_files SELECT DISTINCT f.source_id, f.path
    FROM subjects u CROSS JOIN files_ f USING (file_id) WHERE u.from_target = new.target_id;"""

_FILE: Final = "INSERT INTO touched_files VALUES ({row}.source_id, {row}.path);"

_THING: Final = ("kind", "label", "home", "line", "properties")
_AXIOM: Final = ("text", "subject", "object", "first", "merged")


def _differ(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"old.{column} IS NOT new.{column}" for column in columns)


_TRIGGERS: Final = {
    "files_came": ("INSERT ON files_", "true", _FILE.format(row="new")),
    "files_changed": (
        "UPDATE OF blob_id, size, kind, status, reason, commit_id, synced_at ON files_",
        "true",
        _FILE.format(row="new"),
    ),
    "files_went": ("DELETE ON files_", "true", _FILE.format(row="old")),
    "things_came": ("INSERT ON things", f"new.kind IS NOT NULL AND {_listed('new')}", _home("new")),
    "things_changed": (
        f"UPDATE OF {', '.join(_THING)} ON things",
        f"({_differ(_THING)}) AND {_listed('new')}",
        _home("old") + _home("new"),
    ),
    "things_went": (
        "DELETE ON things",
        f"old.kind IS NOT NULL AND {_listed('old')}",
        "INSERT INTO touched_files SELECT source_id, path FROM files_ WHERE file_id = old.home;"
        "INSERT INTO touched_things SELECT old.source_id, old.id WHERE old.home IS NULL;",
    ),
    "owl_came": ("INSERT ON owl", _listed("new"), _home("new")),
    "owl_went": ("DELETE ON owl", _listed("old"), _home("old")),
    "targets_turned": (
        "UPDATE OF id ON targets",
        f"old.id IS NOT new.id AND {_listed('new')}",
        _USERS,
    ),
    "axioms_changed": (
        f"UPDATE OF {', '.join(_AXIOM)} ON axioms_",
        f"({_differ(_AXIOM)}) AND {_listed('new')}",
        _axiom("old") + _axiom("new"),
    ),
    "axioms_went": ("DELETE ON axioms_", f"old.first AND {_listed('old')}", _axiom("old")),
}


def keep(connection: sqlite3.Connection) -> None:
    """Begin a journal in the ledger, where there is none yet."""
    with transaction(connection):
        for statement in statements(_TABLES):
            connection.execute(statement)
        for name, (event, condition, body) in _TRIGGERS.items():
            connection.execute(f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {event} WHEN {condition} BEGIN {body} END")


def mark_of(connection: sqlite3.Connection, source: str) -> str | None:
    """The mark that the target should have; None where it was never given one."""
    query = "SELECT mark FROM marks JOIN sources USING (source_id) WHERE name = ?"
    row = connection.execute(query, (source,)).fetchone()
    return str(row[0]) if row else None


def anything(connection: sqlite3.Connection, source: str) -> bool:
    """Whether any part of *source* may have changed."""
    (found,) = connection.execute(
        """SELECT EXISTS (SELECT 1 FROM touched_files WHERE source_id = s.source_id)
        OR EXISTS (SELECT 1 FROM touched_things WHERE source_id = s.source_id) FROM sources s WHERE name = ?""",
        (source,),
    ).fetchone()
    return bool(found)


def applied(connection: sqlite3.Connection, source: str, mark: str) -> None:
    """Note that the target has all of *source*, under *mark*."""
    (source_id,) = connection.execute("SELECT source_id FROM sources WHERE name = ?", (source,)).fetchone()
    forget(connection, source_id)
    connection.execute("INSERT INTO marks VALUES (?, ?)", (source_id, mark))


def forget(connection: sqlite3.Connection, source_id: int) -> None:
    """Keep nothing of a source."""
    for table in ("marks", "touched_files", "touched_things"):
        connection.execute(f"DELETE FROM {table} WHERE source_id = ?", (source_id,))
