"""What files said and what they say now: the differences are listed for the settle, which so costs what changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ghsync_plugins.backends.postgres.connection import Connection
from ghsync_plugins.backends.postgres.copying import list_dirty
from ghsync_plugins.backends.postgres.rows import Saying
from ghsync_plugins.backends.relational.rows import Row

_REFERENCES = """SELECT u.file_id, e.to_target, e.line, coalesce(e.written, '')
    FROM subjects u JOIN statements e USING (subject_id) WHERE u.file_id = ANY(%(files)s)
    UNION SELECT u.file_id, u.from_target, e.line, '' FROM subjects u JOIN statements e USING (subject_id)
    WHERE u.file_id = ANY(%(files)s)
    UNION SELECT a.file_id, x.target_id, a.line, x.written FROM axioms_ a JOIN axiom_targets x USING (axiom_id)
    WHERE a.file_id = ANY(%(files)s)"""

# One more to mention what an earlier file mentions in the same words changes nothing; popular tags have thousands.
_MENTIONED = """INSERT INTO dirty_things SELECT DISTINCT c.thing_id
    FROM unnest(%(things)s::integer[], %(facets)s::integer[], %(of)s::integer[], %(kinds)s::text[], %(labels)s::text[],
                %(datas)s::text[]) AS c(thing_id, facet, file_id, kind, label, data)
    WHERE NOT EXISTS (
        SELECT 1 FROM said s JOIN files_ f ON f.file_id = s.file_id
        WHERE s.thing_id = c.thing_id AND s.facet = c.facet AND NOT s.declared
          AND s.kind = c.kind AND s.label IS NOT DISTINCT FROM c.label AND s.data = c.data
          AND s.comment IS NULL AND s.domain IS NULL AND s.range IS NULL AND s.characteristics IS NULL
          AND s.file_id <> ALL(%(files)s)
          AND f.path < (SELECT path FROM files_ WHERE file_id = c.file_id))
    ON CONFLICT DO NOTHING"""

# A stub is labelled as its first referrer spells it.
_REFERRED = """INSERT INTO dirty_things SELECT DISTINCT t.thing_id FROM targets t
    WHERE t.target_id = ANY(%s) AND t.thing_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM said s WHERE s.thing_id = t.thing_id)
    ON CONFLICT DO NOTHING"""


@dataclass(frozen=True, slots=True)
class Sayings:
    """What some files say: rows of ``said`` and ``answers``; ``references`` are (file, target, line, as written).

    ``unwritten`` are the axioms that have no text yet.
    """

    said: frozenset[Row] = frozenset()
    answers: frozenset[Row] = frozenset()
    references: frozenset[Row] = frozenset()
    unwritten: tuple[int, ...] = ()

    @classmethod
    def of_rows(
        cls,
        said: Iterable[Row],
        answers: Iterable[Row],
        subjects: Iterable[Row],
        statements: Iterable[Row],
        axioms: Iterable[Row],
        axiom_targets: Iterable[Row],
    ) -> Sayings:
        """Of the rows that are written."""
        ends = {number: (file_id, target) for number, file_id, target in subjects}
        lines = {number: (file_id, line) for number, file_id, _, _, _, line, *_ in axioms}
        references: set[Row] = set()
        for subject, _, target, line, _, written, _ in statements:
            file_id, source = ends[subject]
            references.add((file_id, target, line, written or ""))
            references.add((file_id, source, line, ""))
        for axiom, _, target, written in axiom_targets:
            file_id, line = lines[axiom]
            references.add((file_id, target, line, written))
        unwritten = tuple(row[0] for row in axioms if row[7] is None)
        return cls(frozenset(said), frozenset(answers), frozenset(references), unwritten)

    @classmethod
    def stored(cls, connection: Connection, file_ids: Sequence[int]) -> Sayings:
        """Of these files, as the database has them."""
        said = connection.execute("SELECT * FROM said WHERE file_id = ANY(%s)", (file_ids,))
        names = connection.execute("SELECT * FROM answers WHERE file_id = ANY(%s)", (file_ids,))
        references = connection.execute(_REFERENCES, {"files": file_ids})
        return cls(frozenset(map(_as_written, said)), frozenset(names), frozenset(references))


def _as_written(row: Row) -> Row:
    return (*row[:9], *(None if values is None else tuple(values) for values in row[9:]))


def list_differences(connection: Connection, before: Sayings, after: Sayings, file_ids: Sequence[int]) -> None:
    """Note for the settle what is no longer as it was. Inside the caller's transaction, when the files are in."""
    said = [(row[0], Saying(*row[1:])) for row in before.said ^ after.said]
    mentions = [(thing, saying) for thing, saying in said if saying.mere]
    list_dirty(connection, "dirty_things", "thing_id", (thing for thing, saying in said if not saying.mere))
    if mentions:
        columns = {
            "things": [thing for thing, _ in mentions],
            "facets": [saying.facet for _, saying in mentions],
            "of": [saying.file_id for _, saying in mentions],
            "kinds": [saying.kind for _, saying in mentions],
            "labels": [saying.label for _, saying in mentions],
            "datas": [saying.data for _, saying in mentions],
        }
        connection.execute(_MENTIONED, {**columns, "files": file_ids})
    list_dirty(connection, "dirty_names", "name_id", (row[0] for row in before.answers ^ after.answers))
    changed = before.references ^ after.references
    came_or_went = {row[:2] for row in before.references} ^ {row[:2] for row in after.references}
    list_dirty(connection, "dirty_targets", "target_id", (target for _, target in came_or_went))
    if changed:
        connection.execute(_REFERRED, ([row[1] for row in changed],))
    list_dirty(connection, "unwritten_axioms", "axiom_id", after.unwritten)


def list_axioms(connection: Connection, file_ids: Sequence[int]) -> None:
    """Note the axioms of these files, before and after they change: which of equal ones is the first stands in its row,
    which goes with its file.
    """
    connection.execute(
        """INSERT INTO dirty_axioms SELECT DISTINCT source_id, kind, text FROM axioms_
        WHERE file_id = ANY(%s) AND text IS NOT NULL""",
        (file_ids,),
    )
