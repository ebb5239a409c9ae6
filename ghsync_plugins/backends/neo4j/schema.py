"""What the database must have before anything is written: constraints and indexes, made once and awaited.

Every label of ghsync's own begins with ``Ghsync``. Nodes of the graph carry `NODE` beside what their kind is called.
"""

from __future__ import annotations

import secrets
from typing import Final

from ghsync_core import StoreError, StoreMissing
from ghsync_plugins.backends.neo4j.connection import Connection

NODE: Final = "Ghsync"
VERSION: Final = 1
"""The layout that is written here; ``(:GhsyncStore).version``."""

AWAIT_SECONDS: Final = 300

LONGEST_KEY: Final = 3000
"""Bytes of a text that is looked up: Neo4j's indexes take about 8,000 in all, and two texts are often one key."""

_UNIQUE: Final = {
    "ghsync_node": (NODE, ("id", "source")),
    "ghsync_axiom": ("GhsyncAxiom", ("key", "source")),
    "ghsync_file": ("GhsyncFile", ("path", "source")),
    "ghsync_part": ("GhsyncPart", ("path", "source")),
    "ghsync_source": ("GhsyncSource", ("name",)),
    "ghsync_store": ("GhsyncStore", ("key",)),
    "ghsync_lock": ("GhsyncLock", ("key",)),
}
_INDEXES: Final = {
    "ghsync_node_path": (NODE, ("path", "source")),
    "ghsync_class_path": (NODE, ("class_path", "source")),
    "ghsync_property_path": (NODE, ("property_path", "source")),
    "ghsync_axiom_path": ("GhsyncAxiom", ("path", "source")),
    "ghsync_axiom_subject": ("GhsyncAxiom", ("subject",)),
    "ghsync_axiom_object": ("GhsyncAxiom", ("object",)),
    "ghsync_run": ("GhsyncRun", ("source",)),
}


def store_id(connection: Connection) -> str | None:
    """The id of the store in the database, None where there is none yet. Raises `StoreError` for a newer layout."""
    for found in connection.read("MATCH (t:GhsyncStore {key: 'store'}) RETURN t.id AS id, t.version AS version"):
        if found["version"] > VERSION:
            raise StoreError(
                f"{connection.address} was written by a newer ghsync (layout {found['version']}, this one knows "
                f"{VERSION}). Update ghsync: pip install -U ghsync"
            )
        return str(found["id"])
    return None


def prepare(connection: Connection, *, create: bool) -> str:
    """The id of the store; made, with all constraints and indexes, where there is none and *create* is set.

    Raises `StoreMissing` where it is not.
    """
    found = store_id(connection)
    if found is not None:
        return found
    if not create:
        raise StoreMissing(
            f"{connection.address} holds nothing of ghsync's yet. Sync a source into it first, or name another."
        )
    for name, (label, properties) in _UNIQUE.items():
        _run(connection, f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:{label}) REQUIRE {_key(properties)} IS UNIQUE")
    for name, (label, properties) in _INDEXES.items():
        _run(connection, f"CREATE INDEX {name} IF NOT EXISTS FOR (n:{label}) ON {_key(properties)}")
    _run(connection, f"CALL db.awaitIndexes({AWAIT_SECONDS})")
    made = connection.write(
        lambda work: work.run(
            "MERGE (t:GhsyncStore {key: 'store'}) ON CREATE SET t.id = $id, t.version = $version "
            "MERGE (:GhsyncLock {key: 'gate'}) MERGE (:GhsyncLock {key: 'sync'}) RETURN t.id AS id",
            id=secrets.token_hex(8),
            version=VERSION,
        ).single(strict=True)
    )
    return str(made["id"])


def _run(connection: Connection, statement: str) -> None:
    """Schema and data must not be changed in one transaction."""
    connection.write(lambda work: work.run(statement).consume())


def _key(properties: tuple[str, ...]) -> str:
    return f"({', '.join(f'n.{name}' for name in properties)})"


def key(text: str) -> str:
    """*text* as an index takes it: as it is but for the longest, whose end gives way to a digest of the whole."""
    if len(text) <= LONGEST_KEY // 4 or len(data := text.encode()) <= LONGEST_KEY:
        return text
    import hashlib

    kept = data[: LONGEST_KEY - 100].decode(errors="ignore")
    return f"{kept}…{hashlib.sha256(data).hexdigest()}"
