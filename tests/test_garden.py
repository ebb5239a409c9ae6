"""The example garden: what it is there to show is in its graph, and only one of its files fails."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.documents import ROOT, first_cells, section, text_of

from ghsync_core import Syncer, SyncStatistics

GRAPH = "docs/reference/graph.md"
Rows = list[tuple[str, ...]]
Ask = Callable[[str], Rows]


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SyncStatistics, sqlite3.Connection]]:
    """The garden, synced once: what came of it, and the store."""
    store = tmp_path_factory.mktemp("garden") / "garden.db"
    statistics = Syncer(ROOT / "examples/garden", to=f"sqlite:{store}", name="garden", settings={}).run()
    with closing(sqlite3.connect(store)) as connection:
        yield statistics, connection


@pytest.fixture
def ask(synced: tuple[SyncStatistics, sqlite3.Connection]) -> Ask:
    """Asks the garden's graph; paths begin at the garden's folder, however deep that lies in a clone."""
    rows = synced[1].execute
    return lambda query: [
        tuple(value.rpartition("garden/")[2] if isinstance(value, str) else value for value in row)
        for row in rows(query)
    ]


def test_one_file_fails_and_nothing_else_is_wrong(synced):
    statistics, _ = synced
    failed = [(Path(error.path).name, error.reason) for error in statistics.errors]
    assert (statistics.status, failed, statistics.warnings) == ("partial", [("Seed List 1998.md", "encoding")], ())


OTHER_FORMATS = {"tag", "canvas", "concept"}
"""What only Obsidian vaults and bundles give: the garden is a Logseq graph."""


def test_it_shows_every_kind_of_node(ask: Ask):
    documented = set(first_cells(section(text_of(GRAPH), "Kinds of nodes"))) - {"datatype", *OTHER_FORMATS}
    assert {kind for (kind,) in ask("SELECT DISTINCT kind FROM nodes")} == documented


def test_it_shows_every_type_of_edge(ask: Ask):
    documented = set(first_cells(section(text_of(GRAPH), "Types of edges"))) - {"imports", "canvas"}
    assert documented <= {kind for (kind,) in ask("SELECT DISTINCT type FROM edges")}


def test_an_alias_finds_its_page(ask: Ask):
    assert ask(
        """SELECT f.label, e.name, t.label FROM edges e JOIN nodes f ON f.id = e.from_id JOIN nodes t ON t.id = e.to_id
        WHERE e.type = 'companion' AND e.name = 'love apple'"""
    ) == [("Marigold", "love apple", "Tomato")]


def test_a_date_in_a_link_finds_its_journal(ask: Ask):
    assert ask(
        """SELECT f.label, t.label, t.path FROM edges e JOIN nodes f ON f.id = e.from_id JOIN nodes t ON t.id = e.to_id
        WHERE f.kind = 'journal' AND t.kind = 'journal'"""
    ) == [("Aug 2nd, 2025", "May 24th, 2025", "journals/2025_05_24.md")]


def test_pages_and_turtle_speak_of_the_same_class(ask: Ask):
    assert ask(
        "SELECT text FROM axioms WHERE kind = 'SubClassOf' AND 'https://example.org/garden#Plant' IN (subject, object)"
        " ORDER BY text"
    ) == [
        ("SubClassOf(<https://example.org/garden#Herb> <https://example.org/garden#Plant>)",),
        ("SubClassOf(<https://example.org/garden#Plant> <https://example.org/garden#LivingThing>)",),
        ("SubClassOf(<https://example.org/garden#Vegetable> <https://example.org/garden#Plant>)",),
    ]
    assert ask("SELECT path FROM classes WHERE label = 'Plant'") == [("ontology.ttl",)]


def test_owl_on_a_page_and_turtle_give_edges_of_restrictions(ask: Ask):
    rows = ask("SELECT from_id, type, to_id, path, line FROM edges WHERE properties LIKE '%restriction%' ORDER BY path")
    assert [tuple(str(value).rpartition("#")[2] for value in row) for row in rows] == [
        ("Pest", "attacks", "Plant", "ontology.ttl", "27"),
        ("RunnerBean", "companionOf", "Vegetable", "pages/Runner Bean.md", "16"),
    ]


def test_every_class_has_a_way_up_to_the_top(ask: Ask):
    rows = ask(
        """WITH RECURSIVE below(id) AS (
            SELECT iri FROM classes WHERE label IN ('Living Thing', 'Bed')
            UNION SELECT e.from_id FROM below JOIN edges e ON e.to_id = below.id AND e.type = 'subClassOf')
        SELECT iri FROM classes WHERE iri NOT IN (SELECT id FROM below)"""
    )
    assert rows == []


def test_the_queries_of_the_demo_find_something(ask: Ask):
    queries = sorted((ROOT / "examples/queries").glob("*.sql"))
    assert [(query.stem, len(ask(query.read_text(encoding="utf-8")))) for query in queries] == [
        ("ancestors", 5),
        ("neighbours", 10),
    ]
