"""The digest of a source's graph: the same for the same commit and settings, in any store, whatever came before.

It is a sum over rows, which have no order: each row of `DIGESTED` is written as canonical JSON, hashed, and the hashes
are added up modulo 2¹²⁸. docs/reference/graph.md defines it for those who want to compute it by other means. A sum, and
not XOR, so that equal rows don't cancel one another.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from ghsync_core.interfaces import BulkReader, GraphReader
from ghsync_core.models import Json
from ghsync_core.views import COLUMNS, GRAPH

_NOT_DIGESTED: Final = frozenset({"source", "commit_id", "synced_at"})

DIGESTED: Final[Mapping[str, tuple[str, ...]]] = {
    view: tuple(column for column in COLUMNS[view] if column not in _NOT_DIGESTED) for view in GRAPH
}
"""What is digested of each view: neither the source's name nor when or at which commit a file was read."""

_BYTES: Final = 16
_MODULUS: Final = 1 << (8 * _BYTES)
_ENCODER: Final = json.JSONEncoder(sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class ViewDigest:
    """The number of a view's rows, and the sum of their hashes."""

    rows: int
    sum: int


@dataclass(frozen=True, slots=True)
class Digest:
    """The digests of a source's views."""

    views: Mapping[str, ViewDigest]

    def __str__(self) -> str:
        """The sum over all views, as 32 hexadecimal digits."""
        return f"{sum(view.sum for view in self.views.values()) % _MODULUS:032x}"


def digest(reader: GraphReader, source: str) -> Digest:
    """The digest of what *reader* sees of *source*."""
    return Digest({view: _view_digest(canonical_texts(reader, view, source)) for view in GRAPH})


def canonical_texts(reader: GraphReader, view: str, source: str) -> Iterator[str]:
    """The canonical rows of a view in large texts, a line for each; quickly, where the reader knows how."""
    if isinstance(reader, BulkReader):
        yield from reader.texts(view, source, DIGESTED[view])
    else:
        yield from (canonical_row(view, row) for row in reader.rows(view, source))


def canonical_row(view: str, row: Mapping[str, Json]) -> str:
    """A row as one line: a JSON list of the view's name and the values of its `DIGESTED`.

    A column that holds JSON stands in it as a text, as SQLite has it: keys sorted, no white space.
    """
    values = (row[column] for column in DIGESTED[view])
    return _ENCODER.encode([view, *(value if _is_scalar(value) else _ENCODER.encode(value) for value in values)])


def row_of(line: str) -> dict[str, Json]:
    """The row that *line* is the canonical form of, with its columns."""
    view, *values = json.loads(line)
    return dict(zip(DIGESTED[view], values, strict=True))


def row_hashes(text: str) -> list[bytes]:
    """The hash of each line of *text*: BLAKE2b with 16 bytes, of its UTF-8."""
    return [blake2b(line, digest_size=_BYTES).digest() for line in text.encode().split(b"\n")]


def _view_digest(texts: Iterable[str]) -> ViewDigest:
    rows = total = 0
    for text in texts:
        hashes = row_hashes(text)
        rows += len(hashes)
        total += sum(map(int.from_bytes, hashes))  # big-endian, which is the default
    return ViewDigest(rows, total % _MODULUS)


def _is_scalar(value: Json) -> bool:
    return value is None or isinstance(value, str | int | float)
