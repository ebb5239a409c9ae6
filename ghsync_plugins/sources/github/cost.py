"""Chooses the cheapest way to a set of files: the archive, batches of texts by GraphQL, or blobs one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from ghsync_core import FileRef
from ghsync_plugins.sources.github.limits import Quota

BATCH_FILES = 100
BATCH_BYTES = 4_000_000
"""What one GraphQL query asks for at most, so that GitHub answers within its ten seconds."""

BATCHES_AT_ONCE = 4

MAX_TEXT = 500_000
"""Bytes of the longest file that is asked for by GraphQL, which cuts texts at 512,000."""

_LATENCY = 0.1
"""Seconds until an answer begins."""

_BATCH_SECONDS = 0.5
"""What GitHub takes to look up a hundred texts, beside the latency."""

_BLOBS_AT_ONCE = 8
_BYTES_PER_SECOND = 10e6
_COMPRESSION = 4
"""An archive of text is about a quarter of its files."""

_PRICE_WITH_TOKEN = 0.25
_PRICE_WITHOUT = 2.0
"""Seconds that a request is worth beside its latency: there are 5,000 an hour with a token, 60 without."""


@dataclass(frozen=True, slots=True)
class Means:
    """What there is to choose from. ``total_bytes`` is the size of all files of the commit, which the archive holds;
    ``quota`` is what is left of the hour's requests, where that is known.
    """

    token: bool
    graphql: bool
    archive: bool
    total_bytes: int
    quota: Quota | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """How to get the files: all from the archive, or ``batches`` by GraphQL and ``single`` ones by themselves."""

    archive: bool
    batches: tuple[tuple[FileRef, ...], ...] = ()
    single: tuple[FileRef, ...] = ()

    @property
    def requests(self) -> int:
        """How many requests to the API this takes, where the archive lacks nothing and every text is one."""
        return self.rest_requests + len(self.batches)

    @property
    def rest_requests(self) -> int:
        """Those of them that count against the hour's quota. GraphQL has its own, which a hundred files a point never
        use up.
        """
        return self.archive + len(self.single)


def cheapest_way(wanted: Sequence[FileRef], means: Means) -> Way:
    """The way to *wanted* that takes the fewest seconds, a request being worth some too."""
    by_blobs = _by_blobs(wanted, graphql=means.graphql)
    if not wanted or not means.archive:
        return by_blobs
    archive = Way(archive=True)
    return min(archive, by_blobs, key=lambda way: _seconds(way, wanted, means))


def advice(way: Way, quota: Quota | None, *, token: bool) -> str | None:
    """What to tell people before *way* is gone, where the hour's requests won't do for it."""
    if quota is None or way.rest_requests <= quota.left:
        return None
    minutes = ceil(quota.seconds / 60)
    text = (
        f"this takes {way.rest_requests:,} requests and {quota.left:,} are left, so it will wait {minutes} min for more"
    )
    return text if token else f"{text}; with a token in GITHUB_TOKEN there would be 5,000 an hour instead of 60"


def _by_blobs(wanted: Sequence[FileRef], *, graphql: bool) -> Way:
    """Texts in batches where that saves requests; long files, and one that would be alone in its batch, by itself."""
    if not graphql:
        return Way(archive=False, single=tuple(wanted))
    batches = tuple(_batches(file for file in wanted if file.size <= MAX_TEXT))
    lone = tuple(file for batch in batches if len(batch) == 1 for file in batch)
    long = tuple(file for file in wanted if file.size > MAX_TEXT)
    return Way(archive=False, batches=tuple(batch for batch in batches if len(batch) > 1), single=long + lone)


def _batches(files: Iterable[FileRef]) -> Iterator[tuple[FileRef, ...]]:
    batch: list[FileRef] = []
    size = 0
    for file in files:
        if batch and (len(batch) == BATCH_FILES or size + file.size > BATCH_BYTES):
            yield tuple(batch)
            batch, size = [], 0
        batch.append(file)
        size += file.size
    if batch:
        yield tuple(batch)


def _seconds(way: Way, wanted: Sequence[FileRef], means: Means) -> float:
    size = means.total_bytes / _COMPRESSION if way.archive else sum(file.size for file in wanted)
    seconds = size / _BYTES_PER_SECOND
    seconds += 2 * _LATENCY * way.archive  # it is behind a redirect
    seconds += (_LATENCY + _BATCH_SECONDS) * ceil(len(way.batches) / BATCHES_AT_ONCE)
    seconds += _LATENCY * ceil(len(way.single) / _BLOBS_AT_ONCE)
    if means.quota and way.rest_requests > means.quota.left:
        seconds += means.quota.seconds
    return seconds + way.requests * (_PRICE_WITH_TOKEN if means.token else _PRICE_WITHOUT)
