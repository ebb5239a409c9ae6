"""Just enough of the grammar of Turtle and TriG to count brackets and to find names: RDF 1.1 Turtle, section 6.5.

Every repetition is possessive and an open string runs to its end, so that any text is read in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
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
_NAME: Final = re.compile(
    rf"[ \t.;,()\[\]]*+(\n|(?:[^\x00-\x20<>\"'{{}}|^`()\[\];,\\]++|\\.)++|{_IRI})|[ \t.;,()\[\]]++"
)
"""A name or a line end; to take what stands before it along is twice as fast as to look at each character for one.

What stands before nothing of that sort is a match too, without a name: else it would be gone through again from each of
its characters.
"""

_DIRECTIVES: Final = {"prefix", "@prefix", "base", "@base"}
_CHUNK: Final = 1 << 14
"""How many characters are looked through at a time, so that the words of a large file are never all in memory."""

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
        names = _Names(base)
        lines: dict[str, int] = {}
        start, line = 0, 1
        while start < len(self._text):
            end = self._text.find("\n", start + _CHUNK) + 1 or len(self._text)
            words = list(filter(None, _NAME.findall(self._text, start, end)))
            for iri, number in names.read(words, line, _may_direct(self._text[start:end])):
                if iri in wanted and number < lines.get(iri, number + 1):
                    lines[iri] = number
            start, line = end, line + words.count("\n")
        return lines


def _may_direct(text: str) -> bool:
    """A quick look for what may declare a prefix or a base."""
    lowered = text.lower()
    return "prefix" in lowered or "base" in lowered


class _Names:
    """Makes IRIs of names as they are written, some thousand words at a time; a line end is a word too."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._prefixes: dict[str, str] = {}
        self._seen: set[str] = set()
        self._directive = self._prefix = ""

    def read(self, words: list[str], line: int, may_direct: bool) -> Iterator[tuple[str, int]]:
        """The IRIs that *words* name, with their lines; the first word stands on *line*. One may come again later on.

        *may_direct* says that there may be directives among them.
        """
        for written, number in self._in_order(words, line) if may_direct or self._directive else _first(words, line):
            if written not in self._seen:
                self._seen.add(written)
                iri = self._iri(written)
                if iri:
                    yield iri, number

    def _in_order(self, words: list[str], line: int) -> Iterator[tuple[str, int]]:
        """Every word, but for directives, which change what those after them mean."""
        for written in words:
            if written == "\n":
                line += 1
            elif self._directive and written[0] != "<":
                self._prefix = written.removesuffix(":")
            elif self._directive:
                self._direct(resolve(self._base, written[1:-1]))
            elif written.lower() in _DIRECTIVES:
                self._directive = written.lower().removeprefix("@")
            else:
                yield written, line

    def _direct(self, iri: str) -> None:
        if self._directive == "base":
            self._base = iri
        else:
            self._prefixes[self._prefix] = iri
        self._directive = ""
        self._seen.clear()

    def _iri(self, written: str) -> str | None:
        if written[0] == "<":
            return resolve(self._base, written[1:-1])
        start, colon, local = written.rstrip(".").partition(":")
        namespace = self._prefixes.get(start) if colon else None
        if namespace is None:
            return None
        return namespace + (_ESCAPE.sub(r"\1", local) if "\\" in local else local)


def _first(words: list[str], line: int) -> Iterable[tuple[str, int]]:
    """Each word once, with the line that it first stands on."""
    numbers = list(accumulate(map("\n".__eq__, words), initial=line))[:-1]
    return dict(zip(reversed(words), reversed(numbers), strict=True)).items()  # what is said last of a word holds


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
