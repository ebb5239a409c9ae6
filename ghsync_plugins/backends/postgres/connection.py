"""Connections, each transaction of which stands by itself.

Nothing is kept in a session, so that a pooler may give each transaction another one: no prepared statements, no SET
but SET LOCAL, temporary tables and advisory locks that end with their transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, TypeVar

import psycopg

from ghsync_core import StoreError
from ghsync_plugins.backends.postgres.address import Address
from ghsync_plugins.backends.postgres.schema import SCHEMA
from ghsync_plugins.backends.postgres.trouble import explained, lost, unconnected

Connection = psycopg.Connection[tuple[Any, ...]]
T = TypeVar("T")

OLDEST: Final = 14
"""The first PostgreSQL that is tried, and still maintained by its makers."""

BEGIN: Final = f"BEGIN; SET LOCAL search_path TO {SCHEMA}; SET LOCAL jit TO off"
"""A transaction that sees our schema alone. Compiling a plan takes longer than what we ask."""


def connect(address: Address) -> Connection:
    """A connection outside of any transaction. Raises `StoreError`."""
    try:
        connection = psycopg.connect(**address.parameters, autocommit=True, prepare_threshold=None)
    except psycopg.Error as error:
        raise unconnected(address, error) from error
    version = connection.info.server_version // 10_000
    if version < OLDEST:
        connection.close()
        raise StoreError(
            f"{address}: it is PostgreSQL {version}, and ghsync needs {OLDEST} or newer. Update the server."
        )
    return connection


class Link:
    """A connection that is made when it is first used, and made again where it was cut."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._connection: Connection | None = None

    def run(
        self, work: Callable[[Connection], T], *, commit: bool = True, undone: Callable[[], None] = lambda: None
    ) -> T:
        """*work* in a transaction; unless *commit* is set, this stays open. *undone* is called where all is undone.

        Raises `StoreError`, and what *work* raises.

        Where a connection that has been used before is gone by now, all is done again on a new one: so *work* must be
        able to begin anew.
        """
        used = self._connection is not None
        with explained(self._address):
            try:
                return self._run(work, commit, undone)
            except psycopg.Error as error:
                if not (used and lost(error)):
                    raise
            self.close()
            return self._run(work, commit, undone)

    def commit(self, work: Callable[[Connection], None]) -> None:
        """*work* in the transaction that stayed open, and its end. Raises `StoreError`."""
        with explained(self._address):
            assert self._connection is not None
            _end(self._connection, work, commit=True)

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
        self._connection = None

    def _run(self, work: Callable[[Connection], T], commit: bool, undone: Callable[[], None]) -> T:
        if self._connection is None:
            self._connection = connect(self._address)
        if self._connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            roll_back(self._connection)  # left open by a run that was broken off before its end
        try:
            self._connection.execute(BEGIN)
            return _end(self._connection, work, commit=commit)
        except BaseException:
            undone()
            raise


def _end(connection: Connection, work: Callable[[Connection], T], *, commit: bool) -> T:
    try:
        result = work(connection)
        if commit:
            connection.execute("COMMIT")
    except BaseException:
        roll_back(connection)
        raise
    return result


def roll_back(connection: Connection) -> None:
    """End its transaction, if it has one, and the connection is still there."""
    with suppress(psycopg.Error):  # what led here matters more; a connection that is gone has rolled back by itself
        connection.execute("ROLLBACK")
