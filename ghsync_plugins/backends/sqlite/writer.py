"""Writing files: a group goes through staging tables in a few set operations, whatever the number of its facts.

Every call into SQLite gives up the interpreter's lock and must win it back from the parsing threads, so few large
statements keep up with many threads where many small ones do not.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from ghsync_core import Counts, FileFailure, FileResult, ManifestEntry, RunRecord, Saved
from ghsync_plugins.backends.sqlite import settle, staging
from ghsync_plugins.backends.sqlite.connection import explained, rollback, transaction
from ghsync_plugins.backends.sqlite.rows import Row, Rows
from ghsync_plugins.backends.sqlite.schema import EVERYTHING, LISTED, SETTLED
from ghsync_plugins.backends.sqlite.sources import state_row

REFUSED = (
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
    ValueError,
    OverflowError,
    TypeError,
    RecursionError,
)
"""What SQLite, its driver or json raise for facts that can't be stored: lone surrogates, NaN, integers over 64 bits."""

PATHS_A_STATEMENT = 500

TARGETS_KNOWN = 50_000
"""Keys of stored targets to remember at most, about 5 MB; most references of a group have been seen before."""


class SqliteWriter:
    """Writes one source. SQLite has one writer at a time, whichever thread that is."""

    max_writes = 1

    def __init__(self, connection: sqlite3.Connection, path: Path, source: str, commit: str | None) -> None:
        self._connection = connection
        self._path = path
        self._source = source
        self._commit = commit
        self._source_id: int | None = None
        self._stored_targets: set[bytes] = set()
        staging.create(connection)

    # --- reading what is there ---

    def manifest(self) -> Iterator[ManifestEntry]:
        """What is stored of every file of this source, streamed."""
        rows = self._connection.execute(
            """SELECT f.path, f.blob_id, f.status, f.fingerprint, f.reason, i.stage, i.line, i.message
            FROM files_ f JOIN sources s USING (source_id)
            LEFT JOIN issues i ON i.file_id = f.file_id AND i.severity = 'error' AND f.status = 'failed'
            WHERE s.name = ?""",
            (self._source,),
        )
        for path, blob_id, status, fingerprint, reason, stage, line, message in rows:
            failure = FileFailure(path, stage, message, reason, line) if status == "failed" else None
            yield ManifestEntry(path, blob_id, status, fingerprint, failure)

    # --- writing files ---

    def write(self, files: Sequence[FileResult]) -> Sequence[Saved]:
        """See `BackendWriter.write`."""
        with explained(self._path):
            try:
                return self._write_group(files)
            except REFUSED as error:
                if len(files) == 1:
                    return [self._record_refusal(files[0], error)]
                return [saved for file in files for saved in self.write([file])]

    def _write_group(self, files: Sequence[FileResult]) -> list[Saved]:
        rows = Rows(self._stored_targets)
        counts = [rows.add(number, result) for number, result in enumerate(files)]
        source_id = self._id()
        with transaction(self._connection):
            mark = self._mark_unsettled()
            file_ids = [self._upsert_file(result, count) for result, count in zip(files, counts, strict=True)]
            replaced = [id_ for id_, result in zip(file_ids, files, strict=True) if result.status != "failed"]
            staging.clear_facts(self._connection, replaced, mark=mark)
            staging.insert(self._connection, source_id, file_ids, rows, mark=mark)
            staging.insert_rows(self._connection, "issues", self._issues(file_ids, files))
        if len(self._stored_targets) > TARGETS_KNOWN:
            self._stored_targets.clear()
        self._stored_targets.update(rows.targets)
        return [Saved(count) for count in counts]

    def _upsert_file(self, result: FileResult, counts: Counts) -> int:
        """The file's row. A failed file keeps the commit, kind and edge count of what it last said."""
        file, failed = result.file, result.status == "failed"
        keep = "files_.{0}" if failed else "excluded.{0}"
        kept = ", ".join(f"{column} = {keep.format(column)}" for column in ("kind", "commit_id", "edges"))
        (file_id,) = self._connection.execute(
            f"""INSERT INTO files_
            (source_id, path, blob_id, size, kind, status, reason, commit_id, synced_at, fingerprint, edges)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (source_id, path) DO UPDATE SET blob_id = excluded.blob_id, size = excluded.size,
                status = excluded.status, reason = excluded.reason, synced_at = excluded.synced_at,
                fingerprint = excluded.fingerprint, {kept}
            RETURNING file_id""",
            (
                self._id(), file.path, file.blob_id, file.size, result.kind, result.status, result.reason,
                None if failed else self._commit, _now(), result.fingerprint, counts.edges,
            ),
        ).fetchone()  # fmt: skip
        self._connection.execute(
            "DELETE FROM issues WHERE file_id = ? AND (severity = 'error' OR ?)", (file_id, not failed)
        )
        return int(file_id)

    def _issues(self, file_ids: Sequence[int], files: Sequence[FileResult]) -> list[Row]:
        rows: list[Row] = []
        for file_id, result in zip(file_ids, files, strict=True):
            if result.failure:
                failure = result.failure
                rows.append((file_id, "error", failure.stage, failure.line, failure.reason, failure.message))
            warnings = result.facts.warnings if result.facts else ()
            rows.extend((file_id, "warning", "parse", each.line, each.code, each.message) for each in warnings)
        return rows

    def _record_refusal(self, result: FileResult, error: BaseException) -> Saved:
        message = f"the store can't hold what it says: {error}"
        failure = FileFailure(result.file.path, "write", message, "store")
        self._write_group([FileResult(result.file, "failed", result.fingerprint, reason="store", failure=failure)])
        return Saved(failure=failure)

    def delete(self, paths: Sequence[str]) -> None:
        """See `BackendWriter.delete`."""
        remaining = iter(paths)
        with explained(self._path):
            self._id()
        with explained(self._path), transaction(self._connection):
            mark = self._mark_unsettled()
            while chunk := list(islice(remaining, PATHS_A_STATEMENT)):
                marks = ", ".join("?" * len(chunk))
                found = self._connection.execute(
                    f"SELECT file_id FROM files_ WHERE source_id = ? AND path IN ({marks})", (self._id(), *chunk)
                ).fetchall()
                staging.clear_facts(self._connection, [file_id for (file_id,) in found], mark=mark)
                self._connection.executemany("DELETE FROM issues WHERE file_id = ?", found)
                self._connection.executemany("DELETE FROM files_ WHERE file_id = ?", found)

    # --- the end of a run ---

    def settle(self) -> Counts:
        """See `BackendWriter.settle`. The transaction stays open for `record`."""
        self._stored_targets.clear()  # the settle drops those that nothing uses any more
        with explained(self._path):
            source_id = self._id()
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                return settle.settle(self._connection, source_id)
            except BaseException:
                rollback(self._connection)
                raise

    def record(self, run: RunRecord) -> None:
        """See `BackendWriter.record`."""
        with explained(self._path):
            try:
                self._connection.execute(
                    """INSERT INTO runs_ (source, commit_id, status, started_at, ended_at, statistics)
                    VALUES (?, ?, ?, ?, ?, ?)""",
                    (
                        self._source, run.commit, run.status, _iso(run.started_at), _iso(run.ended_at),
                        json.dumps(run.statistics, sort_keys=True, ensure_ascii=False),
                    ),
                )  # fmt: skip
                if run.state is not None:
                    self._connection.execute(
                        """UPDATE sources
                        SET location = ?, identity = ?, commit_id = ?, memory = ?, fingerprint = ?, clean = ?
                        WHERE source_id = ?""",
                        (*state_row(run.state), self._id()),
                    )
                self._connection.execute("COMMIT")
            except BaseException:
                rollback(self._connection)
                raise

    # --- the source's row ---

    def _id(self) -> int:
        """The source's number. Its row is made at the first write, outside of any transaction that might be undone."""
        if self._source_id is None:
            self._connection.execute("INSERT INTO sources (name) VALUES (?) ON CONFLICT DO NOTHING", (self._source,))
            row = self._connection.execute("SELECT source_id FROM sources WHERE name = ?", (self._source,)).fetchone()
            self._source_id = int(row[0])
        return self._source_id

    def _mark_unsettled(self) -> bool:
        """Note that the source has to be settled. True where what changes must be listed for that: in a first load,
        which settles everything, it need not.
        """
        (unsettled,) = self._connection.execute(
            "SELECT unsettled FROM sources WHERE source_id = ?", (self._id(),)
        ).fetchone()
        if unsettled == SETTLED:
            self._connection.execute("UPDATE sources SET unsettled = ? WHERE source_id = ?", (LISTED, self._id()))
        return bool(unsettled != EVERYTHING)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
