"""The numbers that things, names and references have in the database.

There is one writer at a time, so it gives the numbers itself: from where the tables end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from ghsync_core import Name
from ghsync_plugins.backends.postgres.connection import Connection
from ghsync_plugins.backends.postgres.copying import copy_rows
from ghsync_plugins.backends.postgres.rows import Saying
from ghsync_plugins.backends.relational.references import End, Target, as_reference, reference_key, written
from ghsync_plugins.backends.relational.rows import Group, Row

Key = TypeVar("Key")

_REMEMBERED: Final = 50_000
"""Of each sort, at most: about 10 MB. Most of what a group refers to has been seen before."""


@dataclass(slots=True)
class Ends:
    """The last number that is taken in each table."""

    thing: int
    name: int
    target: int
    subject: int
    axiom: int
    file: int

    @classmethod
    def of(cls, connection: Connection) -> Ends:
        """As the tables are now."""
        row = connection.execute(
            """SELECT (SELECT max(thing_id) FROM things), (SELECT max(name_id) FROM names),
                      (SELECT max(target_id) FROM targets), (SELECT max(subject_id) FROM subjects),
                      (SELECT max(axiom_id) FROM axioms_), (SELECT max(file_id) FROM files_)"""
        ).fetchone()
        assert row is not None
        return cls(*(number or 0 for number in row))


class Numbers:
    """What one source's things, names and references are numbered, as far as it has been asked for.

    Of a source that is *new* all numbers are known, until some have been forgotten: then the database is asked again.
    """

    def __init__(self, *, new: bool = False) -> None:
        self._all_known = new
        self._things: dict[str, int] = {}
        self._names: dict[Name, int] = {}
        self._keys: dict[bytes, int] = {}
        self._targets: dict[End, Target] = {}
        self._types: dict[str, int] = {}

    def forget(self) -> None:
        """Remember nothing: a transaction was undone, or the settle drops what nothing uses any more."""
        for known in (self._things, self._names, self._keys, self._targets, self._types):
            known.clear()
        self._all_known = False

    def make_room(self) -> None:
        """Forget what has become too much to remember; not while a group is written."""
        if max(len(self._things), len(self._names), len(self._targets)) > _REMEMBERED:
            self.forget()

    def things(
        self, connection: Connection, source_id: int, ends: Ends, sayings: Iterable[tuple[str, Saying]]
    ) -> Mapping[str, int]:
        """The numbers of all things that are spoken of. New ones get their rows, as the best of *sayings* has them."""

        def find(ids: list[str]) -> Iterable[tuple[str, int]]:
            if self._all_known:
                return ()
            return connection.execute(
                "SELECT id, thing_id FROM things WHERE source_id = %s AND id = ANY(%s)", (source_id, ids)
            )

        best: dict[str, Saying] = {}
        for id_, saying in sayings:
            known = best.get(id_)
            if known is None or (not saying.declared, saying.facet) < (not known.declared, known.facet):
                best[id_] = saying
        new = _add(self._things, best, find, ends.thing + 1)
        ends.thing += len(new)
        rows = [(number, source_id, id_, *best[id_].as_thing()) for id_, number in new.items()]
        copy_rows(connection, "things (thing_id, source_id, id, kind, label, home, line, properties)", rows)
        return self._things

    def names(self, connection: Connection, source_id: int, ends: Ends, wanted: Iterable[Name]) -> Mapping[Name, int]:
        """The numbers of all names *wanted*."""

        def find(names: list[Name]) -> Iterable[tuple[Name, int]]:
            if self._all_known:
                return
            texts = list({name.text for name in names})
            for scope, text, number in connection.execute(
                "SELECT scope, text, name_id FROM names WHERE source_id = %s AND text = ANY(%s)", (source_id, texts)
            ):
                yield Name(scope, text), number

        new = _add(self._names, wanted, find, ends.name + 1)
        ends.name += len(new)
        copy_rows(connection, "names", [(number, source_id, *name) for name, number in new.items()])
        return self._names

    def targets(
        self, connection: Connection, source_id: int, ends: Ends, group: Group
    ) -> tuple[Mapping[End, Target], list[tuple[int, int, Name]]]:
        """The numbers of all that the group refers to; and the names that new references ask for, in their order."""

        def find(keys: list[bytes]) -> Iterable[tuple[bytes, int]]:
            if self._all_known:
                return ()
            return connection.execute(
                "SELECT key, target_id FROM targets WHERE source_id = %s AND key = ANY(%s)", (source_id, keys)
            )

        keys = {end: reference_key(end) for end in group.ends() if end not in self._targets}
        by_key = {key: end for end, key in keys.items()}  # those that differ only in how they are spelled are one
        new = _add(self._keys, by_key, find, ends.target + 1)
        ends.target += len(new)
        rows: list[Row] = []
        asked: list[tuple[int, int, Name]] = []
        for key, number in new.items():
            reference = as_reference(by_key[key])
            rows.append((number, source_id, key, reference.name, reference.stub, reference.path, reference.folder))
            asked += [(number, place, name) for place, name in enumerate(reference.names)]
        copy_rows(connection, "targets (target_id, source_id, key, name, stub, path, folder)", rows)
        self._targets.update((end, Target(self._keys[key], written(end))) for end, key in keys.items())
        return self._targets, asked

    def types(self, connection: Connection, group: Group) -> Mapping[str, int]:
        """The numbers of the edge types, of which there are few."""
        wanted = {edge.type for _, facts in group.files for edge in facts.edges}
        if not wanted <= self._types.keys():
            self._types.update(connection.execute("SELECT type, type_id FROM edge_types").fetchall())
            new = sorted(wanted - self._types.keys())
            numbers = {each: len(self._types) + at for at, each in enumerate(new, 1)}
            copy_rows(connection, "edge_types (type, type_id)", list(numbers.items()))
            self._types.update(numbers)
        return self._types


def _add(
    known: dict[Key, int], wanted: Iterable[Key], find: Callable[[list[Key]], Iterable[tuple[Key, int]]], first: int
) -> dict[Key, int]:
    """Put the numbers of at least all *wanted* into *known*; those that are new, numbered from *first*."""
    unknown = [key for key in dict.fromkeys(wanted) if key not in known]
    if unknown:
        known.update(find(unknown))
    new = {key: number for number, key in enumerate((key for key in unknown if key not in known), first)}
    known.update(new)
    return new
