"""Which files are pages, by their path and vault alone: all that the detectors of pages need where nothing is read."""

from __future__ import annotations

from typing import Final

from ghsync_core import FileRef, Vault
from ghsync_plugins.formats.links import PAGE_SUFFIXES
from ghsync_plugins.formats.logseq import vault

LOGSEQ: Final = vault.FLAVOUR
OBSIDIAN: Final = "obsidian"
MARKDOWN: Final = "markdown"
OKF: Final = "okf"
"""The flavours of vaults; `MARKDOWN` is all that Logseq does not write."""


def look(file: FileRef, own: Vault) -> str | None:
    """By its path: None where *file* may be a page, else why it is not read."""
    inner = own.inner(file.path)
    if own.flavour == LOGSEQ:
        if inner.startswith("whiteboards/") and inner.endswith(".edn"):
            return "whiteboard"
        if vault.hidden(inner, own):
            return "hidden"
        if inner.lower().endswith(".org"):
            return "org-mode"
    elif in_dot_folder(file.path):
        return "hidden"
    return None if file.path.lower().endswith(PAGE_SUFFIXES) else "type"


def in_dot_folder(path: str) -> bool:
    """Whether a folder above the file at *path* has a name that starts with a dot."""
    return "/." in f"/{path.rpartition('/')[0]}"
