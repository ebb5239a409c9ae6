"""``verify``: the digest says which graph it is, derived facts are proven by what files say, and all by the source."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from support.git_repos import run_git
from support.toy import ToyPlugin, sync, write_tree
from test_truth import ANY, GOOD

from ghsync_core.digest import DIGESTED, canonical_row, canonical_texts, digest, row_hashes
from ghsync_core.places import Setup
from ghsync_core.reread import CHANGED, MAY_EXPLAIN, OTHER_SETTINGS, reread
from ghsync_core.verify import HALF_SYNCED, MEANWHILE, NOT_DERIVED, sources, verify
from ghsync_plugins.backends.sqlite import SqliteBackend

slow = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

FILES = {
    "a.toy": "title Apple\nalias Pome\n-> Pear\n-> pear\n-> nowhere\nclass urn:A\nsub urn:A Pear\nset k v",
    "b.toy": "title Pear\n-> Pome\ntag fruit\nclass urn:B\nsame urn:A urn:B\nsame urn:C urn:B",
    "c.toy": "title Plum\ntag fruit\nclass urn:A\nsame urn:B urn:A\nsub urn:A Pear",
}


@contextmanager
def opened(database):
    store = SqliteBackend().open(f"sqlite:{database}", {}, create=False)
    with closing(store), closing(store.reader()) as reader:
        yield store, reader


def checked(database, source):
    with opened(database) as (_, reader):
        return verify(reader, str(source))


def reread_from(database, source, **arguments):
    setup = Setup({}, {"plugins": [ToyPlugin()], "to": f"sqlite:{database}", **arguments})
    with opened(database) as (store, reader):
        return reread(verify(reader, source), reader, store.find_source(name=source), setup)


def corrupt(database, statement):
    with closing(sqlite3.connect(database)) as connection, connection:
        assert connection.execute(statement).rowcount > 0


class PlainReader:
    """A reader without any quicker way, as the simplest backend has it."""

    def __init__(self, reader):
        self.rows = reader.rows


# --- the digest ---


@slow
@given(history=st.lists(ANY, max_size=3), last=GOOD, workers=st.integers(1, 6))
def test_any_history_has_the_digest_of_a_fresh_sync_and_nothing_to_find(history, last, workers):
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "source"
        for state in [*history, last]:
            sync(write_tree(folder, state), Path(home) / "steps.db", max_delete="100%", workers=workers)
        sync(folder, Path(home) / "fresh.db")
        steps, fresh = (checked(Path(home) / name, folder) for name in ("steps.db", "fresh.db"))
        assert steps.findings.listed == ()
        assert steps.derived
        assert steps.undone == ()
        assert str(steps.digest) == str(fresh.digest)
        assert steps.digest == fresh.digest


@slow
@given(state=ANY)
def test_the_quick_way_to_rows_is_the_plain_one(state):
    odd = {"odd.toy": 'title "q" \\ \x01 \x7f é 🍐\n-> \t"x"\\\nset k "\\\nset s \x1f\nclass urn:"o"\nsub urn:a \\'}
    with tempfile.TemporaryDirectory() as home:
        folder, database = write_tree(Path(home) / "source", {**state, **odd}), Path(home) / "graph.db"
        sync(folder, database)
        with opened(database) as (_, reader):
            for view in DIGESTED:
                quick = "\n".join(canonical_texts(reader, view, str(folder))).split("\n")
                plain = list(canonical_texts(PlainReader(reader), view, str(folder)))
                assert sorted(filter(None, quick)) == sorted(plain)
            assert digest(reader, str(folder)) == digest(PlainReader(reader), str(folder))


def test_a_row_is_digested_as_the_reference_says():
    row = {"id": "page:é", "kind": "page", "label": None, "path": "a.md", "line": 1, "properties": '{"k":"v"}'}
    text = '["nodes","page:é","page",null,"a.md",1,"{\\"k\\":\\"v\\"}"]'
    assert canonical_row("nodes", row) == text
    assert canonical_row("nodes", {**row, "properties": {"k": "v"}, "source": "not digested"}) == text
    assert row_hashes(text)[0].hex() == "ffdacd5b50aa4debf74f6eba7d37e541"  # of b2sum -l 128


def test_the_digest_tells_graphs_apart_and_not_what_they_are_called(tmp_path):
    one, two = write_tree(tmp_path / "one", FILES), write_tree(tmp_path / "two", FILES)
    database = tmp_path / "graph.db"
    sync(one, database)
    sync(two, database)
    with opened(database) as (_, reader):
        assert sources(reader) == [str(one), str(two)]
    assert checked(database, one).digest == checked(database, two).digest
    sync(write_tree(two, {**FILES, "c.toy": FILES["c.toy"] + " "}), database)
    assert checked(database, one).digest != checked(database, two).digest


# --- deriving again ---

CORRUPTIONS = {
    "a target": ("UPDATE targets SET id = 'page:plum' WHERE name = 'pome'", "edges", "b.toy", 2),
    "a target's node": (
        "UPDATE targets SET thing_id = (SELECT thing_id FROM things WHERE id = 'page:plum') WHERE name = 'pome'",
        "edges", "b.toy", 2,
    ),
    "where edges start": ("UPDATE targets SET id = 'page:plum' WHERE name = 'page:apple'", "edges", "a.toy", 3),
    "a target lost": ("DELETE FROM targets WHERE name = 'pome'", "store", "b.toy", 2),
    "a label": ("UPDATE things SET label = 'Quince' WHERE id = 'page:pear'", "nodes", "b.toy", 1),
    "a stub's label": ("UPDATE things SET label = 'Quince' WHERE id = 'page:nowhere'", "nodes", None, None),
    "a kind": ("UPDATE things SET kind = 'stub' WHERE id = 'page:pear'", "nodes", "b.toy", 1),
    "a home": ("UPDATE things SET home = NULL WHERE id = 'page:pear'", "nodes", "b.toy", 1),
    "a line": ("UPDATE things SET line = 7 WHERE id = 'page:pear'", "nodes", "b.toy", 1),
    "a node's properties": ("UPDATE things SET properties = '{}' WHERE id = 'page:apple'", "nodes", "a.toy", 1),
    "a node lost": ("DELETE FROM things WHERE id = 'page:nowhere'", "nodes", None, None),
    "a node too many": (
        "INSERT INTO things (source_id, id, kind) VALUES (1, 'page:ghost', 'stub')", "nodes", None, None,
    ),
    "a class's label": ("UPDATE owl SET label = 'X' WHERE label = 'Pear'", "classes", "b.toy", 4),
    "a class's data": ("UPDATE owl SET data = '{\"annotations\":{}}' WHERE label = 'Apple'", "classes", "a.toy", 6),
    "a class lost": ("DELETE FROM owl WHERE label = 'Apple'", "classes", "a.toy", 6),
    "an axiom's text": (
        "UPDATE axioms_ SET text = 'x' WHERE kind = 'EquivalentClasses' AND line = 6", "axioms", "b.toy", 6,
    ),
    "a resolved axiom's text": (
        "UPDATE axioms_ SET text = 'x' WHERE kind = 'SubClassOf' AND first", "axioms", "a.toy", 7,
    ),
    "an axiom's subject": ("UPDATE axioms_ SET subject = 'x' WHERE line = 6", "axioms", "b.toy", 6),
    "which axiom is first": ("UPDATE axioms_ SET first = 1 - first WHERE line = 5 AND NOT first", "axioms", "c.toy", 5),
    "what is merged": ("UPDATE axioms_ SET merged = NULL WHERE merged IS NOT NULL", "axioms", "a.toy", 7),
    "the counts": ("UPDATE sources SET counts = '[1,2,3,4,5]'", "counts", None, None),
    "the edges of a file": ("UPDATE files_ SET edges = 9 WHERE path = 'c.toy'", "counts", "c.toy", None),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "view", "path", "line"), CORRUPTIONS.values(), ids=CORRUPTIONS)
def test_a_single_derived_value_that_is_wrong_is_found(tmp_path, statement, view, path, line):
    folder, database = write_tree(tmp_path / "source", FILES), tmp_path / "graph.db"
    sync(folder, database)
    assert checked(database, folder).findings.count == 0
    corrupt(database, statement)
    found = [(each.view, each.path, each.line) for each in checked(database, folder).findings.listed]
    assert (view, path, line) in found


TEXT_COLUMNS = st.sampled_from(
    [
        ("targets", "id"), ("things", "label"), ("things", "kind"), ("things", "properties"), ("owl", "label"),
        ("owl", "data"), ("owl", "kind"), ("axioms_", "text"), ("axioms_", "subject"), ("axioms_", "merged"),
    ]
)  # fmt: skip


@slow
@given(state=GOOD, place=TEXT_COLUMNS, at=st.integers(0, 50), value=st.sampled_from(["~", None]))
def test_any_derived_text_that_is_replaced_is_found(state, place, at, value):
    table, column = place
    key = "thing_id" if table == "owl" else "rowid"
    with tempfile.TemporaryDirectory() as home:
        folder, database = write_tree(Path(home) / "source", {**FILES, **state}), Path(home) / "graph.db"
        sync(folder, database)
        with closing(sqlite3.connect(database)) as connection, connection:
            keys = connection.execute(f"SELECT {key}, {column} FROM {table} WHERE {column} IS NOT NULL").fetchall()
            assume(keys)
            chosen, before = keys[at % len(keys)]
            if value is None and (table, column) in {("things", "properties"), ("owl", "data"), ("owl", "kind")}:
                value = "~"  # these are never null
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (value, chosen))
        assert before != value
        assert checked(database, folder).findings.count > 0


def test_another_source_in_the_store_is_left_out(tmp_path):
    one, two = write_tree(tmp_path / "one", FILES), write_tree(tmp_path / "two", FILES)
    database = tmp_path / "graph.db"
    sync(one, database)
    sync(two, database)
    corrupt(database, "UPDATE things SET label = 'x' WHERE source_id = 2 AND id = 'page:pear'")
    assert checked(database, one).findings.count == 0
    assert [each.fact for each in checked(database, two).findings.listed] == ["page:pear"]


def test_a_lost_stub_gets_no_number_under_which_another_source_says_something(tmp_path):
    one, two = write_tree(tmp_path / "one", FILES), write_tree(tmp_path / "two", FILES)
    database = tmp_path / "graph.db"
    sync(one, database)
    sync(two, database)
    corrupt(database, "DELETE FROM things WHERE source_id = 1 AND id = 'page:nowhere'")
    (found,) = (each for each in checked(database, one).findings.listed if each.view == "nodes")
    assert found.stored is None
    assert (found.expected["kind"], found.expected["label"]) == ("stub", "nowhere")


def test_verifying_leaves_no_trace_and_needs_no_right_to_write(tmp_path):
    folder, database = write_tree(tmp_path / "source", FILES), tmp_path / "graph.db"
    sync(folder, database)
    with opened(database) as (_, reader):
        before = database.read_bytes()
        assert verify(reader, str(folder)).derived
        assert database.read_bytes() == before


def test_a_sync_that_goes_on_is_not_hindered(tmp_path):
    folder, database = write_tree(tmp_path / "source", FILES), tmp_path / "graph.db"
    sync(folder, database)
    corrupt(database, "UPDATE things SET label = 'x' WHERE id = 'page:pear'")
    with opened(database) as (_, reader):
        differences = reader.differences(str(folder))
        next(differences)
        sync(write_tree(folder, {**FILES, "d.toy": "-> Plum"}), database)
        assert [each.fact for each in differences] == []
    assert checked(database, folder).digest.views["files"].rows == 4


def test_a_sync_that_writes_meanwhile_makes_it_no_proof(tmp_path):
    folder, database = write_tree(tmp_path / "source", FILES), tmp_path / "graph.db"
    sync(folder, database)

    class Disturbed(PlainReader):
        def __init__(self, reader):
            self._rows = reader.rows

        def rows(self, view, source):
            if view == "edges":
                sync(write_tree(folder, {**FILES, "d.toy": "-> Plum"}), database)
            return self._rows(view, source)

    with opened(database) as (_, reader):
        assert verify(Disturbed(reader), str(folder)).undone == (MEANWHILE,)


def test_a_half_synced_store_is_said_to_be_so_and_not_called_wrong(tmp_path):
    folder, database = write_tree(tmp_path / "source", FILES), tmp_path / "graph.db"
    sync(folder, database)
    with closing(SqliteBackend().open(f"sqlite:{database}", {}, create=False)) as store:
        store.writer(str(folder), None).delete(["b.toy"])
    half = checked(database, folder)
    assert (half.undone, half.derived, half.findings.count) == ((HALF_SYNCED,), False, 0)
    sync(folder, database)
    assert checked(database, folder).undone == ()


def test_a_damaged_file_is_said_to_be_damaged(tmp_path):
    folder, database = write_tree(tmp_path / "source", FILES), tmp_path / "graph.db"
    sync(folder, database)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'said_by_file'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(database.read_bytes())
    content[(page - 1) * size : page * size] = b"\xff" * size
    database.write_bytes(content)
    found = checked(database, folder)
    assert "the file is damaged" in found.findings.listed[0].fact


def test_a_store_that_can_not_derive_again_has_its_digest_all_the_same(tmp_path):
    folder, database = write_tree(tmp_path / "source", FILES), tmp_path / "graph.db"
    sync(folder, database)
    with opened(database) as (_, reader):
        plain = verify(PlainReader(reader), str(folder))
        assert plain.digest == verify(reader, str(folder)).digest
    assert (plain.derived, plain.notes, plain.undone) == (False, (NOT_DERIVED,), ())


# --- reading again ---


def test_a_fresh_reading_proves_the_store_or_tells_fact_file_and_line(tmp_path):
    folder, database = write_tree(tmp_path / "source", FILES), tmp_path / "graph.db"
    sync(folder, database)
    proven = reread_from(database, str(folder))
    assert (proven.fresh, proven.findings.count, proven.undone) == (True, 0, ())
    # What a file says is wrong: nothing that is derived from it can tell.
    corrupt(database, "UPDATE statements SET count = 5 WHERE count = 2")
    corrupt(database, "UPDATE files_ SET size = 1 WHERE path = 'c.toy'")
    wrong = reread_from(database, str(folder)).findings.listed
    assert [(each.view, each.fact, each.path, each.line) for each in wrong] == [
        ("files", "c.toy", "c.toy", None),
        ("edges", "page:apple link page:pear pear", "a.toy", 3),
    ]
    assert (wrong[1].stored, wrong[1].expected) == ({"count": 5}, {"count": 2})


def test_a_fact_too_many_and_one_too_few_are_told_in_large_views_too(tmp_path, monkeypatch):
    monkeypatch.setattr("ghsync_core.compare._HASHES", 2)
    folder, database = write_tree(tmp_path / "source", FILES), tmp_path / "graph.db"
    sync(folder, database)
    corrupt(
        database, "UPDATE statements SET type_id = (SELECT type_id FROM edge_types WHERE type = 'tag') WHERE count = 2"
    )
    found = {(each.fact, each.stored is None) for each in reread_from(database, str(folder)).findings.listed}
    assert found == {("page:apple link page:pear pear", True), ("page:apple tag page:pear pear", False)}


def test_a_clone_is_read_at_the_commit_that_is_stored(tmp_path):
    folder, database = write_tree(tmp_path / "source", FILES), tmp_path / "graph.db"
    run_git(folder, "init", "--quiet")
    run_git(folder, "add", ".")
    run_git(folder, "commit", "--quiet", "-m", "one")
    sync(folder, database)
    (folder / "a.toy").write_text("title Else")
    (folder / "b.toy").rename(folder / "new.toy")
    run_git(folder, "add", "--all")
    run_git(folder, "commit", "--quiet", "-m", "two")
    again = reread_from(database, str(folder))
    assert (again.fresh, again.findings.count, again.undone) == (True, 0, ())


def test_a_folder_that_changed_and_other_settings_are_told(tmp_path):
    folder, database = write_tree(tmp_path / "source", FILES), tmp_path / "graph.db"
    sync(folder, database, exclude=["c.toy"])
    assert reread_from(database, str(folder)).undone == (OTHER_SETTINGS,)
    assert reread_from(database, str(folder), exclude=["c.toy"]).fresh
    write_tree(folder, {**FILES, "a.toy": "changed"})
    assert reread_from(database, str(folder), exclude=["c.toy"]).undone == (CHANGED,)


def test_files_that_failed_are_named_and_not_compared(tmp_path):
    folder, database = write_tree(tmp_path / "source", FILES), tmp_path / "graph.db"
    sync(folder, database)
    sync(write_tree(folder, {**FILES, "c.toy": "bad"}), database)
    again = reread_from(database, str(folder))
    assert again.excepted == {"c.toy": "syntax"}
    assert all(each.path != "c.toy" for each in again.findings.listed)
    assert again.notes == ((MAY_EXPLAIN,) if again.findings.count else ())


def test_a_source_of_the_users_own_name_is_found_again(tmp_path):
    folder, database = write_tree(tmp_path / "source", FILES), tmp_path / "graph.db"
    sync(folder, database, name="garden")
    again = reread_from(database, "garden")
    assert (again.fresh, again.findings.count) == (True, 0)


def test_a_place_that_is_gone_is_told(tmp_path):
    folder, database = write_tree(tmp_path / "source", FILES), tmp_path / "graph.db"
    sync(folder, database)
    folder.rename(tmp_path / "elsewhere")
    (why,) = reread_from(database, str(folder)).undone
    assert str(folder) in why
