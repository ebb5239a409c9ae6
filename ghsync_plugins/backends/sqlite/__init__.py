"""The default store: one SQLite file whose views are a public interface (docs/reference/graph.md)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ghsync_core import UsageError, hookimpl

if TYPE_CHECKING:
    from ghsync_plugins.backends.sqlite.store import SqliteStore


class SqliteBackend:
    """Stores named ``sqlite:PATH``, where PATH is relative or absolute."""

    name = "sqlite"
    schemes = ("sqlite",)

    def open(self, url: str, options: Mapping[str, Any], *, create: bool) -> SqliteStore:  # noqa: ARG002
        """See `Backend.open`."""
        from ghsync_plugins.backends.sqlite.store import SqliteStore

        return SqliteStore(_path(url), create=create)

    def files(self, url: str) -> list[Path]:
        """See `Backend.files`."""
        database = _path(url).resolve()
        return [database.with_name(database.name + suffix) for suffix in ("", "-wal", "-shm", "-journal", ".lock")]


def _path(url: str) -> Path:
    path = url.removeprefix("sqlite:")
    if path.startswith("//"):
        path = path[2:]  # sqlite:///absolute, as other tools write it
    if not path:
        raise UsageError("sqlite: names no file. Write --to sqlite:PATH, such as sqlite:ghsync.db.")
    return Path(path)


@hookimpl
def register_backends() -> list[SqliteBackend]:
    """The backend ``sqlite``."""
    return [SqliteBackend()]
