"""Bundles: the repository, or a folder at its top, whose ``index.md`` names an ``okf_version``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ghsync_core import Document, FileRef
from ghsync_plugins.formats.page_files import OKF

INDEX = "index.md"
VERSION_KEY = "okf_version"


class OkfBundle:
    """The `VaultKind` of bundles."""

    name = OKF
    version = "1"

    def root(self, path: str) -> str | None:
        """``""`` for ``index.md``, X for ``X/index.md``."""
        folder, _, name = path.rpartition("/")
        return folder if name == INDEX and "/" not in folder else None

    def governing(self, root: str) -> Sequence[str]:
        """Its ``index.md``."""
        return [f"{root}/{INDEX}" if root else INDEX]

    def configure(self, root: str, files: Mapping[str, bytes]) -> Mapping[str, Any] | None:  # noqa: ARG002
        """The version that it follows; None where the index names none. Raises `ContentError` for a bad encoding."""
        from ghsync_plugins.formats.front_matter import front_matter

        for path, data in files.items():
            for entry in front_matter(Document(FileRef(path, "", len(data)), data)).entries:
                if entry.key == VERSION_KEY:
                    return {VERSION_KEY: " ".join(text for text, _ in entry.texts)}
        return None
