"""The files of a repository at one commit."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from io import BufferedReader, RawIOBase
from typing import Any, cast

from ghsync_core import FileRef, SourceError, TransportError, get_logger, git_blob_id
from ghsync_plugins.sources.github.answers import DamagedAnswer
from ghsync_plugins.sources.github.archive import BrokenArchive, read_archive
from ghsync_plugins.sources.github.batches import fetch_batches
from ghsync_plugins.sources.github.client import RAW, Client
from ghsync_plugins.sources.github.cost import Means, Way, advice, cheapest_way
from ghsync_plugins.sources.github.tree import Listing

_MIN_BODY = 1 << 16
"""Bytes of an answer that are always read, so that an error's message fits."""

_READ_BYTES = 1 << 18

_UNKNOWN_SIZE = 1 << 30
"""Bytes of a repository of which only a folder was listed."""

Fetched = Generator[tuple[FileRef, bytes | None], None, None]

_LARGEST_ARCHIVE = 1 << 34
"""Bytes that are unpacked at most where only a folder of the commit was listed: what is still missing comes by blob."""


@dataclass(slots=True)
class GitHubSnapshot:
    """A `Snapshot`: the listing of ``commit``, and three ways to its bytes: archive, batches of texts, and blobs."""

    source: str
    commit: str | None
    identity: str | None
    memory: Mapping[str, Any]
    files: Sequence[FileRef]
    client: Client = field(repr=False)
    full_name: str
    listing: Listing = field(repr=False)
    use_archive: bool

    def read(self, file: FileRef) -> bytes:
        """The bytes of *file*, fetched by themselves and verified. Raises `TransportError`."""

        def check(body: bytes) -> None:
            if git_blob_id(body) != file.blob_id:
                raise DamagedAnswer(f"{self.client.host} sent other bytes than the commit holds")

        path = f"/repos/{self.full_name}/git/blobs/{file.blob_id}"
        try:
            answer = self.client.get(path, "blob", accept=RAW, limit=max(file.size, _MIN_BODY), check=check)
        except SourceError as error:
            raise TransportError(f"{file.path}: {error}") from None
        if answer.status != 200:
            raise TransportError(f"{file.path}: {self.client.host} does not give its content (status {answer.status})")
        return answer.body

    def fetch(self, wanted: Sequence[FileRef]) -> Fetched:
        """Each of *wanted* once, by the cheapest way; what the archive or a batch lacks or alters is left to `read`."""
        missing = {file.path: file for file in wanted}
        if self._way(wanted, archive=self.use_archive).archive:
            yield from self._from_archive(missing)
        rest = self._way(list(missing.values()), archive=False)
        self._warn(rest)
        yield from fetch_batches(self.client, self.full_name, rest.batches)
        for file in rest.single:
            yield file, None

    def cost(self, wanted: Sequence[FileRef]) -> int:
        """How many requests `fetch` and the reads after it make, where the archive and the batches lack nothing."""
        way = self._way(wanted, archive=self.use_archive)
        self._warn(way)
        return way.requests

    def _way(self, wanted: Sequence[FileRef], *, archive: bool) -> Way:
        client, total = self.client, self.listing.total_bytes
        return cheapest_way(
            wanted,
            Means(
                token=client.has_token,
                graphql=client.has_graphql,
                archive=archive,
                total_bytes=_UNKNOWN_SIZE if total is None else total,
                quota=client.quota(),
            ),
        )

    def _from_archive(self, missing: dict[str, FileRef]) -> Generator[tuple[FileRef, bytes], None, None]:
        """What the archive gives of *missing*, and takes out of it.

        That it fails is no error, since whatever it lacks can be had otherwise. Where it breaks off before half of the
        files came, it is asked for once more.
        """
        count = len(missing)
        for _ in range(2):
            try:
                with closing(self._read_archive(missing)) as found:
                    for file, data in found:
                        del missing[file.path]
                        yield file, data
                return
            except (SourceError, BrokenArchive) as error:
                text = "the archive can't be read to its end; what it lacks comes otherwise"
                get_logger().info(text, source=self.source, reason=str(error))
                if isinstance(error, SourceError) or 2 * len(missing) < count:
                    return

    def _read_archive(self, missing: Mapping[str, FileRef]) -> Generator[tuple[FileRef, bytes], None, None]:
        with self.client.stream(f"/repos/{self.full_name}/tarball/{self.commit}", "archive") as response:
            if response.status_code != 200:
                raise SourceError(f"status {response.status_code}")
            response.raw.auto_close = False  # or the reader's last look would find it closed
            stream = BufferedReader(cast(RawIOBase, response.raw), _READ_BYTES)
            yield from read_archive(stream, missing, max_bytes=self._archive_limit())

    def _archive_limit(self) -> float:
        """The most bytes that an honest archive unpacks to, with room for headers and expanded keywords."""
        if self.listing.total_bytes is None or self.listing.total_files is None:
            return _LARGEST_ARCHIVE
        return 2 * self.listing.total_bytes + 8192 * self.listing.total_files + (1 << 24)

    def _warn(self, way: Way) -> None:
        """Say beforehand that the hour's requests will not do."""
        if text := advice(way, self.client.quota(), token=self.client.has_token):
            get_logger().warning(text, source=self.source)
