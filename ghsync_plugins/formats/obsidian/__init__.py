"""The plugin for Obsidian vaults; their notes are read by the Markdown plugin, by Obsidian's rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghsync_core import hookimpl

if TYPE_CHECKING:
    from ghsync_core import Detector, Parser, Setting, VaultKind


@hookimpl
def register_vault_kinds() -> list[VaultKind]:
    """Folders with ``.obsidian/`` in them."""
    from ghsync_plugins.formats.obsidian.vault import ObsidianVault

    return [ObsidianVault()]


@hookimpl
def register_detectors() -> list[Detector]:
    """Canvases, and bases, which are skipped."""
    from ghsync_plugins.formats.obsidian.detector import CanvasDetector

    return [CanvasDetector()]


@hookimpl
def register_parsers() -> list[Parser]:
    """The parser of canvases."""
    from ghsync_plugins.formats.late import LateParser

    return [LateParser("canvas", "1", f"{__name__}.canvas:CanvasParser")]


@hookimpl
def register_settings() -> list[Setting]:
    """Whether ``key:: value`` is read."""
    from ghsync_core import Setting

    help_text = "read Dataview's inline fields (key:: value) as properties of the note"
    return [Setting("obsidian", "dataview", bool, False, help_text, reading=True)]
