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
    .png .jpg .jpeg .gif .svg .webp .bmp .avif .heic .tif .tiff .ico .pdf .epub .mp3 .wav .m4a .ogg .flac .mp4 .webm
    .mov .mkv .ogv .3gp .base .excalidraw .drawio .html .css .js .ts .py .sh .json .yaml .yml .toml .xml .csv .txt .log
    .tex .bib .ttl .owl .rdf .zip .gz .docx .xlsx .pptx
    """.split()
)
"""What is linked or embedded, and is no page."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}:|//")


_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,9}")


def is_file(path: str) -> bool:
    """Whether the address *path* names a file that is no page and no canvas, by the end of its name."""
    suffix = posixpath.splitext(path)[1]
    return _SUFFIX.fullmatch(suffix) is not None and suffix.lower() not in (*PAGE_SUFFIXES, ".canvas")


def in_folder(path: str, folder: str) -> bool:
    """Whether *path* lies in *folder*, ``""`` being the repository."""
    return not folder or path.startswith(f"{folder}/")


def has_scheme(address: str) -> bool:
    """Whether *address* is another place of the network, such as ``https:…`` or ``//host/…``."""
    return _SCHEME.match(address) is not None


def page_path(address: str, path: str, vault: Vault, *, rooted_in_vault: bool = False) -> tuple[str, str] | None:
    """The repository path and the fragment that *address* names, seen from the file at *path*.

    None for other places of the network, for this page itself, for what is no Markdown file, and for paths that lead
    out of the repository. A leading ``/`` starts at the repository's root, or at the vault's where that is set.
    """
    if has_scheme(address):
        return None
    target, _, fragment = address.partition("#")
    target = unquote(target.partition("?")[0])
    if not target.lower().endswith(PAGE_SUFFIXES) or "\x00" in target:
        return None
    resolved = inside(target, path, vault.root if rooted_in_vault else "")
    return (resolved, unquote(fragment).replace("\x00", "")) if resolved else None


def inside(target: str, path: str, root: str) -> str | None:
    """The repository path of *target*, seen from the file at *path*; a leading ``/`` starts at *root*.

    None where it leads out of the repository.
    """
    if target.startswith("/"):
        resolved = posixpath.normpath(f"{root}/{target}").lstrip("/")
    else:
        resolved = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    return None if resolved == ".." or resolved.startswith("../") else resolved
