"""What front matter says of a note besides its properties: aliases, tags, and links to other notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from ghsync_core import FileWarning
from ghsync_plugins.formats.front_matter import Entry, FrontMatter
from ghsync_plugins.formats.markdown.tags import KEYS as TAG_KEYS

ALIAS_KEYS: Final = frozenset({"aliases", "alias"})
LINK = re.compile(r"\[\[([^\[\]|\n]++)(?:\|([^\[\]\n]*+))?+\]\]")
"""A wikilink in a value: its target, and the text that is shown instead."""


class PropertyLink(NamedTuple):
    """A link in the value of a property."""

    key: str
    target: str
    text: str
    line: int


def aliases(matter: FrontMatter) -> tuple[str, ...]:
    """The note's other names, each once: a list, or a text with commas."""
    found = (alias for entry in matter.entries if entry.key.lower() in ALIAS_KEYS for alias in _aliases(entry))
    return tuple(dict.fromkeys(found))


def _aliases(entry: Entry) -> Iterator[str]:
    for text, _ in entry.texts:
        for alias in [text] if isinstance(entry.value, list) else text.split(","):
            if alias.strip():
                yield alias.strip()


def links(matter: FrontMatter) -> Iterator[PropertyLink]:
    """The wikilinks in all other properties."""
    for entry in matter.entries:
        if entry.key.lower() not in ALIAS_KEYS | TAG_KEYS:
            for text, line in entry.texts:
                for target, shown in LINK.findall(text) if "[[" in text else ():
                    yield PropertyLink(entry.key, target, shown.strip(), line)


def warnings(matter: FrontMatter) -> Iterator[FileWarning]:
    """What Obsidian would not read as it is meant here."""
    for entry in matter.entries:
        key = entry.key.lower()
        if key in ALIAS_KEYS | TAG_KEYS and isinstance(entry.value, str) and "," in entry.value:
            message = f"{entry.key!r} should be a list; its text was split at the commas."
            yield FileWarning(entry.line, "front-matter", message)
        for link in entry.unquoted:
            message = f"{link} in {entry.key!r} should stand in quotes: YAML takes it for a list in a list."
            yield FileWarning(entry.line, "front-matter", message)
