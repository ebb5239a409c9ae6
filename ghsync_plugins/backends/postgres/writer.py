"""Writing files: a group goes in by one COPY a table, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from ghsync_core import Counts, FileFailure, FileResult, ManifestEntry, RunRecord, Saved
from ghsync_plugins.backends.postgres import differences, files, settle, staging
from ghsync_plugins.backends.postgres.connection import Connection, Link
from ghsync_plugins.backends.postgres.lock import Lock
from ghsync_plugins.backends.postgres.numbers import Ends, Numbers
from ghsync_plugins.backends.postgres.schema import EVERYTHING, LISTED, SETTLED
from ghsync_plugins.backends.postgres.sources import number, remember
from ghsync_plugins.backends.postgres.trouble import files_fault
from ghsync_plugins.backends.relational.rows import Group, counts_of

_PRUNE_RUNS: Final = """DELETE FROM runs_ WHERE source = %(source)s
    AND id NOT IN (SELECT id FROM runs_ WHERE source = %(source)s ORDER BY id DESC LIMIT %(keep)s)"""


class PostgresWriter:
    """Writes one source. One write at a time: to make the rows takes longer than to store them, and Python makes them
    in one thread at a time; two writers, even into databases of their own, took longer than one.
    """

    max_writes = 1

    def __init__(self, link: Link, lock: Lock, source: str, commit: str | None) -> None:
        self._link = link
        self._lock = lock
        self._source = source
        self._commit = commit
        self._source_id: int | None = None
        self._numbers = Numbers()

    # --- reading what is there ---

    def manifest(self) -> Iterator[ManifestEntry]:
        """What is stored of every file of this source."""
        yield from self._link.run(lambda connection: files.manifest(connection, number(connection, self._source)))

    # --- writing files ---

    def write(self, results: Sequence[FileResult]) -> Sequence[Saved]:
        """See `BackendWriter.write`."""
        self._lock.hold()
        source_id = self._id()
        try:
            return self._in_transaction(source_id, results)
        except Exception as error:  # lone surrogates, NUL, NaN, integers over 64 bits, a plugin's None for an id …
            cause = error.__cause__ or error  # as PostgreSQL says it, where that has been explained
            if not files_fault(cause):
                raise
            if len(results) == 1:
                return [self._record_refusal(results[0], cause)]
            return [saved for result in results for saved in self.write([result])]

    def _in_transaction(self, source_id: int, results: Sequence[FileResult]) -> list[Saved]:
        return self._link.run(
            lambda connection: self._write_group(connection, source_id, results), undone=self._numbers.forget
        )

    def _write_group(self, connection: Connection, source_id: int, results: Sequence[FileResult]) -> list[Saved]:
        counts = [counts_of(result) for result in results]
        mark = self._begin(connection, source_id)
        ends = Ends.of(connection)
        before = files.numbers(connection, source_id, [result.file.path for result in results])
        numbers = files.write(
            connection, source_id, self._commit, ends, before, list(zip(results, counts, strict=True))
        )
        group = Group([(each, result.facts) for each, result in zip(numbers, results, strict=True) if result.facts])
        replaced = [each for each, result in zip(numbers, results, strict=True) if files.replaces(result)]
        old = differences.Sayings()
        known = set(before.values())
        if not known.isdisjoint(replaced):
            old = self._take_out(connection, replaced, mark=mark)
        new = staging.insert(connection, source_id, group, self._numbers, ends, mark=mark)
        if mark:
            differences.list_differences(connection, old, new, replaced)
            differences.list_axioms(connection, replaced)
        files.write_issues(connection, results, numbers, known)
        return [Saved(count) for count in counts]

    def _take_out(self, connection: Connection, file_ids: Sequence[int], *, mark: bool) -> differences.Sayings:
        """Clear what these files said, and tell it where it has to be marked."""
        staging.make_indexes(connection)
        old = differences.Sayings()
        if mark:
            old = differences.Sayings.stored(connection, file_ids)
            differences.list_axioms(connection, file_ids)
        staging.clear(connection, file_ids)
        return old

    def _record_refusal(self, result: FileResult, error: BaseException) -> Saved:
        said = " ".join(str(error).split())
        message = f"the store can't hold what it says: {type(error).__name__}: {said}"
        failure = FileFailure(result.file.path, "write", message, "store")
        failed = FileResult(result.file, "failed", result.fingerprint, reason="store", failure=failure)
        source_id = self._id()
        self._in_transaction(source_id, [failed])
        return Saved(failure=failure)

    def delete(self, paths: Sequence[str]) -> None:
        """See `BackendWriter.delete`."""
        self._lock.hold()
        source_id = self._id()
        self._link.run(lambda connection: self._delete(connection, source_id, paths))

    def _delete(self, connection: Connection, source_id: int, paths: Sequence[str]) -> None:
        mark = self._begin(connection, source_id)
        file_ids = list(files.numbers(connection, source_id, paths).values())
        old = self._take_out(connection, file_ids, mark=mark)
        if mark:
            differences.list_differences(connection, old, differences.Sayings(), file_ids)
        for table in ("issues", "files_"):
            connection.execute(f"DELETE FROM {table} WHERE file_id = ANY(%s)", (file_ids,))

    def _begin(self, connection: Connection, source_id: int) -> bool:
        """Note that the source has to be settled. True where what changes must be listed for that: in a first load,
        which settles everything, it need not.
        """
        self._lock.check(connection)
        row = connection.execute("SELECT unsettled FROM sources WHERE source_id = %s", (source_id,)).fetchone()
        assert row is not None
        if row[0] == SETTLED:
            connection.execute(
                "UPDATE sources SET unsettled = %s, clean = false WHERE source_id = %s", (LISTED, source_id)
            )
        return bool(row[0] != EVERYTHING)

    # --- the end of a run ---

    def settle(self) -> Counts:
        """See `BackendWriter.settle`. The transaction stays open for `record`."""
        self._lock.hold()
        self._numbers.forget()
        source_id = self._id()
        return self._link.run(lambda connection: self._settle(connection, source_id), commit=False)

    def _settle(self, connection: Connection, source_id: int) -> Counts:
        self._lock.check(connection)
        return settle.settle(connection, source_id)

    def record(self, run: RunRecord) -> None:
        """See `BackendWriter.record`."""
        source_id = self._id()
        self._link.commit(lambda connection: self._record(connection, source_id, run))

    def _record(self, connection: Connection, source_id: int, run: RunRecord) -> None:
        if run.state is not None and run.state.name != self._source:
            name = run.state.name
            connection.execute("UPDATE sources SET name = %s WHERE source_id = %s", (name, source_id))
            connection.execute("UPDATE runs_ SET source = %s WHERE source = %s", (name, self._source))
            self._source = name
        statistics = json.dumps(run.statistics, sort_keys=True, ensure_ascii=False)
        connection.execute(
            """INSERT INTO runs_ (source, commit_id, status, started_at, ended_at, statistics)
            VALUES (%s, %s, %s, %s, %s, %s)""",
            (self._source, run.commit, run.status, _iso(run.started_at), _iso(run.ended_at), statistics),
        )
        connection.execute(_PRUNE_RUNS, {"source": self._source, "keep": run.keep_runs})
        if run.state is not None:
            remember(connection, source_id, run.state)
            connection.execute("UPDATE files_ SET arrived = false WHERE source_id = %s AND arrived", (source_id,))

    # --- the source's row ---

    def _id(self) -> int:
        """The source's number. Its row is made at the first write, in a transaction of its own."""
        if self._source_id is None:
            self._source_id, new = self._link.run(self._make)
            self._numbers = Numbers(new=new)
        return self._source_id

    def _make(self, connection: Connection) -> tuple[int, bool]:
        known = number(connection, self._source)
        if known is not None:
            return known, False
        row = connection.execute(
            "INSERT INTO sources (name) VALUES (%s) RETURNING source_id", (self._source,)
        ).fetchone()
        assert row is not None
        return int(row[0]), True


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
