"""Just enough of Turtle's grammar to count brackets and to find names: RDF 1.1 Turtle (W3C, 2014), section 6.5.

Every repetition is possessive and an open string runs to its end, so that any text is read in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import Final
from urllib.parse import urljoin

_NAME: Final = r"[^\x00-\x20<>\"'{}|^`\\()\[\];,.@#~!$&*+/?=]"
_TOKEN: Final = re.compile(
    r"#[^\n]*+"
    r'|"""(?:[^"\\]|\\.|"(?!""))*+(?:"""|\Z)'
    r"|'''(?:[^'\\]|\\.|'(?!''))*+(?:'''|\Z)"
    r'|"(?:[^"\\\n]|\\.)*+"?'
    r"|'(?:[^'\\\n]|\\.)*+'?"
    r"|<(?P<iri>[^\x00-\x20<>\"{}|^`\\]*+)>"
    r"|@(?P<keyword>[A-Za-z-]++)"
    rf"|(?P<name>{_NAME}(?:{_NAME}|\\.|\.++(?={_NAME}|\\))*+)"
    r"|(?P<open><<\(?|[\[({])|(?P<close>\)?>>|[\])}])",
    re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def too_deep(text: str, limit: int) -> int | None:
    """The line on which brackets are first nested deeper than *limit*, or None."""
    depth = 0
    for token in _TOKEN.finditer(text):
        if token.lastgroup == "open":
            depth += 1
            if depth > limit:
                return len(re.findall(r"\r\n?|\n", text[: token.start()])) + 1
        elif token.lastgroup == "close":
            depth -= 1
    return None


def first_lines(text: str, base: str, wanted: Container[str]) -> dict[str, int]:
    """The line that first names each of the *wanted* IRIs, in full, relative to *base*, or by a prefix.

    A name that is written with ``\\u`` escapes is not found.
    """
    lines: dict[str, int] = {}
    for iri, line in _names(text.replace("\r\n", "\n").replace("\r", "\n"), base):
        if iri in wanted:
            lines.setdefault(iri, line)
    return lines


def _names(text: str, base: str) -> Iterator[tuple[str, int]]:
    """Every IRI that stands outside of a directive, with its line. *text* has only LF as line ends."""
    prefixes: dict[str, str] = {}
    directive = prefix = ""
    line, counted = 1, 0
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind is None:
            continue
        line, counted = line + text.count("\n", counted, token.start()), token.start()
        written = token[kind]
        if kind in ("keyword", "name") and written.lower() in ("prefix", "base"):
            directive = written.lower()
        elif kind == "name" and directive == "prefix":
            prefix = written
        elif kind == "iri" and directive:
            if directive == "base":
                base = resolve(base, written)
            else:
                prefixes[prefix] = resolve(base, written)
            directive = ""
        elif kind == "iri":
            yield resolve(base, written), line
        elif kind == "name":
            start, colon, local = written.partition(":")
            if colon and start + colon in prefixes:
                yield prefixes[start + colon] + (_ESCAPE.sub(r"\1", local) if "\\" in local else local), line


def resolve(base: str, iri: str) -> str:
    """*iri* against *base*, by the rules for ``http`` whatever the scheme of *base* (RFC 3986, section 5.2)."""
    if _ABSOLUTE.match(iri):
        return iri
    if not iri or iri.startswith("#"):
        return base.partition("#")[0] + iri
    scheme, _, rest = base.partition(":")
    if rest.startswith("/"):
        return scheme + urljoin("http:" + rest, iri).removeprefix("http")
    return f"{scheme}:{urljoin(f'http://-/{rest}', iri).removeprefix('http://-/')}"
