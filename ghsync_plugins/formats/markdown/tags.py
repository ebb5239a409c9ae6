"""Tags: what one looks like in the text, in front matter, and what it is in the graph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from ghsync_core import Node, names
from ghsync_plugins.formats.edges import Edges
from ghsync_plugins.formats.front_matter import Entry

KEYS: Final = frozenset({"tags", "tag"})
MAX_LEVELS: Final = 32
"""How many levels of a tag such as ``a/b/c`` are taken as nested."""

_OUT = r"\s\u2000-\u206f\u2e00-\u2e7f'!\"#$%&()*+,.:;<=>?@^`{|}~\[\]\\"
TAG = re.compile(rf"#(?<![^\s>]#)([^{_OUT}]++)")
"""A tag in the text: at the start of a piece of text or after white space, of any characters but these.

A ``>`` before it ends an HTML element or a quote's mark, if a piece of text begins here. One at least is no digit.
"""

_SEPARATORS = re.compile(r"[,\s]+")
_SLASHES = re.compile("//+")


def label_of(written: str) -> str | None:
    """The tag that *written* means, without a leading ``#`` and empty levels; None where it means none."""
    label = written.strip().removeprefix("#")
    return (_SLASHES.sub("/", label).strip("/ \t") if "/" in label else label.strip()) or None


def is_number(label: str) -> bool:
    """Whether a ``#label`` in the text is a number, such as that of an issue, and so no tag."""
    return label.replace("/", "").isdecimal()


def tags_of(entry: Entry) -> Iterator[tuple[str, int]]:
    """The tags that a front matter entry lists, each with its line: a list, or a text with commas or spaces."""
    for text, line in entry.texts:
        for written in [text] if isinstance(entry.value, list) else _SEPARATORS.split(text):
            if label := label_of(written):
                yield label, line


class Tags:
    """The tags of one page: their nodes, and an edge for each."""

    def __init__(self, root: str, page: str, edges: Edges) -> None:
        self.nodes: dict[str, Node] = {}
        self._chains: dict[str, list[str]] = {}
        self._root, self._page, self._edges = root, page, edges

    def add(self, label: str, line: int) -> None:
        """The page has this tag, and so those above it: ``a/b`` implies ``a``."""
        chain = self._chains.get(label)
        if chain is None:
            chain = self._chains[label] = self._chain(label, line)
        self._edges.add(self._page, chain[0], "tag", line)
        for child, parent in pairwise(chain):
            self._edges.add(child, parent, "namespace", line)

    def _chain(self, label: str, line: int) -> list[str]:
        """The tag and those above it, nearest first."""
        levels = label.split("/")
        if len(levels) > MAX_LEVELS:
            return [self._node(label, line)]
        return [self._node("/".join(levels[:length]), line) for length in range(len(levels), 0, -1)]

    def _node(self, label: str, line: int) -> str:
        identity = f"tag:{names.in_vault(self._root, names.fold(label))}"
        if identity not in self.nodes:
            self.nodes[identity] = Node(identity, "tag", label, line, declared=False)
        return identity
