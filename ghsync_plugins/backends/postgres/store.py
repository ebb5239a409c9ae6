"""An opened PostgreSQL store: who holds it, which sources it knows, and taking one out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ghsync_core import SourceState, StoreError
from ghsync_plugins.backends.postgres import install, sources
from ghsync_plugins.backends.postgres.address import Address
from ghsync_plugins.backends.postgres.connection import Link
from ghsync_plugins.backends.postgres.lock import Lock
from ghsync_plugins.backends.postgres.reader import PostgresReader
from ghsync_plugins.backends.postgres.writer import PostgresWriter


class PostgresStore:
    """The schema ``ghsync`` of the database at *address*. Readers see it whole at any time; one sync at a time writes.

    Queries are asked as *query_role*, where that is given.
    """

    def __init__(self, address: Address, *, create: bool, query_role: str | None = None) -> None:
        self._address = address
        self._query_role = query_role
        self._link = Link(address)
        self._lock = Lock(address, self._link)
        try:
            self._link.run(lambda connection: (install.install if create else install.check)(connection, address))
        except BaseException:
            self._link.close()
            raise

    @contextmanager
    def lock(self, holder: str, wait: float) -> Iterator[None]:
        """Hold the store against other syncs, and bring its schema up to date.

        Raises `StoreLocked` after *wait* seconds, naming the holder, who is written down in the database.
        """
        self._lock.acquire(holder, wait)
        try:
            self._link.run(lambda connection: install.install(connection, self._address))
            yield
        finally:
            with suppress(StoreError):  # the run's own error matters more, and the lock itself goes all the same
                self._lock.release()

    def find_source(
        self, *, name: str | None = None, location: str | None = None, identity: str | None = None
    ) -> SourceState | None:
        """See `Store.find_source`."""
        return self._link.run(
            lambda connection: sources.find(connection, name=name, location=location, identity=identity)
        )

    def writer(self, source: str, commit: str | None) -> PostgresWriter:
        """See `Store.writer`."""
        return PostgresWriter(self._link, self._lock, source, commit)

    def reader(self) -> PostgresReader:
        """See `Store.reader`."""
        self._link.run(lambda connection: install.check_current(connection, self._address))
        return PostgresReader(self._address, self._query_role)

    def forget(self, source: str) -> int:
        """See `Store.forget`."""
        return self._link.run(lambda connection: sources.forget(connection, source))

    def close(self) -> None:
        """See `Store.close`."""
        self._link.close()
