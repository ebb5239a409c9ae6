"""Listings of folders and clones, in short, for tests."""

from __future__ import annotations

from ghsync_core import FileRef, Snapshot, SourceContext
from ghsync_plugins.sources.local import LocalSource

CONTEXT = SourceContext(options={}, wait=lambda seconds, why: None)


def snapshot(location: object) -> Snapshot:
    found = LocalSource().open(str(location), CONTEXT).snapshot(None, conditional=False)
    assert found is not None
    return found


def paths(found: Snapshot) -> list[str]:
    return [file.path for file in found.files]


def entries(found: Snapshot) -> dict[str, str]:
    return {file.path: file.entry for file in found.files}


def contents(found: Snapshot) -> dict[str, bytes]:
    return {file.path: found.read(file) for file in found.files if file.entry == "file"}


def only(found: Snapshot) -> FileRef:
    (file,) = found.files
    return file
