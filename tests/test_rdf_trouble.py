"""RDF stores asked in SPARQL, and what goes wrong with them: each is said in a sentence."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from support.stores import all_rows
from support.toy import ToyPlugin, write_tree

from ghsync_core import Store, StoreError, StoreLocked, StoreMissing, Syncer, UsageError
from ghsync_plugins.backends.rdf import RdfBackend

HOLD = """
import sys
from pyoxigraph import Store
store = Store(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""
EDGES = "PREFIX e: <urn:ghsync:edge:> SELECT ?from ?to { ?from e:link ?to } ORDER BY ?from"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return write_tree(tmp_path / "notes", {"bean.toy": "-> Soil", "soil.toy": "", "pea.toy": "-> Bean"})


def sync(notes: Path, to: object, **options: Any) -> None:
    Syncer(notes, to=f"rdf:{to}", name="octo/notes", plugins=[ToyPlugin()], **options).run()


def opened(to: object, *, create: bool = False) -> Store:
    return RdfBackend().open(f"rdf:{to}", {}, create=create)


@pytest.mark.parametrize("store", ["graph.nq", "graph.trig.gz", "folder/"])
def test_edges_are_triples_and_their_file_is_their_graph(notes: Path, tmp_path: Path, store: str) -> None:
    sync(notes, f"{tmp_path}/{store}")
    base = "https://github.com/octo/notes/"
    with closing(opened(f"{tmp_path}/{store}")) as held, closing(held.reader()) as reader:
        columns, rows = reader.query(EDGES, seconds=60)
        found = list(rows)
        _, graphs = reader.query(f"SELECT ?g {{ GRAPH ?g {{ ?a <urn:ghsync:edge:link> <{base}#page:soil> }} }}")
        assert list(graphs) == [(f"{base}blob/HEAD/bean.toy",)]
        assert list(reader.query("ASK { ?s ?p ?o }")[1]) == [(True,)]
        assert len(list(reader.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")[1])) > 20
    assert list(columns) == ["from", "to"]
    assert found == [(f"{base}#page:bean", f"{base}#page:soil"), (f"{base}#page:pea", f"{base}#page:bean")]


def test_a_query_that_is_none_or_would_write_is_refused(notes: Path, tmp_path: Path) -> None:
    sync(notes, tmp_path / "graph.nq")
    with closing(opened(tmp_path / "graph.nq")) as held, closing(held.reader()) as reader:
        for text in ("SELECT nonsense", "DELETE WHERE { ?s ?p ?o }", ""):
            with pytest.raises(UsageError, match="It must be SPARQL; queries only read"):
                reader.query(text)


def test_a_file_that_changes_gets_its_graph_alone_replaced(notes: Path, tmp_path: Path) -> None:
    from pyoxigraph import NamedNode, Quad
    from pyoxigraph import Store as Oxigraph

    sync(notes, f"{tmp_path}/folder/")
    graph = NamedNode("https://github.com/octo/notes/blob/HEAD/soil.toy")
    foreign = [Quad(graph, graph, graph, each) for each in (graph, NamedNode("http://example.org/mine"))]
    oxigraph = Oxigraph(str(tmp_path / "folder"))
    oxigraph.extend(foreign)
    del oxigraph
    sync(
        write_tree(notes, {"bean.toy": "-> Soil\n-> Pea", "soil.toy": "", "pea.toy": "-> Bean"}), f"{tmp_path}/folder/"
    )
    oxigraph = Oxigraph(str(tmp_path / "folder"))
    assert all(quad in oxigraph for quad in foreign)  # what wasn't touched was not written again
    del oxigraph
    (tmp_path / "folder/ghsync.db").unlink()
    sync(notes, f"{tmp_path}/folder/", full=True)
    assert foreign[1] in Oxigraph(str(tmp_path / "folder"))  # nor is what is not ours taken out


def test_a_folder_that_another_program_has_open_is_not_synced(notes: Path, tmp_path: Path) -> None:
    sync(notes, f"{tmp_path}/folder/")
    command = [sys.executable, "-c", HOLD, str(tmp_path / "folder")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(StoreLocked, match="is open in another program; Oxigraph lets only one in"):
            sync(notes, f"{tmp_path}/folder/", full=True)
        with closing(opened(f"{tmp_path}/folder/")) as held:
            with closing(held.reader()) as reader:  # who only reads may do so beside one who only reads
                assert len(list(reader.rows("files"))) == 3
            with FileLock(f"{tmp_path}/folder/ghsync.db.lock"), pytest.raises(StoreLocked, match="is being synced"):
                held.reader()
        holder.communicate()


def test_a_file_that_was_edited_is_told_and_mended_by_the_next_change(notes: Path, tmp_path: Path) -> None:
    sync(notes, tmp_path / "graph.nq")
    good = all_rows(f"rdf:{tmp_path}/graph.nq")
    (tmp_path / "graph.nq").write_text("no quads\n")
    with closing(opened(tmp_path / "graph.nq")) as held, pytest.raises(StoreError, match="is damaged or was edited"):
        held.reader()
    sync(notes, tmp_path / "graph.nq")
    assert {**all_rows(f"rdf:{tmp_path}/graph.nq"), "runs": []} == {**good, "runs": []}


def test_a_file_that_is_gone_is_told_and_written_again(notes: Path, tmp_path: Path) -> None:
    sync(notes, tmp_path / "graph.nq")
    before = (tmp_path / "graph.nq").read_text().splitlines()[1:]
    (tmp_path / "graph.nq").unlink()
    with closing(opened(tmp_path / "graph.nq")) as held, pytest.raises(StoreMissing, match=r"is gone\. Any sync"):
        held.reader()
    sync(notes, tmp_path / "graph.nq")
    assert (tmp_path / "graph.nq").read_text().splitlines()[1:] == before


def test_an_unchanged_run_leaves_the_file_alone(notes: Path, tmp_path: Path) -> None:
    sync(notes, tmp_path / "graph.nq.gz")
    before = (tmp_path / "graph.nq.gz").stat()
    sync(notes, tmp_path / "graph.nq.gz")
    after = (tmp_path / "graph.nq.gz").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert [row["status"] for row in all_rows(f"rdf:{tmp_path}/graph.nq.gz")["runs"]] == ["complete", "unchanged"]


@pytest.mark.parametrize("url", ["rdf:", "rdf:graph.ttl", "rdf:.nq", "rdf:graph"])
def test_an_address_that_names_no_store_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match=r"names no store: write rdf:NAME\.nq"):
        RdfBackend().open(url, {}, create=True)


def test_a_store_that_was_never_synced_is_missing(tmp_path: Path) -> None:
    for name in ("graph.nq", "folder/"):
        with pytest.raises(StoreMissing, match="does not exist yet"):
            opened(f"{tmp_path}/{name}")
    assert list(tmp_path.iterdir()) == []


def test_a_store_inside_the_source_is_not_read(notes: Path) -> None:
    for to in (notes / "graph.nq", f"{notes}/folder/"):
        sync(notes, to)
        sync(notes, to)
        stored = {row["path"] for row in all_rows(f"rdf:{to}")["files"]}
        assert not {path for path in stored if path.startswith(Path(str(to)).name)}
