"""How a group of files gets in, and how what a file said gets out.

All numbers are known before anything is written, so each table gets its rows by one COPY.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ghsync_core import Name
from ghsync_plugins.backends.postgres.connection import Connection
from ghsync_plugins.backends.postgres.copying import copy_rows
from ghsync_plugins.backends.postgres.differences import Sayings
from ghsync_plugins.backends.postgres.numbers import Ends, Numbers
from ghsync_plugins.backends.postgres.rows import sayings
from ghsync_plugins.backends.postgres.schema import LATE_INDEXES
from ghsync_plugins.backends.relational.rows import Group, Row

_CLEARS = (
    "DELETE FROM axiom_targets USING axioms_ a WHERE a.axiom_id = axiom_targets.axiom_id AND a.file_id = ANY(%s)",
    "DELETE FROM axioms_ WHERE file_id = ANY(%s)",
    "DELETE FROM statements USING subjects u WHERE u.subject_id = statements.subject_id AND u.file_id = ANY(%s)",
    "DELETE FROM subjects WHERE file_id = ANY(%s)",
    "DELETE FROM answers WHERE file_id = ANY(%s)",
    "DELETE FROM said WHERE file_id = ANY(%s)",
)


def insert(
    connection: Connection, source_id: int, group: Group, numbers: Numbers, ends: Ends, *, mark: bool
) -> Sayings:
    """Store what the files say, and tell it where it has to be marked. Inside the caller's transaction."""
    numbers.make_room()
    found = list(sayings(group))
    things = numbers.things(connection, source_id, ends, found)
    said = [(things[id_], *saying) for id_, saying in found]
    copy_rows(connection, "said", [(*row[:9], *map(_array, row[9:])) for row in said])
    targets, asked = numbers.targets(connection, source_id, ends, group)
    answered = group.answers()
    names = numbers.names(
        connection, source_id, ends, [*(Name(*row[2:4]) for row in answered), *(name for _, _, name in asked)]
    )
    copy_rows(connection, "target_names", [(number, place, names[name]) for number, place, name in asked])
    ranks: dict[Row, int] = {}
    for file_id, id_, scope, text, rank, path in answered:
        key = (names[Name(scope, text)], file_id, things[id_], path)
        ranks[key] = min(rank, ranks.get(key, rank))
    answers = [(*key, rank) for key, rank in ranks.items()]
    copy_rows(connection, "answers", answers)
    types = numbers.types(connection, group)
    subjects: list[Row] = []
    statements: list[Row] = []

    def made() -> Iterator[Row]:
        for file in group.files:
            more, of_file = Group((file,)).statements(targets, types, ends.subject + 1 + len(subjects))
            subjects.extend(more)
            statements.extend(of_file)
            yield from of_file

    copy_rows(connection, "statements", made())
    copy_rows(connection, "subjects", subjects)
    axioms, axiom_targets = group.axioms(targets, source_id, ends.axiom + 1)
    copy_rows(
        connection,
        "axioms_ (axiom_id, file_id, source_id, kind, arguments, line, annotations, text, subject, object)",
        axioms,
    )
    copy_rows(connection, "axiom_targets", axiom_targets)
    if not mark:
        return Sayings()
    return Sayings.of_rows(said, answers, subjects, statements, axioms, axiom_targets)


def clear(connection: Connection, file_ids: Sequence[int]) -> None:
    """Take out what these files said. Inside the caller's transaction."""
    for statement in _CLEARS:
        connection.execute(statement, (file_ids,))


def make_indexes(connection: Connection) -> None:
    """Make those that are still missing. Inside the caller's transaction."""
    found = {row[0] for row in connection.execute("SELECT indexname FROM pg_indexes WHERE schemaname = current_schema")}
    for index, columns in LATE_INDEXES.items():
        if index not in found:
            connection.execute(f"CREATE INDEX {index} ON {columns}")


def _array(values: tuple[str, ...] | None) -> list[str] | None:
    return None if values is None else list(values)
