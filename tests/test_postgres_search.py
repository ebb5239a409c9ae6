"""``ghsync search`` in PostgreSQL: what is found, in which order, and that it is what SQLite finds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.postgres import opened

from ghsync_core import Searches, Syncer
from ghsync_core.cli.main import main
from ghsync_plugins.backends.sqlite import SqliteBackend

PAGES = {
    "logseq/config.edn": "{}",
    "pages/Water.md": "alias:: Aitch two O, Wasser\ndefinition:: A liquid that plants drink.\n\n- [[Zürich]] #wet\n",
    "pages/Watering Can.md": "- holds [[Water]]\n",
    "pages/Soil.md": "- ### OntologyBlock\n  - term-id:: 1\n  - preferred-term:: Soil\n  - definition:: Keeps water.\n",
    "notes/leaf.md": "---\naliases: [Blatt]\ndescription: 'green: quoted \"text\" of foo.example.org'\n---\n",
}


@pytest.fixture
def base(tmp_path: Path, postgres: Callable[[], str]) -> tuple[Path, str]:
    place = tmp_path / "garden", postgres()
    sync(place, PAGES)
    return place


def sync(base: tuple[Path, str], files: Mapping[str, str]) -> None:
    folder, url = base
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    Syncer(folder, to=url, name=folder.name, max_delete="100%").run()


def rows(url: str, words: str, **options: Any) -> list[Mapping[str, Any]]:
    store = SqliteBackend().open(url, {}, create=False) if url.startswith("sqlite:") else opened(url)
    with closing(store), closing(store.reader()) as reader:
        assert isinstance(reader, Searches)
        return list(reader.search(words, **options))


def found(base: tuple[Path, str], words: str, **options: Any) -> list[str]:
    return [str(row["label"]) for row in rows(base[1], words, **options)]


WORDS = (
    "wasser",
    "WASS",
    "drink liquid",
    "zurich",
    "ZÜRICH",
    "blatt",
    'quoted "text"',
    "liquid nothing",
    "example.org",
)


def test_it_finds_what_sqlite_finds(base: tuple[Path, str]) -> None:
    to = f"sqlite:{base[0].parent}/graph.db"
    Syncer(base[0], to=to, name="garden").run()
    for words in WORDS:
        assert rows(base[1], words) == rows(to, words), words
    assert found(base, "wasser") == ["Water"]


def test_a_label_goes_before_a_text_and_a_short_one_before_a_long_one(base: tuple[Path, str]) -> None:
    assert found(base, "water")[:2] == ["Water", "Watering Can"]
    assert "Soil" in found(base, "water")[2:]
    assert found(base, "WATERING  can")[0] == "Watering Can"


def test_kind_source_and_limit_narrow_it(base: tuple[Path, str]) -> None:
    assert (found(base, "zurich", kind="page"), found(base, "zurich", kind="stub")) == ([], ["Zürich"])
    sync((base[0].parent / "other", base[1]), {"Water.md": "---\ntitle: Water\n---\n"})
    assert found(base, "water", source="other") == ["Water"]
    assert len(found(base, "water", limit=1)) == 1
    assert found(base, "water", source="no\x00body") == []


@pytest.mark.parametrize(
    "words", ["'", "\\", "a & b", "!a | (", ":*", "a:*B", "' --", "\x00", "\ud800", "👍", "a" * 5000, "ⅷ²"]
)
def test_any_text_is_a_search(base: tuple[Path, str], words: str) -> None:
    assert isinstance(found(base, words), list)


def test_what_changes_is_found_as_it_is_now_and_what_goes_no_more(base: tuple[Path, str]) -> None:
    sync(base, {"pages/Water.md": "alias:: Eau\n"})
    assert (found(base, "wasser"), found(base, "eau"), found(base, "zurich")) == ([], ["Water"], [])
    assert CliRunner().invoke(main, ["forget", "garden", "--to", base[1]]).exit_code == 0
    assert found(base, "eau") == []
    with psycopg.connect(base[1]) as connection:
        assert connection.execute("SELECT count(*) FROM ghsync.search_index").fetchone() == (0,)


@pytest.fixture(scope="module")
def server(postgres_server: Any) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(postgres_server.url(), autocommit=True) as connection:
        yield connection


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
def test_any_text_has_a_vector_in_which_its_words_are_found(server: psycopg.Connection[Any], text: str) -> None:
    from ghsync_plugins.backends.postgres import search

    vector, words = search.vector([("D", [text])]), search.words_of(text)
    query = " & ".join(f"'{word}':*" for word in words)
    row = server.execute("SELECT %s::tsvector @@ %s::tsquery", (vector, query)).fetchone()
    assert row == (bool(words),)


def test_a_page_of_a_million_words_is_found_by_its_label(base: tuple[Path, str]) -> None:
    text = " ".join(f"w{number}" for number in range(300_000))
    sync(base, {"notes/leaf.md": f"---\ndescription: {text} {'ü' * 5000}\n---\n"})
    assert found(base, "leaf") == ["leaf"]


def test_a_store_of_before_is_searched_after_any_sync(base: tuple[Path, str]) -> None:
    with psycopg.connect(base[1]) as connection:
        connection.execute("DROP TABLE ghsync.search_index; UPDATE ghsync.meta SET value = '1' WHERE key = 'version'")
    done = CliRunner().invoke(main, ["search", "wasser", "--to", base[1]])
    assert (done.exit_code, "older ghsync" in done.stderr) == (1, True)
    sync(base, {})
    told = CliRunner().invoke(main, ["search", "wasser", "--json", "--to", base[1]])
    assert [row["label"] for row in json.loads(told.stdout)] == ["Water"]
