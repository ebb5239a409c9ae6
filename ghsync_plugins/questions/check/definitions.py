"""Classes and properties that are defined twice, or called two things."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from ghsync_core import Finding, SourceGraph

_LABELS: Final = {
    "http://www.w3.org/2000/01/rdf-schema#label": "label",
    "http://www.w3.org/2004/02/skos/core#prefLabel": "preferred label",
}


class DefinedTwice:
    """A class or property that several pages define: whoever changes one of them overlooks the other."""

    name, level = "defined-twice", "warning"
    summary = "Two pages define the same class or property."

    def check(self, graph: SourceGraph) -> Iterator[Finding]:
        """See `Rule`."""
        edges = graph.rows("edges", type="defines")
        first: dict[str, tuple[str, str]] = {}
        for path, line, iri, page in sorted((e["path"], e["line"] or 0, e["to_id"], e["from_id"]) for e in edges):
            home = first.setdefault(iri, (path, page))
            if home != (path, page):
                yield Finding(f"defines {iri}, as {home[0]} does", path, line or None, iri)


class ConflictingLabels:
    """Something that has two labels of one language."""

    name, level = "conflicting-labels", "warning"
    summary = "Something has two labels in one language."

    def check(self, graph: SourceGraph) -> Iterator[Finding]:
        """See `Rule`."""
        for row in graph.rows("classes"):
            yield from _conflicts(row["iri"], row, json.loads(row["annotations"] or "{}"))
        for row in graph.rows("nodes"):
            if "abel" in row["properties"]:
                said = json.loads(row["properties"])
                yield from _conflicts(row["id"], row, said.get("annotations", said))


def _conflicts(id_: str, row: Any, said: Any) -> Iterator[Finding]:
    for key, word in _LABELS.items() if isinstance(said, dict) else ():
        texts: dict[str, dict[str, None]] = defaultdict(dict)
        for value in said.get(key, ()):
            text, language = _text(value)
            texts[language.lower()][text] = None
        for language, found in texts.items():
            if len(found) > 1:
                tongue = f" in {language}" if language else ""
                labels = ", ".join(map(repr, found))
                yield Finding(f"{id_} has {len(found)} {word}s{tongue}: {labels}", row["path"], row["line"], id_)


def _text(value: Any) -> tuple[str, str]:
    """A literal's text and language."""
    if isinstance(value, dict):
        return str(value.get("value")), str(value.get("language", ""))
    return str(value), ""
