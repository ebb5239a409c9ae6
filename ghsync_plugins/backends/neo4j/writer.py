"""Writing a source: into the ledger, where names meet nodes, and with it into the database, which is the truth.

The token says how far both have got (see `sources`). The ledger's is taken away before anything is written and comes
back once the database has committed too, so that a break in between is always seen.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ghsync_core import BackendWriter, Counts, FileResult, ManifestEntry, RunRecord, Saved, StoreError
from ghsync_plugins.backends.neo4j import files, removal, sources
from ghsync_plugins.backends.neo4j.connection import Connection
from ghsync_plugins.backends.neo4j.ledger import Ledger
from ghsync_plugins.backends.neo4j.target import Neo4jTarget

if TYPE_CHECKING:
    import neo4j

NO_TOKEN = "-"
"""Of a ledger that is being written."""


class Neo4jWriter:
    """Writes one source. Without a *ledger*, which is there under the store's lock alone, it can tell what is stored.

    One writer at a time: concurrent transactions on one graph cost more in deadlocks than they gain.
    """

    max_writes = 1

    def __init__(
        self,
        connection: Connection,
        ledger: Ledger | None,
        target: Neo4jTarget,
        check: Callable[[], None],
        source: str,
        commit: str | None,
    ) -> None:
        self._connection = connection
        self._ledger = ledger
        self._target = target
        self._check = check
        self._source = source
        self._commit = commit
        self._inner: BackendWriter | None = None
        self._token = ""

    def manifest(self) -> Iterator[ManifestEntry]:
        """See `BackendWriter.manifest`. The ledger tells it quicker, where it is up to date."""
        token = sources.tokens(self._connection, self._source).get("facts") or ""
        if self._ledger and token and self._ledger.token(self._source) == token:
            return self._ledger.writer(self._source, self._commit).manifest()
        return files.manifest(self._connection, self._source)

    def write(self, results: Sequence[FileResult]) -> Sequence[Saved]:
        """See `BackendWriter.write`."""
        saved: list[Saved] = []

        def to_ledger(inner: BackendWriter) -> None:
            saved.extend(inner.write(results))

        def to_database(work: neo4j.ManagedTransaction) -> None:
            stored = [_refused(result, each) for result, each in zip(results, saved, strict=True)]
            files.put(work, self._source, self._commit, stored)

        self._write(to_ledger, to_database)
        return saved

    def delete(self, paths: Sequence[str]) -> None:
        """See `BackendWriter.delete`."""
        self._write(lambda inner: inner.delete(paths), lambda work: files.delete(work, self._source, paths))

    def settle(self) -> Counts:
        """See `BackendWriter.settle`."""
        return self._ready()[1].settle()

    def record(self, run: RunRecord) -> None:
        """See `BackendWriter.record`. The graph is brought up to date first; its last transaction holds the run too."""
        ledger, inner = self._ready()
        if run.state is not None and run.state.name != self._source:
            removal.rename(self._connection, self._source, run.state.name)
            ledger.keep_token(run.state.name, self._token)
            self._source = run.state.name
        self._target.run = run
        try:
            inner.record(run)
        finally:
            self._target.run = None

    def _write(self, to_ledger: Callable[[BackendWriter], None], to_database: Callable[[Any], None]) -> None:
        ledger, inner = self._ready()
        self._check()
        ledger.keep_token(self._source, NO_TOKEN)
        to_ledger(inner)
        before, after = self._token, secrets.token_hex(8)

        def work(transaction: neo4j.ManagedTransaction) -> None:
            sources.written(transaction, self._source, before, after)
            to_database(transaction)

        self._connection.write(work)
        self._token = after
        ledger.keep_token(self._source, after)

    def _ready(self) -> tuple[Ledger, BackendWriter]:
        """The ledger, in step with the database, and its writer."""
        if self._ledger is None:
            raise StoreError(f"{self._connection.address} is not held; this is a bug in the caller")
        if self._inner is None:
            self._token = sources.tokens(self._connection, self._source).get("facts") or ""
            if self._ledger.token(self._source) != self._token:
                self._ledger.refill(self._connection, self._source, self._token)
            self._inner = self._ledger.writer(self._source, self._commit)
        return self._ledger, self._inner


def _refused(result: FileResult, saved: Saved) -> FileResult:
    """What became of *result*, where the ledger may have refused its facts."""
    if saved.failure is None or result.status == "failed":
        return result
    return replace(result, status="failed", facts=None, reason=saved.failure.reason, failure=saved.failure, kind=None)
