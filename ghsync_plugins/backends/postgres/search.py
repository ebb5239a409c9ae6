"""Finding words in what nodes are called and defined as: a ``tsvector`` for each, which the settle keeps in step.

What a word is, and that case and marks make no difference, is decided here and not by PostgreSQL's parser, which would
take a word with a dot for a host, and fold as the database's locale has it. So both vectors and queries hold letters
and digits alone, whatever a text holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from ghsync_core import views
from ghsync_plugins.backends.postgres.connection import Connection
from ghsync_plugins.backends.postgres.copying import copy_rows
from ghsync_plugins.backends.relational.words import ALIASES, TEXTS, fold, shown

_WORD: Final = re.compile(r"[^\W_]+")
_LONGEST: Final = 500
"""Characters of a word that count: a lexeme may have 2,046 bytes."""
_MOST: Final = 100_000
"""Characters of a node's different words that count: its vector may have a megabyte."""
_LAST: Final = 16_383
"""The highest position of a word, after which all have the same."""

_BATCH: Final = 1_000
_WEIGHTS: Final = "{0.1, 0.1, 0.8, 1.0}"
"""What a word found in a text (D), an alias (B), the label (A) is worth."""

_SAID: Final = """SELECT t.thing_id, t.label, t.properties,
        array(SELECT o.annotations FROM owl o WHERE o.thing_id = t.thing_id ORDER BY o.facet),
        array(SELECT o.comment FROM owl o WHERE o.thing_id = t.thing_id AND o.comment IS NOT NULL ORDER BY o.facet)
    FROM things t WHERE t.kind IS NOT NULL AND t.thing_id {which}"""
_DIRTY: Final = "IN (SELECT thing_id FROM dirty_things)"

# What is called just so goes before all else; ts_rank divides by the length of what was found in. Only what is shown
# is read whole: a popular word stands in half of all nodes.
_FIND: Final = """WITH best AS MATERIALIZED (
        SELECT t.thing_id, x.called = %(called)s AS just_so,
            ts_rank(%(weights)s, x.words, %(query)s::tsquery, 1) AS rank
        FROM search_index x JOIN things t USING (thing_id)
        WHERE x.words @@ %(query)s::tsquery AND (%(kind)s::text IS NULL OR t.kind = %(kind)s) AND (
            %(source)s::text IS NULL OR t.source_id = (SELECT source_id FROM sources WHERE name = %(source)s))
        ORDER BY just_so DESC, rank DESC, t.id, t.source_id LIMIT %(limit)s
    )
    SELECT t.thing_id, t.id, s.name, t.kind, t.label, f.path, t.line, t.properties
    FROM best JOIN things t USING (thing_id) JOIN sources s USING (source_id) LEFT JOIN files_ f ON f.file_id = t.home
    ORDER BY just_so DESC, rank DESC, t.id, s.name"""

Said = tuple[int, str | None, str, list[str], list[str]]
"""Number and label of a thing, its properties, and the annotations and comments that it has as a class or property."""


def refresh(connection: Connection) -> None:
    """Make the entries of the dirty things anew, as they are now. Inside the settle's transaction."""
    connection.execute(f"DELETE FROM search_index WHERE thing_id {_DIRTY}")
    with connection.cursor("ghsync_said") as cursor:
        cursor.execute(_SAID.format(which=_DIRTY))
        while batch := cursor.fetchmany(_BATCH):
            copy_rows(connection, "search_index", map(_entry, batch))


def find(
    connection: Connection, words: str, source: str | None, kind: str | None, limit: int
) -> Iterator[Mapping[str, Any]]:
    """See `Searches.search`. Inside a transaction that sees our schema."""
    wanted = words_of(words)
    if not wanted:
        return
    query = " & ".join(f"'{word}':*" for word in dict.fromkeys(wanted))
    asked = {"query": query, "called": " ".join(wanted), "weights": _WEIGHTS}
    rows = connection.execute(_FIND, {**asked, "source": source, "kind": kind, "limit": max(0, limit)}).fetchall()
    said = {each[0]: each for each in connection.execute(_SAID.format(which="= ANY(%s)"), ([row[0] for row in rows],))}
    for thing_id, *columns in rows:
        label, aliases, texts = _texts(said[thing_id])
        yield {
            **dict(zip(views.COLUMNS["nodes"], columns, strict=True)),
            "text": shown([label, *aliases, *texts], " ".join(wanted)),
        }


def _entry(said: Said) -> tuple[int, str, str]:
    """A row of ``search_index``: number, what it is called, and the vector of its words."""
    label, aliases, texts = _texts(said)
    return said[0], " ".join(words_of(label)), vector((("A", (label,)), ("B", aliases), ("D", texts)))


def vector(weighted: Iterable[tuple[str, Iterable[str]]]) -> str:
    """A tsvector as PostgreSQL reads it: each word with its first position, and the weight that it has there."""
    found: dict[str, str] = {}
    position = room = 0
    for weight, texts in weighted:
        for text in texts:
            for word in words_of(text):
                position += 1
                if word not in found and room + len(word) <= _MOST:
                    found[word] = f"'{word}':{min(position, _LAST)}{weight}"
                    room += len(word)
    return " ".join(found.values())


def words_of(text: str) -> list[str]:
    return [word[:_LONGEST] for word in _WORD.findall(fold(text))]


def _texts(said: Said) -> tuple[str, list[str], list[str]]:
    """Label, aliases and texts of a thing, in an order that depends on what they are alone."""
    _, label, properties, annotations, comments = said
    values = [json.loads(each) for each in (properties, *annotations) if each != "{}"]
    aliases, texts = (
        {text for value in values for key in keys if key in value for text in _leaves(value[key])}
        for keys in (ALIASES, TEXTS)
    )
    return label or "", sorted(aliases), sorted(texts.union(comments))


def _leaves(value: Any) -> Iterator[str]:
    """All texts in *value*, but for what is said about a literal."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, list):
            waiting += each
        elif isinstance(each, dict):
            waiting += (inner for key, inner in each.items() if key not in ("language", "datatype"))
