"""Why a node or an edge is in a graph: every place that says it, how names led there, and what else they could mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ghsync_core import names
from ghsync_core.interfaces import Explains, GraphReader, SourceState
from ghsync_core.models import Answer, Json, Name, Reference
from ghsync_core.permalinks import permalink, repository_page

EdgeKey = tuple[str, str, str]
"""The id that an edge comes from, its type, the id that it leads to."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line that says something, what it says, and its address on GitHub if it has one."""

    path: str
    line: int | None
    text: str
    permalink: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A node that answers to a name, as the file at ``path`` says; the lower ``rank`` wins (0: its own name).

    ``fits`` is not set where the reference asks for a note at another path.
    """

    id: str
    rank: int
    path: str
    fits: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A name that a reference asks for, and the nodes that answer to it, the one that wins first."""

    name: Name
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    """How a reference, used ``uses`` times, finds its node: it asks for names, and the first that is answered counts.

    ``meaning`` is the id of the node that it means, its stub's where nothing answers; None where there is no stub.
    ``stub_kind`` is the kind of the node that has the stub's id by now, if there is one: a file may well define it.
    """

    reference: Reference
    uses: int
    asked: tuple[Asked, ...]
    meaning: str | None
    stub_kind: str | None

    @property
    def answered(self) -> bool:
        """Whether any node answers to what it asks for."""
        return any(each.fits for asked in self.asked for each in asked.candidates)

    @property
    def by_id(self) -> bool:
        """Whether it is an id, and means the node that has it."""
        return self.reference.names == (Name(names.SOURCE_SCOPE, self.meaning or ""),)


@dataclass(frozen=True, slots=True)
class NodeStory:
    """Why a node is there. ``referrers`` are the places of the edges that lead to it.

    ``answers`` are the names that it answers to, with all others that do; ``references`` is how those who refer to it
    find it. Both are None where the store keeps nothing of that.
    """

    source: str
    commit: str | None
    row: Mapping[str, Json]
    places: tuple[Place, ...]
    referrers: tuple[Place, ...]
    answers: tuple[Asked, ...] | None
    references: tuple[Resolution, ...] | None


@dataclass(frozen=True, slots=True)
class EdgeStory:
    """Why an edge is there. ``references`` is how its ends are found, None where the store keeps nothing of that."""

    source: str
    commit: str | None
    key: EdgeKey
    places: tuple[Place, ...]
    references: tuple[Resolution, ...] | None


@dataclass(frozen=True)
class Explainer:
    """Explains what *reader* has of the source of that *state*."""

    reader: GraphReader
    state: SourceState
    _commits: dict[str, str | None] = field(default_factory=dict, init=False)

    def node(self, row: Mapping[str, Json]) -> NodeStory:
        """Why the node of this *row* of ``nodes`` is there."""
        places = (*self._said(row["id"]), *self._axioms(row["id"]))
        referrers = tuple(self._referrers(row["id"]))
        told = self._names(row["id"])
        return NodeStory(self.state.name, self.state.commit, row, places, referrers, *told)

    def edge(self, key: EdgeKey) -> EdgeStory:
        """Why there are the edges of this *key*, of which there is one at least."""
        from_id, type_, to_id = key
        if not isinstance(self.reader, Explains):
            rows = self._rows("edges", from_id=from_id, type=type_, to_id=to_id)
            places = (self._place(row["path"], row["line"], _as(row["name"], row["count"])) for row in rows)
            return EdgeStory(self.state.name, self.state.commit, key, tuple(places), None)
        stated = list(self.reader.stated(self.state.name, to_id, from_id=from_id, type_=type_))
        return EdgeStory(
            self.state.name,
            self.state.commit,
            key,
            tuple(self._place(each.path, each.line, _as(each.target.text, each.count)) for each in stated),
            (
                *self._resolutions(self.reader, ((each.source, each.count) for each in stated), but=from_id),
                *self._resolutions(self.reader, ((each.target, each.count) for each in stated)),
            ),
        )

    def _said(self, id_: str) -> Iterator[Place]:
        if isinstance(self.reader, Explains):
            for said in self.reader.said(self.state.name, id_):
                what = said.kind if said.view == "nodes" else _owl_kind(said.view, said.kind)
                yield self._place(said.path, said.line, _says(what, said.label, declared=said.declared))
            return
        for view, key in (("nodes", "id"), ("classes", "iri"), ("properties", "iri")):
            for row in self._rows(view, **{key: id_}):
                if row["path"] is not None:
                    what = row["kind"] if view == "nodes" else _owl_kind(view, row.get("kind"))
                    yield self._place(row["path"], row["line"], _says(what, row["label"], declared=True))

    def _axioms(self, id_: str) -> Iterator[Place]:
        rows = (*self._rows("axioms", subject=id_), *self._rows("axioms", object=id_))
        yield from dict.fromkeys(self._place(row["path"], row["line"], row["text"]) for row in rows)

    def _referrers(self, id_: str) -> Iterator[Place]:
        rows = self._rows("edges", to_id=id_)
        for row in sorted(rows, key=lambda row: (row["path"], row["line"] or 0, row["from_id"], row["type"])):
            text = f"{row['from_id']} –{row['type']}→ {_as(row['name'], row['count'])}"
            yield self._place(row["path"], row["line"], text)

    def _names(self, id_: str) -> tuple[tuple[Asked, ...] | None, tuple[Resolution, ...] | None]:
        """The names that the node answers to, and how those who refer to it find it."""
        if not isinstance(self.reader, Explains):
            return None, None
        own = dict.fromkeys(each.name for said in self.reader.said(self.state.name, id_) for each in said.answers)
        answers = (asked for name in own for asked in self._ask(self.reader, Reference((name,), None, name.text)))
        uses = ((each.target, each.count) for each in self.reader.stated(self.state.name, id_))
        return tuple(answers), tuple(self._resolutions(self.reader, uses))

    def _resolutions(
        self, reader: Explains, uses: Iterable[tuple[Reference, int]], but: str | None = None
    ) -> Iterator[Resolution]:
        """How each of these references finds its node, the most used one first; not those by the id *but* alone."""
        counts: Counter[Reference] = Counter()
        for reference, count in uses:
            counts[reference] += count
        for reference, count in counts.most_common():
            if but is None or reference.names != (Name(names.SOURCE_SCOPE, but),):
                asked = self._ask(reader, reference)
                means = next((each.id for one in asked for each in one.candidates if each.fits), reference.stub)
                kinds = (row["kind"] for row in self._rows("nodes", id=reference.stub))
                yield Resolution(reference, count, asked, means, next(kinds, None))

    def _ask(self, reader: Explains, reference: Reference) -> tuple[Asked, ...]:
        return tuple(
            Asked(name, _ordered(reference, reader.answering(self.state.name, name))) for name in reference.names
        )

    def _rows(self, view: str, **where: Json) -> Iterator[Mapping[str, Json]]:
        return self.reader.rows(view, self.state.name, where=where, ordered=True)

    @cached_property
    def _page(self) -> str | None:
        return repository_page(self.state)

    def _place(self, path: str, line: int | None, text: str) -> Place:
        """A place, with its address at the commit at which its file was read."""
        if self._page and path not in self._commits:
            self._commits[path] = next((row["commit_id"] for row in self._rows("files", path=path)), None)
        return Place(path, line, text, permalink(self._page, self._commits.get(path), path, line))


def _ordered(reference: Reference, found: Iterable[tuple[Answer, str, str]]) -> tuple[Candidate, ...]:
    """The nodes that were *found* to answer to a name of *reference*, in the order in which `names.resolve` takes them.

    Those at another path than it asks for come last: they can't be meant.
    """
    fits = [(names.matches(reference, row[0]), row) for row in found]
    fits.sort(key=lambda each: (not each[0], *names.preference(reference, each[1][0], each[1][2]), each[1][1]))
    return tuple(Candidate(id_, answer.rank, path, fit) for fit, (answer, id_, path) in fits)


def _says(what: str, label: str | None, *, declared: bool) -> str:
    return f"{'defines' if declared else 'mentions'} the {what}{f' “{label}”' if label else ''}"


def _owl_kind(view: str, kind: str | None) -> str:
    if view == "classes":
        return "class"
    return "property" if kind in (None, "unknown") else f"{kind} property"


def _as(name: str, count: int) -> str:
    return f"as [{name}]{f', {count:,} times' if count > 1 else ''}"
