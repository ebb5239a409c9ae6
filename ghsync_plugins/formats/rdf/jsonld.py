"""JSON-LD 1.1 (W3C, 2020), read by pyoxigraph once its nesting and its contexts have been looked through.

A context is taken from the file itself or not at all: ghsync never fetches one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from ghsync_core import ContentError, Document, FileWarning, ParsedFile
from ghsync_plugins.formats.rdf.lines import Lines
from ghsync_plugins.formats.rdf.reading import base_iri, read, utf8_text
from ghsync_plugins.formats.rdf.tokens import resolve

MAX_NESTING: Final = 200
"""How deep objects and lists may stand in each other; native code ends the process at some thousands."""

MAX_COPIES: Final = 5_000_000
"""How many definitions of terms may be copied: a context that many objects stand in is copied for each of them."""

_TOKEN: Final = re.compile(
    r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)(?P<key>\s*+:\s*+)?+|(?P<open>[\[{])|(?P<close>[\]}])', re.DOTALL
)


class JsonLdParser:
    """The `Parser` of JSON-LD."""

    def parse(self, document: Document) -> ParsedFile:
        """All that the file says, or a `ContentError`; a file that says nothing gives a warning."""
        text = utf8_text(document, "JSON-LD")
        contexts = look_through(text)
        base = base_iri(document.source, document.path)
        reading = read(text, "JSON_LD", "JSON-LD", base)
        lines = Lines(contexts.first_lines(text, base))
        nothing = FileWarning(None, "json-ld-empty", "no statement in it: its keys have no meaning without a @context")
        return reading.facts(document.path, lines, () if reading.statements or contexts.is_empty else (nothing,))


class _Remote(Exception):
    """A context that lies outside of the file, at the address that is the message."""


@dataclass(slots=True)
class Contexts:
    """What the contexts of a file define: ``terms`` by name, as far as their meaning is written as one text."""

    terms: dict[str, str] = field(default_factory=dict)
    is_empty: bool = True
    count: int = 0
    definitions: int = 0
    scoped: bool = False

    def read(self, context: Any) -> None:
        """Take in one ``@context``. Raises `_Remote` where it lies outside of the file."""
        self.count += 1
        waiting = [(context, False)]
        while waiting:
            part, scoped = waiting.pop()
            self.scoped |= scoped
            if isinstance(part, list):
                waiting += ((member, scoped) for member in part)
            elif isinstance(part, str):
                raise _Remote(part)
            elif isinstance(part, dict):
                if "@import" in part:
                    raise _Remote(str(part["@import"]))
                waiting += (self._define(term, meaning) for term, meaning in part.items())

    def _define(self, term: str, meaning: Any) -> tuple[Any, bool]:
        """Take in one term; the context inside of it, if any."""
        self.definitions += 1
        iri = meaning.get("@id") if isinstance(meaning, dict) else meaning
        if isinstance(iri, str):
            self.terms.setdefault(term, iri)
        return (meaning.get("@context"), True) if isinstance(meaning, dict) else (None, False)

    def first_lines(self, text: str, base: str) -> dict[str, int]:
        """The line on which each IRI first stands as an ``@id``."""
        ids = {"@id", *(term for term, iri in self.terms.items() if iri == "@id")}
        lines: dict[str, int] = {}
        line, counted, key = 1, 0, ""
        for token in _TOKEN.finditer(text):
            if token["key"] is not None:
                key = token[0][1:].partition('"')[0]
            elif token[0][0] == '"' and key in ids:
                line, counted = line + text.count("\n", counted, token.start()), token.start()
                lines.setdefault(self._expanded(token[0][1:-1], base), line)
        return lines

    def _expanded(self, written: str, base: str) -> str:
        prefix, colon, local = written.partition(":")
        namespace = self.terms.get(prefix) if colon and not local.startswith("//") else None
        return namespace + local if namespace else resolve(self.terms.get("@base", base), written)


def look_through(text: str) -> Contexts:
    """The contexts of a JSON text. Raises `ContentError` for what must not come before native code."""
    contexts = Contexts()
    depth = objects = done = 0
    for token in _TOKEN.finditer(text):
        if token["open"]:
            depth += 1
            objects += token["open"] == "{"
            if depth > MAX_NESTING:
                message = f"objects nested deeper than {MAX_NESTING}"
                raise ContentError(message, reason="limit", line=_line(text, token.start()))
        elif token["close"]:
            depth -= 1
        elif token["key"] is not None:
            contexts.is_empty = False
            if token.start() >= done and _is_context(token[0]):
                context, done = _decoded(text, token.end())
                try:
                    contexts.read(context)
                except _Remote as remote:
                    raise _remote_context(str(remote), _line(text, token.start())) from None
    if contexts.definitions * (objects if contexts.scoped else contexts.count) > MAX_COPIES + 5 * len(text):
        raise ContentError("its contexts are copied too often; give the file one @context", reason="limit")
    return contexts


def has_linked_data(text: str) -> bool:
    """Whether a JSON text has ``@context``, ``@id`` or ``@graph`` in its outermost object, or in one of its list."""
    return any(key in ("@context", "@id", "@graph") for key in _outer_keys(text))


def _outer_keys(text: str) -> Iterator[str]:
    outer = 2 if text.lstrip("\ufeff \t\r\n").startswith("[") else 1
    depth = 0
    for token in _TOKEN.finditer(text):
        if token["key"] is not None and depth == outer:
            yield token[0][1:].partition('"')[0]
        depth += bool(token["open"]) - bool(token["close"])


def _is_context(key: str) -> bool:
    """Whether this is the key ``@context``, however it is escaped."""
    if "\\" in key:
        try:
            return bool(json.loads(key.rstrip().rstrip(":")) == "@context")
        except ValueError:
            return False
    return key.startswith('"@context"')


def _decoded(text: str, start: int) -> tuple[Any, int]:
    """The JSON value that begins at *start*, and where it ends. Raises `ContentError`."""
    try:
        return json.JSONDecoder().raw_decode(text, start)
    except ValueError as error:
        said = error.msg if isinstance(error, json.JSONDecodeError) else "a number with too many digits"
        raise ContentError(f"not JSON: {said}", reason="syntax", line=_line(text, start)) from None
    except RecursionError:
        message = f"objects nested deeper than {MAX_NESTING}"
        raise ContentError(message, reason="limit", line=_line(text, start)) from None


def _line(text: str, offset: int) -> int:
    return len(re.findall(r"\r\n?|\n", text[:offset])) + 1


def _remote_context(address: str, line: int) -> ContentError:
    shown = address if len(address) <= 200 else address[:200] + "…"
    return ContentError(
        f"its context lies at {shown}, and ghsync fetches none. Write the context into the file.",
        reason="remote-context",
        line=line,
    )
