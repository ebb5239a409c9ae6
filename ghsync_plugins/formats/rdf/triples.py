"""Triples, by subject. An IRI and a blank node (``_:…``) are plain text, a literal is a `Literal`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple, TypeGuard

from ghsync_core import ContentError
from ghsync_plugins.formats.rdf.vocabulary import FIRST, NIL, REST, TYPE

MAX_STEPS: Final = 10_000_000
"""How many steps through lists one file may take: a list that many things share makes a small file huge."""


class Literal(NamedTuple):
    """A literal as written; ``language`` is empty where it has none."""

    value: str
    datatype: str
    language: str = ""


Term = str | Literal
Triple = tuple[str, str, Term]


def is_blank(term: Term) -> TypeGuard[str]:
    """Whether *term* is a blank node; no scheme of an IRI starts with an underscore."""
    return isinstance(term, str) and term.startswith("_:")


def is_iri(term: Term) -> TypeGuard[str]:
    """Whether *term* is an IRI."""
    return isinstance(term, str) and not term.startswith("_:")


class Graph:
    """The triples of one file, each once. The order of the file is forgotten."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._steps = 0
        self._subjects: dict[str, dict[str, dict[Term, None]]] = {}
        self.uses: dict[str, list[tuple[str, str]]] = {}
        for subject, predicate, object_ in triples:
            objects = self._subjects.setdefault(subject, {}).setdefault(predicate, {})
            if object_ not in objects:
                objects[object_] = None
                if is_blank(object_):
                    self.uses.setdefault(object_, []).append((subject, predicate))

    def __iter__(self) -> Iterator[Triple]:
        for subject in self._subjects:
            for predicate, object_ in self.about(subject):
                yield subject, predicate, object_

    @property
    def subjects(self) -> Iterable[str]:
        """Everything that something is said of."""
        return self._subjects

    def about(self, subject: str) -> Iterator[tuple[str, Term]]:
        """Predicate and object of every triple about *subject*."""
        for predicate, objects in self._subjects.get(subject, {}).items():
            for object_ in objects:
                yield predicate, object_

    def predicates(self, subject: str) -> Iterable[str]:
        """The predicates that *subject* has."""
        return self._subjects.get(subject, {}).keys()

    def objects(self, subject: str, predicate: str) -> list[Term]:
        """What *subject* has for *predicate*."""
        return list(self._subjects.get(subject, {}).get(predicate, ()))

    def types(self, subject: str) -> set[str]:
        """The IRIs that *subject* is typed with."""
        return {term for term in self.objects(subject, TYPE) if isinstance(term, str)}

    def members(self, head: Term) -> list[Term] | None:
        """The members of the list at *head*, or None where that is no well-formed list. Raises `ContentError`."""
        found: list[Term] = []
        seen: set[str] = set()
        while head != NIL:
            if not isinstance(head, str) or head in seen:
                return None
            seen.add(head)
            self._steps += 1
            if self._steps > MAX_STEPS:
                raise ContentError(f"its lists, written out, have more than {MAX_STEPS:,} members", reason="limit")
            first, rest = self.objects(head, FIRST), self.objects(head, REST)
            if len(first) != 1 or len(rest) != 1:
                return None
            found.append(first[0])
            head = rest[0]
        return found
