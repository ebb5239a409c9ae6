"""The graph as RDF, in a file and in a folder: every row of every view comes back from the quads."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.documents import ROOT
from support.stores import all_rows
from support.toy import ToyPlugin, write_tree

from ghsync_core import Syncer, SyncStatistics
from ghsync_plugins.backends.rdf.terms import SourceTerms, edge_type, literal

STORES = ("graph.nq", "graph.nq.gz", "graph.trig", "folder/")
every_store = pytest.mark.parametrize("store", STORES)


def sync(folder: Path, to: str, **options: Any) -> SyncStatistics:
    return Syncer(folder, to=to, plugins=[ToyPlugin()], **{"name": "octo/notes", "max_delete": "100%", **options}).run()


def both(folder: Path, home: Path, store: str, **options: Any) -> None:
    """Sync *folder* into SQLite and into *store*, which hold the same afterwards."""
    sync(folder, f"sqlite:{home}/graph.db", **options)
    sync(folder, f"rdf:{home}/{store}", **options)
    assert all_rows(f"rdf:{home}/{store}") == all_rows(f"sqlite:{home}/graph.db")


@every_store
def test_every_row_of_the_garden_comes_back(tmp_path: Path, store: str) -> None:
    both(ROOT / "examples/garden", tmp_path, store)


HISTORY: list[dict[str, str]] = [
    {"a.toy": "alias Legume\n-> Soil\ntag crop\nclass urn:a", "b.toy": '-> Legume\n-> legume\nset k "x\\y"\ntag crop'},
    {"a.toy": "-> Soil", "b.toy": "-> Legume\ntag crop", "c d.toy": "property urn:p\ndomain urn:p A\nsub urn:a Nobody"},
    {"b.toy": "-> Legume", "ä/c#d?.toy": "title A > b\nclass urn:a\n-> A > b\nwarn", "e.toy": "bad"},
    {},
]


@every_store
def test_so_does_every_row_after_every_change(tmp_path: Path, store: str) -> None:
    for state in HISTORY:
        both(write_tree(tmp_path / "notes", state), tmp_path, store)
    both(write_tree(tmp_path / "notes", HISTORY[1]), tmp_path, store, name=f"{tmp_path}/a folder")


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6)
NASTY = st.one_of(
    TEXT, st.sampled_from(['"', "\\", "<>", "\x00", "\x85", "\u2028", "%41", "#", "https://github.com/o/r/#x"])
)
LINES = st.one_of(
    st.builds("{} {}".format, st.sampled_from(["->", "alias", "title", "tag", "set k"]), NASTY),
    st.builds("{} urn:{}".format, st.sampled_from(["class", "property"]), NASTY),
)
STATES = st.dictionaries(
    st.sampled_from(["a.toy", "b.toy", "c.toy"]), st.lists(LINES, max_size=4).map("\n".join), max_size=3
)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=st.lists(STATES, min_size=1, max_size=3), store=st.sampled_from(STORES))
def test_whatever_is_written_comes_back(history: list[Mapping[str, str]], store: str) -> None:
    with tempfile.TemporaryDirectory() as home:
        for state in history:
            both(write_tree(Path(home) / "notes", state), Path(home), store)


# --- terms ---

SOURCES = st.sampled_from(["o/r", "o/r@v1:docs", "/home/me/notes", "my notes"])
ANYTHING = st.one_of(NASTY, st.builds("{}{}".format, st.sampled_from(["urn:", "page:", "http://h/", "tag:a,"]), NASTY))


@given(source=SOURCES, id_=ANYTHING)
def test_any_id_becomes_an_iri_and_is_found_again(source: str, id_: str) -> None:
    terms = SourceTerms(source)
    assert terms.id(terms.iri(id_)) == id_


@given(source=SOURCES, type_=st.one_of(ANYTHING, st.sampled_from(["subClassOf", "imports"])))
def test_any_type_becomes_an_iri_and_is_found_again(source: str, type_: str) -> None:
    assert edge_type(SourceTerms(source).predicate(type_)) == type_


def test_known_subclasses_are_told_from_an_edge_that_spells_them_out() -> None:
    spelled = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
    terms = SourceTerms("o/r")
    assert terms.predicate("subClassOf") == spelled
    assert edge_type(terms.predicate(spelled)) == spelled


@pytest.mark.parametrize(
    ("source", "id_", "iri"),
    [
        ("o/r", "page:soil", "https://github.com/o/r/#page:soil"),
        ("o/r", "page:winter squash", "https://github.com/o/r/#page:winter%20squash"),
        ("o/r@v1:docs", "tag:crop", "https://github.com/o/r/@v1:docs/#tag:crop"),
        ("/home/me", "page:soil", "file:///home/me/#page:soil"),
        ("notes", "page:soil", "urn:ghsync:source:notes/#page:soil"),
        ("o/r", "http://example.org/Soil", "http://example.org/Soil"),
        ("o/r", "http://example.org/a b", "https://github.com/o/r/#http://example.org/a%20b"),
        ("o/r", "ex:Soil", "https://github.com/o/r/#ex:Soil"),
    ],
)
def test_an_iri_stays_and_any_other_id_stands_under_its_source(source: str, id_: str, iri: str) -> None:
    assert SourceTerms(source).iri(id_) == iri


def test_literals_are_as_n_triples_has_them() -> None:
    assert literal('a "b"\\\n') == '"a \\"b\\"\\\\\\n"'
    assert literal(3) == '"3"^^<http://www.w3.org/2001/XMLSchema#integer>'
