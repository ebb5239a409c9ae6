"""The Protocols that plugins keep: where files come from, what they mean, and where facts go.

A plugin's hook returns small named objects that keep one of these.
"""

from __future__ import annotations

from ghsync_core.interfaces.documents import Document, Vault, decode
from ghsync_core.interfaces.exports import Exporter
from ghsync_core.interfaces.formats import Claim, Detector, Parser, SuffixDetector, VaultKind
from ghsync_core.interfaces.rules import Finding, Rule, SourceGraph
from ghsync_core.interfaces.settings import Setting
from ghsync_core.interfaces.sources import (
    Expands,
    Expansion,
    Found,
    HasMarkers,
    Keep,
    ReadsCommits,
    Repository,
    Snapshot,
    Source,
    SourceContext,
    SourceState,
)
from ghsync_core.interfaces.stores import (
    Backend,
    BackendWriter,
    BulkReader,
    ColumnReader,
    Compares,
    Copies,
    Difference,
    Explains,
    GraphReader,
    ManifestEntry,
    RunRecord,
    Said,
    Searches,
    Stated,
    Store,
    Verifies,
)

__all__ = [
    "Backend",
    "BackendWriter",
    "BulkReader",
    "Claim",
    "ColumnReader",
    "Compares",
    "Copies",
    "Detector",
    "Difference",
    "Document",
    "Expands",
    "Expansion",
    "Explains",
    "Exporter",
    "Finding",
    "Found",
    "GraphReader",
    "HasMarkers",
    "Keep",
    "ManifestEntry",
    "Parser",
    "ReadsCommits",
    "Repository",
    "Rule",
    "RunRecord",
    "Said",
    "Searches",
    "Setting",
    "Snapshot",
    "Source",
    "SourceContext",
    "SourceGraph",
    "SourceState",
    "Stated",
    "Store",
    "SuffixDetector",
    "Vault",
    "VaultKind",
    "Verifies",
    "decode",
]
