"""Logseq graphs: a folder with ``logseq/`` in it, governed by ``logseq/config.edn``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ghsync_core import ContentError, Vault
from ghsync_plugins.formats.links import PAGE_SUFFIXES
from ghsync_plugins.formats.logseq.dates import DEFAULT_FILE, DEFAULT_TITLE
from ghsync_plugins.formats.logseq.edn import read_edn

FLAVOUR: Final = "logseq"
_KEPT_BY_LOGSEQ: Final = ("logseq/bak/", "logseq/version-files/", ".recycle/", "node_modules/", "assets/", "draws/")


class LogseqVault:
    """The `VaultKind` of Logseq graphs."""

    name = FLAVOUR
    version = "2"

    def root(self, path: str) -> str | None:
        """X of ``X/logseq/FILE`` where FILE is no page, or lies among the backups that Logseq keeps there.

        The pages that a database graph mirrors into ``markdown-mirror/`` are a graph of their own.
        """
        marked = f"/{path}"
        for mirrored in ("/markdown-mirror/pages/", "/markdown-mirror/journals/"):
            if mirrored in marked:
                return f"{marked.partition(mirrored)[0]}/markdown-mirror"[1:]
        for backups in ("/logseq/bak/", "/logseq/version-files/"):
            if backups in marked:
                return marked.partition(backups)[0][1:]
        folder, found, name = marked.rpartition("/logseq/")
        return folder[1:] if found and "/" not in name and not name.lower().endswith(PAGE_SUFFIXES) else None

    def governing(self, root: str) -> Sequence[str]:
        """The graph's ``config.edn``."""
        return [f"{root}/logseq/config.edn" if root else "logseq/config.edn"]

    def configure(self, root: str, files: Mapping[str, bytes]) -> Mapping[str, Any]:  # noqa: ARG002
        """The settings that change what pages mean, under the names used here. Raises `ContentError`."""
        for path, data in files.items():
            try:
                settings = read_edn(data.decode("utf-8-sig"))
            except UnicodeDecodeError as error:
                raise ContentError(f"{path}: not UTF-8", reason="encoding") from error
            except ContentError as error:
                raise ContentError(f"{path}: {error}", reason=error.reason, line=error.line) from error
            return _settings(settings if isinstance(settings, dict) else {})
        return {}


def _settings(edn: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "hidden": [prefix.lstrip("/") for prefix in _texts(edn.get(":hidden")) if prefix.strip("/")],
        "name_format": _text(edn.get(":file/name-format"), ":legacy-dot").lstrip(":"),
        "title_format": _text(edn.get(":journal/page-title-format"), DEFAULT_TITLE),
        "journal_file_format": _text(edn.get(":journal/file-name-format"), DEFAULT_FILE),
        "pages": _text(edn.get(":pages-directory"), "pages"),
        "journals": _text(edn.get(":journals-directory"), "journals"),
        "comma_keys": [key.lstrip(":") for key in _texts(edn.get(":property/separated-by-commas"))],
        "no_reference_keys": [key.lstrip(":") for key in _texts(edn.get(":ignored-page-references-keywords"))],
        "all_public": edn.get(":all-pages-public?") is True,
    }


def _texts(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _text(value: Any, default: str) -> str:
    return value if isinstance(value, str) and value else default


def hidden(inner: str, vault: Vault) -> bool:
    """Whether Logseq leaves out the file at *inner*, its path in the graph: its own, or below a hidden prefix."""
    if any(segment.startswith(".") for segment in inner.split("/")):
        return True
    prefixes: list[str] = vault.config.get("hidden", [])
    return inner.startswith((*_KEPT_BY_LOGSEQ, *prefixes)) or "/node_modules/" in inner
