"""Every error that ghsync raises on purpose.

::

    GhsyncError
    ├── UsageError              the caller asked for something that makes no sense      exit 2
    │   ├── SettingsError         … in ghsync.toml, the environment or an argument
    │   └── PluginError           … a plugin that was named and can't be had
    ├── SourceError             the repository can't be listed                          exit 1
    │   ├── SourceNotFound        it is not there, or we may not see it
    │   └── AccessDenied          the host says no (401, or 403 that is no limit)
    ├── StoreError              the graph can't be written or read                      exit 1
    │   ├── StoreMissing          there is none at that place yet
    │   └── StoreLocked           another sync holds it
    ├── DeletionsRefused        the run would delete more than it was allowed to        exit 1
    ├── Cancelled               the run was told to stop                                exit 130
    └── FileError               one file can't be had or understood; the run goes on    exit 3
        ├── ContentError          … because of what is in it: tried again when it changes
        └── TransportError        … because it could not be fetched: tried again every run

A message says what happened, where, and what to do. It never holds a token.
"""

from __future__ import annotations


class GhsyncError(Exception):
    """The root of all errors that ghsync raises on purpose."""


class UsageError(GhsyncError):
    """The caller asked for something that makes no sense."""


class SettingsError(UsageError):
    """A setting is unknown, of the wrong type, or out of range."""


class PluginError(UsageError):
    """A plugin that the user named is unknown, blocked or broken."""


class SourceError(GhsyncError):
    """The source can't be listed; nothing in the store was changed."""


class SourceNotFound(SourceError):
    """The repository, folder, branch or commit is not there, or not visible to us."""


class AccessDenied(SourceError):
    """The host knows who asks, and refuses."""


class StoreError(GhsyncError):
    """The store can't be opened, read or written."""


class StoreMissing(StoreError):
    """There is no store at that place yet."""


class StoreLocked(StoreError):
    """Another sync holds the store."""


class DeletionsRefused(GhsyncError):
    """The run would delete more files than ``max_delete`` allows; it stopped before the first."""


class Cancelled(GhsyncError):
    """The run was told to stop while it waited."""


class FileError(GhsyncError):
    """One file can't be had or understood.

    ``reason`` is one of `ghsync_core.models.FAIL_REASONS`; ``line`` counts from 1.
    """

    def __init__(self, message: str, *, reason: str, line: int | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.line = line


class ContentError(FileError):
    """The file's own content is at fault: it is tried again when the content, a parser or a setting changes."""


class TransportError(FileError):
    """The file could not be fetched whole: it is tried again at every run."""

    def __init__(self, message: str, *, reason: str = "transport") -> None:
        super().__init__(message, reason=reason)
