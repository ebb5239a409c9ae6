"""Comparing what ghsync reads with what a format's own tool reads: per file, as sets; each difference has a reason."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from ghsync_core import ContentError
from ghsync_core.interfaces.documents import decode

Sets = Mapping[str, set[str]]
"""What was read of one file: the names of each sort (links, tags, …)."""


class Difference(NamedTuple):
    """A name of some ``sort`` that only one side reads, ``ours`` or ``theirs``, in a file with this ``text``."""

    path: str
    text: str
    sort: str
    side: str
    name: str


Reasons = Mapping[str, Callable[[Difference], bool]]
"""Why a difference is right: in words, and how such a difference is known."""


def corpus(*folders: str) -> list[tuple[str, str]]:
    """Path and text of the Markdown files in *folders* of what GHSYNC_CORPORA names; none where it is unset."""
    top = os.environ.get("GHSYNC_CORPORA")
    found = []
    for folder in folders if top else ():
        for path in sorted((Path(str(top)) / folder).rglob("*.md")):
            try:
                text = decode(path.read_bytes())
            except ContentError:
                continue
            found.append((str(path), text.replace("\r\n", "\n")))
    return found


def differences(path: str, text: str, ours: Sets, theirs: Sets) -> list[Difference]:
    """All names that only one side reads."""
    return [
        Difference(path, text, sort, side, name)
        for sort in sorted({*ours, *theirs})
        for side, one, other in (("ours", ours, theirs), ("theirs", theirs, ours))
        for name in sorted(one.get(sort, set()) - other.get(sort, set()))
    ]


def hold(files: Iterable[tuple[str, str, Sets, Sets]], reasons: Reasons) -> str:
    """Assert that each difference has a reason; a line that tells the counts."""
    total = 0
    counted: Counter[str] = Counter()
    unexplained: list[tuple[str, ...]] = []
    for path, text, ours, theirs in files:
        total += sum(len(ours.get(sort, set()) | theirs.get(sort, set())) for sort in {*ours, *theirs})
        for found in differences(path, text, ours, theirs):
            reason = next((reason for reason, is_it in reasons.items() if is_it(found)), None)
            if reason:
                counted[reason] += 1
            else:
                unexplained.append((found.path, *found[2:]))
    assert not unexplained, unexplained[:20]
    assert total
    return f"{total} names, {total - counted.total()} alike; " + "; ".join(
        f"{reason}: {n}" for reason, n in counted.items()
    )
