"""Where what the database holds (schema ``main``) and what was derived again (schema ``temp``) are not the same."""

from __future__ import annotations

from typing import Final

LOST: Final = {
    "edges start at a reference": """SELECT f.path, NULL FROM files_ f CROSS JOIN subjects u ON u.file_id = f.file_id
        WHERE f.source_id = :source AND NOT EXISTS (SELECT 1 FROM main.targets t WHERE t.target_id = u.from_target)""",
    "a file speaks of a thing": """SELECT f.path, s.line FROM files_ f CROSS JOIN said s ON s.file_id = f.file_id
        WHERE f.source_id = :source AND NOT EXISTS (SELECT 1 FROM main.things t WHERE t.thing_id = s.thing_id)""",
}
"""Path and line of rows that point at what is not there: a view leaves them out without a word."""

EDGES_OF_FILES: Final = """SELECT f.path, f.edges, count(t.target_id) FROM files_ f
    LEFT JOIN subjects u ON u.file_id = f.file_id LEFT JOIN statements e ON e.subject_id = u.subject_id
    LEFT JOIN main.targets t ON t.target_id = e.to_target
    WHERE f.source_id = :source GROUP BY f.file_id HAVING f.edges <> count(t.target_id)"""
"""Files whose edges that lead somewhere are not as many as is written down: path, number stored, number counted."""

LOST_EDGES: Final = """SELECT f.path, e.line FROM files_ f
    CROSS JOIN subjects u ON u.file_id = f.file_id CROSS JOIN statements e ON e.subject_id = u.subject_id
    WHERE f.source_id = :source AND NOT EXISTS (SELECT 1 FROM main.targets t WHERE t.target_id = e.to_target)"""
"""Path and line of the edges that lead nowhere; sought only where their number is wrong."""

COUNTS: Final = """SELECT old.counts, new.counts FROM main.sources old JOIN temp.sources new USING (source_id)
    WHERE source_id = :source"""


def _said_of(alias: str, present: str, data: str) -> str:
    """The merged columns of a thing as JSON, null where there is none."""
    return f"""iif({alias}.{present} IS NULL, NULL, json_object(
        'kind', {alias}.kind, 'label', {alias}.label, 'line', {alias}.line, '{data}', {alias}.{data},
        'path', (SELECT path FROM files_ WHERE file_id = {alias}.home)))"""


def _merged(things: str, joined: str, data: str) -> str:
    """A comparison of what is merged of several files: ``old`` and ``new`` are *joined* to the *things* ``g``."""
    present = "thing_id"
    columns = ("kind", "label", "home", "line", data)
    old, new = (", ".join(f"{alias}.{column}" for column in columns) for alias in ("old", "new"))
    return f"""SELECT g.id, (SELECT path FROM files_ WHERE file_id = coalesce(new.home, old.home)),
            coalesce(new.line, old.line), {_said_of("old", present, data)}, {_said_of("new", present, data)}
        FROM {things} g {joined} WHERE ({old}) IS NOT ({new})"""


def _owl(facet: int) -> str:
    joined = " ".join(
        f"LEFT JOIN {schema}.owl {alias} ON {alias}.thing_id = g.thing_id AND {alias}.facet = {facet}"
        for schema, alias in (("main", "old"), ("temp", "new"))
    )
    return _merged("(SELECT thing_id, id FROM main.things WHERE source_id = :source)", joined, "data")


_NODES: Final = _merged(
    """(SELECT id FROM main.things WHERE source_id = :source
        UNION SELECT id FROM temp.things WHERE source_id = :source)""",
    """LEFT JOIN main.things old ON old.source_id = :source AND old.id = g.id
        LEFT JOIN temp.things new ON new.source_id = :source AND new.id = g.id""",
    "properties",
)


def _edges(end: str, uses: str) -> str:
    """Edges one of whose ends, *end*, means another node than it should."""
    return f"""SELECT a.id || ' -' || y.type || '-> ' || b.id, f.path, e.line,
            json_object('{end}', old.id, 'node', g.id), json_object('{end}', new.id, 'node', new.id)
        FROM temp.targets new JOIN main.targets old USING (target_id)
        LEFT JOIN main.things g ON g.thing_id = old.thing_id {uses}
        JOIN files_ f ON f.file_id = u.file_id JOIN edge_types y ON y.type_id = e.type_id
        JOIN temp.targets a ON a.target_id = u.from_target JOIN temp.targets b ON b.target_id = e.to_target
        WHERE old.id IS NOT new.id OR g.id IS NOT new.id"""


_AXIOMS: Final = """SELECT new.kind || ': ' || coalesce(new.text, new.arguments), f.path, new.line,
        json_object('text', old.text, 'subject', old.subject, 'object', old.object,
                    'first', old.first, 'merged', old.merged),
        json_object('text', new.text, 'subject', new.subject, 'object', new.object,
                    'first', new.first, 'merged', new.merged)
    FROM temp.axioms_ new JOIN main.axioms_ old USING (axiom_id) LEFT JOIN files_ f ON f.file_id = new.file_id
    WHERE (old.text, old.subject, old.object, old.first, old.merged)
        IS NOT (new.text, new.subject, new.object, new.first, new.merged)"""

CHANGED: Final = (
    ("nodes", _NODES),
    (
        "edges",
        _edges(
            "from_id",
            "CROSS JOIN subjects u ON u.from_target = new.target_id CROSS JOIN statements e USING (subject_id)",
        ),
    ),
    (
        "edges",
        _edges(
            "to_id",
            "CROSS JOIN statements e ON e.to_target = new.target_id JOIN subjects u USING (subject_id)",
        ),
    ),
    ("classes", _owl(1)),
    ("properties", _owl(2)),
    ("axioms", _AXIOMS),
)
"""For each view: the fact, path, line, and JSON of what is stored and of what should be."""
