"""What a class or individual in a ``json-ld`` fence says.

``subClassOf`` gives axioms and ``relations`` gives edges; each target is an object with an ``@id`` and a ``label``, or
a list of them. Every other key is an annotation, but for what is derived from the page itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ghsync_core import Axiom, Node, OwlClass
from ghsync_plugins.formats.iri import Names
from ghsync_plugins.formats.keys import camel_case
from ghsync_plugins.formats.ontology.facts import Facts, iri_reference
from ghsync_plugins.formats.ontology.jsonld import Block
from ghsync_plugins.formats.text import PageText

_NO_ANNOTATIONS: Final = frozenset(
    ("@context", "@id", "@type", "label", "definition", "subClassOf", "relations", "instanceOf", "vc:outboundWikilinks")
)


_LONG: Final = 200
"""From so many characters on, a label is no name to be called by."""


class _Lines:
    """Where in the page the values of one object stand, when they are asked for in the order of the text."""

    def __init__(self, page: PageText, block: Block) -> None:
        self.text, self.at, self.end = page.text, block.start, block.end
        self.line = page.line(block.start)
        self.lost = False

    def find(self, value: str) -> int:
        """The line of the next JSON string *value*; where it is written in another way, the line last found."""
        if not self.lost:
            at = self.text.find(f'"{value}"', self.at, self.end)
            self.lost = at < 0  # never searched for in vain again, so that the whole stays linear
            if not self.lost:
                self.line += self.text.count("\n", self.at, at)
                self.at = at
        return self.line


def add_block(facts: Facts, page: PageText, block: Block, iris: Names) -> None:
    """Add what *block* says to *facts*."""
    data, lines = block.data, _Lines(page, block)
    iri = iris.expanded(data["@id"])
    label, line = _text(data.get("label")), _Lines(page, block).find(data["@id"])
    answers = facts.answers(label)
    if block.is_class:
        facts.classes.append(OwlClass(iri, label, _text(data.get("definition")), line, _annotations(data), answers))
        facts.defines(iri, line)
    else:
        facts.nodes.append(Node(iri, "individual", label, line, _annotations(data), answers))
    for key, value in data.items():
        if key == "subClassOf":
            lines.find(key)
            _add_parents(facts, iri, value, lines, iris)
        elif key == "instanceOf":
            lines.find(key)
            for target, _ in _targets(value):
                ends = f"<{iris.expanded(target)}>", f"<{iri}>"
                facts.axioms.append(Axiom("ClassAssertion", ends, lines.find(target)))
        elif key == "relations" and isinstance(value, dict):
            lines.find(key)
            for name, targets in value.items():
                _add_edges(facts, iri, name, targets, lines, iris)
        elif _is_flat_relation(key, value):
            _add_edges(facts, iri, key.removeprefix("vc:"), value, lines, iris)


def _add_parents(facts: Facts, iri: str, value: Any, lines: _Lines, iris: Names) -> None:
    for parent, label in _targets(value):
        line, parent_iri = lines.find(parent), iris.expanded(parent)
        facts.subclass(iri, parent_iri, line)
        facts.mention(parent_iri, label, line)


def _add_edges(facts: Facts, iri: str, name: str, value: Any, lines: _Lines, iris: Names) -> None:
    kind = camel_case(name)
    lines.find(name)
    add, find, expanded, plain = facts.edges.add, lines.find, iris.expanded, {"key": name}
    for target, label in _targets(value):
        full, line = expanded(target), find(target)
        if label:
            end = iri_reference(full, label) if len(label) < _LONG else full
            add(iri, end, kind, line, {"key": name, "text": label})
        else:
            add(iri, full, kind, line, plain)


def _targets(value: Any) -> list[tuple[str, str | None]]:
    """The IRIs and labels in a list of objects, one object, or bare IRIs; anything else is no target."""
    found = []
    for item in value if isinstance(value, list) else [value]:
        target, label = (item.get("@id"), item.get("label")) if isinstance(item, dict) else (item, None)
        if isinstance(target, str) and target.strip():
            found.append((target, label.strip() or None if isinstance(label, str) else None))
    return found


def _is_flat_relation(key: str, value: Any) -> bool:
    """Whether this is a relation of the older form, which stands beside the other keys: ``vc:hasPart``."""
    if not key.startswith("vc:") or key in _NO_ANNOTATIONS:
        return False
    items = value if isinstance(value, list) else [value]
    return bool(items) and all(isinstance(item, dict) and isinstance(item.get("@id"), str) for item in items)


def _annotations(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value["@value"] if isinstance(value, dict) and "@value" in value else value
        for key, value in data.items()
        if key not in _NO_ANNOTATIONS and not _is_flat_relation(key, value)
    }


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
