"""Where a Markdown link's address leads inside the repository."""

from __future__ import annotations

import posixpath
import re
from typing import Final
from urllib.parse import unquote

from ghsync_core import Vault

PAGE_SUFFIXES: Final = (".md", ".markdown")
ATTACHMENT_SUFFIXES: Final = frozenset(
    """
    .png .jpg .jpeg .gif .svg .webp .bmp .avif .pdf .mp3 .wav .m4a .ogg .flac .mp4 .webm .mov .mkv .ogv .3gp
    .canvas .base .excalidraw .html .css .js .json .csv .txt .zip .docx .xlsx .pptx
    """.split()
)
"""What is linked or embedded, and is no page."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}:|//")


def in_folder(path: str, folder: str) -> bool:
    """Whether *path* lies in *folder*, ``""`` being the repository."""
    return not folder or path.startswith(f"{folder}/")


def page_path(address: str, path: str, vault: Vault, *, rooted_in_vault: bool = False) -> tuple[str, str] | None:
    """The repository path and the fragment that *address* names, seen from the file at *path*.

    None for other places of the network, for this page itself, for what is no Markdown file, and for paths that lead
    out of the repository. A leading ``/`` starts at the repository's root, or at the vault's where that is set.
    """
    if _SCHEME.match(address):
        return None
    target, _, fragment = address.partition("#")
    target = unquote(target.partition("?")[0])
    if not target.lower().endswith(PAGE_SUFFIXES) or "\x00" in target:
        return None
    if target.startswith("/"):
        resolved = posixpath.normpath(f"{vault.root}{target}" if rooted_in_vault else target).lstrip("/")
    else:
        resolved = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    return None if resolved.startswith("../") else (resolved, unquote(fragment).replace("\x00", ""))
