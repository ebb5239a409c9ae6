"""XML made safe before native code sees it: whole, not too deep, and without a document type.

Internal entities are written out, as Protégé declares one for each namespace. Everything by which a small file grows
huge or reaches outside of itself is refused. Extensible Markup Language 1.0 (W3C, 2008), sections 2.8, 4.1 to 4.6.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Final
from xml.parsers import expat

from ghsync_core import ContentError, Document

MAX_DEPTH: Final = 200
"""How deep elements may be nested; the deepest public ontologies stay below 40."""

MAX_ENTITIES: Final = 1000
MAX_ENTITY_LENGTH: Final = 10_000
MAX_GROWTH: Final = 10
"""How many times its own length a file may grow by its entities; those for namespaces less than double it."""

Attributes = dict[str, str]
See = Callable[[str, Attributes, int, int], None]
"""Is told of each element: name, attributes (as ``namespace local``), depth from 1, and line."""

_DECLARATION: Final = re.compile(r"<\?xml\s[^?>]*+\?>")
_ENCODING: Final = re.compile(r"""encoding\s*+=\s*+["']([^"']*+)["']""")
_UNICODE: Final = frozenset({"utf-8", "utf8", "utf-16", "utf-16le", "utf-16be"})
_REFERENCE: Final = re.compile(rb"&([^\s;#&<>\"']++);")
_PLACES: Final = re.compile(rb"<!\[CDATA\[.*?\]\]>|<!--.*?-->|<\?.*?\?>|" + _REFERENCE.pattern, re.DOTALL)


def safe_xml(document: Document, see: See) -> str:
    """The document's text without XML declaration and document type, its own entities written out, lines in place.

    Raises `ContentError`: cut off or not well-formed, nested too deep, entities that ghsync does not open.
    """
    data = _without_declaration(document.text).encode()
    scan = _Scan(data, see)
    scan.run()
    return scan.safe().decode()


def _without_declaration(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    declaration = _DECLARATION.match(text)
    if declaration is None:
        return text
    encoding = _ENCODING.search(declaration[0])
    if encoding and encoding[1].lower() not in _UNICODE and not text.isascii():  # most others begin with ASCII
        raise ContentError(f"declared as {encoding[1]:.40}. Save the file as UTF-8.", reason="encoding", line=1)
    return "\n" * declaration[0].count("\n") + text[declaration.end() :]


class _Scan:
    """One pass of the standard library's own parser over a file."""

    def __init__(self, data: bytes, see: See) -> None:
        self._data = data
        self._see = see
        self._depth = 0
        self._entities: dict[str, str] = {}
        self._doctype = (0, 0)
        self._parser = parser = expat.ParserCreate("utf-8", " ")
        parser.StartDoctypeDeclHandler = self._start_doctype
        parser.EndDoctypeDeclHandler = self._end_doctype
        parser.EntityDeclHandler = self._entity
        parser.AttlistDeclHandler = self._attribute_list
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def run(self) -> None:
        """Read it all. Raises `ContentError`."""
        try:
            self._parser.Parse(self._data, True)
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code)
            raise ContentError(f"not well-formed XML: {what}", reason="syntax", line=error.lineno) from None

    def safe(self) -> bytes:
        """The text without its document type, and every reference to an entity of its own written out."""
        start, end = self._doctype
        if not end:
            return self._data
        head, doctype, body = self._data[:start], self._data[start:end], self._data[end:]
        return head + b"\n" * doctype.count(b"\n") + _PLACES.sub(self._written_out, body)

    def _written_out(self, place: re.Match[bytes]) -> bytes:
        value = self._entities.get(place[1].decode()) if place[1] else None
        if value is None:
            return place[0]
        return value.replace(">", "&gt;").replace('"', "&quot;").replace("'", "&apos;").encode()

    def _start(self, name: str, attributes: Attributes) -> None:
        self._depth += 1
        line = self._parser.CurrentLineNumber
        if self._depth > MAX_DEPTH:
            raise ContentError(f"elements nested deeper than {MAX_DEPTH}", reason="limit", line=line)
        self._see(name, attributes, self._depth, line)

    def _end(self, _: str) -> None:
        self._depth -= 1

    def _start_doctype(self, _: str, system_id: str | None, public_id: str | None, __: bool) -> None:
        if system_id or public_id:
            raise self._refused("its document type lies outside of the file")
        self._doctype = (self._data.rindex(b"<!DOCTYPE", 0, self._parser.CurrentByteIndex), 0)

    def _end_doctype(self) -> None:
        start = self._doctype[0]
        self._doctype = (start, self._parser.CurrentByteIndex + 1)
        uses = Counter(name.decode() for name in _REFERENCE.findall(self._data))
        growth = sum(uses[name] * len(value.encode()) for name, value in self._entities.items())
        if growth > MAX_GROWTH * len(self._data):
            raise self._refused(f"its entities make it more than {MAX_GROWTH} times as long")

    def _entity(self, name: str, is_parameter: bool, value: str | None, *outside: str | None) -> None:
        if is_parameter or value is None or any(outside):
            raise self._refused(f"the entity {name:.40} lies outside of the file or belongs to its document type")
        if "&" in value or "<" in value:
            raise self._refused(f"the entity {name:.40} holds other entities or markup")
        if len(self._entities) == MAX_ENTITIES or len(value) > MAX_ENTITY_LENGTH:
            raise self._refused(
                f"more than {MAX_ENTITIES} entities, or one of more than {MAX_ENTITY_LENGTH} characters"
            )
        self._entities.setdefault(name, value)

    def _attribute_list(self, element: str, attribute: str, _: str, default: str | None, __: bool) -> None:
        if default is not None:
            raise self._refused(f"its document type gives {element:.40} the attribute {attribute:.40}; write it out")

    def _refused(self, why: str) -> ContentError:
        return ContentError(f"not opened: {why}", reason="security", line=self._parser.CurrentLineNumber)
