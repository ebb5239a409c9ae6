"""Triples, by subject. An IRI and a blank node (``_:…``) are plain text, a literal is a `Literal`."""

from __future__ import annotations

from collections.abc import ItemsView, Iterable, Iterator, Sequence
from typing import Final, NamedTuple, TypeGuard

from ghsync_core import ContentError
from ghsync_plugins.formats.rdf.vocabulary import FIRST, NIL, OWL, REST, TYPE

MAX_STEPS: Final = 10_000_000
"""How many steps through lists one file may take: a list that many things share makes a small file huge."""


class Literal(NamedTuple):
    """A literal as written; ``language`` is empty where it has none."""

    value: str
    datatype: str
    language: str = ""


Term = str | Literal
Triple = tuple[str, str, Term]
Said = dict[str, list[Term]]
"""What is said of one subject: the objects by predicate."""

Uses = dict[str, list[tuple[str, str]]]
"""Subject and predicate of each triple, by the blank node that is its object."""

Graphs = dict[Triple, tuple[str, ...]]
"""The named graphs of each triple that stands in any."""

_NOTHING: Final[Said] = {}


def is_blank(term: Term) -> TypeGuard[str]:
    """Whether *term* is a blank node; no scheme of an IRI starts with an underscore."""
    return isinstance(term, str) and term.startswith("_:")


def is_iri(term: Term) -> TypeGuard[str]:
    """Whether *term* is an IRI."""
    return isinstance(term, str) and not term.startswith("_:")


class Graph:
    """The triples of one file, each once. The order of the file is forgotten.

    ``by_predicate`` has the subjects of each predicate; ``uses`` subject and predicate of every triple whose object is
    that blank node, ``blank`` all blank nodes; ``graphs`` and ``graphs_about`` the named graphs of each triple and
    subject that stand in any.
    """

    def __init__(self, subjects: dict[str, Said], uses: Uses, graphs: Graphs) -> None:
        self._steps = 0
        self._subjects = subjects
        self.graphs = graphs
        self.uses = uses
        self.graphs_about: dict[str, tuple[str, ...]] = {}
        self.by_predicate: dict[str, list[str]] = {}
        for subject, said in subjects.items():
            for predicate, objects in said.items():
                if predicate in self.by_predicate:
                    self.by_predicate[predicate].append(subject)
                else:
                    self.by_predicate[predicate] = [subject]
                if len(objects) > 1:
                    objects[:] = dict.fromkeys(objects)
        for users in uses.values():
            if len(users) > 1:
                users[:] = dict.fromkeys(users)  # one triple, written twice
        self.blank = {*filter(is_blank, subjects), *self.uses}
        for (subject, _, _), names in graphs.items():
            known = self.graphs_about.setdefault(subject, names)
            if known is not names:
                self.graphs_about[subject] = tuple(sorted({*known, *names}))

    def pairs(self, predicate: str) -> Iterator[tuple[str, list[Term]]]:
        """The subjects that have *predicate*, each with its objects."""
        for subject in self.by_predicate.get(predicate, ()):
            yield subject, self._subjects[subject][predicate]

    @property
    def has_notes(self) -> bool:
        """Whether any triple is annotated as an axiom."""
        return OWL + "annotatedSource" in self.by_predicate

    @property
    def subjects(self) -> Iterable[str]:
        """Everything that something is said of."""
        return self._subjects

    def said(self, subject: str) -> ItemsView[str, list[Term]]:
        """The predicates that *subject* has, each with its objects."""
        return self._subjects.get(subject, _NOTHING).items()

    def about(self, subject: str) -> Iterator[tuple[str, Term]]:
        """Predicate and object of every triple about *subject*."""
        for predicate, objects in self._subjects.get(subject, _NOTHING).items():
            for object_ in objects:
                yield predicate, object_

    def predicates(self, subject: str) -> Iterable[str]:
        """The predicates that *subject* has."""
        return self._subjects.get(subject, _NOTHING).keys()

    def objects(self, subject: str, predicate: str) -> Sequence[Term]:
        """What *subject* has for *predicate*."""
        return self._subjects.get(subject, _NOTHING).get(predicate, ())

    def types(self, subject: str) -> Sequence[Term]:
        """What *subject* is typed with."""
        return self._subjects.get(subject, _NOTHING).get(TYPE, ())

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
