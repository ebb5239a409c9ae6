"""Which of its three readings a folder gets: plain, the work tree of a clone, or a commit."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from ghsync_core import Snapshot, SourceError, SourceNotFound, SourceState
from ghsync_plugins.sources.local.clone import Clone, find_clone, github_page, owner_and_name
from ghsync_plugins.sources.local.commit import CommitSnapshot
from ghsync_plugins.sources.local.folder import HASHED, FolderSnapshot, list_files, path_text, walk

DIRTY = "+dirty"
"""Stands behind the commit of a work tree that differs from it."""


class LocalRepository:
    """A folder, by its real path, the ref to read there, and what not to list. Keeps the `Repository` protocol."""

    def __init__(self, folder: Path, ref: str | None, ignore: Collection[Path] = ()) -> None:
        self.location = _with_ref(path_text(folder), ref)
        self.requests: Mapping[str, int] = {}
        self._folder = folder
        self._ref = ref
        self._ignore = frozenset(os.fsencode(path) for path in ignore)

    def snapshot(self, known: SourceState | None, *, conditional: bool) -> Snapshot | None:
        """The files now. A folder is always listed, since only its listing tells whether it changed.

        Raises `SourceError` where a folder can't be listed, or git fails; `SourceNotFound` where there is no such ref.
        """
        clone = find_clone(self._folder)
        if self._ref is not None:
            return self._commit(clone, self._ref, known if conditional else None)
        if clone is None or (clone.has_files and clone.ignored()):
            return self._plain(known)
        if not clone.has_files:
            raise SourceError(f"{self.location} is git's own store, without files; name a commit: {self.location}@HEAD")
        return self._work_tree(clone, known)

    def at(self, known: SourceState) -> Snapshot | None:
        """The files at ``known.commit``, out of git's object store; None where files that git does not have were read.

        Raises `SourceError` where the clone has no such commit any more.
        """
        clone = find_clone(self._folder)
        if clone is None or known.commit is None or known.commit.endswith(DIRTY):
            return None
        return self._commit(clone, known.commit, None)

    def close(self) -> None:
        """Nothing is held open."""

    def _plain(self, known: SourceState | None) -> Snapshot:
        left_out: list[bytes] = []
        paths = walk(self._folder, left_out)
        files, note = list_files(self._folder, paths, ignore=self._ignore, note=_note(known))
        markers = sorted(path_text(path) for path in left_out)
        return FolderSnapshot(self.location, None, files, self._folder, note=note, markers=markers)

    def _work_tree(self, clone: Clone, known: SourceState | None) -> Snapshot:
        found = clone.work_tree(self._ignore, _note(known))
        commit = clone.commit("HEAD")
        if commit is not None and not clone.is_clean(found, commit):
            commit += DIRTY
        origin = clone.origin()
        name, page = self._name(clone, origin), github_page(origin)
        return FolderSnapshot(name, commit, found.files, self._folder, clone.prefix, found.note, page=page)

    def _commit(self, clone: Clone | None, ref: str, known: SourceState | None) -> Snapshot | None:
        if clone is None:
            raise SourceNotFound(f"{self.location} names a commit, but the folder is not in a git clone")
        commit = clone.commit(ref)
        if commit is None:
            raise SourceNotFound(f"no branch, tag or commit {ref!r} in the clone at {path_text(clone.folder)}")
        if known is not None and known.commit == commit:
            return None
        files = clone.tree(commit)
        if clone.prefix and not files:
            raise SourceNotFound(f"no folder {clone.prefix[:-1]} in {ref!r} of the clone at {path_text(clone.folder)}")
        origin = clone.origin()
        return CommitSnapshot(self._name(clone, origin), commit, files, clone, github_page(origin))

    def _name(self, clone: Clone, origin: str) -> str:
        """``OWNER/REPO@REF:FOLDER`` of a clone that has an origin on a host, else the location."""
        name = owner_and_name(origin)
        if name is None:
            return self.location
        folder = f":{clone.prefix[:-1]}" if clone.prefix else ""
        return _with_ref(name, self._ref) + folder


def _with_ref(name: str, ref: str | None) -> str:
    return name if ref is None else f"{name}@{ref}"


def _note(known: SourceState | None) -> object:
    return known.memory.get(HASHED) if known else None
