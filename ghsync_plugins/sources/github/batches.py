"""Reads many small texts with few requests, by GraphQL."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import chain

from ghsync_core import FileRef, SourceError, get_logger, git_blob_id
from ghsync_plugins.sources.github.answers import member
from ghsync_plugins.sources.github.client import Client
from ghsync_plugins.sources.github.cost import BATCH_BYTES, BATCHES_AT_ONCE
from ghsync_plugins.sources.github.graphql import blobs_query

_MAX_AHEAD = 2 * BATCH_BYTES
"""Bytes of files that are asked for at once; as JSON, as text and as bytes they are in memory some three times."""

_JSON_GROWTH = 6
_JSON_FRAME = 1 << 16
"""JSON writes a control character as six bytes; around the texts there is not much."""

Batch = Sequence[FileRef]
Texts = dict[str, bytes]


def fetch_batches(
    client: Client, full_name: str, batches: Sequence[Batch]
) -> Generator[tuple[FileRef, bytes | None], None, None]:
    """Every file of *batches* once, in order: with its bytes, or with None where GraphQL does not have them right.

    A few batches are asked for at once. *full_name* is the repository's.
    """
    ahead: deque[tuple[Batch, Future[Texts]]] = deque()
    pool = ThreadPoolExecutor(BATCHES_AT_ONCE, thread_name_prefix="ghsync-batch")
    try:
        for batch in batches:
            while ahead and (
                len(ahead) == BATCHES_AT_ONCE or _size(batch, *(asked for asked, _ in ahead)) > _MAX_AHEAD
            ):
                yield from _files(*ahead.popleft())
            ahead.append((batch, pool.submit(_ask, client, full_name, batch)))
        while ahead:
            yield from _files(*ahead.popleft())
    finally:
        pool.shutdown(cancel_futures=True)


def _files(batch: Batch, texts: Future[Texts]) -> Generator[tuple[FileRef, bytes | None], None, None]:
    found = texts.result()
    for file in batch:
        yield file, found.get(file.blob_id)


def _ask(client: Client, full_name: str, batch: Batch) -> Texts:
    """The contents of *batch* by blob id, as far as they come whole. That they don't is no error: REST has them."""
    owner, _, name = full_name.partition("/")
    ids = list(dict.fromkeys(file.blob_id for file in batch))
    limit = _JSON_FRAME + _JSON_GROWTH * _size(batch)
    try:
        data = client.graphql(blobs_query(ids), {"owner": owner, "name": name}, "blobs", limit=limit)
        found = member(data, "repository", dict, full_name)
    except SourceError as error:
        get_logger().info("texts can't be had by GraphQL; they come one by one", source=full_name, reason=str(error))
        return {}
    texts: Texts = {}
    for number, sha in enumerate(ids):
        with suppress(SourceError):  # null, or no blob
            text = member(found.get(f"b{number}"), "text", str, full_name)
            content = text.encode(errors="surrogatepass")
            if git_blob_id(content) == sha:  # else it was cut, or lost what JSON can't hold
                texts[sha] = content
    return texts


def _size(*batches: Batch) -> int:
    return sum(file.size for file in chain(*batches))
