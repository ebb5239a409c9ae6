"""Asking PostgreSQL in SQL: what a query may do, as whom, and for how long."""

from __future__ import annotations

from contextlib import closing, contextmanager

import pytest
from support.postgres import opened, sync_into
from support.toy import write_tree

from ghsync_core import StoreError, UsageError

HEAVY = "SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b"


@contextmanager
def reader(url, **options):
    with closing(opened(url, **options)) as store, closing(store.reader()) as opened_reader:
        yield opened_reader


@pytest.fixture
def url(tmp_path, postgres):
    made = postgres()
    sync_into(write_tree(tmp_path / "source", {"b.toy": "-> a\n-> a\n-> c", "a.toy": "-> b"}), made)
    return made


def test_a_query_reads_the_views(url):
    with reader(url) as asked:
        columns, found = asked.query("SELECT from_id, to_id, line, count FROM edges WHERE path = 'b.toy' ORDER BY 2")
        assert columns == ["from_id", "to_id", "line", "count"]
        assert list(found) == [("page:b", "page:a", 1, 2), ("page:b", "page:c", 3, 1)]
        assert next(asked.query("WITH x AS (VALUES (1)) TABLE x")[1]) == (1,)
        assert list(asked.query("SELECT 1 WHERE 'a' LIKE '%b'")[1]) == []
    assert asked.language == "sql"


def test_many_rows_come_in_parts_and_readings_may_meet(url):
    with reader(url) as asked:
        numbers = asked.query("SELECT n FROM generate_series(1, 2000) n")[1]
        for expected, (number,) in enumerate(numbers, 1):
            assert number == expected
            if number % 500 == 1:
                assert [row["id"] for row in asked.rows("nodes", where={"kind": "stub"})] == ["page:c"]
        assert number == 2000


def test_a_reading_that_is_broken_off_leaves_nothing_open(url, postgres_server):
    with reader(url) as asked:
        for _ in range(3):
            rows = asked.rows("nodes")
            next(rows)
            rows.close()
    open_ = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    assert postgres_server.execute(open_, url.rpartition("/")[2]) == [(0,)]


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM files_",
        "DROP VIEW nodes",
        "TRUNCATE files_",
        "SELECT 1; SELECT 2",
        "SELECT 1; DROP SCHEMA ghsync CASCADE",
        "COMMIT; DROP SCHEMA ghsync CASCADE",
        "WITH x AS (DELETE FROM files_ RETURNING *) SELECT * FROM x",
        "SELECT * INTO other FROM nodes",
        "SELECT * FROM files_ FOR UPDATE",
        "COPY nodes TO '/tmp/nodes'",
        "COPY nodes TO PROGRAM 'cat'",
        "SET ROLE postgres",
        "EXPLAIN ANALYZE DELETE FROM files_",
        "SELECT pg_terminate_backend(1)",
        "SELECT PG_Cancel_Backend (1)",
        'SELECT "pg_reload_conf"()',
        'SELECT U&"pg_reload_con\\0066"()',
        "SELECT set_config('role', 'none', true)",
        "SELECT set_config('transaction_read_only', 'off', true)",
        "SELECT setval('sources_source_id_seq', 5)",
        "SELECT nextval('sources_source_id_seq')",
        "SELECT lo_unlink(1)",
        "SELECT lo_export(1, '/tmp/x')",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT pg_advisory_lock(1)",
        "SELECT query_to_xml('SELECT pg_re' || 'load_conf()', true, true, '')",
        "SELECT 1 LIMIT pg_sleep(1)::text::int",
        "SELECT * FROM no_such_table",
        "SELECT 1 / 0",
        "SELEC",
        "",
        "-- nothing",
        "SELECT '\ud800'",
        "SELECT '\0'",
    ],
)
def test_a_query_that_does_more_than_read_is_refused(url, query):
    with reader(url) as asked:
        before = [dict(row) for row in asked.rows("files")]
        with pytest.raises(UsageError, match="the query can't be run"):
            list(asked.query(query)[1])
        assert [dict(row) for row in asked.rows("files")] == before


def test_a_query_that_takes_too_long_is_stopped(url):
    with reader(url) as asked:
        with pytest.raises(UsageError, match=r"longer than 0.2 seconds"):
            asked.query(HEAVY, seconds=0.2)
        _, slow = asked.query("SELECT FROM generate_series(1, 100) a, generate_series(1, 1000000) b", seconds=2)
        with pytest.raises(UsageError, match=r"longer than 2 seconds"):
            for _ in slow:
                pass
        assert list(asked.query("SELECT 1", seconds=60)[1]) == [(1,)]


def test_a_query_is_asked_as_the_role_that_is_set(url, postgres_server):
    base = url.rpartition("/")[2]
    postgres_server.execute("CREATE ROLE curious")
    try:
        with reader(url, query_role="curious") as asked:
            with pytest.raises(UsageError, match='"nodes" does not exist'):
                asked.query("SELECT * FROM nodes")
            postgres_server.execute("GRANT USAGE ON SCHEMA ghsync TO curious", base)
            postgres_server.execute("GRANT SELECT ON ghsync.nodes TO curious", base)
            assert len(list(asked.query("SELECT * FROM nodes")[1])) == 3
            assert list(asked.query("SELECT current_user")[1]) == [("curious",)]
            with pytest.raises(UsageError, match="permission denied"):
                asked.query("SELECT * FROM edges")
            assert len(list(asked.rows("edges"))) == 3  # ghsync's own reading
    finally:
        postgres_server.execute("DROP OWNED BY curious", base)
        postgres_server.execute("DROP ROLE curious")


def test_a_role_that_is_none_is_told(url):
    with reader(url, query_role="no such role") as asked, pytest.raises(StoreError, match=r"query_role.*no such role"):
        asked.query("SELECT 1")


def test_what_only_may_read_is_read(url, postgres_server):
    postgres_server.execute("CREATE ROLE looker LOGIN")
    base = url.rpartition("/")[2]
    try:
        postgres_server.execute("GRANT pg_read_all_data TO looker")
        with reader(postgres_server.url(base, user="looker")) as asked:
            assert len(list(asked.rows("nodes"))) == 3
    finally:
        postgres_server.execute("DROP ROLE looker")
