"""Which files are RDF, and in which syntax: by suffix, and by the first words where that says too little."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ghsync_core import Claim, Document, FileRef, Vault
from ghsync_plugins.formats.rdf.vocabulary import OWL

_OWN_PARSERS: Final = frozenset({"turtle", "rdf-xml", "json-ld"})
"""Those of this plugin: the others that a file may ask for belong to other plugins, which look for themselves."""

_HEAD: Final = 65_536
"""How many bytes the first words are looked for in; a document type with fifty entities has some thousands."""

_SPACE: Final = re.compile(r"(?:\s++|#[^\n]*+)*+")
_ROOT: Final = re.compile(
    r"(?:\s++|<\?[^>]*+>|<!--(?:[^-]++|-(?!->))*+-->|<!DOCTYPE[^\[>]*+"
    r"""(?:\[(?:<!--(?:[^-]++|-(?!->))*+-->|"[^"]*+"|'[^']*+'|[^\]"'])*+\]\s*+)?+>)*+"""
    r"<(?P<root>[A-Za-z_][\w.-]*+(?::[\w.-]++)?+)(?P<attributes>(?:[\s/][^>]*+)?+)>"
)


@dataclass(frozen=True, slots=True)
class ContentDetector:
    """Files of some suffixes whose first words say which parser reads them; None where that is none of ours."""

    name: str
    suffixes: tuple[str, ...]
    parser_of: Callable[[Document], str | None]
    kind: str = "ontology"
    priority: int = 200
    version: str = "1"

    def look(self, file: FileRef, vault: Vault) -> str | None:  # noqa: ARG002
        """*maybe* where the name ends in one of the suffixes, in any case."""
        return None if file.path.lower().endswith(self.suffixes) else "type"

    def claim(self, document: Document) -> Claim | str | None:
        """A claim for the parser that the content asks for."""
        parser = self.parser_of(document)
        return Claim(parser) if parser in _OWN_PARSERS else None


def of_owl(document: Document) -> str | None:
    """The parser of an ``.owl`` file, which may hold any syntax of OWL; functional syntax has its own plugin."""
    head = _head(document)
    text = head[_SPACE.match(head).end() :]  # type: ignore[union-attr]
    if re.match(r"(?:Prefix|Ontology)\s*+\(", text):
        return None
    if re.match(r"(?:Prefix|Ontology)\s*+:", text):
        return "manchester"
    if re.match(r"<[!?]|<[A-Za-z_][\w.-]*+(?::[\w.-]++)?+[\s/>]", text) or not text:
        return of_xml(document) or "rdf-xml"
    return "turtle"


def of_xml(document: Document) -> str | None:
    """The parser of an XML file by its root, None where that is neither RDF's nor OWL's."""
    root = _ROOT.match(_head(document))
    if root is None:
        return None
    local = root["root"].rpartition(":")[2]
    if local == "RDF":
        return "rdf-xml"
    if local == "Ontology" and OWL in root["attributes"] and "rdf:" not in root["attributes"]:
        return "owl-xml"
    return None


def of_rdf(document: Document) -> str:
    """The parser of an ``.rdf`` file: RDF/XML, unless its root is that of OWL/XML."""
    return of_xml(document) or "rdf-xml"


def of_json(document: Document) -> str | None:
    """JSON-LD where the outermost object has one of its words; any other JSON is not ours."""
    if b'"@' not in document.data or document.data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    from ghsync_plugins.formats.rdf.jsonld import has_linked_data

    return "json-ld" if has_linked_data(document.data.decode("utf-8", "replace")) else None


def _head(document: Document) -> str:
    """The first words, as well as they can be read; whether it is text at all is the parser's to tell."""
    head = document.data[:_HEAD]
    utf16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return head.decode("utf-16" if utf16 else "utf-8-sig", "replace")
