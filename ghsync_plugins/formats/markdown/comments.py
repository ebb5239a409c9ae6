"""Takes comments out of a page before it is parsed: Obsidian's ``%% … %%``, and HTML comments with text behind them.

What is taken out leaves as many characters and line ends as it had, so that every line keeps its number.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from ghsync_plugins.formats.markdown.commonmark import COMMENT, Span, code_spans

_TEXT_BEHIND = re.compile(r"[ \t]*+[^\s]")
_LINE_REST = re.compile(r"[ \t]*+(?:\n|\Z)")
_NOT_LINE_END = re.compile(r"[^\n]")

_NEAR: Final = 200
"""How far back it is looked whether a comment begins its line."""


def without_comments(text: str, *, unclosed: bool) -> str:
    """*text* without comments; ``unclosed`` says whether ``%%`` that nothing closes hides all the rest."""
    if "%%" in text:
        text = _without(text, _percent(text, unclosed))
    if "<!--" in text:  # CommonMark hides all of the line that ends such a comment; its author means what follows it
        text = _without(text, _html(text))
    return text


def _without(text: str, comments: Iterator[Span]) -> str:
    parts: list[str] = []
    done = 0
    for start, end in comments:
        # Blank lines for whole lines; else marks, which keep the text around them where it is.
        mark = " " if _begins_line(text, start) and _LINE_REST.match(text, end) else COMMENT
        parts += (text[done:start], _NOT_LINE_END.sub(mark, text[start:end]))
        done = end
    return "".join((*parts, text[done:])) if parts else text


def _begins_line(text: str, offset: int) -> bool:
    near = max(0, offset - _NEAR)
    _, found, blank = text[near:offset].rpartition("\n")
    return not blank.strip(" \t") and bool(found or not near)


def _percent(text: str, unclosed: bool) -> Iterator[Span]:
    code = _Code(text, html=True)
    start = code.find_outside("%%", 0)
    while start >= 0:
        end = text.find("%%", start + 2)
        if end < 0:
            if unclosed:
                yield start, len(text)
            return
        yield start, end + 2
        start = code.find_outside("%%", end + 2)


def _html(text: str) -> Iterator[Span]:
    code: _Code | None = None
    start = text.find("<!--")
    while start >= 0:
        end = text.find("-->", start + 4)
        if end < 0:
            return
        if _TEXT_BEHIND.match(text, end + 3) and _begins_line(text, start):
            code = code or _Code(text, html=False)
            if code.find_outside("<!--", start) == start:
                yield start, end + 3
        start = text.find("<!--", end + 3)


class _Code:
    """Where code is, and with ``html`` where HTML is too."""

    def __init__(self, text: str, *, html: bool) -> None:
        self._text = text
        spans = code_spans(text, html=html)
        if not text.isascii():
            spans = list(_in_characters(text.encode(), spans))
        self._spans, self._starts = spans, [start for start, _ in spans]

    def find_outside(self, mark: str, position: int) -> int:
        """Where *mark* next stands outside, at or after *position*; -1 where it does not."""
        at = self._text.find(mark, position)
        while at >= 0:
            index = bisect_right(self._starts, at) - 1
            if index < 0 or at >= self._spans[index][1]:
                return at
            at = self._text.find(mark, self._spans[index][1])
        return -1


def _in_characters(data: bytes, spans: list[Span]) -> Iterator[Span]:
    """*spans*, which count bytes of UTF-8 and are in order, in characters."""
    known, characters = 0, 0
    for start, end in spans:
        first = characters + len(data[known:start].decode())
        known, characters = end, first + len(data[start:end].decode())
        yield first, characters
