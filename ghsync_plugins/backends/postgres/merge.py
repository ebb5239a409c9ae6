"""What several files say of one thing, or by equal axioms, as one row.

By the contract's order: declaring files before mentioning ones, then code-point order of path, then line; the first
non-null value fills each column, JSON merges key by key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from operator import itemgetter
from typing import Final

from ghsync_plugins.backends.postgres.connection import Connection
from ghsync_plugins.backends.postgres.copying import copy_rows
from ghsync_plugins.backends.postgres.rows import Saying, node_data
from ghsync_plugins.backends.relational.merging import first, merged
from ghsync_plugins.backends.relational.rows import CLASS, PROPERTY, Row

# How many sayers each has, counted up to two. Most have one, and get their row without leaving PostgreSQL.
_DUE: Final = """
    DELETE FROM owl WHERE thing_id IN (SELECT thing_id FROM dirty_things);
    CREATE TEMP TABLE due ON COMMIT DROP AS
    SELECT d.thing_id, (SELECT count(*) FROM (SELECT 1 FROM said s WHERE s.thing_id = d.thing_id LIMIT 2) s) AS sayers
    FROM dirty_things d;
    ANALYZE due"""

_OWL: Final = (
    "thing_id, facet, source_id, kind, label, home, line, annotations, comment, domain, range, characteristics"
)

# Nearly all stand as they are since they were first written.
_UPDATE: Final = """UPDATE things t
    SET kind = n.kind, label = n.label, home = n.home, line = n.line, properties = n.properties
    FROM ({rows}) n WHERE n.thing_id = t.thing_id
      AND (t.kind, t.label, t.home, t.line, t.properties)
          IS DISTINCT FROM (n.kind, n.label, n.home, n.line, n.properties)"""

_SINGLE: Final = f"""{
    _UPDATE.format(
        rows='''SELECT thing_id,
            CASE facet WHEN 0 THEN kind WHEN 1 THEN 'class' ELSE 'property' END AS kind, label,
            CASE WHEN declared THEN file_id END AS home, CASE WHEN declared THEN line END AS line,
            CASE WHEN facet = 0 THEN data
                 WHEN facet = 2 AND data <> '{}' THEN '{"annotations":' || data || '}' ELSE '{}' END AS properties
        FROM due JOIN said USING (thing_id) WHERE sayers = 1'''
    )
};
    INSERT INTO owl ({_OWL})
    SELECT s.thing_id, s.facet, t.source_id, s.kind, s.label,
        CASE WHEN s.declared THEN s.file_id END, CASE WHEN s.declared THEN s.line END,
        s.data, s.comment, s.domain, s.range, s.characteristics
    FROM due JOIN said s USING (thing_id) JOIN things t USING (thing_id) WHERE sayers = 1 AND s.facet > 0"""

# A thing that no file says is a stub while something refers to it, spelled as by the first who does.
_UNSAID: Final = f"""
    DELETE FROM things USING due WHERE due.thing_id = things.thing_id AND sayers = 0
    AND NOT EXISTS (SELECT 1 FROM targets t WHERE t.thing_id = due.thing_id);
    {
    _UPDATE.format(
        rows='''SELECT DISTINCT ON (w.thing_id) w.thing_id, 'stub' AS kind, coalesce(w.written, w.name) AS label,
            NULL::integer AS home, NULL::bigint AS line, '{}' AS properties
        FROM (
            SELECT t.thing_id, 0 AS unspelled, f.path, e.line, e.written, t.name
            FROM due JOIN targets t USING (thing_id) JOIN statements e ON e.to_target = t.target_id
            JOIN subjects u USING (subject_id) JOIN files_ f USING (file_id) WHERE sayers = 0
            UNION ALL
            SELECT t.thing_id, 0, f.path, a.line, x.written, t.name
            FROM due JOIN targets t USING (thing_id) JOIN axiom_targets x USING (target_id)
            JOIN axioms_ a USING (axiom_id) JOIN files_ f USING (file_id) WHERE sayers = 0
            UNION ALL
            SELECT t.thing_id, 1, f.path, e.line, NULL, t.name
            FROM due JOIN targets t USING (thing_id) JOIN subjects u ON u.from_target = t.target_id
            JOIN statements e USING (subject_id) JOIN files_ f USING (file_id) WHERE sayers = 0
        ) w ORDER BY w.thing_id, w.unspelled, w.path, w.line NULLS FIRST, w.written NULLS FIRST, w.name'''
    )
}"""

# Of those who say the same of a thing the first stands for all: popular tags have thousands.
_SAYERS: Final = """
    SELECT thing_id, source_id, facet, file_id, declared, kind, label, line, data, comment, domain, range,
        characteristics
    FROM (
        SELECT DISTINCT ON (s.thing_id, s.declared, s.facet, s.kind, s.label, s.data, s.comment, s.domain, s.range,
                            s.characteristics) s.*, f.path, f.source_id
        FROM due JOIN said s USING (thing_id) JOIN files_ f USING (file_id) WHERE sayers = 2
        ORDER BY s.thing_id, s.declared, s.facet, s.kind, s.label, s.data, s.comment, s.domain, s.range,
                 s.characteristics, f.path, s.line NULLS FIRST
    ) d ORDER BY thing_id, declared DESC, path, line NULLS FIRST, facet"""

_MERGED: Final = """CREATE TEMP TABLE merged_things (
    thing_id INTEGER, kind TEXT, label TEXT, home INTEGER, line BIGINT, properties TEXT) ON COMMIT DROP"""


def merge_things(connection: Connection) -> None:
    """Bring the rows of all dirty things up to date."""
    connection.execute(f"{_DUE}; {_SINGLE}; {_UNSAID}")
    things: list[Row] = []
    owl: list[Row] = []
    for (thing_id, source_id), rows in groupby(connection.execute(_SAYERS), key=itemgetter(0, 1)):
        sayers = [Saying(*row[2:]) for row in rows]
        things.append((thing_id, *_thing(sayers)))
        owl += [(thing_id, row[0], source_id, *row[1:]) for row in _owl(sayers)]
    if things:
        connection.execute(_MERGED)
        copy_rows(connection, "merged_things", things)
        connection.execute(f"ANALYZE merged_things; {_UPDATE.format(rows='SELECT * FROM merged_things')}")
        copy_rows(connection, f"owl ({_OWL})", owl)


def _thing(sayers: list[Saying]) -> Row:
    """Kind, label, home, line and properties of what several say."""
    kind, _, home, line, _ = sayers[0].as_thing()
    properties = merged(node_data(said.facet, said.data) for said in sayers if said.facet != CLASS)
    return kind, first(said.label for said in sayers), home, line, properties


def _owl(sayers: list[Saying]) -> Iterator[Row]:
    """Facet, kind, label, home, line and what else only classes and properties have."""
    for facet in (CLASS, PROPERTY):
        of_facet = [said for said in sayers if said.facet == facet]
        if of_facet:
            kind = next((said.kind for said in of_facet if said.kind != "unknown"), "unknown")
            _, _, home, line, _ = of_facet[0].as_thing()
            yield (
                facet, kind, first(said.label for said in of_facet), home, line,
                merged(said.data for said in of_facet), first(said.comment for said in of_facet),
                _joined(said.domain for said in of_facet), _joined(said.range for said in of_facet),
                _joined(said.characteristics for said in of_facet),
            )  # fmt: skip


def _joined(lists: Iterable[Sequence[str] | None]) -> list[str] | None:
    return list(dict.fromkeys(chain.from_iterable(each for each in lists if each))) or None


# Of equal ones the first; the others are found by their text.
_FIRST: Final = """
    CREATE TEMP TABLE equal ON COMMIT DROP AS
    SELECT a.axiom_id, a.annotations, row_number() OVER one AS place, count(*) OVER (PARTITION BY a.source_id, a.kind,
           a.text) AS several, first_value(a.axiom_id) OVER one AS stands
    FROM (SELECT DISTINCT source_id, kind, text FROM dirty_axioms) d
    JOIN axioms_ a ON a.text = d.text AND a.kind = d.kind AND a.source_id = d.source_id
    JOIN files_ f ON f.file_id = a.file_id
    WINDOW one AS (PARTITION BY a.source_id, a.kind, a.text ORDER BY f.path, a.line NULLS FIRST, a.axiom_id);
    ANALYZE equal;
    UPDATE axioms_ a SET first = e.place = 1, merged = NULL FROM equal e
    WHERE e.axiom_id = a.axiom_id AND (a.first <> (e.place = 1) OR a.merged IS NOT NULL)"""

_ANNOTATED: Final = """SELECT stands, annotations FROM equal
    WHERE stands IN (SELECT stands FROM equal WHERE several > 1 AND annotations <> '{}') ORDER BY stands, place"""


def merge_axioms(connection: Connection) -> None:
    """Choose the first of each dirty text's axioms, and merge the annotations of those that several places state."""
    connection.execute(_FIRST)
    found = [
        (axiom_id, merged(row[1] for row in rows))
        for axiom_id, rows in groupby(connection.execute(_ANNOTATED), key=itemgetter(0))
    ]
    if found:
        connection.execute(
            """UPDATE axioms_ a SET merged = n.merged FROM unnest(%s::integer[], %s::text[]) AS n(axiom_id, merged)
            WHERE n.axiom_id = a.axiom_id""",
            ([axiom_id for axiom_id, _ in found], [text for _, text in found]),
        )
