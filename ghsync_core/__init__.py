"""ghsync keeps a graph database in step with the knowledge that people write in GitHub repositories.

The public face: everything in ``__all__``, loaded when it is first used so that ``ghsync --help`` stays quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ghsync_core import axioms, compare, facts, names, permalinks, views
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
        BulkReader,
        Claim,
        ColumnReader,
        Compares,
        Copies,
        Detector,
        Difference,
        Document,
        Expands,
        Expansion,
        Explains,
        Exporter,
        Finding,
        Found,
        GraphReader,
        HasMarkers,
        ManifestEntry,
        Parser,
        ReadsCommits,
        Repository,
        Rule,
        RunRecord,
        Said,
        Searches,
        Setting,
        Snapshot,
        Source,
        SourceContext,
        SourceGraph,
        SourceState,
        Stated,
        Store,
        SuffixDetector,
        Vault,
        VaultKind,
        Verifies,
    )
    from ghsync_core.log import get_logger
    from ghsync_core.many import sync_many
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
    from ghsync_core.opening import open_reader
    from ghsync_core.progress import Observer, SyncProgress, SyncStatistics, TakesSettings
    from ghsync_core.syncer import Explanation, Plan, Syncer

__all__ = [
    "AccessDenied",
    "Answer",
    "Axiom",
    "Backend",
    "BackendWriter",
    "BulkReader",
    "Cancelled",
    "Claim",
    "ColumnReader",
    "Compares",
    "ContentError",
    "Copies",
    "Counts",
    "DeletionsRefused",
    "Detector",
    "Difference",
    "Document",
    "Edge",
    "Expands",
    "Expansion",
    "Explains",
    "Explanation",
    "Exporter",
    "FileError",
    "FileFailure",
    "FileRef",
    "FileResult",
    "FileWarning",
    "Finding",
    "Found",
    "GhsyncError",
    "GraphReader",
    "HasMarkers",
    "ManifestEntry",
    "Name",
    "Node",
    "Observer",
    "OwlClass",
    "OwlProperty",
    "ParsedFile",
    "Parser",
    "Plan",
    "PluginError",
    "ReadsCommits",
    "Reference",
    "Repository",
    "Rule",
    "RunRecord",
    "Said",
    "Saved",
    "Searches",
    "Setting",
    "SettingsError",
    "Snapshot",
    "Source",
    "SourceContext",
    "SourceError",
    "SourceGraph",
    "SourceNotFound",
    "SourceState",
    "Stated",
    "Store",
    "StoreError",
    "StoreLocked",
    "StoreMissing",
    "SuffixDetector",
    "SyncProgress",
    "SyncStatistics",
    "Syncer",
    "TakesSettings",
    "TransportError",
    "UsageError",
    "Vault",
    "VaultKind",
    "Verifies",
    "axioms",
    "compare",
    "facts",
    "get_logger",
    "git_blob_id",
    "hookimpl",
    "names",
    "open_reader",
    "permalinks",
    "sync_many",
    "views",
]

# Light modules first: a name is looked for in them one after the other, and the last four import much.
_HOMES = ("errors", "log", "models", "interfaces", "progress", "hookspecs", "opening", "syncer", "many")
_MODULES = ("axioms", "compare", "facts", "names", "permalinks", "views")


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"ghsync_core.{name}")
    if name in __all__:
        for home in _HOMES:
            module = import_module(f"ghsync_core.{home}")
            if name in vars(module):
                return vars(module)[name]
    raise AttributeError(f"module 'ghsync_core' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
