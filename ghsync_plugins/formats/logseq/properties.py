"""``key:: value`` lines: which lines are properties, and what their values mean."""

from __future__ import annotations

import re
from typing import Final

from ghsync_core import Vault
from ghsync_plugins.formats.keys import fold_key

KEY = r"[^\s:\"^(){}#][^\s:\"^(){}]*+"
"""A key of Logseq has no white space and no colon in it."""

PROPERTY = re.compile(rf"(?P<indent>[ \t]*+)(?P<dash>-[ \t]++)?+(?P<key>{KEY})::(?: (?P<value>[^\n]*+))?+(?=\n|\Z)")
"""Matches at the start of a line. After ``::`` comes a space or the end of the line, nothing else."""

ALIAS_KEYS: Final = frozenset({"alias", "aliases"})
TAG_KEYS: Final = frozenset({"tags", "tag"})
_NO_REFERENCES: Final = frozenset(
    """
    title alias aliases icon template public filters id collapsed heading created-at updated-at background-color ls-type
    todo now later doing done
    """.split()
)
_NO_REFERENCE_PREFIXES: Final = ("query-", "hl-", "logseq.")
_COMMA = re.compile(r"[,，]")


def typed(value: str) -> str | int | bool:
    """``true``, ``false`` and whole numbers as such, anything else as text."""
    if value in ("true", "false"):
        return value == "true"
    return int(value) if value.isdecimal() and value.isascii() and len(value) <= 15 else value


def items(value: str) -> list[str]:
    """The titles in a comma-separated value, without ``[[ ]]`` and ``#``; a comma inside brackets separates nothing."""
    return [title for part in _split(value) if (title := bare_title(part))]


def bare_title(text: str) -> str:
    """A page's title as a list may write it: ``[[a b]]``, ``#a``, ``#[[a b]]`` or plain."""
    text = text.strip().removeprefix("#")
    if text.startswith("[[") and text.endswith("]]"):
        text = text[2:-2].partition("|")[0]
    return text.strip().strip('"').strip()


def _split(value: str) -> list[str]:
    parts = _COMMA.split(value)
    if "[[" not in value:
        return parts
    whole: list[str] = []
    depth, start = 0, 0
    for index, part in enumerate(parts, 1):
        depth = max(0, depth + part.count("[[") - part.count("]]"))
        if not depth:
            whole.append(",".join(parts[start:index]))
            start = index
    return whole + parts[start:]


def has_references(key: str, vault: Vault) -> bool:
    """Whether links and tags count in values of the folded *key*."""
    if key in _NO_REFERENCES or key.startswith(_NO_REFERENCE_PREFIXES):
        return False
    return key not in vault.config.get("no_reference_keys", ())


def is_list(key: str, vault: Vault) -> bool:
    """Whether a comma-separated value of the folded *key* names pages."""
    return key in TAG_KEYS or key in map(fold_key, vault.config.get("comma_keys", ()))
