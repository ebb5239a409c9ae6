"""The three syntaxes: what must be looked at before native code reads them, and which line names which thing.

Each preparation gives the text to be read and the line that first names each IRI. It raises `ContentError` for what is
nested too deep.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from ghsync_core import ContentError, Document
from ghsync_plugins.formats.rdf.tokens import resolve
from ghsync_plugins.formats.rdf.xml_text import Attributes, safe_xml

MAX_NESTING: Final = 64
"""How deep expressions may be nested, as in all other syntaxes of OWL."""

Prepared = tuple[str, dict[str, int]]


class Syntax(NamedTuple):
    """``called`` is its name for people, ``serialization`` py-horned-owl's."""

    called: str
    serialization: str
    prepare: Callable[[Document], Prepared]


_BASE: Final = "http://www.w3.org/XML/1998/namespace base"


def _owl_xml(document: Document) -> Prepared:
    lines: dict[str, int] = {}
    prefixes: dict[str, str] = {}
    base = ""

    def see(name: str, attributes: Attributes, depth: int, line: int) -> None:
        nonlocal base
        if depth == 1:
            base = attributes.get(_BASE, attributes.get("ontologyIRI", ""))
        written = attributes.get("IRI")
        if name.endswith(" Prefix"):
            prefixes[attributes.get("name", "")] = written or ""
        elif written is not None:
            lines.setdefault(resolve(base, written), line)
        elif "abbreviatedIRI" in attributes:
            prefix, _, local = attributes["abbreviatedIRI"].partition(":")
            lines.setdefault(prefixes.get(prefix, f"{prefix}:") + local, line)

    return safe_xml(document, see), lines


_MANCHESTER: Final = re.compile(
    r'"(?:[^"\\]++|\\.)*+"?|#[^\n]*+|(?P<iri><[^<>\s]*+>)|(?P<open>\()|(?P<close>\))|(?P<break>,)'
    r'|(?P<word>[^\s()<>,"\[\]{}]++)',
    re.DOTALL,
)
_NESTING: Final = frozenset({"some", "only", "value", "self", "min", "max", "exactly", "not", "inverse", "that"})
_JOINING: Final = frozenset({"and", "or"})


def _manchester(document: Document) -> Prepared:
    """Expressions nest by parentheses and by the words that one may follow; annotations nest in annotations."""
    text = document.text.replace("\r\n", "\n").replace("\r", "\n")
    names = _ManchesterNames()
    outer: list[int] = []
    depth = run = notes = line = counted = 0
    for token in _MANCHESTER.finditer(text):
        kind, word = token.lastgroup, token[0].lower()
        if kind == "open":
            outer.append(run)
            depth, run = depth + run + 1, 0
        elif kind == "close" and outer:
            run = outer.pop()
            depth -= run + 1
        elif kind == "word" and word in _NESTING:
            run += 1
        elif kind == "word" and word == "annotations:":
            notes += 1
        elif kind == "break" or (kind == "word" and (word in _JOINING or word.endswith(":"))):
            run = 0
            notes = 0 if word.endswith(":") else notes
        if kind in ("iri", "word"):
            line, counted = line + text.count("\n", counted, token.start()), token.start()
            names.see(token[0], line + 1)
        if depth + run > MAX_NESTING or notes > MAX_NESTING:
            message = f"expressions nested deeper than {MAX_NESTING}"
            raise ContentError(message, reason="limit", line=text.count("\n", 0, token.start()) + 1)
    return text, names.lines


class _ManchesterNames:
    """Follows prefixes, and keeps the line that first names each IRI."""

    def __init__(self) -> None:
        self.lines: dict[str, int] = {}
        self._prefixes: dict[str, str] = {}
        self._declared: str | None = None
        self._in_prefix = False

    def see(self, written: str, line: int) -> None:
        """The next name or word."""
        if written == "Prefix:":
            self._in_prefix, self._declared = True, None
        elif self._in_prefix and not written.startswith("<"):
            self._declared = written.removesuffix(":")
        elif self._in_prefix:
            self._prefixes[self._declared or ""] = written[1:-1]
            self._in_prefix = False
        elif written.startswith("<"):
            self.lines.setdefault(written[1:-1], line)
        else:
            prefix, _, local = written.rpartition(":")
            if local and prefix in self._prefixes:
                self.lines.setdefault(self._prefixes[prefix] + local, line)


_OBO_ID: Final = re.compile(r"^id:[ \t]*+(?P<id>[^\s!{]++)", re.MULTILINE)
_OBO: Final = "http://purl.obolibrary.org/obo/"


def _obo(document: Document) -> Prepared:
    """OBO has no nesting. Its ids become IRIs as the OBO Foundry's identifier policy has it."""
    text = document.text.replace("\r\n", "\n").replace("\r", "\n")
    lines: dict[str, int] = {}
    line, counted = 1, 0
    for found in _OBO_ID.finditer(text):
        line, counted = line + text.count("\n", counted, found.start()), found.start()
        lines.setdefault(_OBO + found["id"].replace(":", "_", 1), line)
    return text, lines


SYNTAXES: Final = {
    "owl-xml": Syntax("OWL/XML", "owx", _owl_xml),
    "manchester": Syntax("Manchester syntax", "omn", _manchester),
    "obo": Syntax("OBO", "obo", _obo),
}
