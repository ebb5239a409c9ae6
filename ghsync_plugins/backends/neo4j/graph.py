"""The settled graph in Neo4j: how a batch of it goes in, and how what is no longer said goes out.

A node that the graph has no more becomes `BARE`, and goes at the end if nothing is attached to it: by then all edges of
ours are gone, so that what is attached is the user's, and the node stays for it, without any of our properties.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from ghsync_plugins.backends.neo4j import naming as names
from ghsync_plugins.backends.neo4j.connection import rows
from ghsync_plugins.backends.neo4j.parts import CLASS_COLUMNS, FACETS, PROPERTY_COLUMNS, Batch, without

if TYPE_CHECKING:
    import neo4j

BARE: Final = "GhsyncBare"
"""Label of nodes that no file says or refers to, but that a relationship leads to."""

GARBAGE: Final = 10_000
"""Nodes that go by one statement."""

_NODE_OF_ID: Final = "UNWIND $rows AS r MATCH (n:Ghsync {id: r, source: $source})"
_KEPT: Final = ", ".join(f".{name}" for name in FACETS)

# --- out ---

_RELATIONSHIPS_OUT: Final = """UNWIND $rows AS path MATCH (p:GhsyncPart {path: path, source: $source})
UNWIND p.starts AS id MATCH (:Ghsync {id: id, source: $source})-[r]->()
WHERE r.path = path AND (r.type IS NOT NULL OR r.axiom IS NOT NULL) DELETE r"""

_PARTS_OUT: Final = "UNWIND $rows AS path MATCH (p:GhsyncPart {path: path, source: $source}) DELETE p"
_AXIOMS_OUT: Final = f"UNWIND $rows AS path MATCH (n:GhsyncAxiom {{path: path, source: $source}}) SET n:{BARE}"
_AT_HOME: Final = "UNWIND $rows AS path MATCH (n:Ghsync {{{column}: path, source: $source}}) RETURN n.id AS id"
_NODES_OUT: Final = f"{_NODE_OF_ID} SET n:{BARE}"
_PATHLESS_OUT: Final = f"{_NODE_OF_ID} WHERE n.path IS NULL SET n:{BARE}"

_CLASSES_OUT: Final = f"""{_NODE_OF_ID} SET n += {{{", ".join(f"{name}: null" for name in CLASS_COLUMNS)}}}
WITH n WHERE n.kind <> 'class' REMOVE n:Class"""
_PROPERTIES_OUT: Final = f"""{_NODE_OF_ID} SET n += {{{", ".join(f"{name}: null" for name in PROPERTY_COLUMNS)}}}
REMOVE n:ObjectProperty:DatatypeProperty:AnnotationProperty:Relationship
WITH n WHERE n.kind <> 'property' REMOVE n:Property"""
_CLASSES_MENTIONED: Final = f"{_NODE_OF_ID} WHERE n.annotations IS NOT NULL AND n.class_path IS NULL RETURN n.id AS id"
_PROPERTIES_MENTIONED: Final = (
    f"{_NODE_OF_ID} WHERE n.property_kind IS NOT NULL AND n.property_path IS NULL RETURN n.id AS id"
)

_KINDS: Final = f"{_NODE_OF_ID} WHERE n.kind IS NOT NULL RETURN n.id AS id, n.kind AS kind"
_UNLABEL: Final = "UNWIND $rows AS r MATCH (n:Ghsync {{id: r, source: $source}}) {unless} REMOVE n:{label}"
_UNLESS: Final = {"Class": "WHERE n.annotations IS NULL", "Property": "WHERE n.property_kind IS NULL"}

# --- in ---

_NODES_IN: Final = f"""UNWIND $rows AS r MERGE (n:Ghsync {{id: r[0], source: $source}})
WITH n, r[1] AS node, n {{{_KEPT}}} AS kept SET n = node SET n += kept REMOVE n:{BARE}"""
_CLASSES_IN: Final = """UNWIND $rows AS r MERGE (n:Ghsync {{id: r[0], source: $source}})
REMOVE n:Resource SET n += r[1], n:{labels}"""
_PROPERTIES_IN: Final = f"""UNWIND $rows AS r MERGE (n:Ghsync {{{{id: r[0], source: $source}}}})
REMOVE n:{":".join(names.PROPERTY_LABELS)}
SET n += r[1], n:{{labels}}"""
_AXIOMS_IN: Final = f"""UNWIND $rows AS r MERGE (n:GhsyncAxiom {{key: r[0], source: $source}})
SET n = r[1], n:Axiom REMOVE n:{BARE}"""
_EDGES_IN: Final = """UNWIND $rows AS r MERGE (a:Ghsync {{id: r[0], source: $source}}) WITH a, r
UNWIND r[2] AS e MERGE (b:Ghsync {{id: e[0], source: $source}})
CREATE (a)-[:{type} {{path: r[1], type: e[1], name: e[2], line: e[3], count: e[4], properties: e[5]}}]->(b)"""
_ALL_EDGES_IN: Final = """UNWIND $rows AS r MERGE (a:Ghsync {id: r[0], source: $source}) WITH a, r
UNWIND r[2] AS e MERGE (b:Ghsync {id: e[0], source: $source})
CREATE (a)-[:$(e[6]) {path: r[1], type: e[1], name: e[2], line: e[3], count: e[4], properties: e[5]}]->(b)"""
_AXIOM_EDGES_IN: Final = f"""UNWIND $rows AS r
MERGE (a:Ghsync {{{{id: r[0], source: $source}}}}) ON CREATE SET a:{BARE}
MERGE (b:Ghsync {{{{id: r[1], source: $source}}}}) ON CREATE SET b:{BARE}
CREATE (a)-[:{{type}} {{{{axiom: r[2], path: r[3], line: r[4]}}}}]->(b)"""
_PARTS_IN: Final = """UNWIND $rows AS r MERGE (p:GhsyncPart {path: r[0], source: $source})
SET p.digest = r[1], p.starts = r[2]"""

# --- what is left ---

_GARBAGE: Final = f"""MATCH (n:{BARE} {{source: $source}}) WHERE NOT EXISTS {{ (n)--() }}
WITH n LIMIT {GARBAGE} DELETE n RETURN count(*) AS count"""
_STRIPPED_KINDS: Final = (
    f"MATCH (n:Ghsync:{BARE} {{source: $source}}) WHERE n.kind IS NOT NULL RETURN n.id AS id, n.kind AS kind"
)
_STRIP: Final = (
    f"""MATCH (n:Ghsync:{BARE} {{source: $source}}) WHERE n.kind IS NOT NULL
    REMOVE n:Class:{":".join(names.PROPERTY_LABELS)}
    SET n = n {{.id, .source, .full_id}}""",
    f"MATCH (n:GhsyncAxiom:{BARE} {{source: $source}}) WHERE n.kind IS NOT NULL SET n = n {{.key, .source}}",
)


class GraphWriter:
    """Writes the graph of one source inside a transaction.

    Where it is ``fresh``, nothing of it is there yet. ``dynamic`` says that the server takes types of relationships
    as values, so that one statement makes all of a page's.
    """

    def __init__(
        self, work: neo4j.ManagedTransaction, source: str, naming: str, *, fresh: bool = False, dynamic: bool = False
    ) -> None:
        self._work, self._source, self._naming, self._fresh = work, source, naming, fresh
        self._dynamic = dynamic

    def write(self, batch: Batch) -> None:
        """Put *batch* in, in the place of what is there of its parts."""
        if not self._fresh:
            self._take_out(batch)
        for label, nodes in batch.node_groups():
            self._each(_NODES_IN + (f" SET n:{names.quoted(label)}" if label else ""), nodes)
        self._each(_CLASSES_IN.format(labels=":".join(names.class_labels(self._naming))), batch.class_rows())
        for labels, facets in batch.property_groups():
            self._each(_PROPERTIES_IN.format(labels=":".join(labels)), facets)
        self._each(_AXIOMS_IN, batch.axiom_rows())
        for kind, edges in batch.relationship_groups(by_type=not self._dynamic):
            self._each(_EDGES_IN.format(type=names.quoted(kind)) if kind else _ALL_EDGES_IN, edges)
        for kind, edges in batch.axiom_relationship_groups():
            self._each(_AXIOM_EDGES_IN.format(type=names.quoted(kind)), edges)
        self._each(_PARTS_IN, batch.parts)

    def collect(self) -> int:
        """Delete what nothing leads to, `GARBAGE` nodes at most; how many there were."""
        (found,) = rows(self._work, _GARBAGE, source=self._source)
        return int(found["count"])

    def strip(self) -> None:
        """Leave nothing of ours on nodes that only a user's relationship keeps."""
        kinds: dict[str, list[str]] = defaultdict(list)
        for row in rows(self._work, _STRIPPED_KINDS, source=self._source):
            kinds[row["kind"]].append(row["id"])
        self._unlabel(kinds)
        for statement in _STRIP:
            rows(self._work, statement, source=self._source)

    # --- out ---

    def _take_out(self, batch: Batch) -> None:
        paths = batch.paths
        self._each(_RELATIONSHIPS_OUT, paths)
        self._each(_PARTS_OUT, paths)
        self._each(_AXIOMS_OUT, paths)
        self._each(_NODES_OUT, without(self._at_home("path", paths), batch.nodes))
        self._each(_CLASSES_OUT, without(self._at_home("class_path", paths), batch.classes))
        self._each(_PROPERTIES_OUT, without(self._at_home("property_path", paths), batch.properties))
        self._each(_PATHLESS_OUT, without(batch.things, batch.nodes))
        self._mentioned_out(batch)
        self._relabel(batch)

    def _at_home(self, column: str, paths: list[str]) -> list[str]:
        return [row["id"] for row in self._asked(_AT_HOME.format(column=column), paths)]

    def _mentioned_out(self, batch: Batch) -> None:
        """Things that were mentioned as a class or a property, and are no more."""
        for mentioned, kept, out in (
            (_CLASSES_MENTIONED, batch.classes, _CLASSES_OUT),
            (_PROPERTIES_MENTIONED, batch.properties, _PROPERTIES_OUT),
        ):
            self._each(out, [row["id"] for row in self._asked(mentioned, without(batch.things, kept))])

    def _relabel(self, batch: Batch) -> None:
        """Take away the labels of nodes that get another kind."""
        new = {row[0]: row[1]["kind"] for _, nodes in batch.node_groups() for row in nodes}
        turned: dict[str, list[str]] = defaultdict(list)
        for row in self._asked(_KINDS, list(new)):
            if row["kind"] != new[row["id"]]:
                turned[row["kind"]].append(row["id"])
        self._unlabel(turned)

    def _unlabel(self, ids: dict[str, list[str]]) -> None:
        for kind, found in ids.items():
            label = names.label(kind)
            if label:
                statement = _UNLABEL.format(unless=_UNLESS.get(label, ""), label=names.quoted(label))
                self._each(statement, found)

    # --- both ---

    def _each(self, statement: str, items: Iterable[Any]) -> None:
        found = list(items)
        if found:
            rows(self._work, statement, rows=found, source=self._source)

    def _asked(self, statement: str, items: list[str]) -> list[Any]:
        return rows(self._work, statement, rows=items, source=self._source) if items else []
