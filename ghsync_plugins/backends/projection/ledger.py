"""The settled graph, read by parts.

A hundred files at a time, each view by one statement that begins at the files: by itself SQLite would rather read a
whole source, for each of them again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple

from ghsync_core import views
from ghsync_plugins.backends.sqlite.schema import EDGE_NAME, EDGES_BY_FILE

Row = tuple[Any, ...]
"""A row of a view: its values in the order of `ghsync_core.views.COLUMNS`; JSON columns hold their text."""

_AT_ONCE: Final = 100
"""Parts that are read together: so much of the graph is in memory at a time."""

_NAMED: Final = {"nodes": "id", "classes": "iri", "properties": "iri"}
"""The views of things, whose rows may stand without a path, with the column that names them."""

_HOME: Final = """SELECT t.id FROM files_ f CROSS JOIN things t ON t.home = f.file_id
    WHERE f.source_id = :source AND f.path IN ({marks})"""
_SAID: Final = """SELECT t.id FROM files_ f CROSS JOIN said s ON s.file_id = f.file_id AND s.facet = {facet}
    CROSS JOIN owl o ON o.thing_id = s.thing_id AND o.facet = s.facet AND o.home = f.file_id
    CROSS JOIN things t ON t.thing_id = s.thing_id
    WHERE f.source_id = :source AND f.path IN ({{marks}})"""
_IN_FILES: Final = {"nodes": _HOME, "classes": _SAID.format(facet=1), "properties": _SAID.format(facet=2)}
"""The ids of the things of each view that stand in some files."""

_ROWS: Final = {
    "files": """SELECT :name, path, blob_id, size, kind, status, reason, commit_id, synced_at FROM files_
        WHERE source_id = :source AND path IN ({marks}) ORDER BY path""",
    "edges": f"""SELECT :name, a.id, b.id, y.type, {EDGE_NAME} AS name,
            f.path, e.line, coalesce(e.count, 1), coalesce(e.properties, '{{{{}}}}')
        {EDGES_BY_FILE} AND f.source_id = :source AND f.path IN ({{marks}})
        ORDER BY f.path, a.id, y.type, b.id, name""",
    "axioms": """SELECT :name, a.kind, a.subject, a.object, a.text, f.path, a.line, coalesce(a.merged, a.annotations)
        FROM files_ f CROSS JOIN axioms_ a ON a.file_id = f.file_id
        WHERE f.source_id = :source AND f.path IN ({marks}) AND a.first = 1 ORDER BY f.path, a.kind, a.text""",
}
"""The rows of each view that stand in some files, as the view of that name has them."""


class Part(NamedTuple):
    """What is replaced as a whole: all rows that name one *path*, or, where that is None, the rows without a path of
    the one thing *id*. Without any rows there is no such part any more.

    ``rows`` are by view, sorted as `GraphReader.rows` gives them ``ordered``; a view without rows is left out.
    """

    path: str | None
    id: str | None
    rows: Mapping[str, Sequence[Row]]


class Ledger:
    """The settled graph of every source, for targets that must write more than what changed."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def sources(self) -> list[str]:
        """The names of all sources, sorted."""
        return [name for (name,) in self._connection.execute("SELECT name FROM sources ORDER BY name")]

    def parts(self, source: str) -> Iterator[Part]:
        """All parts of *source*, those with a path first, both in code-point order."""
        yield from self._files(source, self._texts("SELECT path FROM files WHERE source = ? ORDER BY path", source))
        ids = " UNION ".join(
            f"SELECT {column} FROM {view} WHERE source = ?1 AND path IS NULL" for view, column in _NAMED.items()
        )
        yield from self._things(source, self._texts(f"{ids} ORDER BY 1", source))

    def touched_parts(self, source: str) -> Iterator[Part]:
        """The parts of *source* that may have changed since the last mark."""
        touched = "SELECT DISTINCT {what} FROM touched_{table} JOIN sources USING (source_id) WHERE name = ? ORDER BY 1"
        yield from self._files(source, self._texts(touched.format(what="path", table="files"), source))
        yield from self._things(source, self._texts(touched.format(what="id", table="things"), source))

    def runs(self, source: str) -> list[Row]:
        """All rows of ``runs`` of *source*, oldest first."""
        return self._connection.execute("SELECT * FROM runs WHERE source = ? ORDER BY id", (source,)).fetchall()

    def _files(self, source: str, paths: Sequence[str]) -> Iterator[Part]:
        for chunk in _chunks(paths):
            rows = {view: self._standing_in(view, source, chunk) for view in views.GRAPH}
            yield from (Part(path, None, _of(rows, path)) for path in chunk)

    def _things(self, source: str, ids: Sequence[str]) -> Iterator[Part]:
        for chunk in _chunks(ids):
            rows = {
                view: _grouped(
                    view, column, (row for row in self._named(view, source, chunk) if _path(view, row) is None)
                )
                for view, column in _NAMED.items()
            }
            yield from (Part(None, id_, _of(rows, id_)) for id_ in chunk)

    def _standing_in(self, view: str, source: str, paths: Sequence[str]) -> dict[str, list[Row]]:
        """The rows of *view* that stand in the files at *paths*, by path."""
        if view in _ROWS:
            return _grouped(view, "path", self._about(_ROWS[view], source, paths))
        rows: list[Row] = []
        for ids in _chunks([id_ for (id_,) in self._about(_IN_FILES[view], source, paths)]):
            rows += self._named(view, source, ids)
        wanted = set(paths)
        found = [row for row in rows if _path(view, row) in wanted]
        return _grouped(view, "path", sorted(found, key=lambda row: (_path(view, row), row[0])))

    def _named(self, view: str, source: str, ids: Sequence[str]) -> list[Row]:
        """The rows of *view* of these things, sorted."""
        column, marks = _NAMED[view], ", ".join("?" * len(ids))
        query = f"SELECT * FROM {view} WHERE source = ? AND {column} IN ({marks}) ORDER BY {column}"
        return self._connection.execute(query, (source, *ids)).fetchall()

    def _about(self, query: str, source: str, values: Sequence[str]) -> Iterable[Row]:
        marks = ", ".join(f":v{number}" for number in range(len(values)))
        (source_id,) = self._connection.execute("SELECT source_id FROM sources WHERE name = ?", (source,)).fetchone()
        named = {f"v{number}": value for number, value in enumerate(values)}
        return self._connection.execute(query.format(marks=marks), {"source": source_id, "name": source, **named})

    def _texts(self, query: str, source: str) -> list[str]:
        return [value for (value,) in self._connection.execute(query, (source,))]


def _chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]


def _path(view: str, row: Row) -> Any:
    return row[views.COLUMNS[view].index("path")]


def _grouped(view: str, column: str, rows: Iterable[Row]) -> dict[str, list[Row]]:
    """*rows*, which are sorted by *column*, by its values."""
    place = views.COLUMNS[view].index(column)
    return {value: list(group) for value, group in groupby(rows, lambda row: row[place])}


def _of(rows: Mapping[str, Mapping[str, Sequence[Row]]], value: str) -> dict[str, Sequence[Row]]:
    return {view: by_value[value] for view, by_value in rows.items() if value in by_value}
