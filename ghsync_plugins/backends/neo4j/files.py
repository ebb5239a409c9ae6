"""What is known of each file, inside the database: its manifest entry, and what it said, from which all else follows.

One node ``(:GhsyncFile)`` a file. ``facts`` is what it last said (see `codec`); a failed file keeps it, with the commit
and kind that it is of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from ghsync_core import FileResult, ManifestEntry
from ghsync_plugins.backends.neo4j import codec
from ghsync_plugins.backends.neo4j.connection import Connection, Row, rows

if TYPE_CHECKING:
    import neo4j

_PUT: Final = """UNWIND $files AS f
MERGE (n:GhsyncFile {path: f[0], source: $source})
ON CREATE SET n:GhsyncArrived, n.kind = f[7]
SET n.blob_id = f[1], n.size = f[2], n.status = f[3], n.reason = f[4], n.fingerprint = f[5], n.failure = f[6],
    n.synced_at = $now"""

_PUT_FACTS: Final = """UNWIND $files AS f
MATCH (n:GhsyncFile {path: f[0], source: $source})
SET n.kind = f[1], n.facts = f[2], n.commit_id = $commit"""

_DELETE: Final = "UNWIND $paths AS path MATCH (n:GhsyncFile {path: path, source: $source}) DELETE n"

_MANIFEST: Final = """MATCH (n:GhsyncFile {source: $source})
RETURN n.path AS path, n.blob_id AS blob_id, n.status AS status, n.fingerprint AS fingerprint, n.failure AS failure,
    n:GhsyncArrived AS arrived"""

_ALL: Final = """MATCH (n:GhsyncFile {source: $source}) WITH n ORDER BY n.commit_id, n.path
RETURN n {.*} AS file, n:GhsyncArrived AS arrived"""

_ARRIVED: Final = "MATCH (n:GhsyncArrived {source: $source}) REMOVE n:GhsyncArrived"


def put(work: neo4j.ManagedTransaction, source: str, commit: str | None, results: Sequence[FileResult]) -> None:
    """Write down what became of files at *commit*."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    files = [
        [
            each.file.path, each.file.blob_id, each.file.size, each.status, each.reason, each.fingerprint,
            codec.encode_failure(each.failure), each.kind,
        ]
        for each in results
    ]  # fmt: skip
    rows(work, _PUT, files=files, source=source, now=now)
    said = [
        [each.file.path, each.kind, codec.encode(each.facts) if each.facts else None]
        for each in results
        if each.status != "failed"
    ]
    if said:
        rows(work, _PUT_FACTS, files=said, source=source, commit=commit)


def delete(work: neo4j.ManagedTransaction, source: str, paths: Sequence[str]) -> None:
    """Forget files."""
    rows(work, _DELETE, paths=list(paths), source=source)


def settle_down(work: neo4j.ManagedTransaction, source: str) -> None:
    """Note that a run came to its end: no file is new any more."""
    rows(work, _ARRIVED, source=source)


def manifest(connection: Connection, source: str) -> Iterator[ManifestEntry]:
    """See `BackendWriter.manifest`."""
    for row in connection.stream(_MANIFEST, source=source):
        failure = codec.decode_failure(row["failure"])
        yield ManifestEntry(row["path"], row["blob_id"], row["status"], row["fingerprint"], failure, row["arrived"])


def everything(connection: Connection, source: str) -> Iterator[tuple[Row, bool]]:
    """All that is known of each file of *source*, by commit, and whether it is new since the last whole run."""
    for row in connection.stream(_ALL, source=source):
        yield row["file"], row["arrived"]


def view_row(file: Row) -> dict[str, Any]:
    """The file as a row of the view ``files``."""
    columns = ("source", "path", "blob_id", "size", "kind", "status", "reason", "commit_id", "synced_at")
    return {column: file.get(column) for column in columns}
