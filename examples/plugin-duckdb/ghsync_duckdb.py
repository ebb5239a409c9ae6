"""The graph in a DuckDB database, a table for each view: ``--to duckdb:PATH``."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb

from ghsync_core import StoreError, StoreLocked, UsageError, hookimpl, views
from ghsync_plugins.backends.projection import Change, Part, ProjectedStore

NUMBERS = {"size", "line", "count"}
THINGS = {"nodes": "id", "classes": "iri", "properties": "iri"}
AT_ONCE = 1000

ghsync_api = 1


def sql_type(view: str, column: str) -> str:
    return "BIGINT" if column in NUMBERS or (view, column) == ("runs", "id") else "VARCHAR"


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """DuckDB's errors as ours."""
    try:
        yield
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            raise StoreLocked(f"{path} is open in another program. Close that first.") from None
        raise StoreError(f"{path} can't be read or written: {str(error).splitlines()[0]}") from error
    except duckdb.Error as error:
        raise StoreError(f"{path}: DuckDB says: {str(error).splitlines()[0]}") from error


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """The database at *path*, made where it is missing. What its queries may reach is the database alone."""
    with explained(path):
        connection = duckdb.connect(str(path), config={"enable_external_access": "false"})
        for view, columns in views.COLUMNS.items():
            typed = ", ".join(f'"{column}" {sql_type(view, column)}' for column in columns)
            connection.execute(f"CREATE TABLE IF NOT EXISTS {view} ({typed})")
        connection.execute("CREATE TABLE IF NOT EXISTS marks (source VARCHAR, mark VARCHAR)")
        return connection


class DuckTarget:
    """Takes in what changes, in one transaction."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection: Any = None

    @contextmanager
    def lock(self, holder: str, wait: float) -> Iterator[None]:
        end = time.monotonic() + wait
        while self.connection is None:
            try:
                self.connection = connect(self.path)
            except StoreLocked:
                if time.monotonic() >= end:
                    raise
                time.sleep(0.1)
        try:
            yield
        finally:
            self.close()

    def mark(self, source: str) -> str | None:
        found = self.connection.execute("SELECT mark FROM marks WHERE source = ?", [source]).fetchone()
        return found[0] if found else None

    def apply(self, change: Change) -> None:
        with explained(self.path), self.connection.cursor() as cursor:  # undone where it is closed before its end
            cursor.execute("BEGIN")
            self._replace(cursor, change)
            cursor.execute("COMMIT")

    def _replace(self, connection: Any, change: Change) -> None:
        for table in ("marks", "runs", *(views.GRAPH if change.everything else ())):
            connection.execute(f"DELETE FROM {table} WHERE source = ?", [change.source])
        parts = change.parts()
        while batch := list(islice(parts, AT_ONCE)):
            for view in views.GRAPH:
                if not change.everything:
                    self._take_out(connection, view, change.source, batch)
                self._put_in(connection, view, [row for part in batch for row in part.rows.get(view, ())])
        self._put_in(connection, "runs", change.runs())
        if change.mark is not None:
            connection.execute("INSERT INTO marks VALUES (?, ?)", [change.source, change.mark])

    def _take_out(self, connection: Any, view: str, source: str, parts: Sequence[Part]) -> None:
        for column, keys in (("path", [part.path for part in parts]), (THINGS.get(view), [part.id for part in parts])):
            if column:
                only = "true" if column == "path" else "path IS NULL"
                gone = f"source = ? AND {only} AND {column} IN (SELECT unnest(?::VARCHAR[]))"
                connection.execute(f"DELETE FROM {view} WHERE {gone}", [source, keys])

    def _put_in(self, connection: Any, view: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Column by column, which DuckDB takes a hundred times quicker than row by row."""
        if rows:
            columns = ", ".join(f"unnest(?::{sql_type(view, column)}[])" for column in views.COLUMNS[view])
            values = [list(column) for column in zip(*rows, strict=True)]
            connection.execute(f"INSERT INTO {view} SELECT {columns}", values)

    def reader(self) -> DuckReader:
        return DuckReader(self.path)

    def close(self) -> None:
        if self.connection:
            self.connection = self.connection.close()


def refused(error: duckdb.Error, seconds: float | None) -> UsageError:
    if isinstance(error, duckdb.InterruptException):
        return UsageError(f"the query took longer than {seconds} seconds and was stopped. Ask for less.")
    return UsageError(f"the query can't be run: {str(error).splitlines()[0]}")


class DuckReader:
    language = "sql"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection = connect(path)

    def rows(
        self, view: str, source: str | None = None, *, where: Mapping[str, Any] | None = None, ordered: bool = False
    ) -> Iterator[Mapping[str, Any]]:
        wanted = views.conditions(view, source, where)
        asked = [f'AND "{column}" IS NOT DISTINCT FROM ?' for column in wanted]
        query = " ".join([f"SELECT * FROM {view} WHERE true", *asked])
        if ordered:
            query += " ORDER BY " + ", ".join(f'"{key}"' for key in ("source", *views.KEYS[view]))
        return self._rows(view, query, list(wanted.values()))

    def _rows(self, view: str, query: str, values: list[Any]) -> Iterator[Mapping[str, Any]]:
        with explained(self.path):
            cursor = self.connection.cursor().execute(query, values)
            while chunk := cursor.fetchmany(AT_ONCE):
                yield from (dict(zip(views.COLUMNS[view], row, strict=True)) for row in chunk)

    def query(self, text: str, *, seconds: float | None = None) -> tuple[Sequence[str], Iterator[Sequence[Any]]]:
        cursor = self.connection.cursor()
        clock = threading.Timer(seconds or 0, cursor.interrupt)
        clock.daemon = True
        if seconds is not None:
            clock.start()
        try:
            if [each.type for each in duckdb.extract_statements(text)] != [duckdb.StatementType.SELECT]:
                raise UsageError("the query must be one SELECT; queries only read.")
            cursor.execute("BEGIN TRANSACTION READ ONLY")
            cursor.execute(text)
        except duckdb.Error as error:
            raise refused(error, seconds) from error
        return [column[0] for column in cursor.description or ()], self._answer(cursor, clock, seconds)

    def _answer(self, cursor: Any, clock: threading.Timer, seconds: float | None) -> Iterator[Sequence[Any]]:
        try:
            while chunk := cursor.fetchmany(AT_ONCE):
                yield from chunk
        except duckdb.Error as error:
            raise refused(error, seconds) from error
        finally:
            clock.cancel()

    def close(self) -> None:
        self.connection.close()


class DuckBackend:
    name = "duckdb"
    schemes = ("duckdb",)

    def open(self, url: str, options: Mapping[str, Any], *, create: bool) -> ProjectedStore:
        path = self._path(url)
        return ProjectedStore(path.with_name(f"{path.name}.ghsync.db"), DuckTarget(path), create=create)

    def files(self, url: str) -> list[Path]:
        path = self._path(url).resolve()
        ledger = [f".ghsync.db{suffix}" for suffix in ("", "-wal", "-shm", "-journal", ".lock")]
        return [path.with_name(path.name + suffix) for suffix in ("", ".wal", *ledger)]

    def _path(self, url: str) -> Path:
        path = Path(url.removeprefix("duckdb:"))
        if not path.name:
            raise UsageError("duckdb: names no file. Write --to duckdb:PATH, such as duckdb:notes.duckdb.")
        return path


@hookimpl
def register_backends() -> list[DuckBackend]:
    return [DuckBackend()]
