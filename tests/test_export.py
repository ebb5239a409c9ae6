"""``ghsync export``: what other tools read of it, and that one graph gives one text."""

from __future__ import annotations

import io
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx
import pyoxigraph
import pytest
from click.testing import CliRunner, Result
from rdflib import Dataset, Graph

from ghsync_core import Syncer
from ghsync_core.cli.main import main
from ghsync_plugins.questions.json_lines import JsonLines

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # it warns of its own calls

FORMATS = ("turtle", "nquads", "jsonld", "graphml", "jsonl")
FILES = {
    "logseq/config.edn": "{}",
    "pages/Water.md": 'alias:: Aitch two O\nquote:: "x" \\ y\n\n- [[Zürich]] #wet\n- [[Soil \U0001f331]] & <b>\n',
    "pages/A B.md": "- [[Water]] [[Aitch two O]]\n",
    "pages/Odd.md": "note:: a\x0bb\x01c\n\n- x\n",
    "onto.ttl": """@prefix : <https://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:A a owl:Class ; rdfs:label "A" ; rdfs:comment "two\\nlines" ; rdfs:subClassOf :B .
:p a owl:ObjectProperty, owl:FunctionalProperty ; rdfs:domain :A . :x a :A, owl:NamedIndividual .
:A owl:equivalentClass [ owl:unionOf (:B :C) ] .
""",
}


def sync(folder: Path, to: Path, files: dict[str, str] | None = None) -> None:
    for path, text in (files or {}).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    Syncer(folder, to=f"sqlite:{to}", name=f"octo/{folder.name}", max_delete="100%").run()


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    sync(tmp_path / "garden", tmp_path / "ghsync.db", FILES)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "ghsync.db"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["export", *arguments])


def export(form: str, *arguments: str) -> str:
    done = run("--format", form, *arguments)
    assert (done.exit_code, done.stderr) == (0, ""), done.output
    return done.stdout


def query(sql: str) -> list[dict[str, Any]]:
    return json.loads(CliRunner().invoke(main, ["query", "--json", sql]).stdout)


def test_rdf_reads_alike_in_every_format_by_rdflib_and_oxigraph(store: Path) -> None:
    turtle = Graph().parse(data=export("turtle"), format="turtle")
    quads = Dataset(default_union=True).parse(data=export("nquads"), format="nquads")
    jsonld = Graph().parse(data=export("jsonld"), format="json-ld")
    plain = {triple for triple in turtle if "properties" not in triple[1]}
    assert plain == {triple[:3] for triple in quads.triples((None, None, None)) if "properties" not in triple[1]}
    assert plain == {triple for triple in jsonld if "properties" not in triple[1]}
    assert len(plain) > 30
    found = list(pyoxigraph.parse(io.BytesIO(export("turtle").encode()), pyoxigraph.RdfFormat.TURTLE))
    assert len({(each.subject, each.predicate, each.object) for each in found}) == len(turtle)


def test_the_quads_tell_the_file_of_each_statement(store: Path) -> None:
    quads = Dataset().parse(data=export("nquads"), format="nquads")
    ask = "SELECT ?g WHERE { GRAPH ?g { ?s <urn:ghsync:edge:link> <https://github.com/octo/garden/#page:water> } }"
    assert {str(row[0]) for row in quads.query(ask)} == {"https://github.com/octo/garden/blob/HEAD/pages/A%20B.md"}


def test_owl_is_said_as_owl_and_what_is_no_triple_as_text(store: Path) -> None:
    graph = Graph().parse(data=export("turtle"), format="turtle")
    ask = """PREFIX : <https://example.org/> PREFIX owl: <http://www.w3.org/2002/07/owl#>
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    ASK { :A a owl:Class ; rdfs:subClassOf :B ; rdfs:comment "two\\nlines" . :x a :A .
          :p a owl:ObjectProperty, owl:FunctionalProperty ; rdfs:domain :A .
          :A <urn:ghsync:axiom> ?text . FILTER(CONTAINS(?text, "ObjectUnionOf")) }"""
    assert graph.query(ask).askAnswer


def test_graphml_is_the_graph_to_networkx(store: Path) -> None:
    graph = networkx.parse_graphml(export("graphml"))
    assert graph.is_directed()
    assert set(graph) == {row["id"] for row in query("SELECT id FROM nodes")}
    rows = query("SELECT from_id, to_id, type, line FROM edges")
    edges = Counter((start, end, data["type"]) for start, end, data in graph.edges(data=True))
    assert edges == Counter((row["from_id"], row["to_id"], row["type"]) for row in rows)
    assert graph.nodes["page:water"]["label"] == "Water"
    assert json.loads(graph.nodes["page:water"]["properties"])["quote"] == '"x" \\ y'


def test_json_lines_are_the_rows(store: Path) -> None:
    rows = [json.loads(line) for line in export("jsonl").splitlines()]
    for view in ("files", "nodes", "edges", "classes", "properties", "axioms"):
        assert sum(row["view"] == view for row in rows) == query(f"SELECT count(*) AS n FROM {view}")[0]["n"]
    water = next(row for row in rows if row.get("id") == "page:water")
    assert water["properties"]["alias"] == "Aitch two O"


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_graph_gives_the_same_bytes_whatever_came_before(store: Path, tmp_path: Path, form: str) -> None:
    whole = export(form)
    changed = {**FILES, "pages/Water.md": "- nothing\n", "pages/New.md": "- [[Water]]\n"}
    shutil.copytree(tmp_path / "garden", tmp_path / "kept")
    other = tmp_path / "other.db"
    sync(tmp_path / "garden", other, changed)
    (tmp_path / "garden/pages/New.md").unlink()
    sync(tmp_path / "garden", other, FILES)
    assert export(form, "--to", "sqlite:other.db") == whole


@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_graph_is_a_file_without_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    sync(tmp_path / "empty", tmp_path / "ghsync.db")
    text = export(form)
    if form == "graphml":
        assert len(networkx.parse_graphml(text)) == 0
    elif form != "jsonl":
        parsed = Dataset().parse(data=text, format={"jsonld": "json-ld"}.get(form, form))
        assert len(parsed) == 0


def test_several_sources_stay_apart(store: Path, tmp_path: Path) -> None:
    sync(tmp_path / "other", store, {"logseq/config.edn": "{}", "pages/Water.md": "- [[Else]]\n"})
    graph = networkx.parse_graphml(export("graphml"))
    assert {"octo/garden page:water", "octo/other page:water"} <= set(graph)
    only = networkx.parse_graphml(export("graphml", "octo/other"))
    assert set(only) == {"page:water", "page:else"}
    text = export("nquads")
    assert text.count("https://github.com/octo/other/#page:water> <http://www.w3.org/2000/01/rdf-schema#label>") == 1


@pytest.mark.parametrize(
    ("name", "begin"), [("x.nq", "<"), ("x.ttl", "@prefix"), ("x.jsonld", "{"), ("x.graphml", "<?xml"), ("x", "@pre")]
)
def test_the_suffix_chooses_the_format(store: Path, tmp_path: Path, name: str, begin: str) -> None:
    assert run("-o", name).exit_code == 0
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(begin)
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def test_a_suffix_of_no_format_is_wrong_usage_unless_the_format_is_given(store: Path, tmp_path: Path) -> None:
    done = run("-o", "x.gexf")
    assert done.exit_code == 2
    assert "no format has the suffix '.gexf'" in done.stderr
    assert not (tmp_path / "x.gexf").exists()
    assert run("-o", "x.gexf", "--format", "nquads").exit_code == 0


@pytest.mark.parametrize("output", ["missing/x.nq", "garden"])
def test_a_file_that_can_t_be_written_is_told_and_nothing_is_left(store: Path, tmp_path: Path, output: str) -> None:
    before = sorted(tmp_path.rglob("*"))
    done = run("-o", output)
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"{output} can't be written" in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_an_exporter_that_raises_is_named_and_nothing_is_left(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def texts(self: JsonLines, reader: object, sources: object) -> Iterator[str]:
        yield "{}\n"
        raise ValueError("on purpose")

    monkeypatch.setattr(JsonLines, "texts", texts)
    before = sorted(tmp_path.rglob("*"))
    done = run("--format", "jsonl", "-o", "x.jsonl")
    assert done.exit_code == 1
    assert "the exporter jsonl raised ValueError: on purpose" in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_a_file_keeps_its_mode_and_a_pipe_is_written_to(store: Path, tmp_path: Path) -> None:
    (tmp_path / "x.nq").write_text("old")
    (tmp_path / "x.nq").chmod(0o640)
    assert run("-o", "x.nq").exit_code == 0
    assert (tmp_path / "x.nq").stat().st_mode & 0o777 == 0o640
    assert run("-o", os.devnull).exit_code == 0


def test_wrong_names_are_wrong_usage(store: Path) -> None:
    assert run("--format", "gexf").exit_code == 2
    assert run("octo/nobody").exit_code == 2
