"""What the database remembers of each source between runs, and its runs.

``facts`` of ``(:GhsyncSource)`` is a token that every write of files replaces: a ledger that has another is out of
date, and a writer that finds another has lost the database to someone else. ``mark`` is that of the graph shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from ghsync_core import RunRecord, SourceState, StoreError
from ghsync_plugins.backends.neo4j.connection import Connection, Row, rows

if TYPE_CHECKING:
    import neo4j

_FIND: Final = """MATCH (s:GhsyncSource) WHERE s.{column} = $value
RETURN s {{.*}} AS source ORDER BY s.name LIMIT 1"""

_WRITTEN: Final = """MERGE (s:GhsyncSource {name: $source})
WITH s WHERE coalesce(s.facts, '') = $before SET s.facts = $after, s.clean = false RETURN s.name"""

_HELD: Final = """MATCH (s:GhsyncSource {name: $source}) WHERE coalesce(s.facts, '') = $before
SET s.mark = $mark, s.naming = $naming RETURN s.name"""

_RUN: Final = """MATCH (t:GhsyncStore {key: 'store'}) SET t.runs = coalesce(t.runs, 0) + 1
CREATE (r:GhsyncRun {id: t.runs, source: $source}) SET r += $run"""

_PRUNE: Final = """MATCH (r:GhsyncRun {source: $source}) WITH r ORDER BY r.id DESC SKIP $keep DETACH DELETE r"""

_STATE: Final = "MATCH (s:GhsyncSource {name: $source}) SET s += $state"


def find(connection: Connection, *, name: str | None, location: str | None, identity: str | None) -> SourceState | None:
    """The source known by any of these, tried in this order."""
    for column, value in (("name", name), ("location", location), ("identity", identity)):
        if value is not None:
            for row in connection.read(_FIND.format(column=column), value=value):
                return _state(row["source"])
    return None


def _state(source: Row) -> SourceState:
    return SourceState(
        name=source["name"],
        location=source.get("location") or "",
        commit=source.get("commit_id"),
        identity=source.get("identity"),
        memory=json.loads(source.get("memory") or "{}"),
        fingerprint=source.get("fingerprint") or "",
        clean=bool(source.get("clean")),
    )


def names(connection: Connection) -> list[str]:
    """The names of all sources, sorted."""
    return [row["name"] for row in connection.read("MATCH (s:GhsyncSource) RETURN s.name AS name ORDER BY name")]


def tokens(connection: Connection, source: str) -> Mapping[str, Any]:
    """``facts``, ``mark`` and ``naming`` of *source*; nothing where there is none."""
    found = connection.read(
        "MATCH (s:GhsyncSource {name: $source}) RETURN s {.facts, .mark, .naming} AS it", source=source
    )
    return found[0]["it"] if found else {}


def written(work: neo4j.ManagedTransaction, source: str, before: str, after: str) -> None:
    """Replace the token *before*, which the source must have ("" for none), by *after*. Raises `StoreError`."""
    _expect(rows(work, _WRITTEN, source=source, before=before, after=after), source)


def shows(work: neo4j.ManagedTransaction, source: str, facts: str, mark: str | None, naming: str) -> None:
    """Note *mark*, None while the graph is being changed, if the source still has the token *facts*."""
    _expect(rows(work, _HELD, source=source, before=facts, mark=mark, naming=naming), source)


def _expect(found: list[Row], source: str) -> None:
    if not found:
        raise StoreError(f"another sync has written {source} meanwhile. Run again.")


def record(work: neo4j.ManagedTransaction, source: str, run: RunRecord) -> None:
    """Write the run's node, take out old ones, and remember ``run.state`` where there is one."""
    about = {
        "commit_id": run.commit,
        "status": run.status,
        "started_at": _iso(run.started_at),
        "ended_at": _iso(run.ended_at),
        "statistics": json.dumps(run.statistics, sort_keys=True, ensure_ascii=False),
    }
    rows(work, _RUN, source=source, run=about)
    rows(work, _PRUNE, source=source, keep=run.keep_runs)
    if run.state is not None:
        rows(work, _STATE, source=source, state=_properties(run.state))


def _properties(state: SourceState) -> dict[str, Any]:
    return {
        "location": state.location,
        "identity": state.identity,
        "commit_id": state.commit,
        "memory": json.dumps(dict(state.memory), sort_keys=True),
        "fingerprint": state.fingerprint,
        "clean": state.clean,
    }


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
