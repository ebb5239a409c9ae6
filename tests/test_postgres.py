"""The PostgreSQL store by itself: what it is told by, whom it leaves alone, and how it is held."""

from __future__ import annotations

import sys
from contextlib import closing

import psycopg
import pytest
from support.documents import ROOT
from support.postgres import graph_in, opened, sync_into
from support.toy import ToyPlugin, graph, sync, write_tree

from ghsync_core import PluginError, StoreError, StoreLocked, StoreMissing, Syncer, UsageError
from ghsync_core.digest import digest
from ghsync_plugins.backends.postgres import PostgresBackend, connection, install
from ghsync_plugins.backends.postgres.schema import VERSION

PAGES = {f"{number}.toy": f"-> {number + 1}\nclass urn:{number % 3}\ntag T" for number in range(12)}


@pytest.fixture
def folder(tmp_path):
    return write_tree(tmp_path / "source", PAGES)


def base_of(url):
    return url.rpartition("/")[2]


# --- the same as SQLite ---


def test_a_sync_gives_the_graph_that_sqlite_gives(tmp_path, folder, postgres):
    url, database = postgres(), tmp_path / "graph.db"
    for pages in (PAGES, {**PAGES, "3.toy": "alias 4\nset k v", "5.toy": "title 6"}, {"a.toy": "-> b"}):
        write_tree(folder, pages)
        sync(folder, database, max_delete="100%")
        sync_into(folder, url, max_delete="100%")
        assert graph_in(url) == graph(database)


def test_the_garden_has_the_digest_that_it_has_in_sqlite(tmp_path, postgres):
    digests = []
    for to in (postgres(), f"sqlite:{tmp_path / 'garden.db'}"):
        syncer = Syncer(ROOT / "examples/garden", to=to, name="garden", settings={})
        syncer.run()
        backend = syncer.place.registry.backend_for(to)
        with closing(backend.open(to, {}, create=False)) as store, closing(store.reader()) as reader:
            digests.append(digest(reader, "garden"))
    assert digests[0] == digests[1]
    assert digests[0].views["edges"].rows > 100


def test_what_no_b_tree_holds_is_stored(tmp_path, postgres):
    url = postgres()
    long = "".join(chr(0x4E00 + number) for number in range(9000))
    pages = {"a.toy": f"title {long}\nclass urn:{long}\nsub urn:{long} {long}y\n-> {long}x", "b.toy": f"-> {long}"}
    folder = write_tree(tmp_path / "source", pages)
    assert sync_into(folder, url).failed_files == 0
    sync(folder, tmp_path / "graph.db")
    assert graph_in(url) == graph(tmp_path / "graph.db")


# --- its address ---


def test_a_store_is_chosen_by_plugin_and_environment(folder, postgres, monkeypatch):
    url = postgres()
    monkeypatch.setenv("GHSYNC_POSTGRES_URL", url)
    assert Syncer(folder, plugins=["postgres", ToyPlugin()]).run().status == "complete"
    assert len(graph_in(url)["classes"]) == 3


def test_an_address_that_names_nothing_is_wrong_usage():
    with pytest.raises(UsageError, match="GHSYNC_POSTGRES_URL"):
        opened("postgresql:")


@pytest.mark.parametrize("url", ["postgresql://me:s3cret@h/d?x=y", "postgres:x"])
def test_an_address_that_cannot_be_read_is_told_without_the_password(url):
    with pytest.raises(UsageError, match="can't be read") as raised:
        opened(url)
    assert "s3cret" not in f"{raised.value!r} {raised.value.__cause__!r}"


def test_a_missing_driver_is_told_with_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(PluginError, match=r"pip install 'ghsync\[postgres\]'"):
        opened("postgresql://host/database")


def test_no_file_of_this_machine_belongs_to_it():
    assert PostgresBackend().files("postgresql://host/database") == []


# --- whose schema it is ---


def test_a_missing_store_is_not_made_to_be_read(postgres, postgres_server):
    url = postgres()
    with pytest.raises(StoreMissing):
        opened(url)
    assert postgres_server.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'ghsync'", base_of(url)) == []


@pytest.mark.parametrize("table", ["bookmarks (url TEXT)", "meta (key TEXT, value TEXT)", "meta (x TEXT)"])
def test_another_programs_schema_is_left_alone(folder, postgres, postgres_server, table):
    url = postgres()
    postgres_server.execute(f"CREATE SCHEMA ghsync CREATE TABLE {table}", base_of(url))
    with pytest.raises(StoreError, match="another program's"):
        sync_into(folder, url)
    tables = postgres_server.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'ghsync'", base_of(url))
    assert tables == [(1,)]


def test_an_empty_schema_is_taken(folder, postgres, postgres_server):
    url = postgres()
    postgres_server.execute("CREATE SCHEMA ghsync", base_of(url))
    assert sync_into(folder, url).status == "complete"


def test_a_newer_schema_is_left_alone(folder, postgres, postgres_server):
    url = postgres()
    sync_into(folder, url)
    postgres_server.execute(f"UPDATE ghsync.meta SET value = '{VERSION + 1}' WHERE key = 'version'", base_of(url))
    with pytest.raises(StoreError, match="newer ghsync"):
        sync_into(folder, url)


def test_an_older_schema_is_brought_up_to_date_by_a_sync(folder, postgres, monkeypatch):
    url = postgres()
    sync_into(folder, url)
    monkeypatch.setattr(install, "MIGRATIONS", (*install.MIGRATIONS, "CREATE TABLE later (x INTEGER)"))
    monkeypatch.setattr(install, "VERSION", VERSION + 1)
    with closing(opened(url)) as store, pytest.raises(StoreError, match="older ghsync"):
        store.reader()
    sync_into(folder, url)
    with closing(opened(url)) as store, closing(store.reader()) as reader:
        assert list(reader.query("SELECT * FROM later")[1]) == []


def test_an_older_server_is_told(postgres, monkeypatch):
    monkeypatch.setattr(connection, "OLDEST", 99)
    with pytest.raises(StoreError, match="ghsync needs 99 or newer"):
        opened(postgres(), create=True)


# --- who holds it ---


def test_a_second_sync_is_told_who_holds_the_store(folder, postgres):
    url = postgres()
    with closing(opened(url, create=True)) as store, store.lock("sync of a garden", 0):
        with pytest.raises(StoreLocked, match=r"sync of a garden \(process"):
            sync_into(folder, url)
        with pytest.raises(StoreLocked), closing(opened(url)) as other, other.lock("another", 0.3):
            pytest.fail("there are two holders")
    assert sync_into(folder, url).status == "complete"


def test_the_lock_is_free_as_soon_as_it_is_given_back(postgres):
    url = postgres()
    held = """SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
        WHERE l.locktype = 'advisory' AND d.datname = current_database()"""
    with closing(opened(url, create=True)) as store, closing(psycopg.connect(url, autocommit=True)) as watching:
        for turn in range(30):  # a server takes its time to notice that a connection was closed
            with store.lock(f"turn {turn}", 0):
                assert watching.execute(held).fetchone() == (1,)
            assert watching.execute(held).fetchone() == (0,)


def test_the_lock_dies_with_its_holder(folder, postgres, postgres_server):
    url = postgres()
    with closing(opened(url, create=True)) as store, store.lock("the dead", 0):
        killed = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
        postgres_server.execute(killed)
        assert sync_into(folder, url, settings={"wait": 10}).status == "complete"
        # Whoever was taken for dead writes no more.
        with pytest.raises(StoreError, match="another sync took over"):
            store.writer("s", None).delete(["x"])


def test_whoever_loses_the_lock_and_gets_it_back_goes_on(folder, postgres, postgres_server):
    url = postgres()
    with closing(opened(url, create=True)) as store, store.lock("the living", 0):
        postgres_server.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
        store.writer("s", None).delete(["x"])
        with pytest.raises(StoreLocked, match="the living"):
            sync_into(folder, url)


# --- under a pooler ---


def test_nothing_is_kept_in_a_session(tmp_path, folder, postgres, monkeypatch):
    """As under a pooler that gives each transaction another session."""
    url, database = postgres(), tmp_path / "graph.db"
    execute = psycopg.Connection.execute

    def execute_in_new_session(self, query, *args, **kwargs):
        if isinstance(query, str) and query.startswith("BEGIN"):
            execute(self, "DISCARD ALL")
        return execute(self, query, *args, **kwargs)

    monkeypatch.setattr(psycopg.Connection, "execute", execute_in_new_session)
    for pages in (PAGES, {**PAGES, "1.toy": "alias x\n-> y"}):
        write_tree(folder, pages)
        sync_into(folder, url)
        sync(folder, database)
        assert graph_in(url) == graph(database)


def test_a_settle_without_its_record_is_undone(folder, postgres, postgres_server):
    url = postgres()
    sync_into(folder, url)
    with closing(opened(url)) as store:
        with store.lock("a run that breaks off", 0):
            source = store.find_source(location=str(folder)).name
            writer = store.writer(source, None)
            writer.delete(["1.toy"])
            writer.settle()
        assert not store.find_source(name=source).clean
    unsettled = postgres_server.execute("SELECT unsettled FROM ghsync.sources", base_of(url))
    assert unsettled == [(1,)]
    assert sync_into(folder, url).status == "complete"


# --- forgetting ---


def test_forgetting_a_source_leaves_nothing_of_it_and_all_of_the_others(tmp_path, folder, postgres, postgres_server):
    url = postgres()
    other = write_tree(tmp_path / "other", {"o.toy": "-> 1\nclass urn:1"})
    sync_into(other, url, name="other")
    before = rows_of_tables(postgres_server, url)
    alone = graph_in(url)
    sync_into(folder, url, name="pages")
    with closing(opened(url)) as store, store.lock("forget", 0):
        assert store.forget("pages") == len(PAGES)
        with pytest.raises(UsageError, match=r"no source 'pages'.* holds: other"):
            store.forget("pages")
    assert rows_of_tables(postgres_server, url) == before
    assert graph_in(url) == alone


def rows_of_tables(server, url):
    tables = server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'ghsync'", base_of(url))
    counts = {table: server.execute(f"SELECT count(*) FROM ghsync.{table}", base_of(url)) for (table,) in tables}
    return {table: rows for table, rows in counts.items() if table != "edge_types"}
