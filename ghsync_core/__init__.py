"""ghsync keeps a graph database in step with the knowledge that people write in GitHub repositories.

The public face: everything in ``__all__``, loaded when it is first used so that ``ghsync --help`` stays quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ghsync_core import axioms, facts, names
    from ghsync_core.errors import (
        AccessDenied,
        Cancelled,
        ContentError,
        DeletionsRefused,
        FileError,
        GhsyncError,
        PluginError,
        SettingsError,
        SourceError,
        SourceNotFound,
        StoreError,
        StoreLocked,
        StoreMissing,
        TransportError,
        UsageError,
    )
    from ghsync_core.hookspecs import hookimpl
    from ghsync_core.interfaces import (
        Backend,
        BackendWriter,
        Claim,
        Detector,
        Document,
        GraphReader,
        ManifestEntry,
        Parser,
        Repository,
        RunRecord,
        Setting,
        Snapshot,
        Source,
        SourceContext,
        SourceState,
        Store,
        SuffixDetector,
        Vault,
        VaultKind,
    )
    from ghsync_core.models import (
        Answer,
        Axiom,
        Counts,
        Edge,
        FileFailure,
        FileRef,
        FileResult,
        FileWarning,
        Name,
        Node,
        OwlClass,
        OwlProperty,
        ParsedFile,
        Reference,
        Saved,
        git_blob_id,
    )
    from ghsync_core.progress import Observer, SyncProgress, SyncStatistics
    from ghsync_core.syncer import Plan, Syncer, sync_many

_HOME = {
    "errors": (
        "AccessDenied Cancelled ContentError DeletionsRefused FileError GhsyncError PluginError SettingsError "
        "SourceError SourceNotFound StoreError StoreLocked StoreMissing TransportError UsageError"
    ),
    "hookspecs": "hookimpl",
    "interfaces": (
        "Backend BackendWriter Claim Detector Document GraphReader ManifestEntry Parser Repository RunRecord Setting "
        "Snapshot Source SourceContext SourceState Store SuffixDetector Vault VaultKind"
    ),
    "models": (
        "Answer Axiom Counts Edge FileFailure FileRef FileResult FileWarning Name Node OwlClass OwlProperty ParsedFile "
        "Reference Saved git_blob_id"
    ),
    "progress": "Observer SyncProgress SyncStatistics",
    "syncer": "Plan Syncer sync_many",
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names.split()}

_MODULES = ("axioms", "facts", "names")

__all__ = [*sorted(_MODULE_OF), *_MODULES]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"ghsync_core.{name}")
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'ghsync_core' has no attribute {name!r}")
    return getattr(import_module(f"ghsync_core.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return __all__
