"""Holding a database against other syncs: by a transaction that keeps the write lock on one node while it is open.

A lease with a heartbeat would outlive its holder by the lease; this lock is the server's, which lets go of it when the
holder's connection ends, however that comes. The price is a connection, asked for a sign of life now and then, so that
no proxy takes it for idle, and so that a lost lock is noticed.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from ghsync_core import StoreError, StoreLocked
from ghsync_plugins.backends.neo4j.connection import Connection, explained, rows

if TYPE_CHECKING:
    import neo4j

_TAKE: Final = "MATCH (l:GhsyncLock {key: $key}) SET l.taken = coalesce(l.taken, 0) + 1"
_SHORTEST_WAIT: Final = 1.0
"""Seconds that are waited for the lock at least: a server looks no more often for transactions whose time is over."""

ALIVE_SECONDS: Final = 20.0
"""Between two signs of life of the transaction that holds the lock."""


_TIME_IS_OVER: Final = {
    "LockAcquisitionTimeout",
    "LockClientStopped",
    "Terminated",
    "TransactionTimedOut",
    "TransactionTimedOutClientConfiguration",
}
"""How a server puts it that a transaction has waited too long: it depends on what ends first, and on its version."""


class _Busy(Exception):
    """Another has the lock."""


def _begin(session: neo4j.Session, key: str, seconds: float) -> neo4j.Transaction:
    """A transaction that has taken the lock *key*, within *seconds*; 0 is without end. Raises `_Busy`."""
    from neo4j.exceptions import Neo4jError

    transaction = session.begin_transaction(timeout=seconds)
    try:
        rows(transaction, _TAKE, key=key)
    except Neo4jError as error:
        transaction.close()
        if (error.code or "").rpartition(".")[2] in _TIME_IS_OVER:
            raise _Busy from error
        raise
    return transaction


class Lock:
    """The lock of one database."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._mutex = threading.Lock()
        self._transaction: neo4j.Transaction | None = None

    @contextmanager
    def held(self, holder: str, wait: float) -> Iterator[None]:
        """Hold it. Raises `StoreLocked`, naming the other holder, after *wait* seconds."""
        with ExitStack() as closing:
            with explained(self._connection.address):
                self._transaction = self._take(closing, wait)
            ended = threading.Event()
            heart = threading.Thread(target=self._beat, args=(ended,), name="ghsync-neo4j-lock", daemon=True)
            heart.start()
            try:
                self._say(f"{holder} (process {os.getpid()} on {socket.gethostname()})")
                yield
            finally:
                ended.set()
                heart.join()
                self._transaction = None  # its session closes it
                with suppress(StoreError):  # the run's own error matters more
                    self._say(None)

    def check(self) -> None:
        """Raise `StoreError` where the lock was lost: the server was restarted, or ended our transaction."""
        with self._mutex:
            if self._transaction is None:
                return
            with explained(self._connection.address):
                rows(self._transaction, "RETURN 1")

    def _take(self, closing: ExitStack, wait: float) -> neo4j.Transaction:
        """The transaction that holds the lock. It must have no time-out, which would end it later, so that another
        waits in its place; who holds the gate meanwhile is the next to get the lock."""
        end = time.monotonic() + wait
        with self._connection.session() as session, self._connection.session() as other:
            try:
                gate = _begin(session, "gate", max(wait, _SHORTEST_WAIT))
                _begin(other, "sync", max(end - time.monotonic(), _SHORTEST_WAIT)).close()
            except _Busy:
                raise StoreLocked(
                    f"{self._connection.address} is held by another sync: {self._holder()}. "
                    "Wait for it, or give --wait SECONDS."
                ) from None
            holding = _begin(closing.enter_context(self._connection.session()), "sync", 0)
            gate.close()
        return holding

    def _beat(self, ended: threading.Event) -> None:
        while not ended.wait(ALIVE_SECONDS):
            with suppress(StoreError):  # told by the next `check`
                self.check()

    def _say(self, holder: str | None) -> None:
        self._connection.write(
            lambda work: rows(work, "MATCH (t:GhsyncStore {key: 'store'}) SET t.holder = $holder", holder=holder)
        )

    def _holder(self) -> str:
        found: list[Any] = self._connection.read("MATCH (t:GhsyncStore {key: 'store'}) RETURN t.holder AS holder")
        return str(found[0]["holder"]) if found and found[0]["holder"] else "one that has just begun"
