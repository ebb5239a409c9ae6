"""The documentation as a test sees it: pages, their headings, tables, links and marked fences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = tuple(sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md")]))

_FENCE = re.compile(r"^```(?P<info>[^`\n]*)\n(?P<body>.*?)^```[ ]*$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6} (?P<title>.+)$", re.MULTILINE)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"\[[^\]\n]+\]\((?P<address>[^)\s]+)\)")


@dataclass(frozen=True)
class Fence:
    """A fenced block: its language, the word behind it that says what is done with it, its line, and its text."""

    language: str
    mark: str
    line: int
    body: str


def name_of(page: Path) -> str:
    """The page's path in the repository."""
    return page.relative_to(ROOT).as_posix()


def text_of(page: str) -> str:
    """The page at a path in the repository."""
    return (ROOT / page).read_text(encoding="utf-8")


def fences(text: str) -> list[Fence]:
    """All fenced blocks, in order."""
    found = []
    for match in _FENCE.finditer(text):
        language, _, mark = match["info"].strip().partition(" ")
        found.append(Fence(language, mark, text.count("\n", 0, match.start()) + 1, match["body"]))
    return found


def headings(text: str) -> list[str]:
    """The titles of all headings outside fences, without backticks."""
    return [match["title"].replace("`", "") for match in _HEADING.finditer(_FENCE.sub("", text))]


def anchors(text: str) -> set[str]:
    """What GitHub makes of the headings: lower case, hyphens for spaces, no punctuation."""
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in headings(text)}


def links(text: str) -> Iterator[str]:
    """The addresses of all links outside code that lead into the repository."""
    for match in _LINK.finditer(_CODE.sub("", _FENCE.sub("", text))):
        if "://" not in match["address"]:
            yield match["address"]


def section(text: str, title: str) -> str:
    """What stands under the heading *title*, up to the next heading of any level."""
    _, found, rest = text.partition(f" {title}\n")
    assert found, f"there is no heading {title!r}"
    return re.split(r"^#{1,6} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def first_cells(text: str) -> list[str]:
    """The first cell of each row of the tables in *text*, without backticks; neither head nor rule."""
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    return [row.split("|")[1].strip().strip("`") for row in rows]
