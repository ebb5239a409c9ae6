"""What may be wrong with a PostgreSQL server, or between it and us: one sentence each, and nothing stored is lost."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace

import pytest
from support.postgres import graph_in, opened, sync_into
from support.servers.postgres import GUARDED
from support.servers.proxy import proxied
from support.toy import ToyParser, ToyPlugin, graph, sync, write_tree

from ghsync_core import StoreError, Syncer, hookimpl
from ghsync_plugins.backends.postgres import connection

PAGES = {f"{number}.toy": f"-> {number + 1}\nclass urn:{number % 3}\ntag T" for number in range(12)}


@pytest.fixture
def folder(tmp_path):
    return write_tree(tmp_path / "source", PAGES)


def meddled(meddle):
    """The toy format; *meddle* is called before the file ``5.toy`` is parsed, when some others have been stored."""

    class Meddler(ToyPlugin):
        @hookimpl
        def register_parsers(self):
            def parse(_, document):
                if document.path == "5.toy":
                    meddle()
                return ToyParser().parse(document)

            return [type("Parser", (), {"name": "toy", "version": "1", "parse": parse})()]

    return Meddler()


def sync_meddled(folder, url, meddle):
    return Syncer(folder, to=url, plugins=[meddled(meddle)], workers=1).run()


# --- it can't be reached ---


def test_no_server_is_told(folder, postgres_server):
    with proxied(postgres_server.port) as proxy:
        port = proxy.port
    with pytest.raises(StoreError, match="nothing answers there"):
        sync_into(folder, postgres_server.url(port=port))


def test_no_host_is_told(folder):
    with pytest.raises(StoreError, match="the host is not known"):
        sync_into(folder, "postgresql://user@no-such-host.invalid/database")


def test_a_missing_database_is_told(folder, postgres_server, postgres):
    postgres()
    with pytest.raises(StoreError, match="there is no such database"):
        sync_into(folder, postgres_server.url("missing"))


def test_a_missing_user_is_told(folder, postgres_server, postgres):
    postgres()
    with pytest.raises(StoreError, match="there is no such user"):
        sync_into(folder, postgres_server.url(user="nobody"))


@pytest.fixture
def guarded(postgres_server, postgres):
    """The URL of an empty database as a user sees it who needs a password, which is ``s3cret``."""
    database = postgres().rpartition("/")[2]
    postgres_server.execute(f"CREATE ROLE {GUARDED} LOGIN PASSWORD 's3cret'")
    yield postgres_server.url(database, user=GUARDED)
    postgres_server.execute(f"DROP OWNED BY {GUARDED}", database)
    postgres_server.execute(f"DROP ROLE {GUARDED}")


def grant(server, url, what):
    server.execute(f"GRANT {what} TO {GUARDED}", url.rpartition("/")[2])


def test_a_wrong_password_is_told_and_not_shown(folder, guarded, monkeypatch):
    with pytest.raises(StoreError, match="asks for a password"):
        sync_into(folder, guarded)
    monkeypatch.setenv("GHSYNC_POSTGRES_PASSWORD", "wr0ng")
    with pytest.raises(StoreError, match="refuses the password") as raised:
        sync_into(folder, guarded)
    assert "wr0ng" not in str(raised.value)


def test_a_password_comes_from_the_environment_or_the_url(folder, guarded, postgres_server, monkeypatch):
    grant(postgres_server, guarded, f"CREATE ON DATABASE {guarded.rpartition('/')[2]}")
    monkeypatch.setenv("GHSYNC_POSTGRES_PASSWORD", "s3cret")
    assert sync_into(folder, guarded).status == "complete"
    monkeypatch.setenv("GHSYNC_POSTGRES_PASSWORD", "wr0ng")
    assert sync_into(folder, guarded.replace(GUARDED, f"{GUARDED}:s3cret")).status == "unchanged"


def test_missing_rights_are_told(folder, guarded, postgres_server, monkeypatch):
    monkeypatch.setenv("GHSYNC_POSTGRES_PASSWORD", "s3cret")
    with pytest.raises(StoreError, match=r"permission denied for database .*grant what is missing"):
        sync_into(folder, guarded)
    database = guarded.rpartition("/")[2]
    sync_into(folder, postgres_server.url(database))
    grant(postgres_server, guarded, "USAGE ON SCHEMA ghsync")
    grant(postgres_server, guarded, "SELECT ON ALL TABLES IN SCHEMA ghsync")
    assert len(graph_in(guarded)["classes"]) == 3  # reading needs no more
    with pytest.raises(StoreError, match=r"permission denied for table meta.*grant what is missing"):
        sync_into(write_tree(folder, {"a.toy": ""}), guarded)


# --- it goes away ---


def test_a_server_that_goes_down_ends_the_run_and_the_next_one_completes_it(
    tmp_path, folder, postgres, postgres_server
):
    url = postgres()
    try:
        with pytest.raises(StoreError, match=r"what was stored stays stored|nothing answers|shutting down"):
            sync_meddled(folder, url, lambda: postgres_server.stop("fast"))
    finally:
        postgres_server.start()
    stored = {path for path in PAGES if path < "5.toy"}
    assert set(files_in(url)) >= {path for path in stored if len(path) > 5}
    assert sync_into(folder, url).status == "complete"
    sync(folder, tmp_path / "graph.db")
    assert graph_in(url) == graph(tmp_path / "graph.db")


def files_in(url):
    store = opened(url)
    reader = store.reader()
    try:
        return [row["path"] for row in reader.rows("files")]
    finally:
        reader.close()
        store.close()


def test_a_server_that_restarts_meanwhile_is_connected_to_again(folder, postgres, postgres_server):
    url = postgres()

    def restart():
        postgres_server.stop("fast")
        postgres_server.start()

    assert sync_meddled(folder, url, restart).status == "complete"
    assert len(files_in(url)) == len(PAGES)


def test_connections_that_are_cut_are_made_again(folder, postgres, postgres_server):
    url = postgres()
    with proxied(postgres_server.port) as proxy:
        through = url.replace(str(postgres_server.port), str(proxy.port))
        assert sync_meddled(folder, through, proxy.cut).status == "complete"
    assert len(files_in(url)) == len(PAGES)


def test_connections_that_are_cut_while_idle_are_made_again(folder, postgres, postgres_server):
    url = postgres()
    with proxied(postgres_server.port, idle=2) as proxy:
        through = url.replace(str(postgres_server.port), str(proxy.port))

        def wait_for_cut():
            end = time.monotonic() + 30
            while proxy.cuts < 2 and time.monotonic() < end:
                threading.Event().wait(0.05)

        assert sync_meddled(folder, through, wait_for_cut).status == "complete"
        assert proxy.cuts >= 2
    assert len(files_in(url)) == len(PAGES)


def test_a_connection_cut_while_it_writes_is_told_or_made_again(tmp_path, folder, postgres, postgres_server):
    """In the first write of all there is nothing to go back to; later the write is made again."""
    url = postgres()
    sync(folder, tmp_path / "graph.db")
    with proxied(postgres_server.port) as proxy:
        through = url.replace(str(postgres_server.port), str(proxy.port))
        copies = []
        copy_rows = connection.psycopg.Cursor.copy

        def copy(self, statement, *args, **kwargs):
            copies.append(statement)
            if len(copies) == 20:
                proxy.cut()
            return copy_rows(self, statement, *args, **kwargs)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(connection.psycopg.Cursor, "copy", copy)
            assert Syncer(folder, to=through, plugins=[ToyPlugin()], workers=1).run().status == "complete"
    assert graph_in(url) == graph(tmp_path / "graph.db")


# --- it refuses ---

FAULT = """
CREATE FUNCTION ghsync.fault() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '{code}'; END $$;
CREATE TRIGGER fault BEFORE INSERT ON ghsync.{table} EXECUTE FUNCTION ghsync.fault()
"""


@pytest.mark.parametrize(
    ("code", "told"), [("53100", "disk is full"), ("57014", "statement_timeout"), ("25006", "can only be read")]
)
@pytest.mark.parametrize("table", ["statements", "runs_"])
def test_what_the_server_refuses_is_told_and_what_was_stored_stays(
    tmp_path, folder, postgres, postgres_server, code, told, table
):
    url = postgres()
    sync_into(folder, url)
    before = graph_in(url)
    base = url.rpartition("/")[2]
    postgres_server.execute(FAULT.format(code=code, table=table), base)
    write_tree(folder, {**PAGES, "1.toy": "-> new"})
    with pytest.raises(StoreError, match=told):
        sync_into(folder, url)
    if table == "statements":
        assert graph_in(url) == before
    postgres_server.execute("DROP FUNCTION ghsync.fault CASCADE", base)
    sync_into(folder, url)
    sync(folder, tmp_path / "graph.db")
    assert graph_in(url) == graph(tmp_path / "graph.db")


def test_a_constraint_of_the_users_own_costs_the_files_that_break_it(folder, postgres, postgres_server):
    url = postgres()
    sync_into(folder, url)
    base = url.rpartition("/")[2]
    postgres_server.execute("CREATE UNIQUE INDEX mine ON ghsync.things (properties) WHERE properties <> '{}'", base)
    write_tree(folder, {**PAGES, "good.toy": "set k v"})
    assert sync_into(folder, url).status == "complete"
    write_tree(folder, {**PAGES, "good.toy": "set k v", "new.toy": "set k v\nclass urn:new", "other.toy": "-> new"})
    statistics = sync_into(folder, url)
    assert [(error.path, error.reason) for error in statistics.errors] == [("new.toy", "store")]
    assert 'violates unique constraint "mine"' in statistics.errors[0].message


# --- what it can't hold ---


class Nul(ToyPlugin):
    """The toy format, where ``␀`` stands for NUL, which no text of a repository holds."""

    @hookimpl
    def register_parsers(self):
        def parse(_, document):
            return ToyParser().parse(SimpleNamespace(path=document.path, text=document.text.replace("␀", "\0")))

        return [type("Parser", (), {"name": "toy", "version": "1", "parse": parse})()]


@pytest.mark.parametrize("line", ["-> a␀b", "title a␀b", "class urn:␀", "alias ␀", "same urn:a urn:␀b", "tag ␀"])
def test_text_that_it_cannot_hold_costs_that_file_alone(folder, postgres, line):
    url = postgres()
    write_tree(folder, {**PAGES, "5.toy": line})
    statistics = Syncer(folder, to=url, plugins=[Nul()]).run()
    assert [(error.path, error.reason) for error in statistics.errors] == [("5.toy", "store")]
    assert statistics.kg_files_processed == len(PAGES) - 1


def test_a_surrogate_costs_that_file_alone_and_nul_in_json_is_kept(tmp_path, folder, postgres):
    url, database = postgres(), tmp_path / "graph.db"
    write_tree(folder, {**PAGES, "5.toy": "surrogate", "6.toy": "set key a␀b"})
    for to in (url, f"sqlite:{database}"):
        statistics = Syncer(folder, to=to, plugins=[Nul()]).run()
        assert [(error.path, error.reason) for error in statistics.errors] == [("5.toy", "store")]
    assert graph_in(url) == graph(database)


def test_what_a_parser_says_of_nul_is_told_without_it(folder, postgres, postgres_server):
    url = postgres()

    def complain():
        raise ValueError("a \x00 here")

    statistics = sync_meddled(folder, url, complain)
    assert [error.path for error in statistics.errors] == ["5.toy"]
    issues = postgres_server.execute("SELECT message FROM ghsync.issues", url.rpartition("/")[2])
    assert "a \ufffd here" in str(issues)
