"""Finding words in what nodes are called and defined as: an FTS5 index, which the settle keeps in step.

The index holds no text: what it is made of is read from the tables that the settle merges, by the view ``searchable``.
So an entry is taken out by the text that it was made of, before the merge, and made anew behind it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ghsync_core import views
from ghsync_plugins.backends.relational.words import ALIASES, TEXTS, shown


def _values(keys: tuple[str, ...], more: str) -> str:
    """All texts under these keys of a thing's JSON, a line for each, in the order of their code points."""
    wanted = ", ".join(f"'{key}'" for key in keys)
    return f"""(SELECT group_concat(value, char(10)) FROM (
        SELECT v.atom AS value
        FROM (SELECT t.properties AS said UNION ALL
              SELECT json_extract(o.data, '$.annotations') FROM owl o WHERE o.thing_id = t.thing_id) p,
             json_each(p.said) k,
             json_tree(iif(k.type IN ('array', 'object'), k.value, json_array(k.value))) v
        WHERE p.said <> '{{}}' AND k.key IN ({wanted}) AND v.type = 'text'
          AND v.key NOT IN ('language', 'datatype')
        {more}
    ))"""


_COMMENTS: Final = """UNION
        SELECT json_extract(o.data, '$.comment') FROM owl o WHERE o.thing_id = t.thing_id"""

SEARCHABLE: Final = f"""
CREATE VIEW searchable AS
SELECT t.thing_id, t.source_id, t.label, {_values(ALIASES, "UNION SELECT NULL")} AS aliases,
       {_values(TEXTS, _COMMENTS)} AS texts
FROM things t WHERE t.kind IS NOT NULL;
"""
"""What of each node can be searched. UNION sorts, so that one thing always gives one text."""

COLUMNS: Final = "label, aliases, texts, content = '', tokenize = 'unicode61 remove_diacritics 2'"
_CREATE: Final = f"CREATE VIRTUAL TABLE search_index USING fts5({COLUMNS})"

_ENTER: Final = """INSERT INTO search_index (rowid, label, aliases, texts)
    SELECT thing_id, label, aliases, texts FROM searchable"""
# A row of docsize stands for each entry; what a writer has only just put there has none.
_LEAVE: Final = """INSERT INTO search_index (search_index, rowid, label, aliases, texts)
    SELECT 'delete', thing_id, label, aliases, texts FROM searchable x
    WHERE EXISTS (SELECT 1 FROM search_index_docsize d WHERE d.id = x.thing_id)"""
_DIRTY: Final = "thing_id IN (SELECT thing_id FROM dirty_things)"

_WEIGHTS: Final = "10, 8, 1"
"""What a word found in the label, an alias, a text is worth."""

# Filtered and ranked by rowid first: only what is shown is read whole. What is called just so goes before all else,
# of which BM25 knows nothing, since every word may begin a longer one.
_FIND: Final = """WITH found AS (
        SELECT thing_id, min(score) AS score FROM (
            SELECT * FROM (
                SELECT rowid AS thing_id, -1e9 AS score FROM search_index
                WHERE search_index MATCH :called {filters}
                  AND length(:words) = (SELECT length(label) FROM things WHERE thing_id = search_index.rowid)
                LIMIT :limit)
            UNION ALL
            SELECT * FROM (
                SELECT rowid, bm25(search_index, {weights}) AS score FROM search_index
                WHERE search_index MATCH :match {filters} ORDER BY score LIMIT :limit)
        ) GROUP BY thing_id ORDER BY score LIMIT :limit
    )
    SELECT t.id, s.name, t.kind, t.label, f.path, t.line, t.properties, x.aliases, x.texts
    FROM found CROSS JOIN things t ON t.thing_id = found.thing_id
    LEFT JOIN sources s ON s.source_id = t.source_id LEFT JOIN files_ f ON f.file_id = t.home
    LEFT JOIN searchable x ON x.thing_id = t.thing_id
    ORDER BY found.score, t.id, s.name"""


def available(connection: sqlite3.Connection) -> bool:
    """Whether this build of SQLite has FTS5."""
    return connection.execute("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").fetchone() is not None


def exists(connection: sqlite3.Connection) -> bool:
    """Whether the database has an index that is in step: one that a SQLite without FTS5 settled past is not."""
    row = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'search_index'").fetchone()
    return row is not None and not _stale(connection)


def declare(connection: sqlite3.Connection) -> None:
    """Let FTS5 declare its table, where there is one, so that a query may name it later."""
    if available(connection) and exists(connection):
        connection.execute("SELECT 1 FROM search_index LIMIT 0")


def prepare(connection: sqlite3.Connection) -> bool:
    """Make the index where there is none that is in step; whether there is one now. Inside a transaction."""
    made = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'search_index'").fetchone() is not None
    if not available(connection):
        if made:
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('search', 'stale')")
        return False
    if made and _stale(connection):
        connection.execute("INSERT INTO search_index (search_index) VALUES ('delete-all')")
        connection.execute("DELETE FROM meta WHERE key = 'search'")
        connection.execute(_ENTER)
    if not made:
        connection.execute(_CREATE)
        connection.execute(_ENTER)
    return True


def _stale(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM meta WHERE key = 'search'").fetchone() is not None


def leave(connection: sqlite3.Connection) -> None:
    """Take the dirty things out, before what is known of them changes."""
    connection.execute(f"{_LEAVE} AND {_DIRTY}")


def enter(connection: sqlite3.Connection) -> None:
    """Put the dirty things in, as they are now."""
    connection.execute(f"{_ENTER} WHERE {_DIRTY}")


def forget(connection: sqlite3.Connection, source_id: int) -> None:
    """Take all things of a source out, before they go."""
    if prepare(connection):
        connection.execute(f"{_LEAVE} AND source_id = ?", (source_id,))


def match_of(words: str) -> str:
    """FTS5's query for *words*, whatever they hold: each a text in quotes, which may also begin a longer word."""
    return " ".join(f"{_quoted(word)} *" for word in _plain(words).split())


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _plain(words: str) -> str:
    """*words* with single spaces, and without what SQLite can't be given."""
    return " ".join(words.replace("\x00", " ").encode(errors="replace").decode().split())


def find(
    connection: sqlite3.Connection, words: str, source: str | None, kind: str | None, limit: int
) -> Iterator[Mapping[str, Any]]:
    """See `Searches.search`. The index must exist."""
    match = match_of(words)
    if not match:
        return
    filters = ""
    if source is not None:
        filters += """ AND (SELECT source_id FROM things WHERE thing_id = search_index.rowid)
            = (SELECT source_id FROM sources WHERE name = :source)"""
    if kind is not None:
        filters += " AND (SELECT kind FROM things WHERE thing_id = search_index.rowid) = :kind"
    query = _FIND.format(weights=_WEIGHTS, filters=filters)
    words = _plain(words)
    asked = {"match": match, "called": f"label : ^ {_quoted(words)}", "words": words}
    wanted = {**asked, "source": source, "kind": kind, "limit": max(0, limit)}
    for *columns, aliases, texts in connection.execute(query, wanted).fetchall():
        row = dict(zip(views.COLUMNS["nodes"], columns, strict=True))
        lines = [row["label"] or "", *(aliases or "").split("\n"), *(texts or "").split("\n")]
        yield {**row, "text": shown(lines, words)}
