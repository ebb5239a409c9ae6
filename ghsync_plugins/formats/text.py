"""What all page formats share of a text: line ends, line numbers, fenced code, and what a reader of the page sees.

Line ends are LF, CRLF and CR, nothing else; they are read as LF. Offsets count code points of that text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, count
from operator import add

from ghsync_core import Document

Span = tuple[int, int]

_FENCE_MARK = re.compile("```|~~~")
_FENCE_LINE = re.compile(
    r"(?P<prefix>[ \t]*+(?:>[ \t]?+)*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)*+)"
    r"(?:(?P<ticks>`{3,}+)(?P<info>[^`\n]*+)|(?P<tildes>~{3,}+)(?P<words>[^\n]*+))(?=\n|\Z)"
)

_HIDING = re.compile(
    r"<!--"
    r"|^[ \t]*+(?:-[ \t]++)?+(?:"
    r"#\+BEGIN_(?P<directive>SRC|EXPORT|COMMENT|QUERY|EXAMPLE)\b"
    r"|(?P<drawer>:LOGBOOK:)"
    r"|(?P<math>\$\$)"
    r"|<(?P<element>details|div|iframe|p|pre|script|section|style|svg|table|video)\b)",
    re.MULTILINE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Fence:
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

    @cached_property
    def _line_ends(self) -> list[int]:
        return list(map(add, accumulate(map(len, self.text.split("\n"))), count()))

    def line(self, offset: int) -> int:
        """The number of the line that *offset* stands in, from 1."""
        return bisect_left(self._line_ends, offset) + 1

    def line_end(self, offset: int) -> int:
        """Where the line that *offset* stands in ends: the offset of its line feed, or of the end of the text."""
        end = self.text.find("\n", offset)
        return len(self.text) if end < 0 else end

    @cached_property
    def fences(self) -> tuple[Fence, ...]:
        """Fenced code in the order of the text. A fence closes at a line with at least as many marks and no words."""
        if "```" not in self.text and "~~~" not in self.text:
            return ()
        return tuple(_fences(self.text))

    @cached_property
    def visible(self) -> tuple[Span, ...]:
        """The spans outside fenced code, comments, raw HTML, display math, drawers and queries.

        A fence that nothing closes hides nothing, as in Logseq.
        """
        hidden = [(fence.start, fence.end) for fence in self.fences if fence.closed]
        return tuple(_between(_merged(hidden, _hiding(self.text)), len(self.text)))


def page_text(document: Document) -> PageText:
    """The document's text. Raises `ContentError` where its encoding can't be read."""
    return document.once(PageText, lambda document: PageText(document.text))


def _fences(text: str) -> Iterator[Fence]:
    marks = list(_fence_lines(text))
    longest = _longest_closers(marks)
    position = 0
    while position < len(marks):
        opening, run = marks[position], _run(marks[position])
        closing = position + 1
        if longest[position + 1].get(run[0], 0) < len(run):
            yield _fence(opening, None)
        else:
            while not _closes(marks[closing], run):
                closing += 1
            yield _fence(opening, marks[closing])
            position = closing
        position += 1


def _fence_lines(text: str) -> Iterator[re.Match[str]]:
    """The lines that may open or close a fence."""
    position = 0
    while found := _FENCE_MARK.search(text, position):
        end = text.find("\n", found.end())
        match = _FENCE_LINE.match(text, text.rfind("\n", position, found.start()) + 1 or position)
        position = len(text) if end < 0 else end
        if match:
            yield match


def _longest_closers(marks: list[re.Match[str]]) -> list[dict[str, int]]:
    """For each position the longest closing run at or after it, by kind of mark: so nobody looks ahead in vain."""
    after: list[dict[str, int]] = [{}]
    for mark in reversed(marks):
        known, run = after[-1], _run(mark)
        if _closes(mark, run) and known.get(run[0], 0) < len(run):
            known = {**known, run[0]: len(run)}
        after.append(known)
    return after[::-1]


def _run(mark: re.Match[str]) -> str:
    return mark["ticks"] or mark["tildes"]


def _closes(mark: re.Match[str], run: str) -> bool:
    own = _run(mark)
    words = mark["info"] or mark["words"]
    bare = not (words and words.strip()) and not mark["prefix"].strip(" \t>")
    return bare and own[0] == run[0] and len(own) >= len(run)


def _fence(opening: re.Match[str], closing: re.Match[str] | None) -> Fence:
    prefix = opening["prefix"]
    return Fence(
        start=opening.start(),
        end=closing.end() if closing else opening.end(),
        info=(opening["info"] or opening["words"] or "").strip(),
        indent=len(prefix),
        body_start=opening.end() + 1,
        body_end=closing.start() if closing else opening.end() + 1,
        closed=closing is not None,
    )


def _hiding(text: str) -> Iterator[Span]:
    """What hides its content besides fences; an opening that nothing closes hides nothing."""
    if not any(mark in text for mark in ("<", "#+", "$$", ":LOGBOOK:", ":logbook:")):
        return
    done, hopeless, lowered = 0, set[str](), text.lower()
    if len(lowered) != len(text):  # a letter such as İ grows when lowered, and offsets would drift
        lowered = text
    for match in _HIDING.finditer(text):
        closer = _closer(match)
        if match.start() < done or closer in hopeless or (closer == "-->" and _in_code_span(text, match.start())):
            continue
        end = lowered.find(closer, match.end())
        if end < 0:
            hopeless.add(closer)
        else:
            done = end + len(closer)
            yield match.start(), done


def _closer(match: re.Match[str]) -> str:
    if match["directive"]:
        return f"#+end_{match['directive'].lower()}"
    if match["element"]:
        return f"</{match['element'].lower()}>"
    if match["drawer"]:
        return ":end:"
    return "$$" if match["math"] else "-->"


def _in_code_span(text: str, offset: int) -> bool:
    """Whether a code span is open at *offset*, by the backticks before it on its line (the last 500 characters)."""
    line = text.rfind("\n", max(0, offset - 500), offset) + 1
    return text.count("`", max(line, offset - 500), offset) % 2 == 1


def _merged(fences: list[Span], others: Iterator[Span]) -> Iterator[Span]:
    """Both in order; a comment that starts inside a fence is code."""
    ends = [end for _, end in fences]
    apart = [
        span for span in others
        if (index := bisect_left(ends, span[0] + 1)) == len(fences) or span[0] < fences[index][0]
    ]
    yield from sorted([*fences, *apart]) if apart else fences


def _between(hidden: Iterator[Span], length: int) -> Iterator[Span]:
    position = 0
    for start, end in hidden:
        if start > position:
            yield position, start
        position = max(position, end)
    if position < length:
        yield position, length
