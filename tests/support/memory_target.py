"""The smallest target of a projected store: parts in dictionaries, which outlive the store that filled them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from ghsync_core import hookimpl, views
from ghsync_plugins.backends.projection import Change, Part, ProjectedStore

Key = tuple[str | None, str | None]


class MemoryTarget:
    """``graphs`` holds the parts of each source, ``marks`` and ``runs`` the rest; ``applied`` counts parts taken in."""

    def __init__(self) -> None:
        self.graphs: dict[str, dict[Key, Part]] = {}
        self.marks: dict[str, str] = {}
        self.runs: dict[str, list[Any]] = {}
        self.applied: list[Key] = []
        self.fail: Callable[[str], None] = lambda moment: None

    def lock(self, holder: str, wait: float) -> nullcontext[None]:
        return nullcontext()

    def mark(self, source: str) -> str | None:
        return self.marks.get(source)

    def apply(self, change: Change) -> None:
        self.fail("before")
        graph = {} if change.everything else dict(self.graphs.get(change.source, {}))
        parts = {(part.path, part.id): part for part in change.parts()}
        graph.update(parts)
        self.applied = list(parts)
        self.graphs[change.source] = {key: part for key, part in graph.items() if part.rows}
        self.runs[change.source] = change.runs()
        if change.mark is not None:
            self.marks[change.source] = change.mark
        else:
            del self.graphs[change.source], self.runs[change.source]
            self.marks.pop(change.source, None)
        self.fail("after")

    def reader(self) -> MemoryReader:
        return MemoryReader(self)

    def close(self) -> None:
        pass


class MemoryReader:
    language = "none"

    def __init__(self, target: MemoryTarget) -> None:
        self._target = target

    def rows(
        self, view: str, source: str | None = None, *, where: Mapping[str, Any] | None = None, ordered: bool = False
    ) -> Iterator[Mapping[str, Any]]:
        wanted = views.conditions(view, source, where)
        columns = views.COLUMNS[view]
        found = [
            dict(zip(columns, row, strict=True))
            for name, graph in self._target.graphs.items()
            for row in [*(row for part in graph.values() for row in part.rows.get(view, ())), *self._runs(view, name)]
        ]
        found = [row for row in found if all(row[column] == value for column, value in wanted.items())]
        keys = ("source", *views.KEYS[view])
        yield from sorted(found, key=lambda row: [row[key] for key in keys]) if ordered else found

    def _runs(self, view: str, source: str) -> list[Any]:
        return self._target.runs[source] if view == "runs" else []

    def query(self, text: str, *, seconds: float | None = None) -> Any:
        raise NotImplementedError

    def close(self) -> None:
        pass


class MemoryPlugin:
    """Brings ``memory:LEDGER``, a projected store over *target*."""

    name = "memory"
    schemes = ("memory",)

    def __init__(self, target: MemoryTarget) -> None:
        self.target = target

    @hookimpl
    def register_backends(self) -> list[MemoryPlugin]:
        return [self]

    def files(self, url: str) -> list[Path]:
        return []

    def open(self, url: str, options: Mapping[str, Any], *, create: bool) -> ProjectedStore:
        return ProjectedStore(Path(url.removeprefix("memory:")), self.target, create=create)
