"""Answers about trees in GitHub's words, cut where GitHub cuts them.

The shape and the limits: https://docs.github.com/en/rest/git/trees.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass
class TreeLimits:
    """How much a recursive answer lists at most, in entries and in bytes of their JSON."""

    entries: int = 100_000
    size: int = 7 << 20


def tree_answer(lines: Iterable[bytes], sha: str, repo: str, limits: TreeLimits | None) -> bytes:
    """The answer about the tree *sha* of *repo*, from the lines of ``git ls-tree -l -z``; whole where *limits* is None.

    What goes beyond the limits is left out from there on, and ``truncated`` says so.
    """
    url = f"https://api.github.com/repos/{repo}/git"
    kept: list[bytes] = []
    size = 0
    truncated = False
    for line in lines:
        entry = _json(_entry(line, url))
        size += len(entry) + 1
        if limits and (len(kept) >= limits.entries or size > limits.size):
            truncated = True
            break
        kept.append(entry)
    head = _json({"sha": sha, "url": f"{url}/trees/{sha}"})[:-1]
    return head + b',"tree":[' + b",".join(kept) + b'],"truncated":' + (b"true}" if truncated else b"false}")


def _entry(line: bytes, url: str) -> dict[str, Any]:
    head, _, path = line.partition(b"\t")
    mode, kind, sha, size = head.decode().split()
    entry: dict[str, Any] = {"path": path.decode(errors="replace"), "mode": mode, "type": kind, "sha": sha}
    if kind == "blob":
        entry["size"] = int(size)
    return entry if kind == "commit" else {**entry, "url": f"{url}/{kind}s/{sha}"}


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
