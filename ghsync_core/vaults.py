"""Which vault each file belongs to: the nearest one above it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ghsync_core.errors import ContentError, SourceError, TransportError
from ghsync_core.interfaces import Vault, VaultKind
from ghsync_core.models import FileRef
from ghsync_core.progress import WarningAt

OUTSIDE = Vault()


@dataclass(frozen=True, slots=True)
class Vaults:
    """The vaults of one listing. ``governed_by`` gives the blob ids of the files that govern the vault at a root."""

    by_root: Mapping[str, Vault] = field(default_factory=dict)
    governed_by: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[WarningAt, ...] = ()

    def of(self, path: str) -> Vault:
        """The nearest vault above *path*, or the one that stands for all files outside."""
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            if folder in self.by_root:
                return self.by_root[folder]
        return OUTSIDE


def find_vaults(kinds: Sequence[VaultKind], files: Sequence[FileRef], read: Callable[[FileRef], bytes]) -> Vaults:
    """Seek markers in the whole listing, then read what governs each vault. The first kind, by name, takes a root.

    Raises `SourceError` where a governing file can't be had, since every file of the vault would be misread.
    """
    roots = _roots(kinds, (file.path for file in files))
    if not roots:
        return Vaults()
    wanted = {path for root, kind in roots.items() for path in kind.governing(root)}
    present = {file.path: file for file in files if file.path in wanted and file.entry == "file"}
    vaults: dict[str, Vault] = {}
    governed_by: dict[str, str] = {}
    warnings: list[WarningAt] = []
    for root, kind in sorted(roots.items()):
        governing = [present[path] for path in kind.governing(root) if path in present]
        contents = {file.path: _read_governing(file, read) for file in governing}
        governed_by[root] = " ".join(file.blob_id for file in governing)
        try:
            vaults[root] = Vault(root, kind.name, kind.configure(root, contents))
        except ContentError as error:
            vaults[root] = Vault(root, kind.name, kind.configure(root, {}))
            path = governing[0].path if governing else root
            warnings.append(WarningAt(path, error.line, "vault-config", f"{error}; the vault's defaults hold"))
    return Vaults(vaults, governed_by, tuple(warnings))


def _roots(kinds: Sequence[VaultKind], paths: Iterable[str]) -> dict[str, VaultKind]:
    roots: dict[str, VaultKind] = {}
    for path in paths:
        for kind in kinds:
            root = kind.root(path)
            if root is not None and (root not in roots or kind.name < roots[root].name):
                roots[root] = kind
    return roots


def _read_governing(file: FileRef, read: Callable[[FileRef], bytes]) -> bytes:
    try:
        return read(file)
    except TransportError as error:
        raise SourceError(f"{file.path} can't be read, and it governs how its vault is read: {error}") from error
