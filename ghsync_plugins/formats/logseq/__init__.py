"""The plugin for Logseq graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghsync_core import hookimpl

if TYPE_CHECKING:
    from ghsync_core import Detector, Parser, VaultKind


@hookimpl
def register_vault_kinds() -> list[VaultKind]:
    """Folders with ``logseq/`` in them."""
    from ghsync_plugins.formats.logseq.vault import LogseqVault

    return [LogseqVault()]


@hookimpl
def register_detectors() -> list[Detector]:
    """Pages and journals."""
    from ghsync_plugins.formats.logseq.detector import LogseqDetector

    return [LogseqDetector()]


@hookimpl
def register_parsers() -> list[Parser]:
    """The parser of both."""
    from ghsync_plugins.formats.late import LateParser

    return [LateParser("logseq", "3", f"{__name__}.parser:LogseqParser")]
