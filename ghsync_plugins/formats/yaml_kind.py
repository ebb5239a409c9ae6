"""Whether a page's front matter says that the page is a class, a property or an individual: ``type: Class``."""

from __future__ import annotations

from typing import Final, Literal

from ghsync_core import Document
from ghsync_plugins.formats.front_matter import front_matter
from ghsync_plugins.formats.keys import fold_key
from ghsync_plugins.formats.text import page_text

Kind = Literal["class", "unknown", "individual"]

_KINDS: Final[dict[str, Kind]] = {"Class": "class", "Property": "unknown", "Individual": "individual"}
_BUNDLE: Final = "okf"
"""In a bundle of that flavour every page is a concept, whatever its type."""


def yaml_kind(document: Document) -> Kind | None:
    """What the front matter says that the page is, if it says so. Then its keys speak of that, and not of the page."""
    if document.vault.flavour == _BUNDLE or not page_text(document).text.startswith("---"):
        return None
    types = (
        text.strip()
        for entry in front_matter(document).entries
        if fold_key(entry.key) == "type"
        for text, _ in entry.texts
    )
    return next((_KINDS[text] for text in types if text in _KINDS), None)
