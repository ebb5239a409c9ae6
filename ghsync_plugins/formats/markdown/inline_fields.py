"""Dataview's inline fields: ``key:: value`` on a line of its own, ``[key:: value]`` and ``(key:: value)`` inside one.

As the plugin documents them: https://blacksmithgu.github.io/obsidian-dataview/annotation/add-metadata/
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_KEY = r"[^\s:\[\](){}#|`*~<>][^:\[\](){}#|`*~<>\n]{0,79}+"
_LINE = re.compile(
    rf"^[ \t>]*+(?:[-*+][ \t]++)?+(?:\[[^\]\n]\][ \t]++)?+(?P<bold>\*\*)?+(?P<key>{_KEY})(?(bold)\*\*)::"
    r"(?:[ \t]++(?P<value>[^\n]*+)|$)",
    re.MULTILINE,
)
_INLINE = re.compile(
    rf"\[(?P<key>{_KEY})::(?P<value>(?:[^\[\]\n]++|\[\[[^\[\]\n]*+\]\])*+)\]"
    rf"|\((?P<key2>{_KEY})::(?P<value2>(?:[^()\n\[\]]++|\[\[[^\[\]\n]*+\]\])*+)\)"
)


class Field(NamedTuple):
    """A field, and where its key begins and its value ends in the text."""

    key: str
    value: str
    start: int
    end: int


def fields(text: str) -> list[Field]:
    """All that look like fields, also in code; in order, none in another."""
    if "::" not in text:
        return []
    lines = [Field(m["key"].strip(), (m["value"] or "").strip(), m.start("key"), m.end()) for m in _LINE.finditer(text)]
    return sorted([*lines, *_inline(text, lines)], key=lambda field: field.start)


def _inline(text: str, lines: Sequence[Field]) -> Iterator[Field]:
    starts = [line.start for line in lines]
    for match in _INLINE.finditer(text):
        key, value = ("key", "value") if match["key"] else ("key2", "value2")
        index = bisect_right(starts, match.start()) - 1
        if index < 0 or match.start() >= lines[index].end:
            yield Field(match[key].strip(), match[value].strip(), match.start(key), match.end())
