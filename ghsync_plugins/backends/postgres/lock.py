"""One sync at a time: an advisory lock that dies with its holder, and a number that keeps out who lost it.

The lock belongs to a transaction that stays open on a connection of its own, because a pooler may take any other from
us. Where that connection is cut the lock is lost, and it is asked for again before the next write. Another sync may
have had it meanwhile: each that gets it raises ``term``, and each write looks whether the term is still its own.
"""

from __future__ import annotations

import os
import socket
import time
from typing import Final

import psycopg

from ghsync_core import StoreError, StoreLocked
from ghsync_plugins.backends.postgres.address import Address
from ghsync_plugins.backends.postgres.connection import Connection, Link, connect, roll_back
from ghsync_plugins.backends.postgres.trouble import explained, lost

_KEY: Final = 0x67687379_00000001
_POLL_SECONDS: Final = 0.1
_AGAIN_SECONDS: Final = 30.0
"""How long a server may take to notice that a connection was cut, and to let go of its lock."""

_BEGIN: Final = """BEGIN; SET LOCAL idle_in_transaction_session_timeout TO 0;
    SET LOCAL tcp_keepalives_idle TO 10; SET LOCAL tcp_keepalives_interval TO 5; SET LOCAL tcp_keepalives_count TO 3"""


class Lock:
    """The lock of the store at *address*; what it notes down goes over *link*."""

    def __init__(self, address: Address, link: Link) -> None:
        self._address = address
        self._link = link
        self._connection: Connection | None = None
        self._term: str | None = None

    def acquire(self, holder: str, wait: float) -> None:
        """Get it. Raises `StoreLocked` after *wait* seconds, which says who holds it."""
        end = time.monotonic() + wait
        while not self._try():
            if time.monotonic() >= end:
                raise StoreLocked(
                    f"{self._address} is held by another sync: {self._holder()}. Wait for it, or give --wait SECONDS."
                )
            time.sleep(min(_POLL_SECONDS, max(0.0, end - time.monotonic())))
        self._term = self._link.run(lambda connection: _take_over(connection, holder))

    def hold(self) -> None:
        """See to it that the lock is held, before something is written. Raises `StoreError` where it can't be."""
        if self._connection is None:
            return  # whoever writes without having asked for it
        try:
            self._connection.execute("SELECT 1")
        except psycopg.Error as error:
            if not lost(error):
                raise
            self._get_back()

    def _get_back(self) -> None:
        end = time.monotonic() + _AGAIN_SECONDS
        while not self._try():
            self._link.run(self.check)
            if time.monotonic() >= end:
                raise StoreError(_taken(self._address))
            time.sleep(_POLL_SECONDS)

    def check(self, connection: Connection) -> None:
        """Raise `StoreError` where another sync came in between; else none does until this transaction's end."""
        if self._term is None:
            return
        row = connection.execute("SELECT value FROM meta WHERE key = 'term' FOR SHARE").fetchone()
        if row != (self._term,):
            raise StoreError(_taken(self._address))

    def release(self) -> None:
        """Give it back."""
        term, self._term = self._term, None
        try:
            if term is not None:
                self._link.run(lambda connection: _leave(connection, term))
        finally:
            self._drop()

    def _try(self) -> bool:
        self._drop()
        with explained(self._address):
            connection = connect(self._address)
            try:
                connection.execute(_BEGIN)
                row = connection.execute("SELECT pg_try_advisory_xact_lock(%s)", (_KEY,)).fetchone()
            except BaseException:
                connection.close()
                raise
        if row == (True,):
            self._connection = connection
            return True
        connection.close()
        return False

    def _drop(self) -> None:
        if self._connection is not None:
            roll_back(self._connection)  # the server may take a while to see that a closed connection is gone
            self._connection.close()
        self._connection = None

    def _holder(self) -> str:
        row = self._link.run(
            lambda connection: connection.execute("SELECT value FROM meta WHERE key = 'holder'").fetchone()
        )
        return str(row[0]) if row and row[0] else "one that has just begun"


def _taken(address: Address) -> str:
    return (
        f"{address}: the connection that holds the lock was cut, and another sync took over. "
        "What was stored stays stored; run again when it is done."
    )


def _take_over(connection: Connection, holder: str) -> str:
    text = f"{holder} (process {os.getpid()} on {socket.gethostname()})"
    connection.execute("UPDATE meta SET value = %s WHERE key = 'holder'", (text,))
    row = connection.execute(
        "UPDATE meta SET value = (value::bigint + 1)::text WHERE key = 'term' RETURNING value"
    ).fetchone()
    assert row is not None
    return str(row[0])


def _leave(connection: Connection, term: str) -> None:
    connection.execute(
        """UPDATE meta SET value = NULL
        WHERE key = 'holder' AND (SELECT value FROM meta WHERE key = 'term') = %s""",
        (term,),
    )
