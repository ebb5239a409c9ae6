"""Which note a link means: Obsidian's rules for wikilinks, and for all links inside its vaults; else those of paths."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import unquote

from ghsync_core import Document, Name, Reference, Vault, names
from ghsync_plugins.formats.links import (
    ATTACHMENT_SUFFIXES,
    PAGE_SUFFIXES,
    has_scheme,
    in_folder,
    inside,
    is_file,
    page_path,
)
from ghsync_plugins.formats.page_files import OBSIDIAN

_FOLDER_PAGES: Final = ("README.md", "index.md")
_SLASHES = re.compile("//+")
_CACHED: Final = 128
"""Longer names are not remembered, so that what is remembered stays small."""


class Target(NamedTuple):
    """Where a link leads: the note, and the place in it (``heading`` or ``block``), as properties of the edge."""

    note: Reference
    place: dict[str, str]


def alias_name(root: str, alias: str) -> Name:
    """The name of an alias in the vault at *root*. It is a scope apart: a link asks for it when no note is found."""
    return Name(f"aliases:{root}", names.fold(" ".join(alias.split())))


def base_name(root: str, inner: str) -> tuple[Name, str]:
    """The base name and the path that a link to *inner* asks for, a note's or canvas's path in the vault at *root*."""
    path = names.fold(inner)
    path = path.rpartition(".")[0] if path.endswith(PAGE_SUFFIXES) else path
    return Name(names.vault_scope(root), path.rpartition("/")[2]), path


def note_id(vault: Vault, path: str) -> str:
    """The id of the page or canvas at a repository path."""
    kind = "canvas" if path.lower().endswith(".canvas") else "page"
    return f"{kind}:{names.in_vault(vault.root, vault.inner(path)) if in_folder(path, vault.root) else path}"


class Targets:
    """What the links of one document mean."""

    def __init__(self, document: Document) -> None:
        self._path, self._vault = document.path, document.vault
        self._folder = names.fold(posixpath.dirname(document.vault.inner(document.path)))
        self._in_obsidian = document.vault.flavour == OBSIDIAN

    def wikilink(self, written: str) -> Target | None:
        """What ``[[written]]`` means; None for a place in the page itself, an attachment, and what is no name."""
        name, _, fragment = written.removesuffix("\\").partition("#")
        name = name.strip()
        if not name.strip("./") or "\n" in written or "\x00" in name:
            return None
        if name.startswith(("./", "../", "/")):
            return self._exact(name, fragment)
        read = _cached_note if len(name) <= _CACHED else _note
        note = read(self._vault.root, self._folder, name.removesuffix("/"))
        return Target(note, place_of(fragment) if fragment else {}) if note else None

    def address(self, address: str) -> Target | None:
        """What ``[…](address)`` means; None for other places of the network, and for what is no page."""
        if has_scheme(address):
            return None
        if self._in_obsidian:
            path, _, fragment = address.partition("#")
            path = unquote(path)
            return None if is_file(path) or path.endswith("/") else self.wikilink(f"{path}#{unquote(fragment)}")
        found = page_path(address, self._path, self._vault, rooted_in_vault=bool(self._vault.flavour))
        return Target(self.path(found[0]), place_of(found[1])) if found else self._folder_page(address)

    def path(self, path: str) -> Reference:
        """The page at a repository path."""
        return Reference(names.path_names(path), note_id(self._vault, path), path)

    def _exact(self, name: str, fragment: str) -> Target | None:
        """A path from the note's folder, or with a leading ``/`` from the vault's root: that note or none."""
        suffix = "" if name.lower().endswith((*PAGE_SUFFIXES, ".canvas")) else ".md"
        if _is_attachment(name.lower()):
            return None
        path = inside(f"{name}{suffix}", self._path, self._vault.root)
        return Target(self.path(path), place_of(fragment)) if path else None

    def _folder_page(self, address: str) -> Target | None:
        """A link to a folder means the page that is shown there, if there is one."""
        path, _, fragment = address.partition("#")
        path = unquote(path.partition("?")[0])
        if not path or "\x00" in path or is_file(path):
            return None
        folder = inside(path, self._path, self._vault.root)
        if folder is None:
            return None
        wanted = tuple(names.path_names(posixpath.join(folder, page))[1] for page in _FOLDER_PAGES)
        return Target(Reference(wanted, None, folder), place_of(unquote(fragment)))


def _note(root: str, folder: str, name: str) -> Reference | None:
    """The note that *name* means, seen from a note in *folder*; None where it is an attachment's."""
    base, path = base_name(root, name)
    if not base.text or _is_attachment(path):
        return None
    stub = _SLASHES.sub("/", path)
    kind, stub = ("canvas", stub) if stub.endswith(".canvas") else ("page", f"{stub}.md")
    asked = (base, alias_name(root, name))
    return Reference(asked, f"{kind}:{names.in_vault(root, stub)}", name, path, folder)


_cached_note = lru_cache(maxsize=8192)(_note)


def _is_attachment(path: str) -> bool:
    return posixpath.splitext(path)[1] in ATTACHMENT_SUFFIXES


def place_of(fragment: str) -> dict[str, str]:
    """What a fragment says of the place in a note, as properties of an edge."""
    fragment = fragment.strip().replace("\x00", "")
    if fragment.startswith("^"):
        return {"block": fragment[1:]}
    return {"heading": fragment} if fragment else {}
