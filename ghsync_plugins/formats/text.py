"""What all page formats share of a text: line ends, line numbers, fenced code, and what a reader of the page sees.

Line ends are LF, CRLF and CR, nothing else; they are read as LF. Offsets count code points of that text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate, count
from operator import add
from typing import Final, NamedTuple

from ghsync_core import Document

Span = tuple[int, int]

_FENCE_LINE = re.compile(
    r"(?P<prefix>[ \t]*+(?:>[ \t]?+)*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)*+)"
    r"(?:(?P<ticks>`{3,}+)(?P<info>[^`\n]*+)|(?P<tildes>~{3,}+)(?P<words>[^\n]*+))(?=\n|\Z)"
)

_HIDING = re.compile(
    r"<!--"
    r"|<(?P<element>(?i:details|div|iframe|p|pre|script|section|style|svg|table|video))\b"
    r"|#\+(?i:BEGIN)_(?P<directive>(?i:SRC|EXPORT|COMMENT|QUERY|EXAMPLE))\b"
    r"|:(?P<drawer>(?i:LOGBOOK)):"
    r"|\$(?P<math>\$)"
)
_BLOCK_START = re.compile(r"[ \t]*+(?:-[ \t]++)?+")

_NEAR: Final = 500
"""How far back on its line the surroundings of a mark are looked at."""


class Fence(NamedTuple):
    """Code between two fence lines.

    ``start`` to ``end`` covers both lines; ``indent`` is the white space before the opening one, which `body` leaves
    out. Where nothing closes it (``closed`` is unset) the span ends with the opening line.
    """

    start: int
    end: int
    info: str
    indent: int
    body_start: int
    body_end: int
    closed: bool

    def body(self, text: str) -> str:
        """The code as it stands in *text*, without the fence's own indentation."""
        code = text[self.body_start : self.body_end]
        return re.sub(rf"^[ \t]{{1,{self.indent}}}", "", code, flags=re.MULTILINE) if self.indent else code


class PageText:
    """The text of one page, with what several readers of it ask for, each worked out once."""

    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
        self._asked, self._line = 0, 1

    @cached_property
    def _line_ends(self) -> list[int]:
        return list(map(add, accumulate(map(len, self.text.split("\n"))), count()))

    def line(self, offset: int) -> int:
        """The number of the line that *offset* stands in, from 1."""
        if offset < self._asked:
            return bisect_left(self._line_ends, offset) + 1
        self._line += self.text.count("\n", self._asked, offset)  # most ask in the order of the text: count on
        self._asked = offset
        return self._line

    def line_end(self, offset: int) -> int:
        """Where the line that *offset* stands in ends: the offset of its line feed, or of the end of the text."""
        end = self.text.find("\n", offset)
        return len(self.text) if end < 0 else end

    @cached_property
    def fences(self) -> tuple[Fence, ...]:
        """Fenced code in the order of the text. A fence closes at a line with at least as many marks and no words."""
        return tuple(_fences(self.text))

    @cached_property
    def visible(self) -> tuple[Span, ...]:
        """The spans outside fenced code, comments, raw HTML, display math, drawers and queries.

        A fence that nothing closes hides nothing, as in Logseq.
        """
        hidden = [(fence.start, fence.end) for fence in self.fences if fence.closed]
        others = list(_hiding(self.text))
        return tuple(_between(_merged(hidden, others) if others else hidden, len(self.text)))

    @cached_property
    def _visible_ends(self) -> list[int]:
        return [end for _, end in self.visible]

    def visible_in(self, start: int, end: int) -> Iterator[Span]:
        """The visible spans between two offsets, cut to them."""
        for index in range(bisect_right(self._visible_ends, start), len(self.visible)):
            low, high = self.visible[index]
            if low >= end:
                return
            yield max(low, start), min(high, end)

    def fences_in(self, start: int, end: int) -> Iterator[Fence]:
        """The fences that open between two offsets."""
        for index in range(bisect_left(self.fences, start, key=_start_of), len(self.fences)):
            if self.fences[index].start >= end:
                return
            yield self.fences[index]


def _start_of(fence: Fence) -> int:
    return fence.start


def page_text(document: Document) -> PageText:
    """The document's text. Raises `ContentError` where its encoding can't be read."""
    return document.once(PageText, lambda document: PageText(document.text))


class _Mark(NamedTuple):
    """A line that may open a fence or, where ``closes`` is set, close one."""

    start: int
    end: int
    indent: int
    character: str
    length: int
    info: str
    closes: bool


def _fences(text: str) -> Iterator[Fence]:
    marks = [_mark(line) for start in _fence_lines(text) if (line := _FENCE_LINE.match(text, start))]
    longest = _longest_closers(marks)
    position = 0
    while position < len(marks):
        opening = marks[position]
        body, closing = opening.end + 1, position + 1
        if longest[closing].get(opening.character, 0) < opening.length:
            yield Fence(opening.start, opening.end, opening.info, opening.indent, body, body, False)
        else:
            while not (marks[closing].closes and _fits(marks[closing], opening)):
                closing += 1
            end = marks[closing]
            yield Fence(opening.start, end.end, opening.info, opening.indent, body, end.start, True)
            position = closing
        position += 1


def _fits(closing: _Mark, opening: _Mark) -> bool:
    return closing.character == opening.character and closing.length >= opening.length


def _fence_lines(text: str) -> list[int]:
    """Where the lines start that may open or close a fence, in order."""
    ticks, tildes = _lines_with_run(text, "`"), _lines_with_run(text, "~")
    return sorted({*ticks, *tildes}) if tildes else ticks


def _lines_with_run(text: str, letter: str) -> list[int]:
    """Where the lines start that hold *letter* three times in a row; one letter is by far the quickest to look for."""
    run, starts = letter * 3, []
    at = text.find(letter)
    while at >= 0:
        if text.startswith(run, at):
            starts.append(text.rfind("\n", 0, at) + 1)
            at = text.find("\n", at)
            if at < 0:
                break
        at = text.find(letter, at + 1)
    return starts


def _mark(line: re.Match[str]) -> _Mark:
    prefix, ticks, info, tildes, words = line.groups()
    run, info = (ticks, info.strip()) if ticks else (tildes, words.strip())
    return _Mark(*line.span(), len(prefix), run[0], len(run), info, not info and not prefix.strip(" \t>"))


def _longest_closers(marks: list[_Mark]) -> list[dict[str, int]]:
    """For each position the longest closing run at or after it, by character: so nobody looks ahead in vain."""
    after: list[dict[str, int]] = [{}]
    for mark in reversed(marks):
        known = after[-1]
        if mark.closes and known.get(mark.character, 0) < mark.length:
            known = {**known, mark.character: mark.length}
        after.append(known)
    return after[::-1]


def _hiding(text: str) -> Iterator[Span]:
    """What hides its content besides fences; an opening that nothing closes hides nothing."""
    if not _may_hide(text):
        return
    done, hopeless, lowered = 0, set[str](), text.lower()
    if len(lowered) != len(text):  # a letter such as İ grows when lowered, and offsets would drift
        lowered = text
    for match in _HIDING.finditer(text):
        closer = _closer(match)
        if match.start() < done or closer in hopeless or not _hides(text, match.start(), closer):
            continue
        end = lowered.find(closer, match.end())
        if end < 0:
            hopeless.add(closer)
        else:
            done = end + len(closer)
            yield match.start(), done


def _may_hide(text: str) -> bool:
    """A quick look for what closes or begins such a place; single letters are the quickest to look for."""
    return (
        ("<" in text and ("-->" in text or "</" in text))
        or ("$" in text and "$$" in text)
        or ("+" in text and "#+" in text)
        or (":LOGBOOK:" in text or ":logbook:" in text)
    )


def _hides(text: str, offset: int, closer: str) -> bool:
    """A comment hides wherever it stands outside a code span, everything else at the start of a block."""
    if closer == "-->":
        return not _in_code_span(text, offset)
    line = text.rfind("\n", max(0, offset - _NEAR), offset) + 1
    start = _BLOCK_START.match(text, line or max(0, offset - _NEAR))
    return start is not None and start.end() == offset


def _closer(match: re.Match[str]) -> str:
    if match["directive"]:
        return f"#+end_{match['directive'].lower()}"
    if match["element"]:
        return f"</{match['element'].lower()}>"
    if match["drawer"]:
        return ":end:"
    return "$$" if match["math"] else "-->"


def _in_code_span(text: str, offset: int) -> bool:
    """Whether a code span is open at *offset*, by the backticks before it on its line."""
    near = max(0, offset - _NEAR)
    return text.count("`", max(near, text.rfind("\n", near, offset) + 1), offset) % 2 == 1


def _merged(fences: list[Span], others: list[Span]) -> list[Span]:
    """Both in order; what starts inside a fence is code, and hides nothing."""
    ends = [end for _, end in fences]
    apart = [
        span
        for span in others
        if (index := bisect_left(ends, span[0] + 1)) == len(fences) or span[0] < fences[index][0]
    ]
    return sorted([*fences, *apart])


def _between(hidden: list[Span], length: int) -> Iterator[Span]:
    position = 0
    for start, end in hidden:
        if start > position:
            yield position, start
        position = max(position, end)
    if position < length:
        yield position, length
