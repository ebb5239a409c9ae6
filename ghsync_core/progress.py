"""What a run tells while it goes on, and what it says at its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Literal, Protocol, runtime_checkable

from ghsync_core.models import Counts, FileFailure, FileWarning, Json

Phase = Literal["listing", "reading", "settling", "done"]
RunStatus = Literal["complete", "partial", "unchanged", "interrupted", "failed"]


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """A snapshot of a run. No figure ever falls, and ``files_processed`` ends at ``files_total``.

    ``files_total`` counts what this run has to deal with: all files but those stored before and unchanged.
    ``files_processed`` = succeeded + failed + skipped. The ``*_saved`` figures count what the store has confirmed.
    ``waiting_until`` is the POSIX time in seconds at which a wait for the source's host ends, else None. ``source`` is
    the source's name, before it is known the location: of several sources each has figures of its own.
    """

    phase: Phase = "listing"
    files_total: int = 0
    files_processed: int = 0
    files_succeeded: int = 0
    files_failed: int = 0
    files_skipped: int = 0
    current_file: str | None = None
    errors: tuple[FileFailure, ...] = ()
    kg_nodes_saved: int = 0
    kg_edges_saved: int = 0
    onto_classes_saved: int = 0
    onto_properties_saved: int = 0
    onto_axioms_saved: int = 0
    waiting_until: float | None = None
    source: str = ""

    def succeeded(self, path: str, saved: Counts) -> SyncProgress:
        """This progress after one more file is stored."""
        return replace(
            self,
            files_processed=self.files_processed + 1,
            files_succeeded=self.files_succeeded + 1,
            current_file=path,
            kg_nodes_saved=self.kg_nodes_saved + saved.nodes,
            kg_edges_saved=self.kg_edges_saved + saved.edges,
            onto_classes_saved=self.onto_classes_saved + saved.classes,
            onto_properties_saved=self.onto_properties_saved + saved.properties,
            onto_axioms_saved=self.onto_axioms_saved + saved.axioms,
        )

    def failed(self, path: str) -> SyncProgress:
        """This progress after one more file has failed."""
        return replace(
            self,
            files_processed=self.files_processed + 1,
            files_failed=self.files_failed + 1,
            current_file=path,
        )

    def skipped(self, path: str | None, count: int = 1) -> SyncProgress:
        """This progress after *count* more files are skipped."""
        return replace(
            self,
            files_processed=self.files_processed + count,
            files_skipped=self.files_skipped + count,
            current_file=path or self.current_file,
        )


@dataclass(frozen=True, slots=True)
class WarningAt:
    """A `FileWarning` and the file that it is about."""

    path: str
    line: int | None
    code: str
    message: str

    @classmethod
    def of(cls, path: str, warning: FileWarning) -> WarningAt:
        """*warning* with its *path*."""
        return cls(path, warning.line, warning.code, warning.message)


@dataclass(frozen=True, slots=True)
class SyncStatistics:
    """The result of a run; `to_json` is what ``--json`` prints.

    The six counts from ``kg_files_processed`` to ``failed_files`` add up to ``total_files``; ``left_files`` are those
    that an interrupted run did not come to. The ``total_*`` facts are
    those that this run's files wrote, before equal ones merge; ``graph`` counts the rows of the store's views for this
    source now. ``duration`` is in seconds, ``requests`` counts what was asked of the source's host, by kind.
    """

    source: str
    commit: str | None
    status: RunStatus
    total_files: int = 0
    kg_files_processed: int = 0
    ontology_files_processed: int = 0
    other_files_processed: int = 0
    skipped_files: int = 0
    unchanged_files: int = 0
    failed_files: int = 0
    deleted_files: int = 0
    left_files: int = 0
    errors: tuple[FileFailure, ...] = ()
    warnings: tuple[WarningAt, ...] = ()
    duration: float = 0.0
    total_nodes: int = 0
    total_edges: int = 0
    total_classes: int = 0
    total_properties: int = 0
    total_axioms: int = 0
    requests: Mapping[str, int] = field(default_factory=dict)
    graph: Counts = field(default_factory=Counts)

    def to_json(self) -> dict[str, Json]:
        """This as plain lists, dicts and scalars, in the order of the fields."""
        return asdict(self)


OnProgress = Callable[[SyncProgress], object]


class Observer(Protocol):
    """Someone who watches every run; called from the thread that called ``run()``, so it needs no lock.

    An observer that raises is logged once and dropped; it never stops a sync.
    """

    @property
    def name(self) -> str:
        """The name that it is listed by."""

    def progress(self, progress: SyncProgress) -> None:
        """Called at each change of phase, at most every tenth of a second in between, and at the end."""

    def finished(self, statistics: SyncStatistics) -> None:
        """Called once, when the run is over and recorded."""


@runtime_checkable
class TakesSettings(Protocol):
    """An `Observer` may be this too, where it has settings of its own."""

    def configure(self, options: Mapping[str, Json]) -> None:
        """Called before each run, with the settings of the table that has the observer's name."""
