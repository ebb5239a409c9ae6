"""The graph as RDF: a file of quads, or a folder that Oxigraph keeps (docs/how-to/write-rdf.md)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ghsync_core import StoreError, StoreMissing, UsageError, hookimpl

if TYPE_CHECKING:
    from ghsync_plugins.backends.projection import ProjectedStore

_SUFFIXES: Final = (".nq", ".nq.gz", ".trig", ".trig.gz")
_LEDGER: Final = "ghsync.db"


class RdfBackend:
    """Stores named ``rdf:FILE``, whose suffix says how it is written, and ``rdf:FOLDER/``."""

    name = "rdf"
    schemes = ("rdf",)

    def open(self, url: str, options: Mapping[str, Any], *, create: bool) -> ProjectedStore:  # noqa: ARG002
        """See `Backend.open`."""
        from ghsync_plugins.backends.projection import ProjectedStore, Target
        from ghsync_plugins.backends.rdf.file import FileTarget
        from ghsync_plugins.backends.rdf.folder import FolderTarget

        path, ledger = _places(url)
        target: Target
        if _is_folder(url, path):
            if create:
                _make_folder(path, ledger)
            target = FolderTarget(path, ledger)
        else:
            target = FileTarget(path, ledger)
        if not create and not ledger.exists():
            raise StoreMissing(f"{path} does not exist yet. Sync a source into it first, or name another with --to.")
        return ProjectedStore(ledger, target, create=create)

    def files(self, url: str) -> list[Path]:
        """See `Backend.files`."""
        path, ledger = (each.resolve() for each in _places(url))
        beside = [ledger.with_name(ledger.name + suffix) for suffix in ("", "-wal", "-shm", "-journal", ".lock")]
        if _is_folder(url, path):
            return [path]
        return [path, *beside, *path.parent.glob(f".{path.name}.*.part")]


def _make_folder(path: Path, ledger: Path) -> None:
    """Make the folder of a store. Raises `UsageError` where something else is kept there: Oxigraph may delete files."""
    try:
        path.mkdir(exist_ok=True)
    except OSError as error:
        raise StoreError(f"the folder {path} can't be made: {error.strerror}. Mend that, or name another.") from error
    if not ledger.exists() and not (path / "CURRENT").exists() and any(path.iterdir()):
        raise UsageError(f"{path} holds other files and no store. Name a folder that is empty, or none yet.")


def _places(url: str) -> tuple[Path, Path]:
    """Where the store at *url* is, and where its ledger. Raises `UsageError`."""
    text = url.removeprefix("rdf:")
    if text.startswith("//"):
        text = text[2:]
    path = Path(text)
    if text and _is_folder(url, path):
        return path, path / _LEDGER
    if not text.endswith(_SUFFIXES) or path.name in _SUFFIXES:
        raise UsageError(
            f"rdf:{text} names no store: write rdf:NAME.nq or rdf:NAME.trig for a file (also with .gz), "
            "rdf:FOLDER/ for an Oxigraph store."
        )
    return path, path.with_name(f"{path.name}.ghsync.db")


def _is_folder(url: str, path: Path) -> bool:
    return url.endswith("/") or path.is_dir()


@hookimpl
def register_backends() -> list[RdfBackend]:
    """The backend ``rdf``."""
    return [RdfBackend()]
