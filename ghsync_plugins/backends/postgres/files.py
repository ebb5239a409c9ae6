"""The files' own rows: what is stored of each, what it failed of, and what was warned of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from ghsync_core import Counts, FileFailure, FileResult, ManifestEntry
from ghsync_plugins.backends.postgres.connection import Connection
from ghsync_plugins.backends.postgres.copying import copy_rows
from ghsync_plugins.backends.postgres.numbers import Ends
from ghsync_plugins.backends.postgres.rows import storable
from ghsync_plugins.backends.relational.rows import Row

_COLUMNS: Final = (
    "file_id, source_id, path, blob_id, size, kind, status, reason, commit_id, synced_at, fingerprint, edges"
)

# A failed file keeps the commit, kind and edge count of what it last said.
_UPDATE: Final = """UPDATE files_ f SET blob_id = n.blob_id, size = n.size, status = n.status, reason = n.reason,
    synced_at = n.synced_at, fingerprint = n.fingerprint,
    kind = CASE WHEN n.status = 'failed' THEN f.kind ELSE n.kind END,
    commit_id = CASE WHEN n.status = 'failed' THEN f.commit_id ELSE n.commit_id END,
    edges = CASE WHEN n.status = 'failed' THEN f.edges ELSE n.edges END
    FROM (VALUES (%s::integer, %s::text, %s::bigint, %s::text, %s::text, %s::text, %s::text, %s::text, %s::text,
                  %s::integer))
        AS n(file_id, blob_id, size, kind, status, reason, commit_id, synced_at, fingerprint, edges)
    WHERE f.file_id = n.file_id"""


def manifest(connection: Connection, source_id: int | None) -> list[ManifestEntry]:
    """What is stored of every file of the source."""
    failures = {
        path: FileFailure(path, stage, message, reason, line)
        for path, reason, stage, line, message in connection.execute(
            """SELECT f.path, f.reason, i.stage, i.line, i.message
            FROM files_ f LEFT JOIN issues i ON i.file_id = f.file_id AND i.severity = 'error'
            WHERE f.source_id = %s AND f.status = 'failed'""",
            (source_id,),
        )
    }
    stored = connection.execute(
        "SELECT path, blob_id, status, fingerprint, arrived FROM files_ WHERE source_id = %s", (source_id,)
    )
    return [
        ManifestEntry(path, blob_id, status, fingerprint, failures.get(path), arrived)
        for path, blob_id, status, fingerprint, arrived in stored
    ]


def replaces(result: FileResult) -> bool:
    """Whether what the file said before goes: a failed file keeps it."""
    return result.status != "failed"


def numbers(connection: Connection, source_id: int, paths: Sequence[str]) -> dict[str, int]:
    """The numbers of those files that the database has."""
    found = connection.execute(
        "SELECT path, file_id FROM files_ WHERE source_id = %s AND path = ANY(%s)", (source_id, list(paths))
    )
    return dict(found.fetchall())


def write(
    connection: Connection,
    source_id: int,
    commit: str | None,
    ends: Ends,
    before: Mapping[str, int],
    results: Iterable[tuple[FileResult, Counts]],
) -> list[int]:
    """Write the rows of these files, *before* the numbers of those that have one; the numbers of all, in order."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    given: list[int] = []
    new: list[Row] = []
    changed: list[Row] = []
    for result, count in results:
        file = result.file
        about = (result.kind, result.status, result.reason, commit if replaces(result) else None, now)
        rest = (file.blob_id, file.size, *about, result.fingerprint, count.edges)
        if file.path in before:
            given.append(before[file.path])
            changed.append((given[-1], *rest))
        else:
            ends.file += 1
            given.append(ends.file)
            new.append((ends.file, source_id, file.path, *rest))
    copy_rows(connection, f"files_ ({_COLUMNS})", new)
    if changed:
        connection.cursor().executemany(_UPDATE, changed)
    return given


def write_issues(
    connection: Connection, results: Sequence[FileResult], file_ids: Sequence[int], known: Collection[int]
) -> None:
    """Replace what the files failed of, and what they were warned of where they have new facts."""
    rows: list[Row] = []
    stale: list[Row] = []
    for file_id, result in zip(file_ids, results, strict=True):
        if file_id in known:
            stale.append((file_id, replaces(result)))
        if result.failure:
            failure = result.failure
            rows.append((file_id, "error", failure.stage, failure.line, failure.reason, storable(failure.message)))
        warnings = result.facts.warnings if result.facts else ()
        rows.extend((file_id, "warning", "parse", each.line, each.code, storable(each.message)) for each in warnings)
    if stale:
        connection.execute(
            """DELETE FROM issues USING unnest(%s::integer[], %s::boolean[]) AS n(file_id, replaced)
            WHERE issues.file_id = n.file_id AND (n.replaced OR issues.severity = 'error')""",
            ([file_id for file_id, _ in stale], [replaced for _, replaced in stale]),
        )
    copy_rows(connection, "issues", rows)
