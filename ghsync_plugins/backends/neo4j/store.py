"""An opened Neo4j database: who holds it, which sources it knows, and taking one out."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from ghsync_core import GraphReader, SourceState, StoreError, UsageError
from ghsync_plugins.backends.neo4j import removal, sources
from ghsync_plugins.backends.neo4j.address import Address
from ghsync_plugins.backends.neo4j.connection import Connection
from ghsync_plugins.backends.neo4j.ledger import Ledger, place
from ghsync_plugins.backends.neo4j.lock import Lock
from ghsync_plugins.backends.neo4j.reader import Neo4jReader
from ghsync_plugins.backends.neo4j.schema import prepare
from ghsync_plugins.backends.neo4j.target import Neo4jTarget
from ghsync_plugins.backends.neo4j.writer import Neo4jWriter


class Neo4jStore:
    """The database at *address*; *options* are the settings of ``[neo4j]``. Raises `StoreError`."""

    def __init__(self, address: Address, options: Mapping[str, Any], *, create: bool) -> None:
        self._connection = Connection(address)
        try:
            store = prepare(self._connection, create=create)
        except BaseException:
            self._connection.close()
            raise
        self._lock = Lock(self._connection)
        self._target = Neo4jTarget(self._connection, options["naming"], self._lock.check)
        self._place = place(options.get("ledger"), store)
        self._ledger: Ledger | None = None

    @contextmanager
    def lock(self, holder: str, wait: float) -> Iterator[None]:
        """See `Store.lock`: first the database against all machines, then the ledger, which is this machine's."""
        with (
            self._lock.held(holder, wait),
            closing(_opened(self._place, self._target)) as ledger,
            ledger.lock(holder, wait),
        ):
            self._ledger = ledger
            try:
                yield
            finally:
                self._ledger = None

    def find_source(
        self, *, name: str | None = None, location: str | None = None, identity: str | None = None
    ) -> SourceState | None:
        """See `Store.find_source`."""
        return sources.find(self._connection, name=name, location=location, identity=identity)

    def writer(self, source: str, commit: str | None) -> Neo4jWriter:
        """See `Store.writer`."""
        return Neo4jWriter(self._connection, self._ledger, self._target, self._lock.check, source, commit)

    def reader(self) -> GraphReader:
        """See `Store.reader`."""
        return Neo4jReader(self._connection)

    def forget(self, source: str) -> int:
        """See `Store.forget`. Its token goes first, so that nobody goes on with what is half gone."""
        names = sources.names(self._connection)
        if source not in names:
            raise UsageError(f"the store holds no source {source!r}. It holds: {', '.join(names) or 'none'}.")
        count = "MATCH (n:GhsyncFile {source: $source}) RETURN count(n) AS files"
        (found,) = self._connection.read(count, source=source)
        before = sources.tokens(self._connection, source).get("facts") or ""
        self._connection.write(lambda work: sources.written(work, source, before, secrets.token_hex(8)))
        if self._ledger is not None:
            self._ledger.drop(source)
        removal.forget(self._connection, source)
        return int(found["files"])

    def close(self) -> None:
        """See `Store.close`."""
        self._connection.close()


def _opened(path: Path, target: Neo4jTarget) -> Ledger:
    """The ledger at *path*; one that can't be read is made anew, since it holds nothing that the database does not."""
    try:
        return Ledger(path, target, create=True)
    except StoreError:
        for suffix in ("", "-wal", "-shm", "-journal"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        return Ledger(path, target, create=True)
