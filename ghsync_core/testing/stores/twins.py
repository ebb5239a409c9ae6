"""The store under test beside a reference, SQLite: both are told the same, and must then say the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from typing import Any

from ghsync_core.digest import digest
from ghsync_core.interfaces import BackendWriter, GraphReader, ManifestEntry, RunRecord, SourceState, Store, Verifies
from ghsync_core.models import Counts, FileFailure, FileResult, Saved
from ghsync_core.testing.promises import agree, hold, same_rows
from ghsync_core.views import COLUMNS, GRAPH

SOURCE = "octo/garden"
OWN = {"runs": ("id", "started_at", "ended_at"), "files": ("synced_at",)}
"""Columns that each store fills by itself."""

_SAME = "the rows of {}, in order, are those that SQLite shows of the same files"

Opener = Callable[[], Store]


def seen(reader: GraphReader, view: str, source: str | None = None, **how: Any) -> list[dict[str, Any]]:
    """The rows of *view* in order, without what each store fills by itself."""
    how.setdefault("ordered", True)
    return [_comparable(view, row) for row in reader.rows(view, source, **how)]


def _comparable(view: str, row: Mapping[str, Any]) -> dict[str, Any]:
    kept = {column: value for column, value in row.items() if column not in OWN.get(view, ())}
    if view == "runs":
        kept["statistics"] = {**json.loads(kept["statistics"]), "duration": None}
    return kept


def state_of(source: str, commit: str, **changes: Any) -> SourceState:
    """What is remembered of *source* after a run that came to its end."""
    location, identity = f"place of {source}", f"identity of {source}"
    return replace(SourceState(source, location, commit, identity, {"etag": commit}, "as now", clean=True), **changes)


class Twins:
    """Both stores, opened."""

    def __init__(self, ours: Opener, reference: Opener) -> None:
        self._openers = (ours, reference)
        self._opened: list[Store] = []
        self.reopen()

    def reopen(self) -> None:
        """Let go of both stores, whatever they were at, and open them again."""
        self.close()
        for opener in self._openers:
            self._opened.append(opener())

    def close(self) -> None:
        """Let go of both stores."""
        while self._opened:
            self._opened.pop().close()

    @property
    def ours(self) -> Store:
        """The store under test."""
        return self._opened[0]

    @property
    def reference(self) -> Store:
        """SQLite's."""
        return self._opened[1]

    # --- writing ---

    @contextmanager
    def writing(self, source: str = SOURCE, commit: str = "1") -> Iterator[TwinWriter]:
        """A writer of each, under their locks."""
        with ExitStack() as locks:
            for store in self._opened:
                locks.enter_context(store.lock("the suite", 0))
            yield TwinWriter([store.writer(source, commit) for store in self._opened], source, commit)

    def sync(
        self, *files: FileResult, source: str = SOURCE, commit: str = "1", delete: Sequence[str] = (), **state: Any
    ) -> Counts:
        """A whole run. *state* changes what is remembered of it."""
        with self.writing(source, commit) as writer:
            writer.write(files)
            if delete:
                writer.delete(delete)
            return writer.end(**state)

    def forget(self, source: str = SOURCE) -> None:
        """Take *source* out of both."""
        told = []
        for store in self._opened:
            with store.lock("the suite", 0):
                told.append(store.forget(source))
        agree("forget says how many files went", *told)

    # --- holding one against the other ---

    def check(self, *sources: str) -> None:
        """Every view is the same in both; and of *sources*, or else of `SOURCE`, all that `check_source` says."""
        self.check_rows()
        with self.reading() as (ours, reference):
            for source in sources or (SOURCE,):
                self._check_source(source, ours, reference)

    def check_rows(self) -> None:
        """Every view is the same in both."""
        with self.reading() as (ours, reference):
            for view in COLUMNS:
                same_rows(_SAME.format(view), seen(ours, view), seen(reference, view))

    def check_source(self, source: str) -> None:
        """The rows, manifest, digest and memory of *source* are the same in both, and the store finds it sound."""
        with self.reading() as (ours, reference):
            for view in COLUMNS:
                same_rows(_SAME.format(view), seen(ours, view, source), seen(reference, view, source))
            self._check_source(source, ours, reference)

    def _check_source(self, source: str, ours: GraphReader, reference: GraphReader) -> None:
        agree(f"the digest of {source} is that of any store", digest(ours, source), digest(reference, source))
        states = [store.find_source(name=source) for store in self._opened]
        agree(f"what is remembered of {source}", *map(_plain, states))
        agree(f"the manifest of {source}", *(manifest_of(store, source) for store in self._opened))
        if isinstance(ours, Verifies) and ours.settled(source):
            hold("a store finds nothing wrong in itself", not (found := list(ours.differences(source))), found)

    @contextmanager
    def reading(self) -> Iterator[tuple[GraphReader, GraphReader]]:
        """A reader of each."""
        with closing(self.ours.reader()) as ours, closing(self.reference.reader()) as reference:
            yield ours, reference

    def rows(self, view: str, source: str | None = None, **how: Any) -> list[dict[str, Any]]:
        """The rows of the store under test, in order, read by a new reader."""
        with closing(self.ours.reader()) as reader:
            return seen(reader, view, source, **how)

    def graph(self, source: str) -> dict[str, list[dict[str, Any]]]:
        """What the store under test says of *source*, apart from its name and from when its files were read."""
        apart = ("source", "commit_id")
        return {
            view: [{key: row[key] for key in row if key not in apart} for row in self.rows(view, source)]
            for view in GRAPH
        }


def manifest_of(store: Store, source: str) -> list[ManifestEntry]:
    """What *store* has of each file of *source*, by path; how it words a refusal of its own is left out."""
    entries = store.writer(source, None).manifest()
    return sorted((replace(each, failure=_unworded(each.failure)) for each in entries), key=lambda each: each.path)


def _unworded(failure: FileFailure | None) -> FileFailure | None:
    return replace(failure, message="…") if failure and failure.reason == "store" else failure


def _plain(state: SourceState | None) -> SourceState | None:
    return state and replace(state, memory=dict(state.memory))


class TwinWriter:
    """A writer of each store; whatever they answer must be the same."""

    def __init__(self, writers: Sequence[BackendWriter], source: str, commit: str) -> None:
        self.ours, self.reference = writers
        self._source = source
        self._commit = commit

    def write(self, files: Sequence[FileResult]) -> Sequence[Saved]:
        """Write *files* in one call, as one group."""
        ours, reference = self.ours.write(files), self.reference.write(files)
        agree("write answers for every file, in order", len(ours), len(files))
        promise = "what was saved of each file, or why not"
        agree(promise, *([(each.counts, _unworded(each.failure)) for each in saved] for saved in (ours, reference)))
        return ours

    def delete(self, paths: Sequence[str]) -> None:
        """Take files out."""
        self.ours.delete(paths)
        self.reference.delete(paths)

    def settle(self) -> Counts:
        """Settle; `record` must follow."""
        ours, reference = self.ours.settle(), self.reference.settle()
        agree("settle counts the rows of the five views", ours, reference)
        return ours

    def record(self, status: str = "complete", *, broken_off: bool = False, keep_runs: int = 100, **state: Any) -> None:
        """Record the run. *state* changes what is remembered of it."""
        remembered = None if broken_off else state_of(self._source, self._commit, **state)
        statistics = {"status": status, "errors": []}
        run = RunRecord(status, self._commit, 1_700_000_000.25, 1_700_000_001.5, statistics, remembered, keep_runs)
        self.ours.record(run)
        self.reference.record(run)

    def end(self, **state: Any) -> Counts:
        """Settle and record."""
        counts = self.settle()
        self.record(**state)
        return counts
