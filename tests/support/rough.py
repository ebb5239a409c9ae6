"""A store in memory whose writes are slow, fail, or hang for a while, and which counts everything."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext

from ghsync_core import Counts, FileFailure, FileResult, Saved, SourceState, StoreError, hookimpl


class RoughBackend:
    """Give this to ``Syncer(plugins=[...])`` and sync to ``rough:``. It is backend, store and writer in one.

    Of the groups written, by number: every 5th is slow, every 20th hangs for *hangs* seconds, and the one numbered
    *dies_at* raises `StoreError`. Files whose path ends with ``7.toy`` are refused one by one.
    """

    name = "rough"
    schemes = ("rough",)

    def __init__(self, max_writes: int, *, hangs: float = 0.2, dies_at: int | None = None) -> None:
        self.max_writes, self.hangs, self.dies_at = max_writes, hangs, dies_at
        self.written: Counter[str] = Counter()
        self.groups = self.now = self.most = self.settled = 0
        self.state: SourceState | None = None
        self._lock = threading.Lock()
        self._never = threading.Event()

    @hookimpl
    def register_backends(self) -> list[RoughBackend]:
        return [self]

    def files(self, url: str) -> list[object]:
        return []

    def open(self, url: str, options: object, *, create: bool) -> RoughBackend:
        return self

    def lock(self, holder: str, wait: float) -> nullcontext[None]:
        return nullcontext()

    def find_source(self, **known: object) -> SourceState | None:
        return self.state

    def writer(self, source: str, commit: str | None) -> RoughBackend:
        return self

    def manifest(self) -> list[object]:
        return []

    def write(self, files: Sequence[FileResult]) -> list[Saved]:
        with self._lock:
            self.groups += 1
            number, self.now = self.groups, self.now + 1
            self.most = max(self.most, self.now)
        try:
            if number == self.dies_at:
                raise StoreError("the store is on fire")
            if number % 20 == 0:
                self._never.wait(self.hangs)
            elif number % 5 == 0:
                self._never.wait(0.005)
            with self._lock:
                self.written.update(result.file.path for result in files)
            return [self._saved(result) for result in files]
        finally:
            with self._lock:
                self.now -= 1

    def _saved(self, result: FileResult) -> Saved:
        if result.file.path.endswith("7.toy"):
            return Saved(failure=FileFailure(result.file.path, "write", "refused", "store"))
        return Saved(Counts(nodes=1))

    def delete(self, paths: Sequence[str]) -> None:
        raise AssertionError("nothing is to be deleted")

    def settle(self) -> Counts:
        assert self.now == 0, "the settle began before the last write ended"
        self.settled += 1
        return Counts()

    def record(self, run: object) -> None:
        pass

    def close(self) -> None:
        pass
