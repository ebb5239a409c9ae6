"""From the short names that people write to IRIs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Final
from urllib.parse import quote

from ghsync_core import Document, FileWarning, names
from ghsync_plugins.formats.text import page_text

KNOWN: Final[Mapping[str, str]] = {
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
}
"""The prefixes that need no declaration, with the namespaces that the W3C and DCMI gave them."""

_DECLARATION = re.compile(r"\bPrefix\s*+\(\s*+(?P<prefix>[\w.-]*+):\s*+=\s*+<(?P<iri>[^<>\s]++)>\s*+\)")
_CURIE = re.compile(r"(?P<prefix>(?:[A-Za-z][\w.-]*+)?+):(?!//)(?P<local>\S*)")
_ABSOLUTE: Final = ("http:", "https:", "urn:", "did:", "mailto:", "file:", "ftp:")
_NOT_IN_IRI = re.compile(r"[\x00-\x20<>\"{}|\\^`]")


class Names:
    """Reads the names of one file, and remembers what was odd about them; each is reported once."""

    def __init__(self, document: Document) -> None:
        self.document, self.root = document, document.vault.root
        self._warnings: dict[str, FileWarning] = {}

    @cached_property
    def prefixes(self) -> Mapping[str, str]:
        """The known prefixes, those of the settings, and those that the file declares; the later win."""
        own = (text.partition("=") for text in self.document.options.get("ontology", {}).get("prefixes", ()))
        prefixes = {**KNOWN, **{prefix.strip().removesuffix(":"): iri.strip() for prefix, _, iri in own}}
        text = page_text(self.document).text
        if "<" in text and "Prefix" in text:  # a single letter is by far the quickest to look for
            prefixes |= {match["prefix"]: match["iri"] for match in _DECLARATION.finditer(text)}
        return prefixes

    @property
    def warnings(self) -> tuple[FileWarning, ...]:
        """One for each unknown prefix and each bare name."""
        return tuple(self._warnings.values())

    def iri(self, written: str, line: int) -> str:
        """*written* as an IRI: in full, as ``prefix:local``, or bare. What can't be expanded stays as it is written."""
        text = self._legal(written.partition("(")[0], line)
        if text.startswith(_ABSOLUTE) or "://" in text:
            return text
        curie = _CURIE.fullmatch(text)
        if curie is None:
            self._warn(f"{text} is no IRI; write it with a prefix.", "bare-name", line)
            return text
        namespace: str | None = self.prefixes.get(curie["prefix"])
        if namespace is None:
            message = f"The prefix {curie['prefix']}: is not declared; names with it are kept as they are written."
            self._warn(message, "unknown-prefix", line)
            return text
        return namespace + curie["local"]

    def expanded(self, iri: str) -> str:
        """*iri*, of which nothing is changed but a known prefix: ``owl:Thing`` in full."""
        prefix, colon, local = iri.partition(":")
        namespace = self.prefixes.get(prefix) if colon and not local.startswith("//") else None
        return iri if namespace is None else namespace + local

    def sibling(self, iri: str, written: str, line: int) -> str:
        """The IRI of *written*; where that is bare, in the namespace of *iri*."""
        if _CURIE.fullmatch(written) or "://" in written:
            return self.iri(written, line)
        cut = max(iri.rfind("#"), iri.rfind("/"), iri.rfind(":"))
        return iri[: cut + 1] + self._legal(written, line)

    def _legal(self, written: str, line: int) -> str:
        """*written* without the brackets around it; what no IRI may hold is escaped, as two words are not one."""
        text = written.strip().removeprefix("<").removesuffix(">")
        legal = _NOT_IN_IRI.sub(lambda match: quote(match[0]), text)
        if legal != text:
            self._warn(f"{text} holds what no IRI may; it is kept as {legal}.", "bad-iri", line)
        return legal

    def made_up(self, title: str) -> str:
        """The IRI of a class that has a title and nothing else to be known by."""
        return "urn:ghsync:class:" + quote(names.in_vault(self.root, names.fold(title.strip())), safe="/")

    def _warn(self, message: str, code: str, line: int) -> None:
        self._warnings.setdefault(message, FileWarning(line, code, message))
