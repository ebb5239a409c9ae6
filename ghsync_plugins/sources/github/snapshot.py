"""The files of a repository at one commit."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from io import BufferedReader, RawIOBase
from typing import Any, cast

from ghsync_core import FileRef, SourceError, TransportError, get_logger, git_blob_id
from ghsync_plugins.sources.github.archive import BrokenArchive, read_archive
from ghsync_plugins.sources.github.client import RAW, Client
from ghsync_plugins.sources.github.cost import archive_pays_off
from ghsync_plugins.sources.github.tree import Listing

_MIN_BODY = 1 << 16
"""Bytes of an answer that are always read, so that an error's message fits."""

_READ_BYTES = 1 << 18

_UNKNOWN_SIZE = 1 << 30

_LARGEST_ARCHIVE = 1 << 34
"""Bytes that are unpacked at most where only a folder of the commit was listed: what is still missing comes by blob."""


@dataclass(slots=True)
class GitHubSnapshot:
    """A `Snapshot`: the listing of ``commit``, and two ways to its bytes, archive and blob."""

    source: str
    commit: str | None
    identity: str | None
    memory: Mapping[str, Any]
    files: Sequence[FileRef]
    client: Client = field(repr=False)
    base: str
    listing: Listing = field(repr=False)
    use_archive: bool

    def read(self, file: FileRef) -> bytes:
        """The bytes of *file*, fetched by themselves and verified. Raises `TransportError`."""
        path = f"{self.base}/git/blobs/{file.blob_id}"
        try:
            answer = self.client.get(path, "blob", accept=RAW, limit=max(file.size, _MIN_BODY))
        except SourceError as error:
            raise TransportError(f"{file.path}: {error}") from None
        if answer.status != 200:
            raise TransportError(f"{file.path}: {self.client.host} does not give its content (status {answer.status})")
        if git_blob_id(answer.body) != file.blob_id:
            raise TransportError(f"{file.path}: {self.client.host} sent other bytes than the commit holds")
        return answer.body

    def fetch(self, wanted: Sequence[FileRef]) -> Generator[tuple[FileRef, bytes | None], None, None]:
        """Each of *wanted* once: from the archive as far as it has them unaltered, and the rest for `read`."""
        missing = {file.path: file for file in wanted}
        if self._takes_archive(wanted):
            with closing(self._from_archive(missing)) as found:
                for file, data in found:
                    del missing[file.path]
                    yield file, data
        for file in missing.values():
            yield file, None

    def cost(self, wanted: Sequence[FileRef]) -> int:
        """How many requests `fetch` and the reads after it make, where the archive lacks nothing."""
        return 1 if self._takes_archive(wanted) else len(wanted)

    def _takes_archive(self, wanted: Sequence[FileRef]) -> bool:
        if not self.use_archive or not wanted:
            return False
        size = sum(file.size for file in wanted)
        total = self.listing.total_bytes
        return archive_pays_off(
            len(wanted), size, _UNKNOWN_SIZE if total is None else total, token=self.client.has_token
        )

    def _from_archive(self, missing: Mapping[str, FileRef]) -> Generator[tuple[FileRef, bytes], None, None]:
        """What the archive gives of *missing*. That it fails is no error: whatever it lacks is fetched by blob."""
        try:
            with self.client.stream(f"{self.base}/tarball/{self.commit}", "archive") as response:
                if response.status_code != 200:
                    raise BrokenArchive(f"status {response.status_code}")
                response.raw.auto_close = False  # or the reader's last look would find it closed
                stream = BufferedReader(cast(RawIOBase, response.raw), _READ_BYTES)
                yield from read_archive(stream, missing, max_bytes=self._archive_limit())
        except (SourceError, BrokenArchive) as error:
            _log_fallback(self.source, error)

    def _archive_limit(self) -> float:
        """The most bytes that an honest archive unpacks to, with room for headers and expanded keywords."""
        if self.listing.total_bytes is None or self.listing.total_files is None:
            return _LARGEST_ARCHIVE
        return 2 * self.listing.total_bytes + 8192 * self.listing.total_files + (1 << 24)


def _log_fallback(source: str, error: Exception) -> None:
    get_logger().info(
        "the archive can't be read to its end; what it lacks comes file by file", source=source, reason=str(error)
    )
