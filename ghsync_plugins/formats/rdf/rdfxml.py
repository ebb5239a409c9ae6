"""RDF/XML (RDF 1.1 XML Syntax, W3C, 2014), read by pyoxigraph once `safe_xml` has looked through it."""

from __future__ import annotations

from typing import Final

from ghsync_core import ContentError, Document, ParsedFile
from ghsync_plugins.formats.rdf.lines import Lines
from ghsync_plugins.formats.rdf.reading import base_iri, read
from ghsync_plugins.formats.rdf.tokens import resolve
from ghsync_plugins.formats.rdf.vocabulary import RDF
from ghsync_plugins.formats.rdf.xml_text import Attributes, safe_xml

_ABOUT: Final = f"{RDF} about"
_ID: Final = f"{RDF} ID"
_RESOURCE: Final = f"{RDF} resource"
_BASE: Final = "http://www.w3.org/XML/1998/namespace base"


class RdfXmlParser:
    """The `Parser` of RDF/XML."""

    def parse(self, document: Document) -> ParsedFile:
        """All that the file says, or a `ContentError`: a file that is cut off says nothing."""
        base = base_iri(document.source, document.path)
        names = _Names(base)
        text = safe_xml(document, names.see)
        return read(text, "RDF_XML", "RDF/XML", base).facts(document.path, Lines(names.lines))


class _Names:
    """The line that first names each IRI, by ``rdf:about``, ``rdf:ID`` or ``rdf:resource``."""

    def __init__(self, base: str) -> None:
        self.lines: dict[str, int] = {}
        self._bases = [(0, base)]

    def see(self, name: str, attributes: Attributes, depth: int, line: int) -> None:
        """Look at one element. Raises `ContentError` where the root can't be RDF."""
        if depth == 1 and " " not in name:
            raise ContentError(f"not RDF/XML: the root <{name:.40}> is in no namespace", reason="syntax", line=line)
        bases = self._bases
        while bases[-1][0] >= depth:
            bases.pop()
        if not attributes:
            return
        if _BASE in attributes:
            bases.append((depth, resolve(bases[-1][1], attributes[_BASE])))
        written = attributes.get(_ABOUT)
        if written is None:
            written = attributes.get(_RESOURCE)
        if written is not None:
            self.lines.setdefault(resolve(bases[-1][1], written), line)
        if _ID in attributes:
            self.lines.setdefault(f"{bases[-1][1].partition('#')[0]}#{attributes[_ID]}", line)
