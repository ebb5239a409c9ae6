"""``key:: value`` lines: which lines are properties, and what their values mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from ghsync_core import Vault
from ghsync_plugins.formats.keys import camel_case, fold_key

KEY = r"[^\s:\"^(){}#][^\s:\"^(){}]*+"
"""A key of Logseq has no white space and no colon in it."""

PROPERTY = re.compile(rf"(?P<indent>[ \t]*+)(?P<dash>-[ \t]++)?+(?P<key>{KEY})::(?: (?P<value>[^\n]*+))?+(?=\n|\Z)")
"""Matches at the start of a line. After ``::`` comes a space or the end of the line, nothing else."""

ALIAS_KEYS: Final = frozenset({"alias", "aliases"})
TAG_KEYS: Final = frozenset({"tags"})
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


class KeyRules(NamedTuple):
    """What a graph's settings say of keys: whose values name pages by commas, and in whose values nothing is a link."""

    lists: frozenset[str]
    no_references: frozenset[str]


class Meaning(NamedTuple):
    """What a key means for its values: the type of their edges, whether links count, whether commas list pages, and
    whether it gives the block its id."""

    type: str
    refers: bool
    is_list: bool
    is_id: bool
    properties: Mapping[str, str]


def key_rules(vault: Vault) -> KeyRules:
    """The rules of the graph."""
    lists = frozenset(map(fold_key, vault.config.get("comma_keys", ())))
    return KeyRules(lists, frozenset(map(fold_key, vault.config.get("no_reference_keys", ()))))


@lru_cache(maxsize=4096)
def meaning(key: str, rules: KeyRules) -> Meaning:
    """What the *key*, as written, means in a graph with these rules."""
    folded = fold_key(key)
    silent = folded in _NO_REFERENCES or folded.startswith(_NO_REFERENCE_PREFIXES) or folded in rules.no_references
    kind = "tag" if folded in TAG_KEYS else camel_case(key)
    return Meaning(kind, not silent, folded in TAG_KEYS or folded in rules.lists, folded == "id", {"key": key})
