"""What PostgreSQL's errors mean, and what to do about them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors

from ghsync_core import StoreError

_ADVICE = (
    (errors.DiskFull, "its disk is full. Make room and run again; what was stored stays stored."),
    (errors.ReadOnlySqlTransaction, "it can only be read. Name its primary server with --to."),
    (errors.InsufficientPrivilege, "the user may not do that. Let its owner grant what is missing."),
    (errors.LockNotAvailable, "another program holds its tables. Run again when it is done."),
    (errors.QueryCanceled, "it broke off what was asked. Mend its statement_timeout and run again."),
    (errors.OutOfMemory, "it has no memory left. Run again when it is less busy."),
    (errors.InvalidSchemaName, "its schema ghsync is gone. Sync again to make it anew."),
    (errors.UndefinedTable, "a table of the schema ghsync is gone. Drop the schema and sync again."),
)
_LOST = "the connection was lost. Run again when the server is back; what was stored stays stored."

_CONNECTING = (
    ("password authentication failed", "it refuses the password. Set GHSYNC_POSTGRES_PASSWORD, or use ~/.pgpass."),
    ("no password supplied", "it asks for a password. Set GHSYNC_POSTGRES_PASSWORD, or use ~/.pgpass."),
    ("pg_hba.conf", "its pg_hba.conf lets nobody in from here. Ask who runs it."),
    ('database "', "there is no such database. Make it with createdb, or name another with --to."),
    ('role "', "there is no such user. Name another in the URL."),
    ("Connection refused", "nothing answers there. Start the server, or mend the host and port."),
    ("No such file or directory", "no server runs on this machine. Start it, or name a host in the URL."),
    ("Servname", "its port is no number. Mend it."),
    ("could not translate host name", "the host is not known. Mend its name."),
    ("resolve host", "the host is not known. Mend its name."),
    ("timeout", "no answer in time. Mend the host and port, or try again later."),
    ("too many", "it takes no more connections. Try again later."),
    ("remaining connection slots", "it takes no more connections. Try again later."),
    ("starting up", "it is just starting. Try again in a moment."),
    ("shutting down", "it is shutting down. Try again when it is back."),
    ("server closed the connection", "it closed the connection. Try again when it is back."),
)
"""What libpq says where a connection fails, of which it gives no code; in a server's own language it is shown as is."""


def lost(error: BaseException) -> bool:
    """Whether *error* tells that the connection is gone, so that another may do."""
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) and (
        error.sqlstate is None or isinstance(error, errors.AdminShutdown | errors.CrashShutdown)
    )


def files_fault(error: BaseException) -> bool:
    """Whether *error* lies in what a file holds, and not in the store: text that can't be held, wrong types …"""
    if not isinstance(error, psycopg.Error):
        return not isinstance(error, StoreError)
    if isinstance(error, psycopg.ProgrammingError):
        return error.sqlstate is None  # psycopg's own: a type that it can't send
    return isinstance(error, psycopg.DataError | psycopg.IntegrityError | errors.ProgramLimitExceeded)


def unconnected(where: object, error: psycopg.Error) -> StoreError:
    """Why there is no connection."""
    said = " ".join(str(error).split())
    found = next((advice for sign, advice in _CONNECTING if sign in said), None)
    return StoreError(f"{where}: {found or f'no connection: {said}'}")


@contextmanager
def explained(where: object) -> Iterator[None]:
    """Turn PostgreSQL's errors into a `StoreError` that says where, what happened and what to do."""
    try:
        yield
    except psycopg.Error as error:
        found = next((advice for kind, advice in _ADVICE if isinstance(error, kind)), None)
        if lost(error):
            found = _LOST
        message = error.diag.message_primary or " ".join(str(error).split())
        if isinstance(error, errors.InsufficientPrivilege):
            found = f"{message}. {found}"
        raise StoreError(f"{where}: {found or f'PostgreSQL says: {message}'}") from error
