"""The SQLite store by itself: files that are not for us, reading only, forgetting, provenance."""

from __future__ import annotations

import sqlite3

import pytest
from support.toy import graph, rows, sync, write_tree

from ghsync_core import StoreError, StoreMissing, UsageError
from ghsync_core.views import COLUMNS
from ghsync_plugins.backends.sqlite import SqliteBackend
from ghsync_plugins.backends.sqlite.schema import VERSION


@pytest.fixture
def database(tmp_path):
    return tmp_path / "graph.db"


def open_store(path, create=False):
    return SqliteBackend().open(f"sqlite:{path}", {}, create=create)


def test_another_programs_database_is_left_alone(tmp_path, database):
    connection = sqlite3.connect(database)
    connection.execute("CREATE TABLE bookmarks (url)")
    connection.close()
    before = database.read_bytes()
    with pytest.raises(StoreError, match="another program's database"):
        sync(write_tree(tmp_path / "source", {"a.toy": ""}), database)
    assert database.read_bytes() == before


def test_a_file_that_is_no_database_is_left_alone(tmp_path, database):
    database.write_text("dear diary\n" * 100)
    with pytest.raises(StoreError, match="no SQLite database"):
        sync(write_tree(tmp_path / "source", {"a.toy": ""}), database)
    assert database.read_text().startswith("dear diary")


def test_a_newer_schema_is_left_alone(tmp_path, database):
    folder = write_tree(tmp_path / "source", {"a.toy": ""})
    sync(folder, database)
    connection = sqlite3.connect(database)
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    with pytest.raises(StoreError, match="newer ghsync"):
        sync(folder, database)


def test_a_missing_folder_is_told_and_not_made(tmp_path):
    with pytest.raises(StoreError, match="does not exist"):
        sync(write_tree(tmp_path / "source", {"a.toy": ""}), tmp_path / "missing" / "graph.db")
    assert not (tmp_path / "missing").exists()


def test_a_folder_is_no_database(tmp_path):
    with pytest.raises(StoreError, match="is a folder"):
        open_store(tmp_path)


def test_an_empty_address_is_wrong_usage():
    with pytest.raises(UsageError, match="names no file"):
        open_store("")


def test_a_missing_store_is_not_made_to_be_read(database):
    with pytest.raises(StoreMissing):
        open_store(database)
    assert not database.exists()


def test_a_full_disk_is_told_and_loses_nothing(tmp_path, database, monkeypatch):
    folder = write_tree(tmp_path / "source", {"a.toy": "-> b"})
    sync(folder, database)
    before = graph(database)
    pages = int(sqlite3.connect(database).execute("PRAGMA page_count").fetchone()[0])
    connect = sqlite3.connect

    def connect_small(*args, **kwargs):
        connection = connect(*args, **kwargs)
        connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    monkeypatch.setattr(sqlite3, "connect", connect_small)
    write_tree(folder, {"a.toy": "-> c", **{f"{n}.toy": f"title {n}\nset big " + "x" * 9000 for n in range(50)}})
    with pytest.raises(StoreError, match="disk is full"):
        sync(folder, database)
    monkeypatch.undo()
    assert graph(database) == before
    assert sync(folder, database).status == "complete"


def test_a_read_only_file_is_told(tmp_path, database, monkeypatch):
    folder = write_tree(tmp_path / "source", {"a.toy": "-> b"})
    sync(folder, database)
    connect = sqlite3.connect

    def connect_read_only(path, **kwargs):
        return connect(f"file:{path}?mode=ro", uri=True, **kwargs)

    monkeypatch.setattr(sqlite3, "connect", connect_read_only)  # root may write anything, so permissions can't be tried
    with pytest.raises(StoreError, match="may not be written"):
        sync(write_tree(folder, {"a.toy": "-> c"}), database)


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM files_",
        "DROP VIEW nodes",
        "PRAGMA user_version = 9",
        "ATTACH ':memory:' AS other",
        "INSERT INTO meta VALUES ('a', 'b')",
        "WITH x AS (SELECT 1) DELETE FROM sources",
        "SELECT load_extension('x')",
        "SELECT 1; SELECT 2",
        "SELEC",
        "",
        "-- nothing",
    ],
)
def test_a_query_that_does_more_than_read_is_refused(tmp_path, database, query):
    sync(write_tree(tmp_path / "source", {"a.toy": "-> b"}), database)
    before = database.read_bytes()
    reader = open_store(database).reader()
    with pytest.raises(UsageError):
        list(reader.query(query)[1])
    reader.close()
    assert database.read_bytes() == before


def test_a_query_reads_the_views(tmp_path, database):
    sync(write_tree(tmp_path / "source", {"a.toy": "\n-> b\n-> b"}), database)
    reader = open_store(database).reader()
    columns, found = reader.query("SELECT from_id, to_id, path, line, count FROM edges")
    assert columns == ["from_id", "to_id", "path", "line", "count"]
    assert list(found) == [("page:a", "page:b", "a.toy", 2, 2)]
    assert [row["id"] for row in reader.rows("nodes")] == ["page:a", "page:b"]
    with pytest.raises(UsageError, match="no view"):
        list(reader.rows("files_"))
    reader.close()


def test_rows_are_chosen_by_their_columns_and_come_in_order_where_that_is_asked_for(tmp_path, database):
    sync(write_tree(tmp_path / "source", {"b.toy": "-> a\n-> c", "a.toy": "-> b"}), database)
    reader = open_store(database).reader()
    edges = [(row["from_id"], row["to_id"]) for row in reader.rows("edges", ordered=True)]
    assert edges == [("page:a", "page:b"), ("page:b", "page:a"), ("page:b", "page:c")]
    to_c = list(reader.rows("edges", where={"to_id": "page:c", "path": "b.toy"}))
    assert [row["from_id"] for row in to_c] == ["page:b"]
    assert [row["id"] for row in reader.rows("nodes", where={"path": None})] == ["page:c"]
    for column in ("nothing", "properties"):
        with pytest.raises(UsageError, match=column):
            list(reader.rows("nodes", where={column: "x"}))
    reader.close()


def test_a_query_that_takes_too_long_is_stopped(tmp_path, database):
    sync(write_tree(tmp_path / "source", {"a.toy": "-> b"}), database)
    reader = open_store(database).reader()
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    with pytest.raises(UsageError, match=r"longer than 0\.05 seconds"):
        list(reader.query(endless, seconds=0.05)[1])
    assert list(reader.query("SELECT 1")[1]) == [(1,)]
    reader.close()


def test_forgetting_a_source_takes_out_all_of_it_and_nothing_else(tmp_path, database):
    one = write_tree(tmp_path / "one", {"a.toy": "-> b\nclass urn:A\nsub urn:A b\nalias x\nwarn", "bad.toy": "bad"})
    two = write_tree(tmp_path / "two", {"a.toy": "-> b\nclass urn:A\nsub urn:A b\nalias x"})
    sync(two, database)
    before = {view: rows(database, view) for view in COLUMNS}
    sync(one, database)
    store = open_store(database)
    assert store.forget(str(one)) == 2
    with pytest.raises(UsageError, match="no source"):
        store.forget(str(one))
    assert {view: rows(database, view) for view in COLUMNS} == before
    owned = store._connection.execute("SELECT count(*) FROM targets").fetchone()
    assert owned == (4,)  # the page a and its link to b, the class and its parent b
    store.close()


def test_the_database_is_in_wal_mode_and_marked_as_ours(tmp_path, database):
    sync(write_tree(tmp_path / "source", {"a.toy": ""}), database)
    connection = sqlite3.connect(database)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def test_the_first_sayer_fills_each_column_and_lists_are_joined(tmp_path, database):
    files = {
        "b.toy": "class urn:X\nsame urn:X urn:Y",
        "a.toy": "sub urn:Z X",
        "c.toy": "title X\nclass urn:X\nsame urn:Y urn:X\nsub urn:Z X",
    }
    sync(write_tree(tmp_path / "source", files), database)
    (row,) = rows(database, "classes")
    assert (row["label"], row["path"], row["line"], row["annotations"]) == ("b", "b.toy", 1, '{"from":["b","c"]}')
    equivalent, sub = rows(database, "axioms")
    assert (equivalent["text"], equivalent["path"]) == ("EquivalentClasses(<urn:X> <urn:Y>)", "b.toy")
    assert (equivalent["subject"], equivalent["object"]) == ("urn:X", "urn:Y")
    assert (sub["text"], sub["path"]) == ("SubClassOf(<urn:Z> <urn:X>)", "a.toy")
    assert sub["annotations"] == '{"in":["a","c"]}'


def test_a_stub_is_spelled_as_by_the_first_who_names_it(tmp_path, database):
    folder = tmp_path / "source"
    sync(write_tree(folder, {"b.toy": "-> later", "a.toy": "-> LATER"}), database)
    assert [row["label"] for row in rows(database, "nodes") if row["kind"] == "stub"] == ["LATER"]
    sync(write_tree(folder, {"b.toy": "-> later"}), database)
    assert [row["label"] for row in rows(database, "nodes") if row["kind"] == "stub"] == ["later"]
    sync(write_tree(folder, {"b.toy": ""}), database)
    assert [row["kind"] for row in rows(database, "nodes")] == ["page"]


def test_an_alias_that_moves_takes_its_links_along(tmp_path, database):
    folder = tmp_path / "source"
    sync(write_tree(folder, {"a.toy": "alias x", "b.toy": "", "c.toy": "-> x"}), database)
    assert [row["to_id"] for row in rows(database, "edges")] == ["page:a"]
    sync(write_tree(folder, {"a.toy": "", "b.toy": "alias x", "c.toy": "-> x"}), database)
    assert [row["to_id"] for row in rows(database, "edges")] == ["page:b"]
    sync(write_tree(folder, {"a.toy": "", "b.toy": "alias x", "c.toy": "-> x", "x.toy": ""}), database)
    assert [(row["to_id"], row["name"]) for row in rows(database, "edges")] == [("page:x", "x")]
