"""``ghsync search``: what is found, in which order, and that the index stays in step with the graph."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from ghsync_core import GhsyncError, Syncer, UsageError
from ghsync_core.cli.main import main
from ghsync_plugins.backends.sqlite import SqliteBackend, search
from ghsync_plugins.backends.sqlite.store import SqliteStore

PAGES = {
    "logseq/config.edn": "{}",
    "pages/Water.md": "alias:: Aitch two O, Wasser\ndefinition:: A liquid that plants drink.\n\n- [[Zürich]] #wet\n",
    "pages/Watering Can.md": "- holds [[Water]]\n",
    "pages/Soil.md": "- ### OntologyBlock\n  - term-id:: 1\n  - preferred-term:: Soil\n  - definition:: Keeps water.\n",
    "notes/leaf.md": "---\naliases: [Blatt]\ndescription: 'green: quoted \"text\"'\n---\n",
}


def sync(folder: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    Syncer(folder, to=f"sqlite:{folder.parent}/graph.db", name=folder.name, max_delete="100%").run()


def found(base: Path, words: str, **options: Any) -> list[str]:
    """The labels that *words* find."""
    return [str(row["label"]) for row in rows(base, words, **options)]


def rows(base: Path, words: str, **options: Any) -> list[Mapping[str, Any]]:
    store = SqliteBackend().open(f"sqlite:{base}/graph.db", {}, create=False)
    with closing(store), closing(store.reader()) as reader:
        return list(reader.search(words, **options))


def check_index(base: Path) -> None:
    """Hold every word of the index against those of one that is made anew."""
    with closing(sqlite3.connect(base / "graph.db")) as connection:
        connection.execute("INSERT INTO search_index (search_index) VALUES ('integrity-check')")
        connection.execute(f"CREATE VIRTUAL TABLE temp.anew USING fts5({search.COLUMNS})")
        connection.execute(
            "INSERT INTO anew (rowid, label, aliases, texts) SELECT thing_id, label, aliases, texts FROM searchable"
        )
        connection.execute("CREATE VIRTUAL TABLE temp.kept_words USING fts5vocab(main, search_index, instance)")
        connection.execute("CREATE VIRTUAL TABLE temp.new_words USING fts5vocab(temp, anew, instance)")
        kept, new = (set(connection.execute(f"SELECT * FROM {name}_words")) for name in ("kept", "new"))
        assert kept == new


@pytest.fixture
def base(tmp_path: Path) -> Path:
    sync(tmp_path / "garden", PAGES)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "labels"),
    [
        ("wasser", ["Water"]),
        ("WASS", ["Water"]),
        ("liquid drink", ["Water"]),
        ("drink liquid", ["Water"]),
        ("zurich", ["Zürich"]),
        ("ZÜRICH", ["Zürich"]),
        ("blatt", ["leaf"]),
        ('quoted "text"', ["leaf"]),
        ("liquid nothing", []),
    ],
)
def test_all_words_must_be_there_in_any_form(base: Path, words: str, labels: list[str]) -> None:
    assert found(base, words) == labels


def test_a_label_goes_before_a_text_and_a_short_one_before_a_long_one(base: Path) -> None:
    assert found(base, "water")[:2] == ["Water", "Watering Can"]
    assert "Soil" in found(base, "water")[2:]
    assert found(base, "WATERING  can")[0] == "Watering Can"


def test_kind_source_and_limit_narrow_it(base: Path) -> None:
    assert found(base, "zurich", kind="page") == []
    assert found(base, "zurich", kind="stub") == ["Zürich"]
    sync(base / "other", {"Water.md": "---\ntitle: Water\n---\n"})
    assert set(found(base, "water", kind="page")) == {"Water", "Watering Can"}
    assert found(base, "water", source="other") == ["Water"]
    assert len(found(base, "water", limit=1)) == 1
    assert found(base, "water", source="nobody") == []


def test_the_text_is_what_was_found_in(base: Path) -> None:
    (row,) = rows(base, "liquid")
    assert (row["text"], row["path"], row["source"]) == ("A liquid that plants drink.", "pages/Water.md", "garden")
    sync(base / "garden", {"notes/leaf.md": f"---\ndescription: {'a ' * 50}needle {'b ' * 50}\n---\n"})
    (row,) = rows(base, "needle")
    assert row["text"] == "… a a a a a a needle b b b b b b …"


@given(st.text(st.characters(codec=None)))
def test_any_text_is_a_search(words: str) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5(x)")
        match = search.match_of(words)
        if match:
            connection.execute("SELECT rowid FROM t WHERE t MATCH ?", (match,)).fetchall()


@pytest.mark.parametrize(
    "words", ['"', "*", "a OR b", "NEAR(a b)", "label:water", "^water", "👍", "-", "a" * 5000, "' --"]
)
def test_operators_are_words_like_others(base: Path, words: str) -> None:
    done = CliRunner().invoke(main, ["search", "--to", f"sqlite:{base}/graph.db", "--", words])
    assert done.exit_code == 0, done.output


CHANGES = st.lists(
    st.dictionaries(
        st.sampled_from(["pages/Water.md", "pages/Soil.md", "pages/New.md"]),
        st.sampled_from(
            [
                "- plain\n",
                "alias:: Wasser\n\n- [[Soil]] [[Gone]]\n",
                "definition:: of the [[Wasser]]\n\n- #wet\n",
                "- ### OntologyBlock\n  - term-id:: 1\n  - preferred-term:: Earth\n  - is-subclass-of:: [[Wasser]]\n",
            ]
        ),
        max_size=3,
    ),
    min_size=1,
    max_size=4,
)


@settings(deadline=None)
@given(CHANGES)
def test_the_index_is_that_of_the_graph_whatever_came_before(
    tmp_path_factory: pytest.TempPathFactory, changes: list[dict[str, str]]
) -> None:
    base = tmp_path_factory.mktemp("index")
    (base / "one").mkdir()
    for files in changes:
        for old in (base / "one").rglob("*.md"):
            old.unlink()
        sync(base / "one", {"logseq/config.edn": "{}", **files})
        check_index(base)
    with closing(sqlite3.connect(base / "graph.db")) as connection:
        labels = {label for (label,) in connection.execute("SELECT label FROM nodes WHERE label IS NOT NULL")}
    assert all(label in found(base, label, limit=100) for label in labels)


def test_forgetting_a_source_takes_its_words_out(base: Path) -> None:
    sync(base / "other", {"Lonely.md": "---\ntitle: Lonely\n---\n"})
    assert CliRunner().invoke(main, ["forget", "garden", "--to", f"sqlite:{base}/graph.db"]).exit_code == 0
    check_index(base)
    assert found(base, "water") == []
    assert found(base, "lonely") == ["Lonely"]


def test_a_store_without_an_index_gets_one_by_any_sync(base: Path) -> None:
    with closing(sqlite3.connect(base / "graph.db")) as connection, connection:
        connection.execute("DROP TABLE search_index")
    with pytest.raises(UsageError, match="no index of words yet"):
        found(base, "wasser")
    sync(base / "garden", {})
    assert found(base, "wasser") == ["Water"]


def test_a_sqlite_without_fts5_syncs_all_the_same_and_says_that_it_can_t_search(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(search, "available", lambda _: False)
        sync(base / "garden", {"pages/Later.md": "- x\n", "pages/Water.md": "- nothing left\n"})
        with pytest.raises(UsageError, match="without FTS5"):
            found(base, "later")
    with pytest.raises(UsageError, match="no index of words"):
        found(base, "later")
    sync(base / "garden", {})
    assert found(base, "later") == ["Later"]
    check_index(base)


def test_a_store_that_can_t_search_says_so(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Plain:
        """A reader that can read rows, and nothing more."""

        language = "sql"
        rows = query = lambda *_, **__: iter(())

        def close(self) -> None:
            """Nothing is open."""

    monkeypatch.setattr(SqliteStore, "reader", lambda _: Plain())
    done = CliRunner().invoke(main, ["search", "water", "--to", f"sqlite:{base}/graph.db"])
    assert (done.exit_code, "can't search" in done.stderr) == (2, True), done.output


def test_the_command_tells_place_id_and_text(base: Path) -> None:
    to = f"sqlite:{base}/graph.db"
    said = CliRunner().invoke(main, ["search", "liquid", "--to", to]).stdout.splitlines()
    assert said == [
        "Water  (page, garden, pages/Water.md:1)",
        "    page:water",
        "    A liquid that plants drink.",
    ]
    (told,) = json.loads(CliRunner().invoke(main, ["search", "liquid", "--json", "--to", to]).stdout)
    assert (told["id"], told["text"]) == ("page:water", "A liquid that plants drink.")
    assert CliRunner().invoke(main, ["search", "nowhere", "--to", to]).stdout == "nothing found\n"


def test_a_query_may_use_the_index_by_sql(base: Path) -> None:
    sql = "SELECT t.label FROM search_index s JOIN things t ON t.thing_id = s.rowid WHERE search_index MATCH 'wasser'"
    done = CliRunner().invoke(main, ["query", "--json", "--to", f"sqlite:{base}/graph.db", sql])
    assert json.loads(done.stdout) == [{"label": "Water"}]


def test_an_older_store_is_brought_up_to_date(base: Path) -> None:
    with closing(sqlite3.connect(base / "graph.db")) as connection, connection:
        connection.execute("DROP TABLE search_index")
        connection.execute("DROP VIEW searchable")
        connection.execute("PRAGMA user_version = 2")
    with pytest.raises(GhsyncError, match="no index of words yet"):
        found(base, "wasser")
    sync(base / "garden", {"pages/Water.md": "alias:: Wasser, Eau\n"})
    assert found(base, "eau") == ["Water"]
    check_index(base)
