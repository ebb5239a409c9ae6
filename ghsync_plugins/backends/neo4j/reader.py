"""Reading the graph back from Neo4j: by the contract's views, or by a query in Cypher that can change nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from ghsync_core import GhsyncError, StoreError, UsageError, views
from ghsync_plugins.backends.neo4j.connection import Connection, explained, first_line
from ghsync_plugins.backends.neo4j.schema import key
from ghsync_plugins.backends.neo4j.values import plain

if TYPE_CHECKING:
    import neo4j

_FULL: Final = "coalesce({of}.full_{name}, {of}.{name})"
_ID: Final = "coalesce({of}.full_id, {of}.id)"

_EDGE_FROM_FILE: Final = """MATCH (p:GhsyncPart {path: $path}) WHERE $source IS NULL OR p.source = $source
UNWIND p.starts AS start MATCH (a:Ghsync {id: start, source: p.source})-[r]->(b:Ghsync)
WHERE r.path = $path AND r.type IS NOT NULL"""


class _View:
    """How a view is read: what matches its rows, which of their properties give its columns, which are indexed."""

    def __init__(self, match: str, condition: str, columns: Mapping[str, str], indexed: Mapping[str, str]) -> None:
        self.match, self.condition, self.columns, self.indexed = match, condition, columns, indexed


def _columns(view: str, of: str, **others: str) -> dict[str, str]:
    return {column: others.get(column, f"{of}.{column}") for column in views.COLUMNS[view]}


_VIEWS: Final = {
    "files": _View("MATCH (n:GhsyncFile)", "true", _columns("files", "n"), {}),
    "nodes": _View(
        "MATCH (n:Ghsync)",
        "n.kind IS NOT NULL",
        _columns("nodes", "n", id=_ID.format(of="n"), properties="coalesce(n.properties, '{}')"),
        {"id": "n.id"},
    ),
    "edges": _View(
        "MATCH (a:Ghsync)-[r]->(b:Ghsync)",
        "r.type IS NOT NULL AND r.path IS NOT NULL",
        _columns(
            "edges", "r", source="a.source", from_id=_ID.format(of="a"), to_id=_ID.format(of="b"),
            properties="coalesce(r.properties, '{}')",
        ),
        {"from_id": "a.id", "to_id": "b.id"},
    ),
    "classes": _View(
        "MATCH (n:Ghsync:Class)",
        "n.annotations IS NOT NULL",
        _columns(
            "classes", "n", iri=_ID.format(of="n"), label="n.class_label", path="n.class_path", line="n.class_line"
        ),
        {"iri": "n.id"},
    ),
    "properties": _View(
        "MATCH (n:Ghsync)",
        "n.property_kind IS NOT NULL",
        _columns(
            "properties", "n", iri=_ID.format(of="n"), kind="n.property_kind", label="n.property_label",
            path="n.property_path", line="n.property_line",
        ),
        {"iri": "n.id"},
    ),
    "axioms": _View(
        "MATCH (n:GhsyncAxiom)",
        "n.kind IS NOT NULL",
        _columns(
            "axioms", "n", subject=_FULL.format(of="n", name="subject"), object=_FULL.format(of="n", name="object")
        ),
        {"subject": "n.subject", "object": "n.object"},
    ),
    "runs": _View("MATCH (n:GhsyncRun)", "true", _columns("runs", "n"), {}),
}  # fmt: skip


class Neo4jReader:
    """Reads a database that ghsync keeps. A query sees what is committed at each of its steps, as Neo4j has it."""

    language = "cypher"

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(
        self, view: str, source: str | None = None, *, where: Mapping[str, Any] | None = None, ordered: bool = False
    ) -> Iterator[Mapping[str, Any]]:
        """See `GraphReader.rows`."""
        wanted = views.conditions(view, source, where)
        statement, parameters = _statement(view, wanted)
        if ordered:
            statement += f" ORDER BY source, {', '.join(quoted_columns(views.KEYS[view]))}"
        for record in self._connection.stream(statement, **parameters):
            yield dict(record)

    def query(self, text: str, *, seconds: float | None = None) -> tuple[Sequence[str], Iterator[Sequence[Any]]]:
        """See `GraphReader.query`. The server is asked first what sort of query it is, and reads in a session that
        can only read."""
        import neo4j
        from neo4j import exceptions

        session = self._connection.session(default_access_mode="READ")
        try:
            if session.run(neo4j.Query(cast(Any, f"EXPLAIN {text}"))).consume().query_type != "r":
                raise UsageError("the query would change the database; queries only read.")
            result = session.run(neo4j.Query(cast(Any, text), timeout=seconds))
            return list(result.keys()), self._fetch(session, result, seconds)
        except BaseException as error:
            session.close()
            if isinstance(error, exceptions.Neo4jError):
                raise self._refused(error, seconds) from error
            with explained(self._connection.address):
                raise

    def _fetch(self, session: neo4j.Session, result: neo4j.Result, seconds: float | None) -> Iterator[Sequence[Any]]:
        from neo4j import exceptions

        with session, explained(self._connection.address):
            try:
                for record in result:
                    yield [plain(value) for value in record.values()]
            except exceptions.Neo4jError as error:
                raise self._refused(error, seconds) from error

    def _refused(self, error: neo4j.exceptions.Neo4jError, seconds: float | None) -> GhsyncError:
        code = error.code or ""
        if "TimedOut" in code and seconds is not None:
            return UsageError(f"the query took longer than {seconds:g} seconds and was stopped. Ask for less.")
        if ".Statement." in code or ".Procedure." in code:
            return UsageError(f"the query can't be run: {first_line(error)}. It must be Cypher that only reads.")
        try:
            with explained(self._connection.address):
                raise error
        except StoreError as told:
            return told

    def close(self) -> None:
        """See `GraphReader.close`: the store closes the connection."""


def quoted_columns(names: Sequence[str]) -> list[str]:
    """*names* as Cypher takes them."""
    return [f"`{name}`" for name in names]


def _statement(view: str, wanted: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """What asks for the rows of *view* that have these values; an index finds those that it names."""
    how = _VIEWS[view]
    parameters: dict[str, Any] = {"source": wanted.get("source")}
    if view == "edges" and isinstance(wanted.get("path"), str):
        match, tests = _EDGE_FROM_FILE, []
    else:
        match, tests = how.match, [how.condition]
    for column, value in wanted.items():
        parameters[column] = value
        if value is None:
            tests.append(f"{how.columns[column]} IS NULL")
            continue
        if column in how.indexed and isinstance(value, str):
            parameters[f"{column}_key"] = key(value)
            tests.append(f"{how.indexed[column]} = ${column}_key")
        tests.append(f"{how.columns[column]} = ${column}")
    returned = ", ".join(f"{how.columns[column]} AS `{column}`" for column in views.COLUMNS[view])
    joined = " AND ".join(tests)
    keyword = "AND" if match is _EDGE_FROM_FILE else "WHERE"
    return f"{match}{f' {keyword} {joined}' if joined else ''} RETURN {returned}", parameters
