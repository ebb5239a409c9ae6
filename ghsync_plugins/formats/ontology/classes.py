"""What the lines of an OntologyBlock say of a class."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from ghsync_core import Axiom, OwlClass, Reference
from ghsync_plugins.formats.iri import Names
from ghsync_plugins.formats.keys import camel_case
from ghsync_plugins.formats.logseq.properties import items
from ghsync_plugins.formats.ontology import vocabulary as keys
from ghsync_plugins.formats.ontology.entity import LINK, Entity, Line
from ghsync_plugins.formats.ontology.expression import expression, is_expression
from ghsync_plugins.formats.ontology.facts import Facts, argument

_SEPARATOR = re.compile(r"[,;]")
_VIA = re.compile(r"\]\]\s*+via\s++(\S[^\n]*+)")
_ONLY_LINKS = re.compile(r"(?:\[\[[^\[\]\n]*+\]\][\s,;]*+)++")
_SHORT: Final = 200
"""Up to this many characters, an edge keeps the whole value that it was found in."""

_NO_NAMES: Final = frozenset({"—", "–", "-"})
"""What people write for "none"."""


def add_class(facts: Facts, entity: Entity, iris: Names) -> None:
    """Add the class, its axioms and its edges to *facts*."""
    told = [entity.first("preferred-term", "label"), entity.first("definition", "description")]
    label, comment = (fact.value if fact else None for fact in told)
    line = entity.line or entity.lines[0].number
    iri = iris.iri(entity.name, line) if entity.name else iris.made_up(label or facts.page.title)
    answers, place, adding = facts.answers(label), len(facts.classes), _Class(facts, iris, iri)
    facts.defines(iri, line)
    for fact in entity.lines:
        if fact in told:
            continue
        if any(first and first.folded == fact.folded for first in told):
            facts.warn(fact.number, "repeated-key", f"{fact.key}:: is said more than once; the first holds.")
        adding.add(fact)
    facts.classes.insert(place, OwlClass(iri, label, comment, line, adding.annotations, answers))


class _Class:
    """Reads the lines of one class, one by one."""

    def __init__(self, facts: Facts, iris: Names, iri: str) -> None:
        self.facts, self.iris, self.iri = facts, iris, iri
        self.annotations: dict[str, Any] = {}

    def add(self, line: Line) -> None:
        """Add one line, whatever it says."""
        kind = "SubClassOf" if line.folded in keys.PARENT else keys.CLASS_AXIOMS.get(line.folded)
        if kind and is_expression(line.value):
            if text := expression(self.facts, line, "class", self.iris):
                self.facts.axioms.append(Axiom(kind, (f"<{self.iri}>", text), line.number))
        elif line.folded in keys.PARENT:
            for parent in self._targets(line):
                self._subclass(parent, line)
        elif line.folded in keys.KIND:
            self._subclass(self.iris.sibling(self.iri, line.value, line.number), line)
        elif kind:
            for other in self._targets(line):
                self.facts.axioms.append(Axiom(kind, (f"<{self.iri}>", argument(other)), line.number))
        elif line.folded in keys.OTHER_NAMES:
            self._annotate(line.key, [name for name in items(line.value) if name not in _NO_NAMES])
        elif links := [link.strip() for link in LINK.findall(line.value) if link.strip()]:
            self._relations(line, links)
        else:
            self._annotate(line.key, line.value)

    def _targets(self, line: Line) -> Iterator[str | Reference]:
        """The classes that a value names: its wikilinks, or else names with a prefix."""
        links = LINK.findall(line.value)
        if links:
            yield from filter(None, (self.facts.target(link_title(link)) for link in links))
        else:
            written = (name.strip() for name in _SEPARATOR.split(line.value))
            yield from (self.iris.iri(name, line.number) for name in written if name)

    def _subclass(self, parent: str | Reference, line: Line) -> None:
        self.facts.subclass(self.iri, parent, line.number, {"key": line.key})
        if isinstance(parent, str):
            self.facts.mention(parent, None, line.number)

    def _relations(self, line: Line, links: list[str]) -> None:
        kind, properties = camel_case(line.key), {"key": line.key}
        if len(line.value) <= _SHORT and not _ONLY_LINKS.fullmatch(line.value):
            properties["value"] = line.value
        bridge = line.folded in ("bridges-to", "bridges-from")
        if bridge and (via := _VIA.search(line.value)):
            properties["via"] = via[1].strip()
        for link in links:
            target = self.facts.target(link_title(link))
            if target is None:
                continue
            if line.folded == "bridges-from":
                self.facts.edges.add(target, self.iri, "bridgesTo", line.number, properties)
            else:
                self.facts.edges.add(self.iri, target, kind, line.number, properties)

    def _annotate(self, key: str, value: Any) -> None:
        """All values of a key are kept: one as it is, several as a list."""
        if key in self.annotations:
            known = self.annotations[key]
            value = [*(known if isinstance(known, list) else [known]), *(value if isinstance(value, list) else [value])]
        self.annotations[key] = value


def link_title(link: str) -> str:
    """The title in the wikilink ``[[title|text]]``."""
    return link.partition("|")[0].strip()
