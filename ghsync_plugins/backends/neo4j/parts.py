"""Parts of the graph as parameters of Cypher statements: what is written together, in lists, which are quickest."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ghsync_plugins.backends.neo4j import naming as names
from ghsync_plugins.backends.neo4j.schema import key
from ghsync_plugins.backends.projection import Part, Row

ROWS: Final = 4_000
"""Rows in one transaction, at most: about 25 pages, with which a server is quickest."""

CLASS_COLUMNS: Final = ("class_label", "comment", "class_path", "class_line", "annotations")
PROPERTY_COLUMNS: Final = (
    "property_kind", "property_label", "domain", "range", "property_path", "property_line", "characteristics",
)  # fmt: skip
FACETS: Final = (*CLASS_COLUMNS, *PROPERTY_COLUMNS, "uri", "name")
"""What a node has as a class and as a property, besides what it has as a node."""

_NODE: Final = ("id", "source", "kind", "label", "path", "line", "properties", "full_id")
_RESERVED: Final = frozenset({*_NODE, *FACETS})

AXIOM_TYPES: Final[Mapping[str, str]] = {
    "SubObjectPropertyOf": "subPropertyOf",
    "SubDataPropertyOf": "subPropertyOf",
    "SubAnnotationPropertyOf": "subPropertyOf",
    "ObjectPropertyDomain": "domain",
    "DataPropertyDomain": "domain",
    "AnnotationPropertyDomain": "domain",
    "ObjectPropertyRange": "range",
    "DataPropertyRange": "range",
    "AnnotationPropertyRange": "range",
    "EquivalentClasses": "equivalentTo",
    "DisjointClasses": "disjointWith",
    "InverseObjectProperties": "inverseOf",
}
"""Axioms between two names that are relationships too, for those who walk the graph; `SubClassOf` is an edge."""


@dataclass(slots=True)
class Batch:
    """Rows that go in by one transaction. ``paths`` are those whose old rows go out, ``things`` the ids of parts
    without a path, ``parts`` what `GhsyncPart` keeps: path, digest, and the ids that relationships start at."""

    naming: str
    paths: list[str] = field(default_factory=list)
    things: list[str] = field(default_factory=list)
    parts: list[list[Any]] = field(default_factory=list)
    nodes: list[Row] = field(default_factory=list)
    classes: list[Row] = field(default_factory=list)
    properties: list[Row] = field(default_factory=list)
    axioms: list[Row] = field(default_factory=list)
    edges: list[Row] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many rows it has, and parts."""
        rows = len(self.nodes) + len(self.classes) + len(self.properties) + len(self.axioms) + len(self.edges)
        return rows + len(self.paths) + len(self.things)

    def add(self, part: Part, digest: str | None) -> None:
        """Take a whole part in."""
        if part.path is None:
            self.things.append(key(str(part.id)))
        else:
            self.paths.append(part.path)
            if digest is not None:
                self.parts.append([part.path, digest, _starts(part)])
        self.nodes += part.rows.get("nodes", ())
        self.classes += part.rows.get("classes", ())
        self.properties += part.rows.get("properties", ())
        self.axioms += part.rows.get("axioms", ())
        self.edges += part.rows.get("edges", ())

    def split(self) -> Iterator[Batch]:
        """This batch, in pieces where a single part has made it too large.

        The first takes out what was there; the last gives the parts their digests, for only then are they whole.
        """
        piece = Batch(self.naming, self.paths, self.things, [[path, None, starts] for path, _, starts in self.parts])
        for view in ("nodes", "classes", "properties", "axioms", "edges"):
            rows: list[Row] = getattr(self, view)
            while rows:
                room = max(ROWS - piece.size, 1)
                getattr(piece, view).extend(rows[:room])
                rows = rows[room:]
                if rows:
                    yield piece
                    piece = Batch(self.naming)
        piece.parts = self.parts
        yield piece

    # --- as parameters ---

    def node_groups(self) -> Iterator[tuple[str | None, list[list[Any]]]]:
        """Nodes by their label: id, and all properties."""
        groups: dict[str | None, list[list[Any]]] = defaultdict(list)
        for row in self.nodes:
            groups[names.label(row[2], self.naming)].append([key(row[0]), _node(row)])
        yield from groups.items()

    def class_rows(self) -> list[list[Any]]:
        """Classes: id, and the properties of that facet."""
        return [
            [key(iri), dict(zip(CLASS_COLUMNS, (label, comment, path, line, notes), strict=True)) | self._resource(iri)]
            for iri, _, label, comment, path, line, notes in self.classes
        ]

    def property_groups(self) -> Iterator[tuple[tuple[str, ...], list[list[Any]]]]:
        """Properties by their labels: id, and the properties of that facet."""
        groups: dict[tuple[str, ...], list[list[Any]]] = defaultdict(list)
        for iri, _, *rest in self.properties:
            facet = dict(zip(PROPERTY_COLUMNS, rest, strict=True)) | self._resource(iri)
            groups[names.property_labels(rest[0], self.naming)].append([key(iri), facet])
        yield from groups.items()

    def _resource(self, iri: str) -> dict[str, str | None]:
        if self.naming == names.N10S:
            return {"uri": iri, "name": names.local_name(iri)}
        return {"uri": None, "name": None}

    def axiom_rows(self) -> list[list[Any]]:
        """Axioms: key, and all properties."""
        return [[axiom_key(row), _axiom(row)] for row in self.axioms]

    def relationship_groups(self, *, by_type: bool) -> Iterator[tuple[str, list[list[Any]]]]:
        """Edges by the type of their relationship where that is asked for, else all under ""; within it by where they
        start: id, path, and what differs, at last the type."""
        groups: dict[str, dict[tuple[str, str | None], list[list[Any]]]] = defaultdict(lambda: defaultdict(list))
        for _, start, end, edge_type, name, path, line, count, properties in self.edges:
            relationship = names.relationship_type(edge_type, self.naming)
            group = groups[relationship if by_type else ""]
            told = None if properties == "{}" else properties
            group[key(start), path].append([key(end), edge_type, name, line, count, told, relationship])
        for relationship, starts in groups.items():
            yield relationship, [[start, path, ends] for (start, path), ends in starts.items()]

    def axiom_relationship_groups(self) -> Iterator[tuple[str, list[list[Any]]]]:
        """What axioms between two names are besides, by type: both ids, the axiom's kind, path and line."""
        groups: dict[str, list[list[Any]]] = defaultdict(list)
        for row in filter(_is_relationship, self.axioms):
            _, kind, subject, object_, _, path, line, _ = row
            kind_type = names.relationship_type(AXIOM_TYPES[kind], self.naming)
            groups[kind_type].append([key(subject), key(object_), kind, path, line])
        yield from groups.items()


def batches(parts: Iterable[tuple[Part, str | None]], naming: str) -> Iterator[Batch]:
    """*parts*, each with its digest, as batches of at most `ROWS` rows."""
    batch = Batch(naming)
    for part, digest in parts:
        if batch.size and batch.size + sum(map(len, part.rows.values())) >= ROWS:
            yield batch
            batch = Batch(naming)
        batch.add(part, digest)
        if batch.size > ROWS:
            yield from batch.split()
            batch = Batch(naming)
    if batch.size:
        yield batch


def digest_of(part: Part, naming: str) -> str | None:
    """A text that differs where anything differs that the graph shows of *part*; None where that is nothing."""
    shown = {view: rows for view, rows in part.rows.items() if view != "files"}
    if not shown:
        return None
    return hashlib.blake2b(
        repr((naming, sorted(shown.items()))).encode(errors="surrogatepass"), digest_size=12
    ).hexdigest()


def axiom_key(row: Row) -> str:
    """What names an axiom within its source, however long its text."""
    return hashlib.blake2b(f"{row[1]} {row[4]}".encode(), digest_size=16).hexdigest()


def _starts(part: Part) -> list[str]:
    starts = dict.fromkeys(key(row[1]) for row in part.rows.get("edges", ()))
    starts.update(dict.fromkeys(key(row[2]) for row in part.rows.get("axioms", ()) if _is_relationship(row)))
    return list(starts)


def _is_relationship(axiom: Row) -> bool:
    """Whether both ends are names: an expression has parentheses, a literal quotation marks."""
    ends = axiom[2:4]
    return axiom[1] in AXIOM_TYPES and all(end and "(" not in end and not end.startswith('"') for end in ends)


def _axiom(row: Row) -> dict[str, Any]:
    source, kind, subject, object_, text, path, line, annotations = row
    found = {"key": axiom_key(row), "source": source, "kind": kind, "text": text, "path": path, "line": line}
    found["annotations"] = annotations
    for name, value in (("subject", subject), ("object", object_)):
        if value is not None:
            found[name] = key(value)
            found.update({f"full_{name}": value} if found[name] != value else {})
    return found


def _node(row: Row) -> dict[str, Any]:
    id_, source, kind, label, path, line, properties = row
    found = dict(_plain(json.loads(properties))) if properties != "{}" else {}
    short = key(id_)
    found.update(id=short, source=source, kind=kind, label=label, path=path, line=line)
    if short != id_:
        found["full_id"] = id_
    if properties != "{}":
        found["properties"] = properties
    return found


def _plain(properties: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Those *properties* that Neo4j can hold as they are; one whose name we need gets an underscore."""
    for name, value in properties.items():
        if name and "\0" not in name and _holds(value):
            yield (f"{name}_" if name in _RESERVED else name), value


def _holds(value: Any) -> bool:
    if isinstance(value, list):
        return (
            bool(value) and len({type(item) for item in value}) == 1 and _scalar(value[0]) and all(map(_scalar, value))
        )
    return _scalar(value)


def _scalar(value: Any) -> bool:
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    return isinstance(value, str | float)


def without(ids: Iterable[str], kept: Iterable[Sequence[Any]]) -> list[str]:
    """Those of *ids* that no row of *kept* is of, by its first column."""
    known = {key(row[0]) for row in kept}
    return [id_ for id_ in ids if id_ not in known]
