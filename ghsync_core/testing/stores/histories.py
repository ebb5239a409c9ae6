"""Any history of runs, whole or broken off, ends in the graph that the last state of the files gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from ghsync_core.models import FileResult
from ghsync_core.testing.promises import same_rows
from ghsync_core.testing.stores.base import Stores
from ghsync_core.testing.stores.strategies import PATHS, groups
from ghsync_core.testing.stores.twins import Twins

GRAPH = ("nodes", "edges", "classes", "properties", "axioms")


class History(RuleBasedStateMachine):
    """Runs over one source of a store that other histories have used before, under names of their own."""

    twins: Twins
    numbers = count()
    sound = True
    """Whether the last step of all came to its end: if not, the stores may be left at anything."""

    def __init__(self) -> None:
        super().__init__()
        if not self.sound:
            self.twins.reopen()
            type(self).sound = True
        self.source = f"history {next(self.numbers)}"
        self.said: dict[str, FileResult] = {}
        self.settled = True
        self.known = False
        self.commit = 0

    @contextmanager
    def _step(self) -> Iterator[None]:
        type(self).sound = False
        yield
        type(self).sound = True

    def _next(self) -> str:
        self.commit += 1
        return str(self.commit)

    def _took(self, files: list[FileResult]) -> None:
        self.known = self.known or bool(files)
        for result in files:
            if result.status == "stored":
                self.said[result.file.path] = result
            elif result.status == "skipped":
                self.said.pop(result.file.path, None)

    @rule(files=groups(), gone=st.sets(st.sampled_from(PATHS), max_size=2), one_by_one=st.booleans())
    def run(self, files: list[FileResult], gone: set[str], one_by_one: bool) -> None:
        """A run that comes to its end."""
        with self._step():
            self._run(files, sorted(gone), one_by_one=one_by_one)

    def _run(self, files: list[FileResult], gone: list[str], *, one_by_one: bool = False) -> None:
        with self.twins.writing(self.source, self._next()) as writer:
            for group in [[each] for each in files] if one_by_one else [files]:
                writer.write(group)
            writer.delete(gone)
            writer.end()
        self.known = self.settled = True
        self._took(files)
        for path in gone:
            self.said.pop(path, None)

    @rule(files=groups(), gone=st.sets(st.sampled_from(PATHS), max_size=1), settle=st.booleans())
    def break_off(self, files: list[FileResult], gone: set[str], settle: bool) -> None:
        """A run whose process dies: what it wrote stays, what it settled does not."""
        with self._step():
            with self.twins.writing(self.source, self._next()) as writer:
                writer.write(files)
                writer.delete(sorted(gone))
                if settle:
                    writer.settle()
            self.twins.reopen()
        self._took(files)
        for path in gone:
            self.said.pop(path, None)
        self.known = True
        self.settled = False

    @rule(files=groups())
    def interrupt(self, files: list[FileResult]) -> None:
        """A run that is told to stop: it settles, and records that it did not come to its end."""
        with self._step(), self.twins.writing(self.source, self._next()) as writer:
            writer.write(files)
            writer.end(status="interrupted", broken_off=True)
        self._took(files)
        self.known = self.settled = True

    @precondition(lambda self: self.known and self.settled)
    @rule()
    def rename(self) -> None:
        """A run that finds its source under another name."""
        name = f"{self.source}'"
        with self._step():
            self.twins.sync(source=self.source, commit=self._next(), name=name)
        self.source = name

    @precondition(lambda self: self.known)
    @rule()
    def forget(self) -> None:
        """The source is taken out; it may come again."""
        with self._step():
            self.twins.forget(self.source)
        self.said.clear()
        self.known, self.settled = False, True

    @precondition(lambda self: self.known)
    @invariant()
    def is_that_of_sqlite(self) -> None:
        """After each step that leaves it settled: every view is what SQLite shows."""
        if self.settled:
            with self._step():
                self.twins.check_source(self.source)

    def teardown(self) -> None:
        """At last: the graph is that of a new source with the same files; then make room for other histories."""
        if self.known and self.sound:
            with self._step():
                self._compare_with_fresh()

    def _compare_with_fresh(self) -> None:
        self._run([], [])
        fresh = f"fresh {self.source}"
        self.twins.sync(*(self.said[path] for path in sorted(self.said)), source=fresh)
        ours, wanted = self.twins.graph(self.source), self.twins.graph(fresh)
        for view in GRAPH:
            promise = f"any history ends in the graph of a fresh sync of the same files: {view}"
            same_rows(promise, ours[view], wanted[view])
        self.twins.forget(self.source)
        self.twins.forget(fresh)


class Histories(Stores):
    """Fresh ≡ incremental."""

    histories: int = 30
    """How many histories are tried; each is up to twelve runs."""

    shrink: bool = False
    """Whether, of a history that fails, the shortest like it is sought; that may take minutes."""

    def test_any_history_ends_in_the_graph_of_its_last_state(
        self, new_store: Callable[[], str], tmp_path: Path
    ) -> None:
        twins = self.twins_at(new_store(), tmp_path / "reference.db")
        machine = type("History", (History,), {"twins": twins})
        try:
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=self.histories,
                    stateful_step_count=12,
                    deadline=None,
                    report_multiple_bugs=False,
                    phases=[Phase.reuse, Phase.generate, *([Phase.shrink] if self.shrink else [])],
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            twins.close()
