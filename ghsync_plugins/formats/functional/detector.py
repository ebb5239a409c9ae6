"""Which files are OWL functional syntax."""

from __future__ import annotations

import re
from typing import Final

from ghsync_core import Claim, Document, FileRef, Vault

_OWN_SUFFIX: Final = ".ofn"
_SHARED_SUFFIX: Final = ".owl"
_BEGINNING = re.compile(r"(?:\s++|#[^\n]*+)*+(?:Prefix|Ontology)\s*+\(")


class FunctionalDetector:
    """The `Detector` of functional syntax: by the name ``.ofn``, and in ``.owl`` by how the text begins."""

    name = "functional"
    kind = "ontology"
    priority = 200
    version = "1"

    def look(self, file: FileRef, vault: Vault) -> str | None:  # noqa: ARG002
        """*maybe* where the name ends in one of the two."""
        return None if file.path.lower().endswith((_OWN_SUFFIX, _SHARED_SUFFIX)) else "type"

    def claim(self, document: Document) -> Claim | str | None:
        """What is called ``.ofn`` is functional syntax, or an error to be told; ``.owl`` may be many things."""
        if document.path.lower().endswith(_OWN_SUFFIX):
            return Claim("functional", exclusive=True)
        if document.data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" or not _BEGINNING.match(document.text):
            return None
        return Claim("functional", exclusive=True)
