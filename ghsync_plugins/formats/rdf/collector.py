"""From the statements that pyoxigraph reads to triples by subject, with limits on what one file may grow to."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any, Final

from ghsync_core import ContentError
from ghsync_plugins.formats.rdf.triples import Graphs, Literal, Said, Term, Triple, Uses
from ghsync_plugins.formats.rdf.vocabulary import DIR_LANG_STRING, LANG_STRING

MAX_TRIPLES: Final = 500_000
"""How many statements one file may make; a file of the largest size that is read, 10 MB, seldom makes half as many."""

MAX_CHARACTERS: Final = 200_000_000
"""How long all terms together may be once prefixes are written out: a long prefix makes a small file huge."""


class Collector:
    """Triples by subject, as text that is kept once however often it stands in the file.

    Where lines are known, ``things`` has that of the first statement about each subject, ``predicates`` that of the
    first with each predicate, and ``triples`` that of each statement between two resources which is not the first
    about its subject.
    """

    def __init__(self, rdf: Any, may_hold_nul: bool) -> None:
        self._rdf = rdf
        self._may_hold_nul = may_hold_nul
        self._shared: dict[str, str] = {}
        self._names: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.statements = 0
        self.quoted = 0
        self.subjects: dict[str, Said] = {}
        self.uses: Uses = {}
        self.graphs: Graphs = {}
        self.things: dict[str, int] = {}
        self.predicates: dict[str, int] = {}
        self.triples: dict[Triple, int] = {}

    def take(self, quads: Iterable[Any], numbers: Iterable[int], with_graphs: bool) -> None:
        """Take all *quads*, the first of which stands on the first of the lines *numbers*, and so on; 0 is none.

        *with_graphs* says that they may stand in named graphs. Raises `ContentError`.
        """
        # The one loop that every statement of every file goes through, hence written out.
        blank_type, literal_type, node_type = self._rdf.BlankNode, self._rdf.Literal, self._rdf.NamedNode
        share, subjects, uses, literal = self._shared.setdefault, self.subjects, self.uses, self._literal
        characters, statements, first, last, subject, said = 0, 0, 0, "", "", Said()
        object_: Term
        for quad, number in zip(islice(quads, MAX_TRIPLES + 1), numbers, strict=False):
            statements += 1
            term = quad.object
            kind = type(term)
            if kind is literal_type:
                object_ = literal(term)
                characters += len(object_[0])
            elif kind is node_type or kind is blank_type:
                value = term.value if kind is node_type else "_:" + term.value
                object_ = share(value, value)
                characters += len(value)
            else:
                self.quoted += 1
                continue
            term, predicate = quad.subject, quad.predicate.value
            written = "_:" + term.value if type(term) is blank_type else term.value
            if written != last:
                last = subject = share(written, written)
                said = subjects.setdefault(subject, {})
                first = self.things.setdefault(subject, number) if number else 0
            characters += len(written) + len(predicate)
            if characters > MAX_CHARACTERS:
                raise _too_large(f"its terms, written out, are longer than {MAX_CHARACTERS:,} characters")
            if predicate in said:
                objects = said[predicate]
                is_new = object_ != objects[0]  # what is written twice has its line already
                objects.append(object_)
            else:
                predicate = share(predicate, predicate)
                said[predicate] = [object_]
                is_new = number != first
                if number:
                    self.predicates.setdefault(predicate, number)
            if number and is_new and kind is not literal_type:
                self.triples.setdefault((subject, predicate, object_), number)
            if kind is blank_type:
                uses.setdefault(object_, []).append((subject, predicate))  # type: ignore[arg-type]
            if with_graphs and type(quad.graph_name) is node_type:
                self._note_graph((subject, predicate, object_), quad.graph_name.value)
        self.statements = statements
        if statements > MAX_TRIPLES:
            raise _too_large(f"more than {MAX_TRIPLES:,} statements; split the file")

    def _literal(self, term: Any) -> Literal:
        value, language = term.value, term.language
        if self._may_hold_nul and "\x00" in value:
            raise ContentError(r"a literal holds the character \u0000, which no store keeps", reason="binary")
        if not language:
            datatype = term.datatype.value
            return _make(Literal, (value, self._shared.setdefault(datatype, datatype), ""))
        if term.direction:  # RDF 1.2
            return Literal(value, DIR_LANG_STRING, f"{language}--{term.direction}")
        return _make(Literal, (value, LANG_STRING, language))

    def _note_graph(self, triple: Triple, graph: str) -> None:
        known = self.graphs.get(triple, ())
        if graph not in known:
            names = (*known, graph)
            self.graphs[triple] = self._names.setdefault(names, names)


_make: Final = tuple.__new__
"""What `Literal` calls itself, without the call in between: most statements have a literal."""


def _too_large(why: str) -> ContentError:
    return ContentError(why, reason="limit")
