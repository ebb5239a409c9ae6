"""What files mean: kinds of vaults, detectors and parsers. Many threads call them at once, so they hold no state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ghsync_core.interfaces.documents import Document, Vault
from ghsync_core.models import FileRef, Kind, ParsedFile, Properties


class VaultKind(Protocol):
    """A flavour of vault, known by a marker among the listed paths."""

    @property
    def name(self) -> str:
        """The name that it is listed and referred to by."""

    @property
    def version(self) -> str:
        """Changes whenever the settings that `configure` reads may change."""

    def root(self, path: str) -> str | None:
        """The root of the vault that *path* marks (``""`` for the top), or None where it marks none.

        *path* is a file's, or with a ``/`` at its end that of a folder which is not listed (`HasMarkers`).
        """

    def governing(self, root: str) -> Sequence[str]:
        """Paths of the files that govern the vault at *root*; those that exist are read before all others."""

    def configure(self, root: str, files: Mapping[str, bytes]) -> Properties | None:
        """The vault's settings, from the governing files that exist; None where these say that it is no vault at all.

        Raises `ContentError`: then it is asked again without files, for its defaults.
        """


@dataclass(frozen=True, slots=True)
class Claim:
    """A detector's word that the parser named ``parser`` can read the file; an exclusive claim shuts out lower ones."""

    parser: str
    exclusive: bool = False


class Detector(Protocol):
    """Knows a kind of file when it sees one. Detectors look in the order (−priority, name)."""

    @property
    def name(self) -> str:
        """The name that it is listed and referred to by."""

    @property
    def kind(self) -> Kind:
        """The kind of the files that it claims."""

    @property
    def priority(self) -> int:
        """Higher looks first."""

    @property
    def version(self) -> str:
        """Changes whenever the facts that a file gives may change."""

    def look(self, file: FileRef, vault: Vault) -> str | None:
        """By path and size alone, before anything is fetched: None for *maybe*, else one of `SKIP_REASONS`."""

    def claim(self, document: Document) -> Claim | str | None:
        """By content: a claim, None for *not mine*, or one of `SKIP_REASONS` for *mine, and not to be read*."""


class Parser(Protocol):
    """Turns one document into facts. It never looks at another file: it names what it refers to."""

    @property
    def name(self) -> str:
        """The name that it is listed and referred to by."""

    @property
    def version(self) -> str:
        """Changes whenever the facts that a file gives may change."""

    def parse(self, document: Document) -> ParsedFile:
        """All that *document* says. Raises `ContentError` where nothing of it can be saved."""


@dataclass(frozen=True, slots=True)
class SuffixDetector:
    """A ready-made `Detector` for files that are known by the end of their name."""

    name: str
    suffixes: tuple[str, ...]
    parser: str
    kind: Kind = "other"
    priority: int = 50
    version: str = "1"

    def look(self, file: FileRef, vault: Vault) -> str | None:  # noqa: ARG002
        """*maybe* where the name ends in one of the suffixes, in any case."""
        return None if file.path.lower().endswith(self.suffixes) else "type"

    def claim(self, document: Document) -> Claim | str | None:
        """A claim wherever `look` said *maybe*."""
        return Claim(self.parser) if self.look(document.file, document.vault) is None else None
