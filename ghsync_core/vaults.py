"""Which vault each file belongs to: the nearest one above it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ghsync_core.errors import ContentError, SourceError, TransportError
from ghsync_core.interfaces import Snapshot, Vault, VaultKind
from ghsync_core.log import get_logger, named
from ghsync_core.models import EMPTY, FileRef, Json, Properties
from ghsync_core.progress import WarningAt

OUTSIDE = Vault()

VAULT_NOTE = "ghsync.vaults"
"""Where `Vaults.note` stands in a source's memory, beside what the source itself wants to be told again."""


@dataclass(frozen=True, slots=True)
class Vaults:
    """The vaults of one listing. ``governed_by`` gives the blob ids of the files that govern the vault at a root.

    ``note`` is what to remember until the next run, so that what stays the same need not be read again.
    """

    by_root: Mapping[str, Vault] = field(default_factory=dict)
    governed_by: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[WarningAt, ...] = ()
    note: Mapping[str, Json] = field(default_factory=dict)

    def of(self, path: str) -> Vault:
        """The nearest vault above *path*, or the one that stands for all files outside."""
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            if folder in self.by_root:
                return self.by_root[folder]
        return OUTSIDE


def with_note(memory: Properties, note: Mapping[str, Json]) -> Properties:
    """*memory*, with *note* in it."""
    return {**memory, VAULT_NOTE: note} if note else memory


def find_vaults(
    kinds: Sequence[VaultKind],
    files: Sequence[FileRef],
    read: Callable[[Sequence[FileRef]], Mapping[str, bytes]],
    max_size: int,
    remembered: Mapping[str, Json] = EMPTY,
    markers: Sequence[str] = (),
) -> Vaults:
    """Seek markers in the whole listing and among *markers*, which are not in it, then *read* what governs each vault,
    unless it is larger than *max_size* bytes or *remembered*, the `Vaults.note` of an earlier run.

    Of several kinds that see a vault at one root the first takes it: one whose governing file is there before one that
    goes by a marker alone, then by name.
    """
    paths = [*(file.path for file in files), *markers]
    seen = [_Candidate(kind, root) for root, kinds_there in _roots(kinds, paths).items() for kind in kinds_there]
    wanted = {path for candidate in seen for path in candidate.kind.governing(candidate.root)}
    present = {
        each.path: each for each in files if each.path in wanted and each.entry == "file" and each.size <= max_size
    }
    for candidate in seen:
        candidate.by = [present[path] for path in sorted(candidate.kind.governing(candidate.root)) if path in present]
    new = {file.path: file for candidate in seen if candidate.key not in remembered for file in candidate.by}
    contents = read(list(new.values())) if new else {}
    vaults: dict[str, Vault] = {}
    governed_by: dict[str, str] = {}
    warnings: list[WarningAt] = []
    note: dict[str, Json] = {}
    for each in sorted(seen, key=lambda each: (each.root, not each.by)):
        if each.root in vaults:
            continue
        told = len(warnings)
        if each.key in remembered:
            config = remembered[each.key]
        else:
            config = _configure(each.kind, each.root, {file.path: contents[file.path] for file in each.by}, warnings)
        if each.by and told == len(warnings):
            note[each.key] = config
        if config is not None:
            vaults[each.root] = Vault(each.root, each.kind.name, config)
            governed_by[each.root] = each.governed_by
    return Vaults(vaults, governed_by, tuple(warnings), note)


def read_governing(snapshot: Snapshot, files: Sequence[FileRef]) -> Mapping[str, bytes]:
    """The contents of *files* by path, by the cheapest way. Raises `SourceError` where one can't be had, since every
    file of its vault would be misread.
    """
    contents: dict[str, bytes] = {}
    for file, data in snapshot.fetch(files):
        try:
            contents[file.path] = snapshot.read(file) if data is None else data
        except TransportError as error:
            message = f"{file.path} can't be read, and it governs how its vault is read: {error}"
            raise SourceError(message) from error
    return contents


@dataclass(slots=True)
class _Candidate:
    """A vault that a kind sees at a root, and the files there that govern it."""

    kind: VaultKind
    root: str
    by: list[FileRef] = field(default_factory=list)

    @property
    def governed_by(self) -> str:
        return " ".join(f"{file.path}={file.blob_id}" for file in self.by)

    @property
    def key(self) -> str:
        """All that its configuration depends on."""
        return f"{self.kind.name} {self.kind.version} {self.root}: {self.governed_by}"


def _roots(kinds: Sequence[VaultKind], paths: Iterable[str]) -> dict[str, list[VaultKind]]:
    """The kinds that see a vault at each root, by name."""
    roots: dict[str, list[VaultKind]] = {}
    for kind in kinds:
        try:
            for root in {kind.root(path) for path in paths} - {None}:
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
