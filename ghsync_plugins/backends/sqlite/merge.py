"""What several files say of one thing, as one row; and of several equal axioms, the first.

In the contract's order: declaring files before mentioning ones, then code-point order of path, then line; the first
non-null value fills each column, JSON merges key by key.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from ghsync_plugins.backends.relational.merging import first, merged
from ghsync_plugins.backends.relational.rows import CLASS, NODE, PROPERTY, encode

# Most things are said by one file, and get their row without leaving SQLite.
_SECOND = "SELECT 1 FROM said s WHERE s.thing_id = d.thing_id LIMIT 1 OFFSET 1"
_SINGLE = f"""SELECT thing_id FROM dirty_things d
    WHERE EXISTS (SELECT 1 FROM said s WHERE s.thing_id = d.thing_id) AND NOT EXISTS ({_SECOND})"""
_SEVERAL = f"SELECT thing_id FROM dirty_things d WHERE EXISTS ({_SECOND})"
_UNSAID = "SELECT thing_id FROM dirty_things d WHERE NOT EXISTS (SELECT 1 FROM said s WHERE s.thing_id = d.thing_id)"

_MERGE_SINGLE = (
    f"""UPDATE things SET kind = s.kind, label = s.label, home = iif(s.declared, s.file_id, NULL),
        line = iif(s.declared, s.line, NULL), properties = s.data
    FROM said s WHERE s.thing_id = things.thing_id AND s.facet = 0 AND things.thing_id IN ({_SINGLE})""",
    f"""UPDATE things SET kind = iif(s.facet = 1, 'class', 'property'), label = s.label,
        home = iif(s.declared, s.file_id, NULL), line = iif(s.declared, s.line, NULL),
        properties = iif(s.facet = 2 AND json_extract(s.data, '$.annotations') <> '{{}}',
                         json_object('annotations', json(json_extract(s.data, '$.annotations'))), '{{}}')
    FROM said s WHERE s.thing_id = things.thing_id AND s.facet > 0 AND things.thing_id IN ({_SINGLE})""",
    f"""INSERT INTO owl (thing_id, facet, source_id, kind, label, home, line, data)
    SELECT s.thing_id, s.facet, t.source_id, s.kind, s.label,
        iif(s.declared, s.file_id, NULL), iif(s.declared, s.line, NULL), s.data
    FROM said s JOIN things t ON t.thing_id = s.thing_id WHERE s.facet > 0 AND s.thing_id IN ({_SINGLE})""",
)

_SAYERS = """SELECT s.facet, s.declared, s.kind, s.label, s.file_id, s.line, s.data
    FROM said s JOIN files_ f USING (file_id) WHERE s.thing_id = ?
    ORDER BY s.declared DESC, f.path, s.line, s.facet"""

# A thing that no file says is a stub while something refers to it, spelled as by the first who does.
_STUB_LABEL = """SELECT coalesce(w.written, w.name) FROM (
        SELECT 0 AS unspelled, f.path, e.line, e.written, t.name
        FROM targets t JOIN statements e ON e.to_target = t.target_id
        JOIN subjects u USING (subject_id) JOIN files_ f USING (file_id) WHERE t.thing_id = things.thing_id
        UNION ALL
        SELECT 0, f.path, a.line, x.written, t.name
        FROM targets t JOIN axiom_targets x USING (target_id)
        JOIN axioms_ a USING (axiom_id) JOIN files_ f USING (file_id) WHERE t.thing_id = things.thing_id
        UNION ALL
        SELECT 1, f.path, e.line, NULL, t.name
        FROM targets t JOIN subjects u ON u.from_target = t.target_id
        JOIN statements e USING (subject_id) JOIN files_ f USING (file_id) WHERE t.thing_id = things.thing_id
    ) w ORDER BY w.unspelled, w.path, w.line, w.written, w.name LIMIT 1"""

_MERGE_UNSAID = (
    f"""DELETE FROM things WHERE thing_id IN ({_UNSAID})
    AND NOT EXISTS (SELECT 1 FROM targets t WHERE t.thing_id = things.thing_id)""",
    f"""UPDATE things SET kind = 'stub', label = ({_STUB_LABEL}), home = NULL, line = NULL, properties = '{{}}'
    WHERE thing_id IN ({_UNSAID})""",
)


def merge_things(connection: sqlite3.Connection) -> None:
    """Bring the rows of all dirty things up to date."""
    connection.execute("DELETE FROM owl WHERE thing_id IN (SELECT thing_id FROM dirty_things)")
    for statement in (*_MERGE_SINGLE, *_MERGE_UNSAID):
        connection.execute(statement)
    for (thing_id,) in connection.execute(_SEVERAL).fetchall():
        _merge_several(connection, thing_id)


def _merge_several(connection: sqlite3.Connection, thing_id: int) -> None:
    sayers = connection.execute(_SAYERS, (thing_id,)).fetchall()
    facet, declared, kind, _, file_id, line, _ = sayers[0]
    properties = merged(_node_data(said[0], said[6]) for said in sayers if said[0] != CLASS)
    connection.execute(
        "UPDATE things SET kind = ?, label = ?, home = ?, line = ?, properties = ? WHERE thing_id = ?",
        (
            {CLASS: "class", PROPERTY: "property"}.get(facet, kind), first(said[3] for said in sayers),
            file_id if declared else None, line if declared else None, properties, thing_id,
        ),
    )  # fmt: skip
    for facet in (CLASS, PROPERTY):
        _merge_owl(connection, thing_id, facet, [said for said in sayers if said[0] == facet])


def _merge_owl(connection: sqlite3.Connection, thing_id: int, facet: int, sayers: list[tuple[Any, ...]]) -> None:
    if not sayers:
        return
    _, declared, _, _, file_id, line, _ = sayers[0]
    kind = next((said[2] for said in sayers if said[2] != "unknown"), "unknown")
    connection.execute(
        """INSERT INTO owl (thing_id, facet, source_id, kind, label, home, line, data)
        SELECT thing_id, ?, source_id, ?, ?, ?, ?, ? FROM things WHERE thing_id = ?""",
        (
            facet, kind, first(said[3] for said in sayers),
            file_id if declared else None, line if declared else None, merged(said[6] for said in sayers),
            thing_id,
        ),
    )  # fmt: skip


def _node_data(facet: int, data: str) -> str:
    """What a sayer adds to the node's own properties: of a property, its annotations."""
    if facet == NODE:
        return data
    annotations = json.loads(data)["annotations"]
    return encode({"annotations": annotations} if annotations else {})


def merge_axioms(connection: sqlite3.Connection) -> None:
    """Choose the first of each dirty text's axioms, and merge the annotations of those that several places state."""
    connection.execute(
        """UPDATE axioms_ SET merged = NULL, first = axiom_id = (
            SELECT b.axiom_id FROM axioms_ b JOIN files_ f USING (file_id)
            WHERE b.source_id = axioms_.source_id AND b.kind = axioms_.kind AND b.text = axioms_.text
            ORDER BY f.path, b.line, b.axiom_id LIMIT 1)
        WHERE axiom_id IN (SELECT a.axiom_id FROM dirty_axioms d CROSS JOIN axioms_ a
                           ON a.source_id = d.source_id AND a.kind = d.kind AND a.text = d.text)"""
    )
    annotated = connection.execute(
        """SELECT d.source_id, d.kind, d.text FROM dirty_axioms d CROSS JOIN axioms_ a
        ON a.source_id = d.source_id AND a.kind = d.kind AND a.text = d.text
        GROUP BY 1, 2, 3 HAVING count(*) > 1 AND max(a.annotations <> '{}')"""
    ).fetchall()
    for equal in annotated:
        said = connection.execute(
            """SELECT a.annotations FROM axioms_ a JOIN files_ f USING (file_id)
            WHERE a.source_id = ? AND a.kind = ? AND a.text = ? ORDER BY f.path, a.line, a.axiom_id""",
            equal,
        )
        connection.execute(
            "UPDATE axioms_ SET merged = ? WHERE source_id = ? AND kind = ? AND text = ? AND first = 1",
            (merged(annotations for (annotations,) in said), *equal),
        )
