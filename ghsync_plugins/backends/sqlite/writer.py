"""Writing files: a group goes in by a few large statements, whatever the number of its facts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from ghsync_core import Counts, FileFailure, FileResult, ManifestEntry, RunRecord, Saved
from ghsync_plugins.backends.relational.rows import Group, Row, counts_of
from ghsync_plugins.backends.sqlite import search, settle, staging
from ghsync_plugins.backends.sqlite.bulk import insert_rows, look_up
from ghsync_plugins.backends.sqlite.connection import explained, rollback, transaction
from ghsync_plugins.backends.sqlite.schema import EVERYTHING, LISTED, SETTLED
from ghsync_plugins.backends.sqlite.sources import remember
from ghsync_plugins.backends.sqlite.targets import Targets

STORE_FAILS = (sqlite3.OperationalError, sqlite3.NotSupportedError, sqlite3.InternalError)
"""What SQLite raises where the store is at fault, and not what a plugin's facts hold."""

_FILE_COLUMNS = (
    "file_id, source_id, path, blob_id, size, kind, status, reason, commit_id, synced_at, fingerprint, edges"
)
_UPDATE_FILE = """ON CONFLICT (source_id, path) DO UPDATE SET
    blob_id = excluded.blob_id, size = excluded.size, status = excluded.status, reason = excluded.reason,
    synced_at = excluded.synced_at, fingerprint = excluded.fingerprint,
    kind = iif(excluded.status = 'failed', files_.kind, excluded.kind),
    commit_id = iif(excluded.status = 'failed', files_.commit_id, excluded.commit_id),
    edges = iif(excluded.status = 'failed', files_.edges, excluded.edges)"""

_PRUNE_RUNS = """DELETE FROM runs_ WHERE source = :source
    AND id NOT IN (SELECT id FROM runs_ WHERE source = :source ORDER BY id DESC LIMIT :keep)"""


class SqliteWriter:
    """Writes one source. SQLite has one writer at a time, whichever thread that is.

    *check_file* raises `StoreError` where the database is no longer at its path.
    """

    max_writes = 1

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: Path,
        source: str,
        commit: str | None,
        check_file: Callable[[], None],
    ) -> None:
        self._connection = connection
        self._path = path
        self._check_file = check_file
        self._source = source
        self._commit = commit
        self._source_id: int | None = None
        self._targets = Targets(connection)
        staging.create(connection)

    # --- reading what is there ---

    def manifest(self) -> Iterator[ManifestEntry]:
        """What is stored of every file of this source, streamed."""
        with explained(self._path):
            row = self._connection.execute("SELECT source_id FROM sources WHERE name = ?", (self._source,)).fetchone()
            failures = dict(self._failures(row[0])) if row else {}
            for path, blob_id, status, fingerprint, arrived in self._connection.execute(
                "SELECT path, blob_id, status, fingerprint, arrived FROM files_ WHERE source_id = ?", row or (None,)
            ):
                yield ManifestEntry(path, blob_id, status, fingerprint, failures.get(path), arrived == 1)

    def _failures(self, source_id: int) -> Iterator[tuple[str, FileFailure]]:
        for path, reason, stage, line, message in self._connection.execute(
            """SELECT f.path, f.reason, i.stage, i.line, i.message
            FROM files_ f LEFT JOIN issues i ON i.file_id = f.file_id AND i.severity = 'error'
            WHERE f.source_id = ? AND f.status = 'failed'""",
            (source_id,),
        ):
            yield path, FileFailure(path, stage, message, reason, line)

    # --- writing files ---

    def write(self, files: Sequence[FileResult]) -> Sequence[Saved]:
        """See `BackendWriter.write`."""
        self._check_file()
        with explained(self._path):
            try:
                return self._write_group(files)
            except STORE_FAILS:
                raise
            except Exception as error:  # lone surrogates, NaN, integers over 64 bits, a plugin's None for an id …
                self._targets.forget()
                if type(error) is sqlite3.DatabaseError:  # damage; its kinds say what else may be wrong
                    raise
                if len(files) == 1:
                    return [self._record_refusal(files[0], error)]
                return [saved for file in files for saved in self.write([file])]

    def _write_group(self, files: Sequence[FileResult]) -> list[Saved]:
        counts = [counts_of(result) for result in files]
        source_id = self._id()
        with transaction(self._connection):
            mark = self._mark_unsettled()
            before = self._numbers([result.file.path for result in files])
            numbers = self._write_files(files, counts, before)
            group = Group([(number, each.facts) for number, each in zip(numbers, files, strict=True) if each.facts])
            replaced = [number for number, each in zip(numbers, files, strict=True) if _replaces(each)]
            with staging.replacing(self._connection, replaced, mark=mark, anew=not before):
                staging.insert(self._connection, source_id, group, self._targets)
            self._write_issues(files, numbers, before)
        return [Saved(count) for count in counts]

    def _numbers(self, paths: Sequence[str]) -> dict[str, int]:
        """The numbers of those files that the database has."""
        query = """SELECT json_group_array(json_array(path, file_id)) FROM files_
            WHERE source_id = ? AND path IN ({marks})"""
        return dict(look_up(self._connection, query, self._id(), paths))

    def _write_files(
        self, files: Sequence[FileResult], counts: Sequence[Counts], before: Mapping[str, int]
    ) -> list[int]:
        """The files' own rows. A failed file keeps the commit, kind and edge count of what it last said."""
        (new,) = self._connection.execute("SELECT coalesce(max(file_id), 0) + 1 FROM files_").fetchone()
        now = datetime.now(UTC).isoformat(timespec="seconds")
        numbers = [before.get(result.file.path, new + at) for at, result in enumerate(files)]
        rows: list[Row] = []
        for number, result, count in zip(numbers, files, counts, strict=True):
            file, commit = result.file, self._commit if _replaces(result) else None
            about = (result.kind, result.status, result.reason, commit, now, result.fingerprint, count.edges)
            rows.append((number, self._id(), file.path, file.blob_id, file.size, *about))
        insert_rows(self._connection, f"files_ ({_FILE_COLUMNS})", rows, _UPDATE_FILE)
        return numbers

    def _write_issues(self, files: Sequence[FileResult], numbers: Sequence[int], before: Mapping[str, int]) -> None:
        """Replace what the files failed of, and what they were warned of where they have new facts."""
        rows: list[Row] = []
        for number, result in zip(numbers, files, strict=True):
            if result.file.path in before:
                severity = "%" if _replaces(result) else "error"
                self._connection.execute("DELETE FROM issues WHERE file_id = ? AND severity LIKE ?", (number, severity))
            if result.failure:
                failure = result.failure
                rows.append((number, "error", failure.stage, failure.line, failure.reason, failure.message))
            warnings = result.facts.warnings if result.facts else ()
            rows.extend((number, "warning", "parse", each.line, each.code, each.message) for each in warnings)
        insert_rows(self._connection, "issues", rows)

    def _record_refusal(self, result: FileResult, error: BaseException) -> Saved:
        message = f"the store can't hold what it says: {type(error).__name__}: {error}"
        failure = FileFailure(result.file.path, "write", message, "store")
        self._write_group([FileResult(result.file, "failed", result.fingerprint, reason="store", failure=failure)])
        return Saved(failure=failure)

    def delete(self, paths: Sequence[str]) -> None:
        """See `BackendWriter.delete`."""
        self._check_file()
        with explained(self._path):
            self._id()
        with explained(self._path), transaction(self._connection):
            mark = self._mark_unsettled()
            numbers = list(self._numbers(paths).values())
            with staging.replacing(self._connection, numbers, mark=mark):
                pass  # nothing comes in their place
            for table in ("issues", "files_"):
                self._connection.executemany(f"DELETE FROM {table} WHERE file_id = ?", [(each,) for each in numbers])

    # --- the end of a run ---

    def settle(self) -> Counts:
        """See `BackendWriter.settle`. The transaction stays open for `record`."""
        self._targets.forget()
        with explained(self._path):
            source_id = self._id()
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                counts = settle.settle(self._connection, source_id, indexed=search.prepare(self._connection))
                # Without it some queries start at the wrong end. Of that table alone: what SQLite knows to be large it
                # may read as a whole for one question, to build a Bloom filter. Ten milliseconds, and only where new.
                self._connection.execute("PRAGMA analysis_limit = 1000")
                if not self._connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'").fetchone():
                    self._connection.execute("ANALYZE statements")
                return counts
            except BaseException:
                rollback(self._connection)
                raise

    def record(self, run: RunRecord) -> None:
        """See `BackendWriter.record`."""
        with explained(self._path):
            try:
                if run.state is not None:
                    self._rename(run.state.name)
                self._connection.execute(
                    """INSERT INTO runs_ (source, commit_id, status, started_at, ended_at, statistics)
                    VALUES (?, ?, ?, ?, ?, ?)""",
                    (
                        self._source, run.commit, run.status, _iso(run.started_at), _iso(run.ended_at),
                        json.dumps(run.statistics, sort_keys=True, ensure_ascii=False),
                    ),
                )  # fmt: skip
                self._connection.execute(_PRUNE_RUNS, {"source": self._source, "keep": run.keep_runs})
                if run.state is not None:
                    remember(self._connection, self._id(), run.state)
                    self._connection.execute(
                        "UPDATE files_ SET arrived = 0 WHERE source_id = ? AND arrived", (self._id(),)
                    )
                self._end()
            except BaseException:
                rollback(self._connection)
                raise

    def _end(self) -> None:
        """End the transaction in which a run was settled and recorded."""
        self._check_file()  # a run that is told to be complete shall be found
        self._connection.execute("COMMIT")

    def _rename(self, name: str) -> None:
        if name != self._source:
            self._connection.execute("UPDATE sources SET name = ? WHERE source_id = ?", (name, self._id()))
            self._connection.execute("UPDATE runs_ SET source = ? WHERE source = ?", (name, self._source))
            self._source = name

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
            self._connection.execute(
                "UPDATE sources SET unsettled = ?, clean = 0 WHERE source_id = ?", (LISTED, self._id())
            )
        return bool(unsettled != EVERYTHING)


def _replaces(result: FileResult) -> bool:
    """Whether what the file said before goes: a failed file keeps it."""
    return result.status != "failed"


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
