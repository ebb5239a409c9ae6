"""References, and the numbers that they have in the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from ghsync_plugins.backends.relational.references import End, Target, as_reference, reference_key, written
from ghsync_plugins.backends.relational.rows import Row
from ghsync_plugins.backends.sqlite.bulk import insert_rows, look_up

_REMEMBERED = 50_000
"""References whose number is remembered, at most, about 10 MB: most of a group's have been seen before."""


class Targets:
    """The numbers of one source's references."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: dict[End, Target] = {}

    def add(self, ends: set[End], source_id: int) -> Mapping[End, Target]:
        """The numbers of at least all *ends*; those that are new get their rows."""
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        keys = {end: reference_key(end) for end in ends.difference(self._known)}
        if keys:
            found = look_up(
                self._connection,
                """SELECT json_group_array(json_array(hex(key), target_id)) FROM targets
                WHERE source_id = ? AND key IN ({marks})""",
                source_id,
                list(keys.values()),
            )
            numbers = {bytes.fromhex(key): number for key, number in found}
            # Two that differ only in how they are spelled have one key, and one row.
            numbers |= self._insert({key: end for end, key in keys.items() if key not in numbers}, source_id)
            self._known.update((end, Target(numbers[key], written(end))) for end, key in keys.items())
        return self._known

    def forget(self) -> None:
        """Remember nothing: a transaction was undone, or the settle drops references that nothing uses any more."""
        self._known.clear()

    def _insert(self, new: dict[bytes, End], source_id: int) -> dict[bytes, int]:
        (first,) = self._connection.execute("SELECT coalesce(max(target_id), 0) + 1 FROM targets").fetchone()
        rows: list[Row] = []
        asked: list[Row] = []
        for number, (key, end) in enumerate(new.items(), first):
            reference = as_reference(end)
            rows.append((number, source_id, key, reference.name, reference.stub, reference.path, reference.folder))
            asked += [(number, place, name.scope, name.text) for place, name in enumerate(reference.names)]
        insert_rows(self._connection, "targets (target_id, source_id, key, name, stub, path, folder)", rows)
        insert_rows(self._connection, "in_target_names", asked)
        return {key: number for number, key in enumerate(new, first)}
