"""What goes over all nodes of a source at once: taking it out, and giving it another name."""

from __future__ import annotations

from typing import Final

from ghsync_plugins.backends.neo4j.connection import Connection, explained, rows
from ghsync_plugins.backends.neo4j.graph import BARE, GARBAGE, GraphWriter

_AT_ONCE: Final = "IN TRANSACTIONS OF 5000 ROWS"

_OUT: Final = (
    f"""MATCH (:Ghsync {{source: $source}})-[r]->()
    WHERE r.path IS NOT NULL AND (r.type IS NOT NULL OR r.axiom IS NOT NULL)
    CALL {{ WITH r DELETE r }} {_AT_ONCE}""",
    f"MATCH (n:Ghsync {{source: $source}}) CALL {{ WITH n SET n:{BARE} }} {_AT_ONCE}",
    f"MATCH (n:GhsyncAxiom {{source: $source}}) CALL {{ WITH n SET n:{BARE} }} {_AT_ONCE}",
    f"MATCH (n:GhsyncPart {{source: $source}}) CALL {{ WITH n DELETE n }} {_AT_ONCE}",
    f"MATCH (n:GhsyncFile {{source: $source}}) CALL {{ WITH n DETACH DELETE n }} {_AT_ONCE}",
    f"MATCH (n:GhsyncRun {{source: $source}}) CALL {{ WITH n DETACH DELETE n }} {_AT_ONCE}",
)
_RENAME: Final = "MATCH (n:{label} {{source: $source}}) CALL {{ WITH n SET n.source = $name }} " + _AT_ONCE
_LABELS: Final = ("Ghsync", "GhsyncAxiom", "GhsyncPart", "GhsyncFile", "GhsyncRun")


def forget(connection: Connection, source: str) -> None:
    """Take out all that is known and shown of *source*, in transactions of some thousand nodes; its own node last."""
    for statement in _OUT:
        _run(connection, statement, source=source)
    while connection.write(lambda work: _graph(work, source).collect()) == GARBAGE:
        pass
    connection.write(lambda work: _graph(work, source).strip())
    connection.write(lambda work: rows(work, "MATCH (s:GhsyncSource {name: $source}) DETACH DELETE s", source=source))


def rename(connection: Connection, source: str, name: str) -> None:
    """Give *source* another name; the node that has its tokens gets it last, so that a break is mended by the next."""
    for label in _LABELS:
        _run(connection, _RENAME.format(label=label), source=source, name=name)
    statement = "MATCH (s:GhsyncSource {name: $source}) SET s.name = $name"
    connection.write(lambda work: rows(work, statement, source=source, name=name))


def _graph(work: object, source: str) -> GraphWriter:
    return GraphWriter(work, source, "plain")  # type: ignore[arg-type]


def _run(connection: Connection, statement: str, **parameters: str) -> None:
    """Run what makes transactions of its own, which it can't inside of one."""
    with explained(connection.address), connection.session() as session:
        session.run(statement, parameters).consume()
