"""Chooses the cheapest way to a set of files."""

from __future__ import annotations

from math import ceil

_LATENCY = 0.1
"""Seconds until an answer begins."""

_AT_ONCE = 8
_BYTES_PER_SECOND = 10e6
_COMPRESSION = 4
"""An archive of text is about a quarter of its files."""

_PRICE_WITH_TOKEN = 0.25
_PRICE_WITHOUT = 2.0
"""Seconds that a request is worth beside its latency: there are 5,000 an hour with a token, 60 without."""


def archive_pays_off(files: int, size: int, total_size: int, *, token: bool) -> bool:
    """Whether the archive of *total_size* bytes is a cheaper way to *files* files of *size* bytes than their blobs.

    Both ways are priced in seconds. The archive is one request, with a redirect; a blob is one request a file.
    """
    price = _PRICE_WITH_TOKEN if token else _PRICE_WITHOUT
    archive = price + 2 * _LATENCY + total_size / _COMPRESSION / _BYTES_PER_SECOND
    blobs = price * files + _LATENCY * ceil(files / _AT_ONCE) + size / _BYTES_PER_SECOND
    return archive < blobs
