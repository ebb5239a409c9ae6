"""RDF stores asked in SPARQL, and what goes wrong with them: each is said in a sentence."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
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
store.optimize()
print("open", flush=True)
sys.stdin.read()
"""
EDGES = "PREFIX e: <urn:ghsync:edge:> SELECT ?from ?to { ?from e:link ?to } ORDER BY ?from"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return write_tree(tmp_path / "notes", {"bean.toy": "-> Soil", "soil.toy": "", "pea.toy": "-> Bean"})


def sync(notes: Path, to: object, **options: Any) -> None:
    Syncer(notes, to=f"rdf:{to}", name="octo/notes", plugins=[ToyPlugin()], **options).run()


@contextmanager
def open_elsewhere(folder: Path) -> Iterator[None]:
    """While another program has the store in *folder* open."""
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        yield
        holder.communicate()


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


ELSEWHERE = [
    "{ SERVICE <U> { ?a ?b ?c } }",
    "{ ?s ?p 1.service silent<U>{ ?a ?b ?c } }",
    "{ VALUES ?g { <U> } SERVICE # 'text' {\n ?g { ?a ?b ?c } }",
    "{ ?s ?p ?o FILTER(1<2&&EXISTS{SERVICE<U>{?a ?b ?c}}) }",
    "{ ?s ?p ?o FILTER(?o<#>'''\n1) SERVICE s:x { ?a ?b ?c } #'''\n }",
    "{ OPTIONAL { ?x s:a\\' ?y } SERVICE <U> { ?a ?b ?c } OPTIONAL { ?x s:a\\' ?y } }",
]


@pytest.mark.parametrize("pattern", ELSEWHERE)
def test_a_query_asks_no_other_server(notes: Path, tmp_path: Path, pattern: str) -> None:
    sync(notes, tmp_path / "graph.nq")
    text = f"PREFIX s: <http://127.0.0.1:9/> SELECT * {pattern}".replace("<U>", "<http://127.0.0.1:9/>")
    with (
        closing(opened(tmp_path / "graph.nq")) as held,
        closing(held.reader()) as reader,
        pytest.raises(UsageError, match="SERVICE would ask another server"),
    ):
        reader.query(text, seconds=60)


def test_the_word_for_it_may_be_a_name_or_a_text(notes: Path, tmp_path: Path) -> None:
    text = 'PREFIX x: <urn:> SELECT ?service { ?s x:service ?service, "at your service <urn:x>" # service <urn:x>\n }'
    sync(notes, tmp_path / "graph.nq")
    with closing(opened(tmp_path / "graph.nq")) as held, closing(held.reader()) as reader:
        assert list(reader.query(text)[1]) == []


def test_from_says_which_graphs_a_query_is_about(notes: Path, tmp_path: Path) -> None:
    sync(notes, tmp_path / "graph.nq")
    bean, links = "https://github.com/octo/notes/blob/HEAD/bean.toy", "?from <urn:ghsync:edge:link> ?to"
    with closing(opened(tmp_path / "graph.nq")) as held, closing(held.reader()) as reader:
        for query, count in {
            f"SELECT * {{ {links} }}": 2,
            f"SELECT * FROM <{bean}> {{ {links} }}": 1,
            f"CONSTRUCT {{ {links} }}FROM<{bean}>WHERE {{ {links} }}": 1,
            f"SELECT * FROM <urn:nothing> {{ {links} }}": 0,
            f"SELECT * FROM NAMED <{bean}> {{ GRAPH ?g {{ {links} }} }}": 1,
            f"PREFIX from: <urn:x> SELECT * # from <{bean}>\n {{ {links} FILTER('from' != \"from <x>\") }}": 2,
        }.items():
            assert len(list(reader.query(query)[1])) == count, query


def test_a_query_that_fails_in_its_thread_brings_nothing_of_oxigraph_along(notes: Path, tmp_path: Path) -> None:
    sync(notes, tmp_path / "graph.nq")
    with (
        closing(opened(tmp_path / "graph.nq")) as held,
        closing(held.reader()) as reader,
        pytest.raises(UsageError, match="can't be run") as raised,
    ):
        reader.query("SELECT", seconds=60)
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None


def test_a_folder_of_something_else_is_left_alone(notes: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds other files"):
        sync(notes, f"{notes}/")
    assert sorted(each.name for each in notes.iterdir()) == ["bean.toy", "pea.toy", "soil.toy"]


def test_a_folder_that_oxigraph_made_is_taken(notes: Path, tmp_path: Path) -> None:
    from pyoxigraph import NamedNode, Quad
    from pyoxigraph import Store as Oxigraph

    theirs = Oxigraph(str(tmp_path / "folder"))
    theirs.add(Quad(NamedNode("urn:a"), NamedNode("urn:b"), NamedNode("urn:c"), NamedNode("urn:theirs")))
    theirs.flush()
    del theirs
    sync(notes, f"{tmp_path}/folder/")
    with closing(opened(f"{tmp_path}/folder/")) as held, closing(held.reader()) as reader:
        assert list(reader.query("ASK { GRAPH <urn:theirs> { ?s ?p ?o } }")[1]) == [(True,)]


def test_a_damaged_folder_is_told_as_such(notes: Path, tmp_path: Path) -> None:
    sync(notes, f"{tmp_path}/folder/")
    (tmp_path / "folder/CURRENT").write_text("MANIFEST-nonsense")
    with pytest.raises(StoreError, match="can't be opened as an Oxigraph store"):
        sync(write_tree(notes, {"new.toy": ""}), f"{tmp_path}/folder/")


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
    with open_elsewhere(tmp_path / "folder"):
        with pytest.raises(StoreLocked, match="is open in another program; Oxigraph lets only one in"):
            sync(notes, f"{tmp_path}/folder/", full=True)
        with closing(opened(f"{tmp_path}/folder/")) as held:
            with closing(held.reader()) as reader:  # who only reads may do so beside one who only reads
                assert len(list(reader.rows("files"))) == 3
            with FileLock(f"{tmp_path}/folder/ghsync.db.lock"), pytest.raises(StoreLocked, match="is being synced"):
                held.reader()


def test_a_folder_is_read_while_another_program_puts_it_in_order(notes: Path, tmp_path: Path) -> None:
    sync(notes, f"{tmp_path}/folder/")
    current = tmp_path / "folder/CURRENT"
    with open_elsewhere(tmp_path / "folder"), closing(opened(f"{tmp_path}/folder/")) as held:
        aside = current.rename(tmp_path / "aside")
        with pytest.raises(StoreError, match="can't be opened as an Oxigraph store"):  # gone for good
            held.reader()
        back = threading.Timer(0.3, aside.rename, [current])
        back.start()
        with closing(held.reader()) as reader:  # gone for a moment
            assert len(list(reader.rows("files"))) == 3
        back.join()


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
