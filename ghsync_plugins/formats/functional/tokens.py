"""The words of OWL 2 functional syntax.

OWL 2 Structural Specification (W3C, 2012), sections 2 and 13. Besides ``#`` a comment may begin with ``;`` or, first on
its line, with ``//``, as people write them in pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

_SKIP: Final = r"(?:[^\S\n]++|\n(?:[^\S\n]*+//[^\n]*+)?+|[#;][^\n]*+)*+"
_IRI: Final = r"<[^<>\"\s{}|\\^`]*+>"
_WORD: Final = r"[^\s()<>\"#;]++"
_TOKEN: Final = re.compile(
    rf"{_SKIP}(?:(?P<open>(?:(?P<head>[A-Za-z]\w*+)\s*+)?+\()|(?P<close>\))|(?P<iri>{_IRI})"
    rf"|(?P<string>\"(?P<value>[^\"\\]*+(?:\\.[^\"\\]*+)*+)\""
    rf"(?:\s*+@(?P<language>[A-Za-z][A-Za-z0-9-]*+)|\s*+\^\^\s*+(?P<datatype>{_IRI}|{_WORD}))?+)"
    rf"|(?P<word>{_WORD})|(?P<other>\S))",
    re.DOTALL,
)
_FIRST_COMMENT: Final = re.compile(r"\s*+//[^\n]*+")
_ESCAPE: Final = re.compile(r"\\([\"\\])")

TokenKind = Literal["open", "close", "iri", "string", "word", "other"]


class Quoted(NamedTuple):
    """A literal as written; its datatype, an IRI in ``<>`` or a short name, is empty where none is given."""

    value: str
    language: str
    datatype: str


Token = tuple[TokenKind, int, "str | Quoted"]
"""A token, the offset where it starts, and what it says: of ``open`` the keyword before the parenthesis, if any."""


def tokens(text: str) -> Iterator[Token]:
    """The tokens of *text*. What starts none, such as a quote that nothing closes, is a token ``other``."""
    comment = _FIRST_COMMENT.match(text)
    match = _TOKEN.match(text, comment.end() if comment else 0)
    while match:
        kind: TokenKind = match.lastgroup  # type: ignore[assignment]  # the outermost group, of which there is one
        if kind == "open":
            yield kind, match.start(kind), match["head"] or ""
        elif kind == "string":
            yield kind, match.start(kind), _quoted(*match.group("value", "language", "datatype"))
        else:
            yield kind, match.start(kind), match[kind]
        match = _TOKEN.match(text, match.end())


def _quoted(value: str, language: str | None, datatype: str | None) -> Quoted:
    return Quoted(_ESCAPE.sub(r"\1", value) if "\\" in value else value, language or "", datatype or "")
