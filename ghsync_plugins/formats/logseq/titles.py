"""What a Logseq page is called: from file name to title, from title to key, and from a link to its page."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from ghsync_core import Name, Reference, Vault, names
from ghsync_plugins.formats.links import in_folder
from ghsync_plugins.formats.logseq.dates import DEFAULT_FILE, DEFAULT_TITLE, format_day, journal_day

MAX_LEVELS: Final = 32
"""How many levels of a name such as ``a/b/c`` are taken as a namespace."""

_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})++")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SLASHES = re.compile(r"//+")
_CACHED: Final = 128
"""Longer texts are not remembered, so that what is remembered stays small."""


def title_format(vault: Vault) -> str:
    """How the graph writes the titles of its journals."""
    form: str = vault.config.get("title_format", DEFAULT_TITLE)
    return form


def title_of_file(path: str, vault: Vault) -> str:
    """The title that the file's name stands for, by the graph's name format."""
    inner = vault.inner(path)
    folder, _, name = inner.rpartition("/")
    stem = posixpath.splitext(name)[0] or name
    if stem.lower() == "contents" and folder == vault.config.get("pages", "pages"):
        return "Contents"
    day = journal_day(stem, vault.config.get("journal_file_format", DEFAULT_FILE), title_format(vault))
    if day:
        return format_day(day, title_format(vault))
    form = vault.config.get("name_format") or ("triple-lowbar" if "___" in stem else "escaped")
    return _TITLES.get(form, _legacy)(stem) or stem


def _triple_lowbar(stem: str) -> str:
    return "/".join(_escaped(part) for part in stem.split("___") if part)


def _escaped(stem: str) -> str:
    return _ESCAPES.sub(lambda run: _decoded(run[0]), stem)


def _legacy(stem: str) -> str:
    title = stem.replace(".", "/")
    return title if _BROKEN_ESCAPE.search(title) else _decoded(title)


_TITLES: Final = {"triple-lowbar": _triple_lowbar, "escaped": _escaped}


def _decoded(text: str) -> str:
    """Percent-decoded as UTF-8; as it is where that fails, or would give control characters."""
    try:
        decoded = unquote(text, errors="strict")
    except UnicodeDecodeError:
        return text
    return text if any(character < " " for character in decoded) else decoded


def page_key(title: str, form: str = DEFAULT_TITLE) -> str:
    """The text by which a page is known: its day, or its title folded, without a ``/`` at either end."""
    title = title.strip()
    day = journal_day(title, form)
    if day:
        return day.isoformat()
    key = names.fold(title)
    if "/" in key:
        key = _SLASHES.sub("/", key).removeprefix("/").removesuffix("/").strip()
    return key


def page_id(root: str, key: str) -> str:
    """The id of the page known by *key* in the vault at *root*."""
    return f"page:{names.in_vault(root, key)}"


def page_reference(root: str, title: str, form: str = DEFAULT_TITLE) -> Reference | None:
    """A reference to the page that is called *title*; None where that is no title at all."""
    return _cached_reference(root, title, form) if len(title) <= _CACHED else _reference(root, title, form)


def _reference(root: str, title: str, form: str) -> Reference | None:
    key = page_key(title, form)
    if not key:
        return None
    return Reference((Name(names.vault_scope(root), key),), page_id(root, key), title.strip())


_cached_reference = lru_cache(maxsize=8192)(_reference)


def levels(title: str) -> list[str]:
    """*title* and the titles above it in its namespace, nearest first: ``a/b/c``, ``a/b``, ``a``.

    Only the title itself where it is a path or an address, or has no levels.
    """
    if "/" not in title or title.startswith(("./", "../")) or "://" in title:
        return [title]
    parts = [part for part in title.split("/") if part.strip()]
    if len(parts) > MAX_LEVELS:
        return [title]
    return ["/".join(parts[:length]) for length in range(len(parts), 0, -1)]


def file_reference(vault: Vault, path: str) -> Reference | None:
    """A reference to the page in the file at *path* (a repository path), or else to the page that it would hold."""
    if not in_folder(path, vault.root):
        return Reference(names.path_names(path), f"page:{path}", path)
    page = page_reference(vault.root, title_of_file(path, vault), title_format(vault))
    return page and Reference((*names.path_names(path), *page.names), page.stub, page.text)
