"""Two stores held against one another, row by row, for one source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ghsync_core.digest import DIGESTED, Digest, canonical_texts, row_hashes, row_of
from ghsync_core.interfaces import Difference, GraphReader
from ghsync_core.models import Json
from ghsync_core.views import COLUMNS, GRAPH, KEYS

_HASHES: Final = 1_000_000
"""Rows whose hashes are held at once, about 150 MB; of larger views one part after the other is compared."""


class Compared:
    """What *stored* holds of *source*, and what *expected* does (of *expected_source*), each with its digest."""

    def __init__(
        self,
        source: str,
        stored: GraphReader,
        stored_digest: Digest,
        expected: GraphReader,
        expected_digest: Digest,
        *,
        expected_source: str | None = None,
    ) -> None:
        self._sides = ((stored, source), (expected, expected_source or source))
        self._digests = (stored_digest, expected_digest)

    def differences(self) -> Iterator[Difference]:
        """Every row that only one of them has, or that each has in another form."""
        for view in GRAPH:
            stored, expected = (each.views[view] for each in self._digests)
            if stored != expected:
                parts = 1 + (stored.rows + expected.rows) // _HASHES
                for part in range(parts):
                    yield from self._paired(view, self._unequal(view, part, parts))

    def _unequal(self, view: str, part: int, parts: int) -> Counter[bytes]:
        """Hashes of rows, with how many more of them are stored than expected."""
        found: Counter[bytes] = Counter()
        for (reader, source), sign in zip(self._sides, (1, -1), strict=True):
            for text in canonical_texts(reader, view, source):
                for each in row_hashes(text):
                    if parts == 1 or int.from_bytes(each[:4]) % parts == part:
                        found[each] += sign
        return Counter({each: count for each, count in found.items() if count})

    def _paired(self, view: str, unequal: Counter[bytes]) -> Iterator[Difference]:
        """The rows of these hashes; those that have one key are two forms of one fact."""
        stored, expected = (list(self._rows(*side, view, unequal)) for side in self._sides)
        yield from paired(view, stored, expected)

    def _rows(
        self, reader: GraphReader, source: str, view: str, hashes: Mapping[bytes, int]
    ) -> Iterator[dict[str, Json]]:
        for text in canonical_texts(reader, view, source) if hashes else ():
            for line, each in zip(text.split("\n"), row_hashes(text), strict=True):
                if each in hashes:
                    yield row_of(line)


def paired(
    view: str, stored: Sequence[Mapping[str, Json]], expected: Sequence[Mapping[str, Json]]
) -> Iterator[Difference]:
    """How these rows differ; two of one key are two forms of one fact."""
    waiting = {_key(view, row): row for row in expected}
    for row in stored:
        other = waiting.pop(_key(view, row), None)
        if row != other:
            yield _difference(view, row, other)
    for row in waiting.values():
        yield _difference(view, None, row)


def digested(view: str, values: Sequence[Json]) -> dict[str, Json]:
    """A row of *view* with the columns that depend on the graph alone."""
    row = dict(zip(COLUMNS[view], values, strict=True))
    return {column: row[column] for column in DIGESTED[view]}


def _key(view: str, row: Mapping[str, Json]) -> tuple[Json, ...]:
    return tuple(row[column] for column in KEYS[view])


def _difference(view: str, stored: Mapping[str, Json] | None, expected: Mapping[str, Json] | None) -> Difference:
    row = expected or stored or {}
    fact = " ".join(str(row[column]) for column in KEYS[view] if column != "path" or view == "files")
    if stored and expected:
        columns = [column for column in stored if stored[column] != expected[column]]
        stored, expected = ({column: each[column] for column in columns} for each in (stored, expected))
    return Difference(view, fact, stored, expected, row["path"], row.get("line"))
