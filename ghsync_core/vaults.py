"""Which vault each file belongs to: the nearest one above it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ghsync_core.errors import ContentError, SourceError, TransportError
from ghsync_core.interfaces import Vault, VaultKind
from ghsync_core.log import get_logger, named
from ghsync_core.models import FileRef, Json
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


def find_vaults(
    kinds: Sequence[VaultKind], files: Sequence[FileRef], read: Callable[[FileRef], bytes], max_size: int
) -> Vaults:
    """Seek markers in the whole listing, then read what governs each vault, unless it is larger than *max_size* bytes.

    Of several kinds that see a vault at one root the first takes it: one whose governing file is there before one that
    goes by a marker alone, then by name. Raises `SourceError` where a governing
    file can't be had, since every file of the vault would be misread.
    """
    roots = _roots(kinds, files)
    governing = {(root, kind.name): set(kind.governing(root)) for root, seen in roots.items() for kind in seen}
    wanted = set().union(*governing.values())
    present = {
        each.path: each for each in files if each.path in wanted and each.entry == "file" and each.size <= max_size
    }
    vaults: dict[str, Vault] = {}
    governed_by: dict[str, str] = {}
    warnings: list[WarningAt] = []
    for root, seen in sorted(roots.items()):
        for kind in sorted(seen, key=lambda kind: governing[root, kind.name].isdisjoint(present)):
            by = [present[path] for path in sorted(governing[root, kind.name]) if path in present]
            config = _configure(kind, root, {file.path: _read_governing(file, read) for file in by}, warnings)
            if config is not None:
                vaults[root] = Vault(root, kind.name, config)
                governed_by[root] = " ".join(f"{file.path}={file.blob_id}" for file in by)
                break
    return Vaults(vaults, governed_by, tuple(warnings))


def _roots(kinds: Sequence[VaultKind], files: Iterable[FileRef]) -> dict[str, list[VaultKind]]:
    """The kinds that see a vault at each root, by name."""
    roots: dict[str, list[VaultKind]] = {}
    for kind in kinds:
        try:
            for root in {kind.root(file.path) for file in files} - {None}:
                roots.setdefault(str(root), []).append(kind)
        except Exception as error:  # a broken plugin costs its own vaults, and no other's
            get_logger().warning("a kind of vault failed and is left out", vault_kind=kind.name, error=named(error))
    return roots


def _configure(
    kind: VaultKind, root: str, contents: Mapping[str, bytes], warnings: list[WarningAt]
) -> Mapping[str, Json] | None:
    """What *kind* reads from the governing files; its defaults, with a warning, where it can't read them."""
    try:
        return kind.configure(root, contents)
    except ContentError as error:
        message, line = f"{error}; the vault's defaults hold", error.line
    except Exception as error:
        message, line = f"{type(error).__name__} in the vault kind {kind.name}; the vault's defaults hold", None
    warnings.append(WarningAt(next(iter(contents), root), line, "vault-config", message))
    return kind.configure(root, {})


def _read_governing(file: FileRef, read: Callable[[FileRef], bytes]) -> bytes:
    try:
        return read(file)
    except TransportError as error:
        raise SourceError(f"{file.path} can't be read, and it governs how its vault is read: {error}") from error
