"""Obsidian vaults: a folder with ``.obsidian/`` in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ghsync_plugins.formats.page_files import OBSIDIAN


class ObsidianVault:
    """The `VaultKind` of Obsidian vaults. None of their settings changes what a note means."""

    name = OBSIDIAN
    version = "1"

    def root(self, path: str) -> str | None:
        """X of ``X/.obsidian/…``."""
        folder, found, _ = f"/{path}".partition("/.obsidian/")
        return folder[1:] if found else None

    def governing(self, root: str) -> Sequence[str]:  # noqa: ARG002
        """No file."""
        return ()

    def configure(self, root: str, files: Mapping[str, bytes]) -> Mapping[str, object]:  # noqa: ARG002
        """No settings."""
        return {}
