"""How a database differs from the one that it was copied from, before it was synced on.

Both number things, references and files alike, so what differs is found in the tables of those, which are short; of the
edges, most of all rows, only those are read that stand in a changed file or lead by a reference that changed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ghsync_core import Difference, compare, views
from ghsync_plugins.backends.sqlite.connection import connect_read_only
from ghsync_plugins.backends.sqlite.schema import EDGE_NAME

_COMPARED: Final = {
    "files": ("files_", "file_id", "path blob_id size kind status reason fingerprint"),
    "targets": ("targets", "target_id", "key id"),
    "things": ("things", "thing_id", "id kind label home line properties"),
    "axioms": ("axioms_", "axiom_id", "file_id kind text line first merged annotations"),
}
"""Table, key, and the columns in which two rows of one key may differ."""

# Key by key, which takes half the time of EXCEPT.
_ONE_WAY: Final = """SELECT a.{key} AS id FROM {here}.{table} a
    LEFT JOIN {there}.{table} b ON b.{key} = a.{key} AND +b.source_id = :source
    WHERE +a.source_id = :source AND (b.{key} IS NULL OR {differ})"""

_OWL: Final = "thing_id, facet, kind, label, home, line, data"
_IDS: Final = f"""CREATE TEMP TABLE changed_ids AS
    SELECT id FROM main.things WHERE thing_id IN (SELECT id FROM changed_things)
    UNION SELECT id FROM old.things WHERE thing_id IN (SELECT id FROM changed_things)
    UNION SELECT t.id FROM main.things t JOIN (
        SELECT {_OWL} FROM main.owl WHERE source_id = :source
        EXCEPT SELECT {_OWL} FROM old.owl WHERE source_id = :source) o USING (thing_id)
    UNION SELECT t.id FROM old.things t JOIN (
        SELECT {_OWL} FROM old.owl WHERE source_id = :source
        EXCEPT SELECT {_OWL} FROM main.owl WHERE source_id = :source) o USING (thing_id)
    UNION SELECT subject FROM main.axioms_ WHERE axiom_id IN (SELECT id FROM changed_axioms) AND subject IS NOT NULL
    UNION SELECT subject FROM old.axioms_ WHERE axiom_id IN (SELECT id FROM changed_axioms) AND subject IS NOT NULL"""

_EDGES: Final = f"""WITH keys AS (
        SELECT e.subject_id, e.type_id, e.to_target FROM changed_files c
        CROSS JOIN {{db}}.subjects u ON u.file_id = c.id CROSS JOIN {{db}}.statements e USING (subject_id)
        UNION SELECT e.subject_id, e.type_id, e.to_target FROM changed_targets c
        CROSS JOIN {{db}}.subjects u ON u.from_target = c.id CROSS JOIN {{db}}.statements e USING (subject_id)
        UNION SELECT e.subject_id, e.type_id, e.to_target FROM changed_targets c
        CROSS JOIN {{db}}.statements e ON e.to_target = c.id
    )
    SELECT :name, a.id, b.id, y.type, {EDGE_NAME}, f.path, e.line,
        coalesce(e.count, 1), coalesce(e.properties, '{{{{}}}}')
    FROM keys CROSS JOIN {{db}}.statements e USING (subject_id, type_id, to_target)
    JOIN {{db}}.subjects u USING (subject_id) JOIN {{db}}.files_ f USING (file_id)
    JOIN {{db}}.targets a ON a.target_id = u.from_target JOIN {{db}}.targets b ON b.target_id = e.to_target
    JOIN {{db}}.edge_types y USING (type_id)
    WHERE a.id IS NOT NULL AND b.id IS NOT NULL AND a.source_id = :source"""

_AXIOMS: Final = """SELECT :name, a.kind, a.subject, a.object, a.text, f.path, a.line, coalesce(a.merged, a.annotations)
    FROM {db}.axioms_ a LEFT JOIN {db}.files_ f USING (file_id)
    WHERE a.first = 1 AND a.axiom_id IN (SELECT id FROM changed_axioms)"""

_ROWS: Final = {
    "files": """SELECT * FROM {db}.files WHERE +source = :name AND path IN (
        SELECT path FROM {db}.files_ WHERE file_id IN (SELECT id FROM changed_files))""",
    "nodes": "SELECT * FROM {db}.nodes WHERE +source = :name AND id IN (SELECT id FROM changed_ids)",
    "edges": _EDGES,
    "classes": "SELECT * FROM {db}.classes WHERE +source = :name AND iri IN (SELECT id FROM changed_ids)",
    "properties": "SELECT * FROM {db}.properties WHERE +source = :name AND iri IN (SELECT id FROM changed_ids)",
    "axioms": _AXIOMS,
}


def changes(path: Path, before: Path, source: str) -> Iterator[Difference]:
    """What the database at *path* holds otherwise than the one at *before*, of which it is a copy."""
    connection = connect_read_only(path)
    try:
        connection.execute("ATTACH ? AS old", (f"{before.absolute().as_uri()}?mode=ro",))
        connection.execute("PRAGMA query_only = 0")  # for temporary tables; the databases are open for reading only
        (source_id,) = connection.execute("SELECT source_id FROM sources WHERE name = ?", (source,)).fetchone()
        named = {"source": source_id, "name": source}
        for name, (table, key, columns) in _COMPARED.items():
            connection.execute(f"CREATE TEMP TABLE changed_{name} AS {_changed(table, key, columns)}", named)
        connection.execute(_IDS, named)
        for view in views.GRAPH:
            yield from _of_view(connection, view, named)
    finally:
        connection.close()


def _changed(table: str, key: str, columns: str) -> str:
    """The query for the keys of *table* whose rows only one database has, or that differ in any of *columns*."""
    differ = " OR ".join(f"a.{column} IS NOT b.{column}" for column in columns.split())
    ways = (("main", "old"), ("old", "main"))
    return " UNION ".join(
        _ONE_WAY.format(table=table, key=key, here=here, there=there, differ=differ) for here, there in ways
    )


def _of_view(connection: sqlite3.Connection, view: str, named: dict[str, object]) -> Iterator[Difference]:
    old, new = (
        [compare.digested(view, row) for row in connection.execute(_ROWS[view].format(db=db), named)]
        for db in ("old", "main")
    )
    yield from compare.paired(view, old, new)
