"""A file on its way from bytes to facts, and the vault that it lies in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ghsync_core.errors import ContentError
from ghsync_core.models import EMPTY, FileRef, Json, Properties, nothing

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Vault:
    """The folder inside which titles, aliases and tags are resolved. Outside every vault both texts are empty.

    ``root`` is its repository path (``""`` for the top), ``flavour`` the name of its `VaultKind`, ``config`` what that
    kind read from the governing files.
    """

    root: str = ""
    flavour: str = ""
    config: Properties = field(default_factory=nothing)

    def inner(self, path: str) -> str:
        """A repository path as seen from this vault's root."""
        return path[len(self.root) + 1 :] if self.root else path


class Document:
    """One file on its way from bytes to facts. It belongs to one thread."""

    __slots__ = ("_memo", "data", "file", "only_public", "options", "source", "vault")

    def __init__(
        self,
        file: FileRef,
        data: bytes,
        vault: Vault | None = None,
        *,
        source: str = "",
        only_public: bool = False,
        options: Mapping[str, Mapping[str, Json]] = EMPTY,
    ) -> None:
        self.file = file
        self.data = data
        self.vault = vault or Vault()
        self.source = source
        self.only_public = only_public
        self.options = options
        self._memo: dict[object, Any] = {}

    @property
    def path(self) -> str:
        """The file's repository path."""
        return self.file.path

    @property
    def text(self) -> str:
        """The content, without byte order mark. Raises `ContentError` where it is no UTF-8, and no UTF-16 with mark."""
        return self.once("text", lambda document: decode(document.data))

    def once(self, key: object, compute: Callable[[Document], T]) -> T:
        """``compute(self)``, worked out once for all the detectors and parsers that look at this document."""
        if key not in self._memo:
            self._memo[key] = compute(self)
        value: T = self._memo[key]
        return value


def decode(data: bytes) -> str:
    """*data* as text: UTF-8, or UTF-16 with a byte order mark. Never guesses, never replaces a character."""
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        wanted = "UTF-16, as its first bytes promise" if utf16 else "UTF-8"
        message = f"not {wanted}: byte {error.start} can't be read. Save the file as UTF-8."
        raise ContentError(message, reason="encoding") from None
    if "\x00" in text:
        raise ContentError(
            "holds NUL bytes, so it is no text", reason="binary", line=text.count("\n", 0, text.index("\x00")) + 1
        )
    return text
