"""The Protocols that plugins keep: where files come from, what they mean, and where facts go.

A plugin's hook returns small named objects that keep one of these.
"""

from __future__ import annotations

from ghsync_core.interfaces.documents import Document, Vault, decode
from ghsync_core.interfaces.formats import Claim, Detector, Parser, SuffixDetector, VaultKind
from ghsync_core.interfaces.settings import Setting
from ghsync_core.interfaces.sources import (
    Expands,
    Expansion,
    Found,
    Keep,
    Repository,
    Snapshot,
    Source,
    SourceContext,
    SourceState,
)
from ghsync_core.interfaces.stores import Backend, BackendWriter, GraphReader, ManifestEntry, RunRecord, Store

__all__ = [
    "Backend",
    "BackendWriter",
    "Claim",
    "Detector",
    "Document",
    "Expands",
    "Expansion",
    "Found",
    "GraphReader",
    "Keep",
    "ManifestEntry",
    "Parser",
    "Repository",
    "RunRecord",
    "Setting",
    "Snapshot",
    "Source",
    "SourceContext",
    "SourceState",
    "Store",
    "SuffixDetector",
    "Vault",
    "VaultKind",
    "decode",
]
