"""What a run has to do: the listing held against the manifest of the last run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ghsync_core.errors import DeletionsRefused
from ghsync_core.interfaces import ManifestEntry
from ghsync_core.models import FileFailure, FileRef
from ghsync_core.setting_values import MaxDelete

GUARD_SHARE = 0.2
GUARD_COUNT = 10
"""A run that would delete more than this share of the stored files, and more than this many, must be allowed to."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What ``--dry-run`` shows and a run does.

    ``read`` are the files to read and parse; ``skip`` those that are skipped by path and size, with the reason, and
    not yet recorded so; ``skipped_files`` counts all that are skipped as known. ``failing`` failed before for their
    content and have not changed since. ``deleted``, ``moved`` and ``dropped`` are paths to take out of the store: a
    moved one stands elsewhere now, a dropped one was skipped, so that nothing is lost. ``requests`` is how many more
    API requests reading will cost.
    """

    source: str
    commit: str | None
    read: tuple[FileRef, ...] = ()
    skip: tuple[tuple[FileRef, str], ...] = ()
    deleted: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    unchanged_files: int = 0
    skipped_files: int = 0
    stored_before: int = 0
    failing: tuple[FileFailure, ...] = ()
    requests: int = 0

    @property
    def total_files(self) -> int:
        """All files inside the filters."""
        return len(self.read) + self.skipped_files + self.unchanged_files + len(self.failing)

    @property
    def idle(self) -> bool:
        """Whether nothing need be written."""
        return not (self.read or self.skip or self.gone)

    @property
    def gone(self) -> tuple[str, ...]:
        """All paths to take out of the store."""
        return self.deleted + self.moved + self.dropped


def make_plan(
    source: str,
    commit: str | None,
    files: Iterable[FileRef],
    manifest: Iterable[ManifestEntry],
    *,
    skip_reason: Callable[[FileRef], str | None],
    fingerprint: Callable[[str], str],
    full: bool = False,
) -> Plan:
    """Hold *files* against *manifest*.

    *skip_reason* is the first look of the detectors; *fingerprint* gives for a path all that the file's meaning depends
    on besides its blob. With *full* every file is read again.
    """
    pending = {file.path: file for file in files}
    arrivals = dict(pending)
    skip: list[tuple[FileRef, str]] = []
    gone: list[ManifestEntry] = []
    failing: list[FileFailure] = []
    unchanged = skipped = stored = 0
    for entry in manifest:
        stored += entry.status != "skipped"
        if not (entry.arrived and entry.status == "stored"):
            arrivals.pop(entry.path, None)
        file = pending.get(entry.path)
        if file is None:
            gone.append(entry)
        elif not full and _same(file, entry, fingerprint(entry.path)):
            del pending[entry.path]
            unchanged += entry.status == "stored"
            skipped += entry.status == "skipped"
            if entry.failure:
                failing.append(entry.failure)
    for file in list(pending.values()):
        reason = skip_reason(file)
        if reason is not None:
            skip.append((pending.pop(file.path), reason))
    refused = {file.path for file, _ in skip}
    homes = (file for file in arrivals.values() if file.path not in refused)
    deleted, moved, dropped = _sort_out(gone, homes)
    return Plan(
        source,
        commit,
        read=tuple(pending.values()),
        skip=tuple(skip),
        deleted=deleted,
        moved=moved,
        dropped=dropped,
        unchanged_files=unchanged,
        skipped_files=skipped + len(skip),
        stored_before=stored,
        failing=tuple(failing),
    )


def unchanged_plan(source: str, commit: str | None, manifest: Iterable[ManifestEntry]) -> Plan:
    """The plan where the source itself says that nothing has changed."""
    entries = Counter[str]()
    failing: list[FileFailure] = []
    for entry in manifest:
        entries[entry.status] += 1
        if entry.failure:
            failing.append(entry.failure)
    return Plan(
        source,
        commit,
        unchanged_files=entries["stored"],
        skipped_files=entries["skipped"],
        stored_before=entries["stored"] + entries["failed"],
        failing=tuple(failing),
    )


def _same(file: FileRef, entry: ManifestEntry, fingerprint: str) -> bool:
    if file.blob_id != entry.blob_id or fingerprint != entry.fingerprint:
        return False
    return entry.failure is None or not entry.failure.transport


def _sort_out(gone: Sequence[ManifestEntry], arrivals: Iterable[FileRef]) -> tuple[tuple[str, ...], ...]:
    """Paths deleted, moved and dropped. One new path can be the new home of one old path only."""
    homes = Counter(file.blob_id for file in arrivals) if gone else Counter[str]()
    deleted, moved, dropped = [], [], []
    for entry in gone:
        if entry.status == "skipped":
            dropped.append(entry.path)
        elif homes[entry.blob_id] > 0:
            homes[entry.blob_id] -= 1
            moved.append(entry.path)
        else:
            deleted.append(entry.path)
    return tuple(deleted), tuple(moved), tuple(dropped)


def guard_deletions(plan: Plan, allowed: MaxDelete | None) -> None:
    """Stop a run that would delete more than *allowed*; None is the house's own measure. Raises `DeletionsRefused`."""
    count, stored = len(plan.deleted), plan.stored_before
    limit = max(GUARD_COUNT, GUARD_SHARE * stored) if allowed is None else allowed.limit(stored)
    if count > limit:
        raise DeletionsRefused(
            f"{plan.source}: this run would delete {count} of {stored} stored files, so it stopped before the first. "
            f"If that is right, allow it with --max-delete {count}."
        )
