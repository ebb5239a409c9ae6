"""Folding outcomes into progress and statistics, and telling those who watch."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ghsync_core.log import get_logger, named
from ghsync_core.models import KNOWLEDGE_GRAPH, ONTOLOGY, Counts, FileFailure, Json
from ghsync_core.pipeline import Outcome
from ghsync_core.plan import Plan
from ghsync_core.progress import Observer, Phase, RunStatus, SyncProgress, SyncStatistics, TakesSettings, WarningAt

INTERVAL = 0.1
"""Seconds between two tellings of progress, at least, so that telling costs next to nothing."""


class Report:
    """The tally of one run. Used by the calling thread alone."""

    def __init__(self, location: str, watchers: Sequence[Observer]) -> None:
        self._watchers = list(watchers)
        self._told_at = 0.0
        self._started = time.monotonic()
        self.started_at = time.time()
        self.progress = SyncProgress(source=location)
        self.kinds: Counter[str] = Counter()
        self.errors: list[FileFailure] = []
        self.warnings: list[WarningAt] = []
        self.deleted = 0
        self.plan = Plan("", None)

    def configure(self, tables: Mapping[str, Mapping[str, Json]]) -> None:
        """Give those who watch the settings of their own tables."""
        self._each(lambda each: each.configure(tables.get(each.name, {})) if isinstance(each, TakesSettings) else None)

    def begin(self, plan: Plan) -> None:
        """Take in what the run has to do; what is skipped or failing as before is dealt with already."""
        self.plan = plan
        total = plan.total_files - plan.unchanged_files
        progress = replace(self.progress, phase="reading", source=plan.source, files_total=total)
        progress = progress.skipped(None, plan.skipped_files)
        for failure in plan.failing:
            self.errors.append(failure)
            progress = progress.failed(failure.path)
        self._tell(progress)

    def add(self, outcome: Outcome) -> None:
        """Take in what became of one file."""
        if outcome.failure is not None:
            self.errors.append(outcome.failure)
            self.progress = self.progress.failed(outcome.path)
        elif outcome.kind is None:
            self.progress = self.progress.skipped(outcome.path)
        else:
            self.progress = self.progress.succeeded(outcome.path, outcome.counts)
            self.kinds[outcome.kind] += 1
            self.warnings.extend(WarningAt.of(outcome.path, warning) for warning in outcome.warnings)

    def tick(self, waiting_until: float | None = None) -> None:
        """Tell, if it is time to."""
        if time.monotonic() - self._told_at >= INTERVAL:
            self._tell(replace(self.progress, waiting_until=waiting_until))

    def waiting(self, until: float) -> None:
        """Tell at once that nothing goes on until then."""
        self._tell(replace(self.progress, waiting_until=until))

    def phase(self, phase: Phase) -> None:
        """Go on to the next phase, and tell."""
        self._tell(replace(self.progress, phase=phase, waiting_until=None))

    def statistics(self, source: str, status: RunStatus, requests: Counter[str], graph: Counts) -> SyncStatistics:
        """The result as far as it is known."""
        progress, plan = self.progress, self.plan
        left = progress.files_total - progress.files_processed
        kg, ontology = self.kinds[KNOWLEDGE_GRAPH], self.kinds[ONTOLOGY]
        return SyncStatistics(
            source=source,
            commit=plan.commit,
            status=status,
            total_files=plan.total_files - left,
            left_files=left,
            kg_files_processed=kg,
            ontology_files_processed=ontology,
            other_files_processed=self.kinds.total() - kg - ontology,
            skipped_files=progress.files_skipped,
            unchanged_files=plan.unchanged_files,
            failed_files=progress.files_failed,
            deleted_files=self.deleted,
            errors=tuple(sorted(self.errors, key=lambda error: error.path)),
            warnings=tuple(sorted(self.warnings, key=lambda warning: (warning.path, warning.line or 0))),
            duration=time.monotonic() - self._started,
            total_nodes=progress.kg_nodes_saved,
            total_edges=progress.kg_edges_saved,
            total_classes=progress.onto_classes_saved,
            total_properties=progress.onto_properties_saved,
            total_axioms=progress.onto_axioms_saved,
            requests=dict(requests),
            graph=graph,
        )

    def finish(self, statistics: SyncStatistics) -> None:
        """Tell the end."""
        self.phase("done")
        self._each(lambda watcher: watcher.finished(statistics))

    def _tell(self, progress: SyncProgress) -> None:
        if len(progress.errors) != len(self.errors):
            progress = replace(progress, errors=tuple(self.errors))
        self.progress = progress
        self._told_at = time.monotonic()
        self._each(lambda watcher: watcher.progress(progress))

    def _each(self, tell: Callable[[Observer], object]) -> None:
        """One who raises is logged once and dropped; watching never stops a sync."""
        for watcher in list(self._watchers):
            try:
                tell(watcher)
            except (Exception, SystemExit) as error:
                self._watchers.remove(watcher)
                get_logger().warning("an observer failed and is dropped", observer=watcher.name, error=named(error))
