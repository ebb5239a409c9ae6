"""What of a node can be searched, and what of it is shown where it was found."""

from __future__ import annotations

import unicodedata
from typing import Final

ALIASES: Final = (
    "alias", "aliases", "alt-terms", "synonyms", "altLabel",
    "http://www.w3.org/2004/02/skos/core#altLabel",
    "http://www.w3.org/2004/02/skos/core#hiddenLabel",
    "http://www.geneontology.org/formats/oboInOwl#hasExactSynonym",
    "http://www.geneontology.org/formats/oboInOwl#hasRelatedSynonym",
)  # fmt: skip
"""Keys of properties and annotations under which other names stand."""

TEXTS: Final = (
    "definition", "description", "comment", "summary",
    "http://www.w3.org/2000/01/rdf-schema#comment",
    "http://www.w3.org/2004/02/skos/core#definition",
    "http://purl.org/dc/terms/description",
    "http://purl.org/dc/elements/1.1/description",
)  # fmt: skip
"""Those under which it is told what something is."""

_AROUND: Final = 6
"""Words that are shown on either side of the one that was found."""
_LONGEST: Final = 300
"""Characters of a text that are shown."""


def shown(lines: list[str], words: str) -> str:
    """The first of *lines* that holds the most of *words*, cut to what stands around the first of them."""
    wanted = fold(words).split()
    folded = [fold(line) for line in lines]
    scored = [sum(word in line for word in wanted) for line in folded]
    best = scored.index(max(scored))
    said = lines[best].split()
    places = (at for at, each in enumerate(folded[best].split()) if any(word in each for word in wanted))
    place = min(next(places, 0), len(said))
    first, last = max(0, place - _AROUND), place + _AROUND + 1
    text = " ".join(said[first:last])[:_LONGEST]
    return f"{'… ' if first else ''}{text}{' …' if last < len(said) else ''}"


def fold(text: str) -> str:
    """*text* without case and without the marks on its letters."""
    if text.isascii():
        return text.lower()
    return "".join(each for each in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(each))
