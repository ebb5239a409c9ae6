"""Neo4j as its users see it, on a real server: what is called how, what is theirs, and what goes wrong."""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support.servers.neo4j import Neo4jServer
from support.toy import ToyPlugin, write_tree

from ghsync_core import StoreError, StoreLocked, Syncer, SyncStatistics, views
from ghsync_plugins.backends.neo4j import parts
from ghsync_plugins.backends.neo4j.address import parse
from ghsync_plugins.backends.neo4j.reader import Neo4jReader
from ghsync_plugins.backends.neo4j.store import Neo4jStore
from ghsync_plugins.backends.neo4j.target import Neo4jTarget

pytestmark = pytest.mark.xdist_group("neo4j")

GARDEN = {
    "tomato.toy": "title Tomato\n-> Basil\n-> Basil\ntag red\nset status ripe\nset label mine",
    "basil.toy": "title Basil\n-> Tomato\n-> Compost",
    "plants.toy": "title Plant\nclass urn:x:Plant\nsub urn:x:Tomato Plant\nsame urn:x:Plant urn:x:Planta",
    "grows.toy": "property urn:x:grows\ndomain urn:x:grows Plant",
}
OPTIONS = {"naming": "plain", "ledger": None}


class Garden:
    """A folder that is synced into the server."""

    def __init__(self, home: Path, url: str) -> None:
        self.folder, self.url, self.home = home / "source", url, home

    def sync(self, files: dict[str, str] | None = None, **options: Any) -> SyncStatistics:
        if files is not None:
            write_tree(self.folder, files)
        options = {"to": self.url, "name": "garden", "max_delete": "100%", **options}
        return Syncer(self.folder, plugins=[ToyPlugin()], **options).run()

    def rows(self, source: str = "garden") -> dict[str, list[dict[str, Any]]]:
        with closing(Neo4jStore(parse(self.url, {}), OPTIONS, create=False)) as store:
            return _rows(store, source)

    def reference(self) -> dict[str, list[dict[str, Any]]]:
        """What SQLite says of the folder as it is now."""
        from ghsync_plugins.backends.sqlite import SqliteBackend

        place = f"sqlite:{self.home}/reference.db"
        self.sync(to=place, full=True)
        with closing(SqliteBackend().open(place, {}, create=False)) as store:
            return _rows(store, "garden")

    def forget_ledger(self) -> None:
        shutil.rmtree(self.home / "cache")


def _rows(store: Any, source: str) -> dict[str, list[dict[str, Any]]]:
    reader = store.reader()
    try:
        return {
            view: [{**row, "synced_at": None} for row in reader.rows(view, source, ordered=True)]
            for view in views.GRAPH
        }
    finally:
        reader.close()


@pytest.fixture
def garden(neo4j_url: str, tmp_path: Path) -> Garden:
    return Garden(tmp_path, neo4j_url)


Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def ask(neo4j_server: Neo4jServer) -> Ask:
    return neo4j_server.ask


# --- the graph ---


def test_pages_links_and_properties_are_called_as_one_expects(garden, ask):
    garden.sync(GARDEN)
    [link] = ask("MATCH (a:Page {label: 'Tomato'})-[r:LINKS_TO]->(b:Page {label: 'Basil'}) RETURN r {.*} AS r")
    assert link["r"] == {"path": "tomato.toy", "line": 2, "count": 2, "type": "link", "name": "basil"}
    [page] = ask("MATCH (a:Page {label: 'Tomato'}) RETURN a.status AS status, a.label_ AS mine, a.path AS path")
    assert page == {"status": "ripe", "mine": "mine", "path": "tomato.toy"}
    assert ask("MATCH (:Page {label: 'Tomato'})-[:TAGGED]->(t:Tag) RETURN t.label AS tag") == [{"tag": "red"}]
    assert ask("MATCH (:Page)-[:LINKS_TO]->(s:Stub) RETURN s.label AS stub") == [{"stub": "Compost"}]


def test_the_ontology_is_called_as_one_expects(garden, ask):
    garden.sync(GARDEN)
    chain = "MATCH (c {id: 'urn:x:Tomato'})-[:SUBCLASS_OF]->(d:Class) RETURN d.id AS above"
    assert ask(chain) == [{"above": "urn:x:Plant"}]
    domain = "MATCH (p:Property:ObjectProperty)-[r:DOMAIN]->(c:Class) RETURN p.id AS p, c.id AS c, r.axiom AS axiom"
    assert ask(domain) == [{"p": "urn:x:grows", "c": "urn:x:Plant", "axiom": "ObjectPropertyDomain"}]
    same = "MATCH (:Class {id: 'urn:x:Plant'})-[:EQUIVALENT_TO]->(b) RETURN b.id AS id, labels(b) AS labels"
    assert ask(same) == [{"id": "urn:x:Planta", "labels": ["Ghsync", "GhsyncBare"]}]
    garden.sync({**GARDEN, "plants.toy": "title Plant"})
    assert ask("MATCH (b {id: 'urn:x:Planta'}) RETURN b") == []
    assert garden.rows() == garden.reference()


def test_naming_may_be_that_of_neosemantics_and_may_change(garden, ask):
    garden.sync(GARDEN)
    asked = "MATCH (c:Resource:Class {uri: 'urn:x:Plant'}) RETURN c.name AS name"
    relation = "MATCH (p:Relationship)-[:DOMAIN]->(:Resource) RETURN labels(p) AS labels"
    assert ask(asked) == []
    assert garden.sync(settings={"neo4j": {"naming": "n10s"}}).status == "unchanged"
    assert ask(asked) == [{"name": "Plant"}]
    assert [sorted(row["labels"]) for row in ask(relation)] == [["Ghsync", "Relationship", "Resource"]]
    assert ask("MATCH ({id: 'urn:x:Tomato'})-[:SCO]->(c) RETURN c.uri AS uri") == [{"uri": "urn:x:Plant"}]
    assert garden.rows() == garden.reference()
    garden.sync()
    assert ask("MATCH (c:Resource) RETURN c") == ask("MATCH (c:Relationship) RETURN c") == []
    assert garden.rows() == garden.reference()


def test_sources_are_apart_in_one_database(garden, ask, tmp_path):
    garden.sync(GARDEN)
    before = garden.rows()
    write_tree(tmp_path / "other", {"tomato.toy": "title Tomato\n-> Other"})
    Syncer(tmp_path / "other", to=garden.url, name="other", plugins=[ToyPlugin()]).run()
    assert [row["count"] for row in ask("MATCH (n:Page {id: 'page:tomato'}) RETURN count(n) AS count")] == [2]
    assert garden.rows() == before
    garden.sync({"basil.toy": "title Basil"})
    assert [row["id"] for row in garden.rows("other")["nodes"]] == ["page:other", "page:tomato"]


def test_a_text_longer_than_an_index_takes_is_kept_whole(garden):
    title = "long " * 2000
    garden.sync({"a.toy": f"title {title}x\n-> {title}y\n-> {title}x", "b.toy": "title b"})
    assert garden.rows() == garden.reference()
    garden.sync({"a.toy": f"title {title}y"})
    assert garden.rows() == garden.reference()


def test_a_server_that_takes_no_type_as_a_value_gets_the_same_graph(garden, ask, monkeypatch):
    monkeypatch.setattr("ghsync_plugins.backends.neo4j.connection.DYNAMIC", (9999, 0))
    garden.sync(GARDEN)
    assert ask("MATCH (:Page {label: 'Tomato'})-[r:TAGGED]->(:Tag) RETURN r.line AS line") == [{"line": 4}]
    assert garden.rows() == garden.reference()


# --- what is the user's ---


def test_nodes_and_relationships_of_others_are_never_touched(garden, ask):
    ask("CREATE (:Page {id: 'page:tomato', label: 'mine'})-[:LINKS_TO {path: 'tomato.toy'}]->(:Note {text: 'n'})")
    garden.sync(GARDEN)
    ask("MATCH (n:Note), (g:Ghsync {id: 'page:basil'}) CREATE (n)-[:ABOUT {since: 1}]->(g)")
    garden.sync({"basil.toy": "title Basil\n-> New"})
    assert ask("MATCH (p:Page {label: 'mine'})-[r]->(n:Note) RETURN p.id AS id, r.path AS path") == [
        {"id": "page:tomato", "path": "tomato.toy"}
    ]
    assert ask("MATCH (:Note)-[r:ABOUT]->(g:Page) RETURN r.since AS since, g.id AS id") == [
        {"since": 1, "id": "page:basil"}
    ]
    assert garden.rows() == garden.reference()


def test_a_node_that_a_user_linked_to_stays_bare_and_comes_alive_again(garden, ask):
    garden.sync(GARDEN)
    ask("MATCH (g:Ghsync {id: 'page:tomato'}) CREATE (:Note)-[:ABOUT]->(g)")
    garden.sync({"basil.toy": "title Basil"})
    kept = "MATCH (:Note)-[:ABOUT]->(g) RETURN labels(g) AS labels, keys(g) AS keys"
    [found] = ask(kept)
    assert (sorted(found["labels"]), sorted(found["keys"])) == (["Ghsync", "GhsyncBare"], ["id", "source"])
    assert garden.rows() == garden.reference()
    garden.sync(GARDEN)
    [found] = ask(kept)
    assert sorted(found["labels"]) == ["Ghsync", "Page"]
    assert garden.rows() == garden.reference()
    ask("MATCH (n:Note) DETACH DELETE n")
    garden.sync({"basil.toy": "title Basil"})
    assert ask("MATCH (n:GhsyncBare) RETURN n") == []


def test_a_forgotten_source_leaves_only_what_is_the_users(garden, ask):
    garden.sync(GARDEN)
    ask("MATCH (g:Ghsync {id: 'page:tomato'}) CREATE (:Note)-[:ABOUT]->(g)")
    with closing(Neo4jStore(parse(garden.url, {}), OPTIONS, create=False)) as store, store.lock("test", 0):
        assert store.forget("garden") == len(GARDEN)
    left = "MATCH (n) WHERE NOT n:GhsyncStore AND NOT n:GhsyncLock UNWIND labels(n) AS l RETURN l ORDER BY l"
    assert [row["l"] for row in ask(left)] == ["Ghsync", "GhsyncBare", "Note"]


def test_a_constraint_of_the_users_own_is_named(garden, ask):
    ask("CREATE CONSTRAINT mine FOR (p:Page) REQUIRE p.label IS UNIQUE")
    ask("CREATE (:Page {label: 'Tomato'})")
    try:
        with pytest.raises(StoreError, match=r"a constraint that is not ghsync's .*Tomato.*Drop the constraint"):
            garden.sync(GARDEN)
    finally:
        ask("DROP CONSTRAINT mine")
    assert garden.sync().status == "complete"
    assert garden.rows() == garden.reference()


# --- the ledger is only a cache ---


def test_another_machine_goes_on_from_what_the_database_knows(garden):
    garden.sync({**GARDEN, "broken.toy": "bad"})
    garden.forget_ledger()
    statistics = garden.sync({**GARDEN, "broken.toy": "bad", "basil.toy": "title Basil\nalias Compost"})
    assert (statistics.kg_files_processed, statistics.failed_files) == (1, 1)
    assert statistics.unchanged_files == len(GARDEN) - 1
    assert garden.rows() == garden.reference()


def test_a_failed_file_keeps_what_it_said_on_another_machine_too(garden):
    garden.sync(GARDEN)
    garden.sync({**GARDEN, "basil.toy": "bad"})
    before = garden.rows()
    garden.forget_ledger()
    garden.sync({**GARDEN, "basil.toy": "bad", "new.toy": "-> Basil"})
    after = garden.rows()
    assert [row for row in after["edges"] if row["path"] == "basil.toy"] == [
        row for row in before["edges"] if row["path"] == "basil.toy"
    ]


def test_what_is_shown_already_is_not_written_again_by_another_machine(garden, monkeypatch):
    garden.sync(GARDEN)
    garden.forget_ledger()
    written: list[str] = []
    add = parts.Batch.add
    monkeypatch.setattr(parts.Batch, "add", lambda self, part, d: (written.append(part.path), add(self, part, d))[1])
    garden.sync({**GARDEN, "basil.toy": "title Basil"})
    assert [path for path in written if path] == ["basil.toy"]
    assert garden.rows() == garden.reference()


def test_a_damaged_ledger_is_made_anew(garden):
    garden.sync(GARDEN)
    [ledger] = (garden.home / "cache").rglob("*.db")
    ledger.write_bytes(b"no database at all, but longer than a header is" * 100)
    garden.sync({**GARDEN, "basil.toy": "title Basil"})
    assert garden.rows() == garden.reference()


@pytest.mark.parametrize("call", range(3))
def test_a_break_in_the_graph_s_transactions_is_mended_by_the_next_run(garden, monkeypatch, call):
    monkeypatch.setattr(parts, "ROWS", 4)  # so that a change takes many
    garden.sync(GARDEN)
    whole, calls = Neo4jTarget._transaction, []

    def breaking(self, *arguments):
        calls.append(1)
        if len(calls) > call:
            raise StoreError("broken off")
        whole(self, *arguments)

    changed = {**GARDEN, "tomato.toy": "title Basil\n-> Plant", "basil.toy": "title Tomato\nalias Plant\ntag red"}
    with monkeypatch.context() as patch:
        patch.setattr(Neo4jTarget, "_transaction", breaking)
        with pytest.raises(StoreError, match="broken off"):
            garden.sync(changed)
    garden.sync(GARDEN)
    assert garden.rows() == garden.reference()


# --- who holds it ---

_HOLD = """
    import sys, time
    from ghsync_plugins.backends.neo4j.address import parse
    from ghsync_plugins.backends.neo4j.store import Neo4jStore
    store = Neo4jStore(parse(sys.argv[1], {}), {"naming": "plain"}, create=True)
    with store.lock("sync of another", 0):
        print("held", flush=True)
        sys.stdin.read()
"""


def test_the_lock_dies_with_its_holder(garden, tmp_path):
    code = textwrap.dedent(_HOLD)
    with subprocess.Popen(
        [sys.executable, "-c", code, garden.url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        try:
            assert holder.stdout.readline() == "held\n"
            with pytest.raises(StoreLocked, match=r"held by another sync: sync of another .*give --wait SECONDS"):
                garden.sync(GARDEN)
        finally:
            holder.kill()
        holder.wait()
    assert garden.sync(settings={"wait": 20.0}).status == "complete"


def test_who_lost_the_database_to_another_writes_no_more(garden, ask):
    garden.sync(GARDEN)
    with closing(Neo4jStore(parse(garden.url, {}), OPTIONS, create=False)) as store, store.lock("test", 0):
        writer = store.writer("garden", None)
        writer.delete(["basil.toy"])
        ask("MATCH (s:GhsyncSource) SET s.facts = 'of another'")
        with pytest.raises(StoreError, match=r"another sync has written garden meanwhile. Run again"):
            writer.delete(["tomato.toy"])
    garden.sync()
    assert garden.rows() == garden.reference()


# --- what goes wrong ---


def test_a_wrong_password_is_told(garden, monkeypatch):
    monkeypatch.setenv("GHSYNC_NEO4J_PASSWORD", "sesame")
    with pytest.raises(StoreError, match=r"user or password is wrong. Set GHSYNC_NEO4J_PASSWORD") as caught:
        garden.sync(GARDEN)
    assert "sesame" not in str(caught.value)


def test_a_database_that_is_not_there_is_told(garden):
    with pytest.raises(StoreError, match=r"/nowhere: there is no such database. Name another"):
        garden.sync(GARDEN, to=f"{garden.url}/nowhere")


def test_a_query_gives_what_json_can_hold(garden):
    garden.sync(GARDEN)
    text = """MATCH (a:Page {label: 'Tomato'})-[r:LINKS_TO]->(b) RETURN a.label AS a, r, date('2024-01-02') AS day,
    point({x: 1, y: 2}) AS place, [1.5, null] AS list, 0.0 / 0.0 AS none, {a: duration('P1D')} AS map"""
    with closing(Neo4jStore(parse(garden.url, {}), OPTIONS, create=False)) as store:
        columns, rows = store.reader().query(text)
        assert columns == ["a", "r", "day", "place", "list", "none", "map"]
        [row] = rows
    assert row[1] == {
        "type": "LINKS_TO",
        "properties": {"path": "tomato.toy", "line": 2, "count": 2, "type": "link", "name": "basil"},
    }
    rest = ["2024-01-02", {"srid": 7203, "coordinates": [1.0, 2.0]}, [1.5, None], "nan", {"a": "P1D"}]
    assert row[2:] == rest


def test_names_come_in_code_point_order(garden):
    titles = ["a", "B", "Z", "ä", "é", "ｚ", "\U0001f600", "\uffee", "z"]
    garden.sync({f"{number}.toy": f"title {title}" for number, title in enumerate(titles)})
    assert garden.rows() == garden.reference()


def test_a_server_that_goes_down_in_the_middle_and_comes_back(garden, neo4j_server, monkeypatch):
    garden.sync(GARDEN)
    monkeypatch.setattr("ghsync_plugins.backends.neo4j.connection.RETRY_SECONDS", 1.0)
    whole = Neo4jTarget.apply

    def stopping(self, change):
        neo4j_server.stop()
        whole(self, change)

    try:
        with monkeypatch.context() as patch:
            patch.setattr(Neo4jTarget, "apply", stopping)
            with pytest.raises(StoreError, match=r"the server does not answer.*what was stored stays stored"):
                garden.sync({**GARDEN, "new.toy": "-> Basil"})
        with pytest.raises(StoreError, match=r"the server does not answer"):
            garden.sync()
    finally:
        neo4j_server.start()
    assert garden.sync().status == "complete"
    assert garden.rows() == garden.reference()


def test_a_reader_is_what_it_says(garden):
    garden.sync(GARDEN)
    with closing(Neo4jStore(parse(garden.url, {}), OPTIONS, create=False)) as store:
        reader = store.reader()
        assert isinstance(reader, Neo4jReader)
        assert reader.language == "cypher"
