"""What each file says, for ``ghsync explain``: read from the tables beneath the views, where it is kept by file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Final

from ghsync_core import Answer, Name, Reference, Said, Stated

_VIEWS: Final = ("nodes", "classes", "properties")
"""By facet."""

_SAID: Final = """SELECT f.path, s.line, s.facet, s.kind, s.label, s.declared,
        (SELECT json_group_array(json_array(a.rank, n.scope, n.text, a.path))
         FROM answers a JOIN names n USING (name_id) WHERE a.file_id = s.file_id AND a.thing_id = s.thing_id)
    FROM things t JOIN sources o USING (source_id) JOIN said s USING (thing_id) JOIN files_ f USING (file_id)
    WHERE o.name = ? AND t.id = ? ORDER BY s.declared DESC, f.path, s.line, s.facet"""

# From the references that mean the node: their number is small, whatever that of the edges.
_STATED: Final = """SELECT f.path, e.line, coalesce(e.count, 1), u.from_target, e.to_target, coalesce(e.written, b.name)
    FROM targets b CROSS JOIN statements e ON e.to_target = b.target_id
    JOIN subjects u USING (subject_id) JOIN files_ f USING (file_id) JOIN edge_types y USING (type_id)
    JOIN targets a ON a.target_id = u.from_target JOIN sources o ON o.source_id = b.source_id
    WHERE b.id = :to AND o.name = :source AND a.id IS NOT NULL
        AND (:from IS NULL OR a.id = :from) AND (:type IS NULL OR y.type = :type)
    ORDER BY f.path, e.line, y.type, b.name"""

_REFERENCE: Final = """SELECT t.stub, t.name, t.path, t.folder, (
        SELECT json_group_array(json_array(r.position, n.scope, n.text))
        FROM target_names r JOIN names n USING (name_id) WHERE r.target_id = t.target_id)
    FROM targets t WHERE t.target_id = ?"""

_ANSWERING: Final = """SELECT n.scope, n.text, a.rank, a.path, t.id, f.path
    FROM sources o JOIN names n USING (source_id) JOIN answers a USING (name_id)
    JOIN things t USING (thing_id) JOIN files_ f USING (file_id)
    WHERE o.name = ? AND n.scope = ? AND n.text = ?"""


def said(connection: sqlite3.Connection, source: str, id_: str) -> Iterator[Said]:
    """See `Explains.said`."""
    for path, line, facet, kind, label, declared, answers in connection.execute(_SAID, (source, id_)):
        told = sorted(json.loads(answers))
        names = tuple(Answer(Name(scope, text), rank, place) for rank, scope, text, place in told)
        yield Said(path, line, _VIEWS[facet], kind, label, bool(declared), names)


def stated(
    connection: sqlite3.Connection, source: str, to_id: str, from_id: str | None, type_: str | None
) -> Iterator[Stated]:
    """See `Explains.stated`."""
    known: dict[int, Reference] = {}
    wanted = {"source": source, "to": to_id, "from": from_id, "type": type_}
    for path, line, count, subject, target, written in connection.execute(_STATED, wanted):
        for number in (subject, target):
            if number not in known:
                known[number] = _reference(connection, number)
        yield Stated(path, line, count, known[subject], known[target]._replace(text=written))


def answering(connection: sqlite3.Connection, source: str, name: Name) -> Iterator[tuple[Answer, str, str]]:
    """See `Explains.answering`."""
    for scope, text, rank, place, id_, path in connection.execute(_ANSWERING, (source, *name)):
        yield Answer(Name(scope, text), rank, place), id_, path


def _reference(connection: sqlite3.Connection, number: int) -> Reference:
    stub, text, path, folder, asked = connection.execute(_REFERENCE, (number,)).fetchone()
    return Reference(tuple(Name(scope, name) for _, scope, name in sorted(json.loads(asked))), stub, text, path, folder)
