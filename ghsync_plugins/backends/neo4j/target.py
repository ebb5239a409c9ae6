"""Neo4j as the target of a projection: what it shows of each source, brought up to date in one transaction or many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import chain
from typing import TYPE_CHECKING, Final

from ghsync_core import GraphReader, RunRecord
from ghsync_plugins.backends.neo4j import files, sources
from ghsync_plugins.backends.neo4j.connection import Connection
from ghsync_plugins.backends.neo4j.graph import GARBAGE, GraphWriter
from ghsync_plugins.backends.neo4j.parts import Batch, batches, digest_of
from ghsync_plugins.backends.neo4j.reader import Neo4jReader
from ghsync_plugins.backends.projection import Change, Part

if TYPE_CHECKING:
    import neo4j

_SHOWN_PARTS: Final = "MATCH (p:GhsyncPart {source: $source}) RETURN p.path AS path, p.digest AS digest"
_SHOWN_THINGS: Final = """MATCH (n:Ghsync {source: $source})
WHERE n.kind IS NOT NULL AND n.path IS NULL
   OR n.annotations IS NOT NULL AND n.class_path IS NULL
   OR n.property_kind IS NOT NULL AND n.property_path IS NULL
RETURN coalesce(n.full_id, n.id) AS id"""


class Neo4jTarget:
    """The graphs in the database of *connection*. ``run`` is what the next change writes down as its run.

    *check* raises `StoreError` where the lock is lost.
    """

    def __init__(self, connection: Connection, naming: str, check: Callable[[], None]) -> None:
        self._connection = connection
        self._naming = naming
        self._check = check
        self.run: RunRecord | None = None

    def lock(self, holder: str, wait: float) -> AbstractContextManager[None]:  # noqa: ARG002
        """See `Target.lock`: the store takes its own before it opens the ledger."""
        return nullcontext()

    def mark(self, source: str) -> str | None:
        """See `Target.mark`; what is shown by another naming counts as not shown."""
        tokens = sources.tokens(self._connection, source)
        return tokens.get("mark") if tokens.get("naming") == self._naming else None

    def apply(self, change: Change) -> None:
        """See `Target.apply`. A change of one batch is one transaction; larger ones take the mark away first."""
        if change.mark is None:
            return  # the store itself forgets a source, or gives it its new name: it knows of its files too
        tokens = sources.tokens(self._connection, change.source)
        trusted = tokens.get("mark") is not None and tokens.get("naming") == self._naming
        shown = _Shown(self._connection, change.source, trusted=trusted) if change.everything else None
        into = _Into(change, tokens.get("facts") or "", fresh=shown is not None and shown.nothing)
        parts = shown.differing(change, self._naming) if shown else self._touched(change)
        wanted = batches(parts, self._naming)
        first, second = next(wanted, None), next(wanted, None)
        if first is None or second is None:
            self._transaction(into, change.mark, first)
            return
        for batch in chain([first, second], wanted):
            self._transaction(into, None, batch)
        while self._collect(change.source) == GARBAGE:
            pass
        self._transaction(into, change.mark, None)

    def reader(self) -> GraphReader:
        """See `Target.reader`."""
        return Neo4jReader(self._connection)

    def close(self) -> None:
        """See `Target.close`: the store closes the connection, which it uses too."""

    def _touched(self, change: Change) -> Iterator[tuple[Part, str | None]]:
        return ((part, digest_of(part, self._naming)) for part in change.parts())

    def _transaction(self, into: _Into, mark: str | None, batch: Batch | None) -> None:
        """Put a batch in; where *mark* is given, it is the last."""
        source, run, dynamic = into.change.source, self.run, self._connection.dynamic_types

        def work(transaction: neo4j.ManagedTransaction) -> None:
            sources.shows(transaction, source, into.facts, mark, self._naming)
            graph = GraphWriter(transaction, source, self._naming, fresh=into.fresh, dynamic=dynamic)
            if batch is not None:
                graph.write(batch)
            if mark is not None:
                graph.collect()
                graph.strip()
                if run is not None:
                    sources.record(transaction, source, run)
                    if run.state is not None:
                        files.settle_down(transaction, source)

        self._check()
        self._connection.write(work)

    def _collect(self, source: str) -> int:
        return self._connection.write(lambda work: GraphWriter(work, source, self._naming).collect())


class _Into:
    """Where a change goes in: a source whose token is *facts*, and of which nothing is shown where it is *fresh*."""

    def __init__(self, change: Change, facts: str, *, fresh: bool) -> None:
        self.change, self.facts, self.fresh = change, facts, fresh


class _Shown:
    """What is shown of a source: the digests of its files' parts, and the things without a path.

    Where it is not *trusted*, a change was broken off, so that a part may have lost what its digest stands for.
    """

    def __init__(self, connection: Connection, source: str, *, trusted: bool) -> None:
        self._trusted = trusted
        self._digests = {row["path"]: row["digest"] for row in connection.read(_SHOWN_PARTS, source=source)}
        self._things = {row["id"] for row in connection.read(_SHOWN_THINGS, source=source)}
        self.nothing = not self._digests and not self._things

    def differing(self, change: Change, naming: str) -> Iterator[tuple[Part, str | None]]:
        """The parts that are shown otherwise, with their digests; and, empty, those that are shown but are no more."""
        for part in change.parts():
            if part.path is None:
                self._things.discard(part.id)
                yield part, None
                continue
            before, digest = self._digests.pop(part.path, None), digest_of(part, naming)
            if before != digest or (digest is not None and not self._trusted):
                yield part, digest
        yield from ((Part(path, None, {}), None) for path in self._digests)
        yield from ((Part(None, id_, {}), None) for id_ in sorted(self._things))
