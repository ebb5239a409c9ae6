"""What plain links mean, ``[[title]]`` and ``[[title|text]]``: most stand on many pages, so it is remembered."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from ghsync_core import Reference
from ghsync_plugins.formats.logseq import inline, titles

_MOST: Final = 16_384
_LONGEST: Final = 128
"""How many links of how many characters are remembered; when there are more, all are forgotten."""


class PlainLink(NamedTuple):
    """A link's page, the title that it is asked for by, and the text that is shown instead."""

    target: Reference
    title: str
    text: str | None


class PlainLinks(dict[str, PlainLink | None]):
    """The links of one graph, by what stands between their brackets; None where that names nothing."""

    def __init__(self, root: str, form: str) -> None:
        super().__init__()
        self._root, self._form = root, form

    def __missing__(self, written: str) -> PlainLink | None:
        found = inline.link(written)
        target = titles.page_reference(self._root, found.target, self._form) if found else None
        link = PlainLink(target, found.target, found.text) if found and target else None
        if len(written) <= _LONGEST:
            if len(self) >= _MOST:
                self.clear()
            self[written] = link
        return link


@lru_cache(maxsize=16)
def plain_links(root: str, form: str) -> PlainLinks:
    """The links of the graph at *root*, whose journals are titled by *form*."""
    return PlainLinks(root, form)
