"""What a target is given at the end of a run: the parts of a source's graph that are not as it holds them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, NamedTuple

from ghsync_core import views

Row = tuple[Any, ...]
"""A row of a view: its values in the order of `ghsync_core.views.COLUMNS`; JSON columns hold their text."""

_PATHLESS: Final = {"nodes": "id", "classes": "iri", "properties": "iri"}
"""The views in which rows without a path may stand, with the column that then names them."""

_AT_ONCE: Final = 100
"""Parts that are read together: so much of the graph is in memory at a time."""


class Part(NamedTuple):
    """What is replaced as a whole: all rows that name one *path*, or, where that is None, the rows without a path of
    the one thing *id*. Without any rows there is no such part any more.

    ``rows`` are by view, sorted as `GraphReader.rows` gives them ``ordered``; a view without rows is left out.
    """

    path: str | None
    id: str | None
    rows: Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Change:
    """What to do for *source*. It may be read until `Target.apply` returns, as often as needed; its parts are streamed.

    Where it is ``everything``, all that the target holds of the source goes, and these are all parts that there are.
    Where ``mark`` is None, the source is forgotten: nothing comes in its place. Where ``mark`` is what the target has
    already, no part changed, and only `runs` has more to say.
    """

    source: str
    mark: str | None
    everything: bool
    ledger: Ledger

    def parts(self) -> Iterator[Part]:
        """The parts that changed, those with a path first, both in code-point order."""
        if self.mark is None:
            return iter(())
        return self.ledger.parts(self.source) if self.everything else self.ledger.touched_parts(self.source)

    def runs(self) -> list[Row]:
        """All rows of ``runs`` that the source has now, oldest first."""
        return [] if self.mark is None else self.ledger.runs(self.source)


class Ledger:
    """The settled graph of every source, for targets that must write more than what changed."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def sources(self) -> list[str]:
        """The names of all sources, sorted."""
        return [name for (name,) in self._connection.execute("SELECT name FROM sources ORDER BY name")]

    def parts(self, source: str) -> Iterator[Part]:
        """All parts of *source*, those with a path first, both in code-point order."""
        paths = "SELECT f.path FROM files_ f JOIN sources s USING (source_id) WHERE s.name = ? ORDER BY f.path"
        yield from self._files(source, self._column(paths, source))
        ids = " UNION ".join(
            f"SELECT {column} FROM {view} WHERE source = ?1 AND path IS NULL" for view, column in _PATHLESS.items()
        )
        yield from self._things(source, self._column(f"{ids} ORDER BY 1", source))

    def touched_parts(self, source: str) -> Iterator[Part]:
        """The parts of *source* that may have changed since the last mark."""
        touched = "SELECT DISTINCT {what} FROM touched_{table} JOIN sources USING (source_id) WHERE name = ? ORDER BY 1"
        yield from self._files(source, self._column(touched.format(what="path", table="files"), source))
        yield from self._things(source, self._column(touched.format(what="id", table="things"), source))

    def runs(self, source: str) -> list[Row]:
        """All rows of ``runs`` of *source*, oldest first."""
        return self._connection.execute("SELECT * FROM runs WHERE source = ? ORDER BY id", (source,)).fetchall()

    def _column(self, query: str, source: str) -> list[str]:
        return [value for (value,) in self._connection.execute(query, (source,))]

    def _files(self, source: str, paths: Sequence[str]) -> Iterator[Part]:
        for chunk in _chunks(paths):
            rows = {view: self._rows(view, source, "path", chunk) for view in views.GRAPH}
            yield from (Part(path, None, _of(rows, path)) for path in chunk)

    def _things(self, source: str, ids: Sequence[str]) -> Iterator[Part]:
        for chunk in _chunks(ids):
            rows = {
                view: self._rows(view, source, column, chunk, "AND path IS NULL") for view, column in _PATHLESS.items()
            }
            yield from (Part(None, id_, _of(rows, id_)) for id_ in chunk)

    def _rows(
        self, view: str, source: str, column: str, values: Sequence[str], further: str = ""
    ) -> dict[str, list[Row]]:
        """The rows of *view* with these *values* in *column*, by that column, in order."""
        marks = ", ".join("?" * len(values))
        order = ", ".join(dict.fromkeys((column, *views.KEYS[view])))
        query = f"SELECT * FROM {view} WHERE source = ? AND {column} IN ({marks}) {further} ORDER BY {order}"
        place = views.COLUMNS[view].index(column)
        found = self._connection.execute(query, (source, *values))
        return {value: list(rows) for value, rows in groupby(found, lambda row: row[place])}


def _chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]


def _of(rows: Mapping[str, Mapping[str, Sequence[Row]]], value: str) -> dict[str, Sequence[Row]]:
    return {view: by_value[value] for view, by_value in rows.items() if value in by_value}
