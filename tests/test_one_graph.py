"""One graph: whatever names a thing, and in whatever notation, meets the node that defines it. Through a real sync."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from support.toy import write_tree

from ghsync_core import Syncer

EX = "http://example.org/"
Rows = list[tuple[object, ...]]
Ask = Callable[[str], Rows]

TWIN = """\
alias:: Mirror

- ### OntologyBlock
  - owl:class:: ex:Twin
  - preferred-term:: Digital Twin
  - owl:role:: Object
  - is-subclass-of:: [[Model]]
  - requires:: [[Sensor]], [[Nobody]]
  - #### OWL Axioms
    - ```clojure
      Declaration(Class(ex:Twin))
      # the same as owl:role
      SubClassOf(ex:Twin ex:Object)
      SubClassOf(ex:Twin ObjectSomeValuesFrom(ex:has ex:Sensor))
      ```
"""
MODEL = "- ### OntologyBlock\n  - owl:class:: ex:Model\n- see [[Mirror]]\n"
SENSOR = "- ### OntologyBlock\n  - owl:class:: ex:Sensor\n  - is-a:: [[mirror]]\n"
SCHEMA = """\
- ### OntologyBlock
  - owl:iri:: ex:has
    owl:type:: owl:ObjectProperty
    owl:domain:: [[Digital Twin]]
    owl:range:: ex:Sensor
"""
OFN = """\
Prefix(ex:=<http://example.org/>)
Ontology(<http://example.org/o>
Declaration(Class(ex:Object))
SubClassOf(Annotation(ex:from "file") ex:Twin ex:Object)
SubClassOf(ex:Sensor ObjectSomeValuesFrom(ex:has ex:Model))
)
"""
TTL = """\
@prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
ex:Object a owl:Class ; rdfs:label "Object" .
ex:Twin rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:has ; owl:someValuesFrom ex:Sensor ] .
ex:has a owl:ObjectProperty .
"""
FILES = {
    "logseq/config.edn": "{}",
    "pages/Twin.md": TWIN,
    "pages/Model.md": MODEL,
    "pages/Sensor.md": SENSOR,
    "pages/Schema.md": SCHEMA,
    "owl/o.ofn": OFN,
    "owl/z.ttl": TTL,
}


def graph_of(tmp_path: Path, files: Mapping[str, str]) -> Ask:
    """Syncs the files and asks the store that this makes."""
    database = tmp_path / "graph.db"
    folder = write_tree(tmp_path / "files", files)
    settings = {"ontology": {"prefixes": [f"ex={EX}"]}}
    statistics = Syncer(folder, to=f"sqlite:{database}", name="files", settings=settings).run()
    assert statistics.status == "complete", statistics.errors

    def ask(query: str) -> Rows:
        with closing(sqlite3.connect(database)) as connection:
            rows = connection.execute(query).fetchall()
        return [tuple(value.replace(EX, "") if isinstance(value, str) else value for value in row) for row in rows]

    return ask


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    return graph_of(tmp_path, FILES)


def test_a_key_and_functional_syntax_that_say_the_same_are_one_axiom_with_the_first_place(ask: Ask) -> None:
    said = "SubClassOf(<Twin> <Object>)"
    ((path, line, annotations),) = ask(f"SELECT path, line, annotations FROM axioms WHERE text = '{_full(said)}'")
    assert (path, line, json.loads(str(annotations))) == ("owl/o.ofn", 4, {"from": ["file"], "key": "owl:role"})
    kept = ask(
        "SELECT f.path, a.line FROM axioms_ a JOIN files_ f USING (file_id) "
        f"WHERE a.text = '{_full(said)}' ORDER BY f.path, a.line"
    )
    assert kept == [("owl/o.ofn", 4), ("pages/Twin.md", 6), ("pages/Twin.md", 13)]


def test_on_one_page_the_first_line_is_the_place(tmp_path: Path) -> None:
    ask = graph_of(tmp_path, {"logseq/config.edn": "{}", "pages/Twin.md": TWIN})
    said = _full("SubClassOf(<Twin> <Object>)")
    assert ask(f"SELECT path, line FROM axioms WHERE text = '{said}'") == [("pages/Twin.md", 6)]
    assert ask(f"SELECT line FROM axioms_ WHERE text = '{said}' ORDER BY line") == [(6,), (13,)]


def test_a_restriction_is_the_same_axiom_and_edge_in_every_notation(ask: Ask) -> None:
    said = _full("SubClassOf(<Twin> ObjectSomeValuesFrom(<has> <Sensor>))")
    assert ask(f"SELECT path, line FROM axioms WHERE text = '{said}'") == [("owl/z.ttl", 5)]
    edges = ask(f"SELECT from_id, to_id, path, line FROM edges WHERE type = '{EX}has' ORDER BY path")
    assert edges == [
        ("Sensor", "Model", "owl/o.ofn", 5),
        ("Twin", "Sensor", "owl/z.ttl", 5),
        ("Twin", "Sensor", "pages/Twin.md", 14),
    ]


def test_a_name_in_an_ontology_means_the_class_of_that_page(ask: Ask) -> None:
    assert ask("SELECT from_id, to_id FROM edges WHERE type = 'subClassOf' ORDER BY 1, 2") == [
        ("Sensor", "Twin"),
        ("Twin", "Model"),
        ("Twin", "Object"),
        ("Twin", "Object"),
    ]
    assert ask("SELECT to_id FROM edges WHERE type = 'requires' ORDER BY 1") == [("Sensor",), ("page:nobody",)]
    assert ask("SELECT kind FROM nodes WHERE id = 'page:nobody'") == [("stub",)]
    assert ask("SELECT count(*) FROM classes WHERE iri LIKE 'page:%'") == [(0,)]


def test_a_link_leads_to_the_page_and_its_defines_edge_to_the_class(ask: Ask) -> None:
    assert ask(
        """SELECT l.from_id, l.to_id, d.to_id FROM edges l JOIN edges d ON d.from_id = l.to_id AND d.type = 'defines'
        WHERE l.type = 'link'"""
    ) == [("page:model", "page:twin", "Twin")]


def test_a_class_is_one_row_whoever_speaks_of_it(ask: Ask) -> None:
    assert ask("SELECT iri, label, path FROM classes ORDER BY iri") == [
        ("Model", None, "pages/Model.md"),
        ("Object", "Object", "owl/o.ofn"),
        ("Sensor", None, "pages/Sensor.md"),
        ("Twin", "Digital Twin", "pages/Twin.md"),
    ]
    assert ask("SELECT kind FROM nodes WHERE id = 'http://example.org/Object'") == [("class",)]


def test_a_class_that_goes_leaves_a_stub_and_comes_back(tmp_path: Path) -> None:
    without = {path: text for path, text in FILES.items() if path != "pages/Model.md"}
    assert graph_of(tmp_path, FILES)("SELECT to_id FROM edges WHERE from_id LIKE '%Twin' AND name = 'model'")
    ask = graph_of(tmp_path, without)
    assert ask(f"SELECT to_id FROM edges WHERE from_id = '{EX}Twin' AND name = 'model'") == [("page:model",)]
    ask = graph_of(tmp_path, FILES)
    assert ask(f"SELECT to_id FROM edges WHERE from_id = '{EX}Twin' AND name = 'model'") == [("Model",)]


def test_domain_and_range_hold_what_names_mean(ask: Ask) -> None:
    query = "SELECT kind, domain, range FROM properties WHERE iri = 'http://example.org/has'"
    assert ask(query) == [("object", '["Twin"]', '["Sensor"]')]


def _full(text: str) -> str:
    return text.replace("<", f"<{EX}")
