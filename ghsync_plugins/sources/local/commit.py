"""The files of one commit of a clone, streamed out of its object store."""

from __future__ import annotations

import subprocess
from collections.abc import Generator, Mapping, Sequence
from typing import IO, Any

from ghsync_core import FileRef, TransportError, git_blob_id, permalinks
from ghsync_plugins.sources.local.clone import GIT, Clone, GitFailed, git, git_environment


class CommitSnapshot:
    """Files as a commit holds them, whatever lies on disk. Keeps the `Snapshot` protocol."""

    identity: str | None = None

    def __init__(
        self, source: str, commit: str, files: Sequence[FileRef], clone: Clone, page: str | None = None
    ) -> None:
        self.source = source
        self.commit: str | None = commit
        self.files = files
        self.memory: Mapping[str, Any] = {permalinks.WEB: page} if page else {}
        self._clone = clone

    def read(self, file: FileRef) -> bytes:
        """The blob of *file*. Raises `TransportError` where the clone lacks it, or has it damaged."""
        try:
            data = git(self._clone.folder, "cat-file", "blob", file.blob_id)
        except GitFailed as error:
            raise TransportError(f"can't read {file.path}: {error}", reason="unreadable") from None
        if git_blob_id(data) != file.blob_id:
            raise TransportError(f"the blob of {file.path} is damaged; try git fsck", reason="unreadable")
        return data

    def fetch(self, wanted: Sequence[FileRef]) -> Generator[tuple[FileRef, bytes | None], None, None]:
        """Each file with its bytes, from one git process; without, where `read` will tell what is wrong with it."""
        if not wanted:
            return
        command = [*GIT, "-C", str(self._clone.folder), "cat-file", "--batch"]
        with subprocess.Popen(
            command,
            env=git_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            try:
                for file in wanted:
                    yield file, _ask(process.stdin, process.stdout, file.blob_id)
            finally:
                process.kill()

    def cost(self, wanted: Sequence[FileRef]) -> int:  # noqa: ARG002
        """Nothing is asked of any host."""
        return 0


def _ask(requests: IO[bytes], answers: IO[bytes], blob_id: str) -> bytes | None:
    """One request and its answer, ``ID TYPE SIZE LF`` and the bytes and ``LF``; None for any other answer.

    Only one request is ever under way, so neither side can fill a pipe that the other does not empty.
    """
    try:
        requests.write(blob_id.encode() + b"\n")
        requests.flush()
    except BrokenPipeError:
        return None
    head = answers.readline().split()
    if len(head) != 3 or not head[2].isdigit():
        return None
    data = answers.read(int(head[2]))
    answers.read(1)
    return data if git_blob_id(data) == blob_id else None
