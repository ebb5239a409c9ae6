"""Just enough of the grammar of Turtle and TriG to count brackets and to find names: RDF 1.1 Turtle, section 6.5.

Every repetition is possessive and an open string runs to its end, so that any text is read in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from itertools import accumulate
from typing import Final
from urllib.parse import urljoin

_IRI: Final = r"<(?:[^\x00-\x20<>\"{}|^`\\]++|\\[uU])*+>"
_QUIET: Final = re.compile(
    rf"{_IRI}|\\.|#[^\n]*+"
    r'|"""(?:[^"\\]++|\\.|"(?!""))*+(?:"""|\\?\Z)'
    r"|'''(?:[^'\\]++|\\.|'(?!''))*+(?:'''|\\?\Z)"
    r'|"(?:[^"\\\n]++|\\.)*+"?'
    r"|'(?:[^'\\\n]++|\\.)*+'?",
    re.DOTALL,
)
_NO_BRACKET: Final = re.compile(rf"{_IRI}|[^\[\](){{}}<>]++")
_BRACKET: Final = re.compile(rf"{_IRI}|([\[({{<])|([\])}}>])")
_STEP: Final = {"[": 1, "(": 1, "{": 1, "<": 1, "]": -1, ")": -1, "}": -1, ">": -1}
_NAME: Final = re.compile(rf"{_IRI}|(?:[^\x00-\x20<>\"'{{}}|^`()\[\];,\\]++|\\.)++")
_DIRECTIVES: Final = {"prefix", "@prefix", "base", "@base"}
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class Tokens:
    """A text without its strings and comments; every name and bracket is still on its line. Line ends are LF."""

    def __init__(self, text: str) -> None:
        text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
        self._text = _QUIET.sub(_without_words, text)

    def too_deep(self, limit: int) -> int | None:
        """The line on which brackets are first nested deeper than *limit*, or None."""
        steps = map(_STEP.__getitem__, _NO_BRACKET.sub("", self._text))
        if max(accumulate(steps), default=0) <= limit:
            return None
        depth = 0
        for bracket in _BRACKET.finditer(self._text):
            depth += bool(bracket[1]) - bool(bracket[2])
            if depth > limit:
                return self._text.count("\n", 0, bracket.start()) + 1
        return None

    def first_lines(self, base: str, wanted: Container[str]) -> dict[str, int]:
        """The line that first names each of the *wanted* IRIs, in full, relative to *base*, or by a prefix.

        A name that is written with ``\\u`` escapes is not found.
        """
        lines: dict[str, int] = {}
        for iri, line in self._names(base):
            if iri in wanted:
                lines.setdefault(iri, line)
        return lines

    def _names(self, base: str) -> Iterator[tuple[str, int]]:
        """Every IRI that stands outside of a directive, with its line; seldom more than once in the same writing."""
        prefixes: dict[str, str] = {}
        seen: set[str] = set()
        directive = prefix = ""
        for line, text in enumerate(self._text.split("\n"), 1):
            for written in _NAME.findall(text):
                if directive:
                    if not written.startswith("<"):
                        prefix = written.removesuffix(":")
                        continue
                    iri = resolve(base, written[1:-1])
                    base = iri if directive == "base" else base
                    prefixes |= {prefix: iri} if directive == "prefix" else {}
                    directive = ""
                    seen.clear()
                elif written not in seen:
                    seen.add(written)
                    if written.startswith("<"):
                        yield resolve(base, written[1:-1]), line
                    elif ":" in written:
                        start, _, local = written.rstrip(".").partition(":")
                        if start in prefixes:
                            yield prefixes[start] + (_ESCAPE.sub(r"\1", local) if "\\" in local else local), line
                    elif written.lower() in _DIRECTIVES:
                        seen.discard(written)
                        directive = written.lower().removeprefix("@")


def _without_words(quiet: re.Match[str]) -> str:
    """A name or an escape as it is; of a string and a comment what matters to the text around it."""
    found = quiet[0]
    first = found[0]
    if first in "<\\":
        return found
    return '"' + "\n" * found.count("\n") if first != "#" else ""


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
