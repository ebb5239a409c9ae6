"""One run, from the listing to the record of its end."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import islice

from ghsync_core.deadlines import Deadlines
from ghsync_core.errors import Cancelled, SourceError, UsageError
from ghsync_core.explain import Explanation, explain_file
from ghsync_core.file_job import Reading
from ghsync_core.filters import PathFilter
from ghsync_core.interfaces import BackendWriter, HasMarkers, Repository, RunRecord, Snapshot, SourceState, Store
from ghsync_core.models import Counts, FileRef, FileResult, Json, nothing
from ghsync_core.pipeline import Pipeline
from ghsync_core.places import Place, short_hash
from ghsync_core.plan import Plan, guard_deletions, make_plan, unchanged_plan
from ghsync_core.progress import Observer, RunStatus, SyncStatistics
from ghsync_core.recognise import recognise
from ghsync_core.report import Report
from ghsync_core.resources import Resources
from ghsync_core.stop import Stop
from ghsync_core.vaults import VAULT_NOTE, Vaults, find_vaults, read_governing, with_note
from ghsync_core.write_guard import WriteGuard

SKIPS_A_WRITE = 500


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run that knows what it has to do. ``snapshot`` and ``reading`` are None where the source said *unchanged*.

    ``name`` is the name that the source has from now on; until the run is recorded the store has it under that of
    ``known``.
    """

    name: str
    plan: Plan
    known: SourceState | None
    snapshot: Snapshot | None
    reading: Reading | None
    settled: bool
    vault_note: Mapping[str, Json] = field(default_factory=nothing)


class Run:
    """Syncs one source once. All methods belong to the calling thread."""

    def __init__(self, place: Place, resources: Resources, stop: Stop, watchers: Sequence[Observer]) -> None:
        self._place = place
        self._resources = resources
        self._registry = place.registry
        self._settings = place.settings
        self._stop = stop
        self._wanted = PathFilter(self._settings.include, self._settings.exclude)
        self._report = Report(place.location, watchers)
        self._thread = threading.get_ident()

    # --- what can be asked for ---

    def plan(self) -> Plan:
        """What a run would do; the store is only read."""
        with closing(self._place.open(self._wait, self._resources.keep)) as repository:
            prepared = self._prepare(repository, self._resources.store(self._place, create=False))
            if prepared.snapshot is None:
                return prepared.plan
            return replace(prepared.plan, requests=prepared.snapshot.cost(prepared.plan.read))

    def explain(self, path: str) -> Explanation:
        """What a run would make of the one file at *path*, and why. Raises `UsageError` where there is none."""
        with closing(self._place.open(self._wait, self._resources.keep)) as repository:
            snapshot = repository.snapshot(None, conditional=False)
            assert snapshot is not None
            file = next((file for file in snapshot.files if file.path == path), None)
            if file is None:
                raise UsageError(_not_listed(path, snapshot))
            vaults = self._vaults(snapshot, None)
            name = self._settings.name or snapshot.source
            reading = self._reading(name, snapshot, vaults)
            return explain_file(reading, name, snapshot.commit, file, included=self._wanted(path))

    def execute(self) -> SyncStatistics:
        """Do it. Raises `GhsyncError` where the listing or the store fails; what was stored stays stored."""
        self._report.configure(self._settings.tables)
        with closing(self._place.open(self._wait, self._resources.keep)) as repository:
            store = self._resources.held_store(self._place, create=False)
            self._report.phase("listing")
            try:
                prepared = self._prepare(repository, store)
            except Cancelled:
                return self._finish(self._report.statistics(self._place.location, "interrupted", Counter(), Counts()))
            if store is None:
                store = self._resources.held_store(self._place, create=True)
                assert store is not None
                if store.find_source(name=prepared.name):  # another first sync was quicker
                    prepared = self._prepare(repository, store)
            guard_deletions(prepared.plan, self._settings.max_delete)
            return self._sync(prepared, store, repository)

    # --- getting ready ---

    def _wait(self, seconds: float, why: str) -> None:
        """What a source waits with. The calling thread, which waits while it lists, must tell so beforehand."""
        if threading.get_ident() == self._thread:
            self._report.waiting(time.time() + seconds)
        self._stop.wait(seconds, why)

    def _prepare(self, repository: Repository, store: Store | None) -> Prepared:
        if self._stop:
            raise Cancelled("told to stop")
        own_name = self._settings.name
        address = self._place.address(repository)
        here = store.find_source(name=own_name, location=None if own_name else address) if store else None
        if here is not None and here.location != address:
            here = None  # the name belongs to another place, of which nothing says what is here
        if here is not None and self._settings.full:
            here = replace(here, memory={})  # nothing that a source noted down is relied on
        snapshot = repository.snapshot(here, conditional=self._settled(here) and not self._settings.full)
        if self._stop:
            raise Cancelled("told to stop")
        if snapshot is None:
            assert here is not None
            assert store is not None
            plan = unchanged_plan(here.name, here.commit, store.writer(here.name, here.commit).manifest())
            return Prepared(here.name, plan, here, None, None, settled=True)
        known, name = recognise(store, snapshot, here, own_name)
        return self._prepare_listing(name, snapshot, known, store)

    def _settled(self, known: SourceState | None) -> bool:
        """Whether an unchanged listing means an unchanged graph."""
        return known is not None and known.clean and known.fingerprint == self._run_fingerprint

    def _prepare_listing(
        self, name: str, snapshot: Snapshot, known: SourceState | None, store: Store | None
    ) -> Prepared:
        vaults = self._vaults(snapshot, known)
        self._report.warnings.extend(vaults.warnings)
        reading = self._reading(name, snapshot, vaults)
        plan = make_plan(
            name,
            snapshot.commit,
            (file for file in snapshot.files if self._wanted(file.path)),
            store.writer(known.name, snapshot.commit).manifest() if store and known else (),
            skip_reason=reading.skip_reason,
            fingerprint=reading.fingerprint,
            full=self._settings.full,
        )
        return Prepared(name, plan, known, snapshot, reading, self._settled(known), vaults.note)

    def _vaults(self, snapshot: Snapshot, known: SourceState | None) -> Vaults:
        return find_vaults(
            self._registry.vault_kinds,
            snapshot.files,
            partial(read_governing, snapshot),
            self._settings.max_file_size,
            (known.memory.get(VAULT_NOTE) if known else None) or {},
            snapshot.markers if isinstance(snapshot, HasMarkers) else (),
        )

    def _reading(self, name: str, snapshot: Snapshot, vaults: Vaults) -> Reading:
        meaning = short_hash(self._meaning, name)  # parsers are told the name
        fingerprints: dict[str, str] = {}

        def fingerprint(path: str) -> str:
            vault = vaults.of(path)
            key = f"{vault.flavour}:{vault.root}"
            if key not in fingerprints:
                fingerprints[key] = short_hash(meaning, key, vaults.governed_by.get(vault.root, ""))
            return fingerprints[key]

        return Reading(
            source=name,
            detectors=self._registry.detectors,
            parsers=self._registry.parsers,
            vault_of=vaults.of,
            fingerprint=fingerprint,
            read=snapshot.read,
            max_file_size=self._settings.max_file_size,
            only_public=self._settings.only_public,
            options=self._settings.reading_tables(self._registry.settings),
        )

    @cached_property
    def _meaning(self) -> str:
        return self._place.meaning()

    @cached_property
    def _run_fingerprint(self) -> str:
        return self._place.fingerprint()

    # --- doing it ---

    def _sync(self, prepared: Prepared, store: Store, repository: Repository) -> SyncStatistics:
        plan = prepared.plan
        writer = store.writer(prepared.known.name if prepared.known else prepared.name, plan.commit)
        self._report.begin(plan)
        unchanged = plan.idle and prepared.settled
        if not unchanged:
            self._write(prepared, writer)
        interrupted = bool(self._stop)  # asked once: a wish that comes later comes too late
        self._report.phase("settling")
        graph = writer.settle()
        status = self._status(unchanged=unchanged, interrupted=interrupted)
        statistics = self._report.statistics(prepared.name, status, Counter(repository.requests), graph)
        state = None if interrupted else self._state(prepared, repository, statistics)
        ended = time.time()
        writer.record(
            RunRecord(
                status,
                plan.commit,
                self._report.started_at,
                ended,
                statistics.to_json(),
                state,
                self._settings.keep_runs,
            )
        )
        return self._finish(statistics)

    def _write(self, prepared: Prepared, writer: BackendWriter) -> None:
        snapshot, reading, plan = prepared.snapshot, prepared.reading, prepared.plan
        assert snapshot is not None
        assert reading is not None
        guard = WriteGuard(writer, self._settings.max_writes)
        for skips in _chunks(_skip_results(plan, reading), SKIPS_A_WRITE):
            guard.write(skips)
        if plan.read:
            workers = self._settings.workers
            deadlines = Deadlines(self._settings.file_timeout, self._stop.waits)
            pipeline = Pipeline(reading, guard, self._resources.pool(workers), workers, deadlines)
            self._stream(pipeline, snapshot, plan.read)
        if plan.gone and not self._stop:
            writer.delete(plan.gone)
            self._report.deleted = len(plan.deleted)

    def _stream(self, pipeline: Pipeline, snapshot: Snapshot, wanted: Sequence[FileRef]) -> None:
        told = 0
        with self._stop.heard_by(pipeline.stop), closing(pipeline.run(snapshot.fetch(wanted))) as outcomes:
            try:
                for outcome in outcomes:
                    if outcome is not None:
                        told += 1
                        self._report.add(outcome)
                    self._report.tick(self._stop.waiting_until)
            except Cancelled:
                self._stop.wish()
        if told < len(wanted) and not self._stop:
            raise SourceError(f"the source gave {told:,} of the {len(wanted):,} files that it was asked for; run again")

    def _status(self, *, unchanged: bool, interrupted: bool) -> RunStatus:
        if interrupted:
            return "interrupted"
        if unchanged:
            return "unchanged"
        return "partial" if self._report.progress.files_failed else "complete"

    def _state(self, prepared: Prepared, repository: Repository, statistics: SyncStatistics) -> SourceState:
        snapshot, known = prepared.snapshot, prepared.known
        identity = snapshot.identity if snapshot else known.identity if known else None
        return SourceState(
            name=prepared.name,
            location=self._place.address(repository),
            commit=statistics.commit,
            identity=None if self._settings.name else identity,
            memory=with_note(snapshot.memory, prepared.vault_note) if snapshot else known.memory if known else {},
            fingerprint=self._run_fingerprint,
            clean=all(not error.transport for error in statistics.errors),
        )

    def _finish(self, statistics: SyncStatistics) -> SyncStatistics:
        self._report.finish(statistics)
        return statistics


def _not_listed(path: str, snapshot: Snapshot) -> str:
    from difflib import get_close_matches

    near = get_close_matches(path, [file.path for file in snapshot.files], 1)
    hint = f"did you mean {near[0]}?" if near else "git may ignore it, or it lies in a dot folder"
    return f"{snapshot.source} lists no file {path!r}: {hint}"


def _skip_results(plan: Plan, reading: Reading) -> Iterator[FileResult]:
    for file, reason in plan.skip:
        yield FileResult(file, "skipped", reading.fingerprint(file.path), reason=reason)


def _chunks(results: Iterator[FileResult], size: int) -> Iterator[list[FileResult]]:
    while chunk := list(islice(results, size)):
        yield chunk
