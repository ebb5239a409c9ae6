"""What the lines of an OntologyBlock say of an OWL property."""

from __future__ import annotations

import re
from typing import Any, Final

from ghsync_core import Axiom, OwlProperty, Reference, axioms
from ghsync_plugins.formats.functional.grammar import Place
from ghsync_plugins.formats.iri import Names
from ghsync_plugins.formats.ontology import vocabulary as keys
from ghsync_plugins.formats.ontology.entity import LINK, Entity, Line
from ghsync_plugins.formats.ontology.expression import expression, is_expression
from ghsync_plugins.formats.ontology.facts import Facts

_SEPARATOR = re.compile(r"[,;]")
_INFIX: Final = {"object": "Object", "data": "Data", "annotation": "Annotation", "unknown": "Object"}
"""How an axiom is called for each kind of property."""


def add_property(facts: Facts, entity: Entity, iris: Names) -> None:
    """Add the property and its axioms to *facts*."""
    iri = iris.iri(entity.name or "", entity.line)
    adding = _Property(facts, iris, iri, _kind(entity))
    for line in entity.lines:
        adding.add(line)
    label = entity.first("label", "preferred-term")
    facts.properties.append(
        OwlProperty(
            iri,
            adding.kind,
            label.value if label else None,
            entity.line,
            tuple(adding.ends["Domain"]),
            tuple(adding.ends["Range"]),
            tuple(adding.characteristics),
            adding.annotations,
        )
    )
    facts.defines(iri, entity.line)


def _kind(entity: Entity) -> keys.PropertyKind:
    """By the key that names it, or by ``owl:type``."""
    line = entity.first(keys.PROPERTY_TYPE)
    written = line.value.rpartition(":")[2].strip().lower() if line else ""
    return keys.PROPERTY_TYPES.get(written, "unknown" if entity.kind == "class" else entity.kind)


class _Property:
    """Reads the lines of one property, one by one."""

    def __init__(self, facts: Facts, iris: Names, iri: str, kind: keys.PropertyKind) -> None:
        self.facts, self.iris, self.iri, self.kind = facts, iris, iri, kind
        self.ends: dict[str, list[str]] = {"Domain": [], "Range": []}
        self.characteristics: list[str] = []
        self.annotations: dict[str, Any] = {}

    def add(self, line: Line) -> None:
        """Add one line, whatever it says."""
        key = line.folded
        if key in keys.ENDS:
            self._end(keys.ENDS[key], line)
        elif key == keys.CHARACTERISTICS:
            self._characteristics(line)
        elif key in (keys.INVERSE, keys.SUPER_PROPERTY):
            infix = _INFIX[self.kind]
            axiom = "InverseObjectProperties" if key == keys.INVERSE else f"Sub{infix}PropertyOf"
            for other in self._targets(line, "object"):
                self._axiom(axiom, line.number, other)
        elif key not in (keys.PROPERTY_TYPE, "label"):
            self.annotations.setdefault(line.key, line.value)

    def _end(self, end: str, line: Line) -> None:
        for target in self._targets(line, "range" if end == "Range" and self.kind == "data" else "class"):
            self._axiom(f"{_INFIX[self.kind]}Property{end}", line.number, target)
            if isinstance(target, str):
                self.ends[end].append(axioms.without_brackets(target))

    def _characteristics(self, line: Line) -> None:
        for written in _SEPARATOR.split(line.value):
            name = written.strip().rpartition(":")[2].lower().removesuffix("property").removesuffix("object")
            known = next((own for own in keys.CHARACTERISTIC_NAMES if name == own.lower()), None)
            if known is None:
                message = f"{written.strip()} is no characteristic of OWL 2."
                self.facts.warn(line.number, "unknown-characteristic", message)
            elif known not in self.characteristics:
                self.characteristics.append(known)
                self._axiom(f"{known}{'Data' if self.kind == 'data' else 'Object'}Property", line.number)

    def _targets(self, line: Line, place: Place) -> list[str | Reference]:
        """What a value names, as arguments of an axiom: its wikilinks, else an expression, else names."""
        links = LINK.findall(line.value)
        if links:
            return [target for link in links if (target := self.facts.target(link.partition("|")[0]))]
        if is_expression(line.value):
            text = expression(self.facts, line, place, self.iris)
            return [text] if text else []
        names = (name.strip() for name in _SEPARATOR.split(line.value))
        return [f"<{self.iris.iri(name, line.number)}>" for name in names if name]

    def _axiom(self, kind: str, line: int, *others: str | Reference) -> None:
        self.facts.axioms.append(Axiom(kind, (f"<{self.iri}>", *others), line))
