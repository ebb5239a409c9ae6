"""A folder or a local git clone as a source: ``./notes``, ``/data/garden``, ``~/garden@v1.2``."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from ghsync_core import Repository, Source, SourceContext, SourceError, SourceNotFound, hookimpl
from ghsync_plugins.sources.local.folder import path_text
from ghsync_plugins.sources.local.repository import LocalRepository


class LocalSource:
    """Whatever looks like a path, or is one: a name that exists on disk is never taken for a repository on GitHub."""

    name = "local"
    priority = 100

    def accepts(self, location: str) -> bool:
        """Whether *location* starts like a path, exists, or is an existing folder followed by ``@REF``."""
        if location.startswith((".", "/", "~")):
            return True
        path, ref = split_ref(location)
        return ref is not None or os.path.lexists(path)

    def open(self, location: str, context: SourceContext) -> Repository:
        """The folder at *location*, with its symbolic links resolved.

        Raises `SourceNotFound` where there is no such folder, `SourceError` where it is none.
        """
        path, ref = split_ref(location)
        if _is_folder(path):
            return LocalRepository(_expanded(path).resolve(), ref, context.ignore)
        if os.path.lexists(_expanded(path)):
            raise SourceError(
                f"not a folder: {path_text(path)}; give the folder that it lies in, and --include to choose files"
            )
        raise SourceNotFound(f"no such folder: {path_text(path)}; to sync from GitHub write OWNER/REPO")


def split_ref(location: str) -> tuple[str, str | None]:
    """*location* as path and ref. A folder may have ``@`` in its name: the longest path that is a folder wins."""
    path, ref = location, None
    while not _is_folder(path) and "@" in path:
        path = path.rpartition("@")[0]
        ref = location[len(path) + 1 :]
    return (path, ref) if _is_folder(path) else (location, None)


def _is_folder(path: str) -> bool:
    """As `Path.is_dir`, which raises for some texts that can be no path, such as a very long one."""
    return path != "" and os.path.isdir(_expanded(path))  # noqa: PTH112


def _expanded(path: str) -> Path:
    """*path* with ``~`` written out; as it is where there is no such user, for which `Path.expanduser` raises."""
    return Path(os.path.expanduser(path))  # noqa: PTH111


@hookimpl
def register_sources() -> Iterable[Source]:
    """Folders and local clones."""
    return [LocalSource()]
