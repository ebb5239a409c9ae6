"""Opening a SQLite file: is it ours, is it new enough to read, may it be written; and what SQLite's errors mean."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ghsync_core import StoreError, StoreMissing
from ghsync_plugins.backends.sqlite.schema import APPLICATION_ID, MIGRATIONS, VERSION

CACHE_KIB = 32 * 1024
CHECKPOINT_PAGES = 8_000
"""Pages of the write-ahead log between two checkpoints: 32 MB, so that a first load doesn't write each page anew."""

BUSY_SECONDS = 10.0
OLDEST = (3, 33)
"""The first SQLite with UPDATE … FROM."""


def connect(path: Path, *, create: bool) -> sqlite3.Connection:
    """A connection that may write, to the database at *path*, brought up to this schema version.

    Raises `StoreMissing` where there is none and *create* is not set, else `StoreError`.
    """
    if not path.parent.is_dir():
        raise StoreError(f"{path}: the folder {path.parent} does not exist. Make it, or name another file with --to.")
    if path.is_dir():
        raise StoreError(f"{path} is a folder. Name a file, such as --to sqlite:{path / 'ghsync.db'}.")
    if not create and not path.exists():
        raise StoreMissing(f"{path} does not exist yet. Sync a source into it first, or name another with --to.")
    if sqlite3.sqlite_version_info < OLDEST:
        raise StoreError(f"Python's SQLite is {sqlite3.sqlite_version}; ghsync needs {OLDEST[0]}.{OLDEST[1]} or newer.")
    with explained(path):
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            _prepare(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def connect_read_only(path: Path) -> sqlite3.Connection:
    """A connection that cannot change anything. Raises as `connect` does."""
    if not path.exists():
        raise StoreMissing(f"{path} does not exist yet. Sync a source into it first, or name another with --to.")
    with explained(path):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS, isolation_level=None
        )
        try:
            if _check_ours(connection, path) < VERSION:
                raise StoreError(f"{path} was made by an older ghsync. Any sync into it brings it up to date.")
            connection.execute("PRAGMA query_only = 1")
        except BaseException:
            connection.close()
            raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    version = _check_ours(connection, path)
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    if version < VERSION:
        connection.execute("PRAGMA journal_mode = WAL")
        _migrate(connection, path)
    connection.execute("PRAGMA synchronous = NORMAL")


def _check_ours(connection: sqlite3.Connection, path: Path) -> int:
    """The schema version of the database, 0 where it is empty. Raises `StoreError` where it is not for us."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != APPLICATION_ID and (tables or application):
        raise StoreError(f"{path} is another program's database; ghsync leaves it alone. Name another file with --to.")
    if version > VERSION:
        raise StoreError(
            f"{path} was written by a newer ghsync (schema {version}, this one knows {VERSION}). "
            "Update ghsync: pip install -U ghsync"
        )
    return int(version) if application == APPLICATION_ID else 0


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """All missing steps in one transaction. Another process may have made them while we waited to begin."""
    with transaction(connection):
        for number in range(_check_ours(connection, path), VERSION):
            for statement in statements(MIGRATIONS[number]):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")


def statements(script: str) -> Iterator[str]:
    """The statements of *script*, one by one: `executescript` would commit in between."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Everything inside, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        rollback(connection)
        raise


def rollback(connection: sqlite3.Connection) -> None:
    """Undo what is open. SQLite may have undone it by itself (a full disk), or be past doing anything."""
    if connection.in_transaction:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")


DAMAGED = "it is damaged. Move it away and sync again; the sources hold everything that was in it."
_ADVICE = {
    sqlite3.SQLITE_FULL: "the disk is full. Make room and run again; what was stored stays stored.",
    sqlite3.SQLITE_READONLY: "it may not be written. Mend its permissions or its folder's, or name another with --to.",
    sqlite3.SQLITE_BUSY: "another program holds it. Close that program and run again.",
    sqlite3.SQLITE_LOCKED: "another program holds it. Close that program and run again.",
    sqlite3.SQLITE_CANTOPEN: "it can't be opened. Check the path and its permissions.",
    sqlite3.SQLITE_NOTADB: "it is no SQLite database. Name another file with --to.",
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_IOERR: "the disk can't be read or written. Check it and run again; what was stored stays stored.",
    sqlite3.SQLITE_PERM: "we may not open it. Mend its permissions, or name another file with --to.",
}


_NOT_OURS = (UnicodeDecodeError, json.JSONDecodeError)


def advice(error: Exception) -> str | None:
    """What to do about *error*, where it tells of the file or the disk and not of the statement."""
    # What we never wrote: JSON that is none, and text that is no UTF-8, of which Python complains in two classes.
    if isinstance(error, _NOT_OURS) or str(error).startswith("Could not decode to UTF-8"):
        return DAMAGED
    return _ADVICE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)  # the low byte is the primary code


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into a `StoreError` that says which file, what happened and what to do."""
    try:
        yield
    except (sqlite3.Error, *_NOT_OURS) as error:
        raise StoreError(f"{path}: {advice(error) or f'SQLite says: {error}'}") from error
