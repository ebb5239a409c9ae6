"""One file, no threads: read → detect → parse. Whatever goes wrong is that file's failure alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ghsync_core.errors import Cancelled, FileError, SourceError
from ghsync_core.facts import join
from ghsync_core.interfaces import Claim, Detector, Document, Parser, Vault
from ghsync_core.log import named
from ghsync_core.models import FileFailure, FileRef, FileResult, Json, ParsedFile, nothing

LFS_MARK = b"version https://git-lfs.github.com/spec/v1"
LFS_MAX_SIZE = 1024
"""What a Git LFS pointer starts with, and the bytes that it stays under (Git LFS specification)."""

MESSAGE_LIMIT = 500


class Look(NamedTuple):
    """What one detector says of a file: by its path (None is *maybe*, a text why not), and then by its content."""

    detector: Detector
    by_path: str | None
    by_content: Claim | str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that turns a file into facts, the same for every file of a run, read by many threads."""

    source: str
    detectors: Sequence[Detector]
    parsers: Mapping[str, Parser]
    vault_of: Callable[[str], Vault]
    fingerprint: Callable[[str], str]
    read: Callable[[FileRef], bytes]
    max_file_size: int
    only_public: bool = False
    options: Mapping[str, Mapping[str, Json]] = field(default_factory=nothing)

    def skip_reason(self, file: FileRef) -> str | None:
        """The first look: None where any detector says *maybe*, else the most telling reason of all."""
        if file.entry != "file":
            return file.entry
        vault = self.vault_of(file.path)
        reasons = []
        for detector in self.detectors:
            try:
                reason = detector.look(file, vault)
            except Exception:
                reason = None  # looked at again when the file is processed, where it fails the file and nothing else
            if reason is None:
                return "size" if file.size > self.max_file_size else None
            reasons.append(reason)
        return next((reason for reason in reasons if reason != "type"), "type")

    def process(
        self, file: FileRef, data: bytes | None, reached: Callable[[str], object] = lambda _: None
    ) -> FileResult:
        """Read *file* (unless its bytes are there), detect, parse; *reached* is told of each stage behind the first.

        Raises nothing but `Cancelled`.
        """
        stage = "read"
        fingerprint = self.fingerprint(file.path)
        try:
            content = self.read(file) if data is None else data
            if len(content) < LFS_MAX_SIZE and content.startswith(LFS_MARK):
                return FileResult(file, "skipped", fingerprint, reason="lfs")
            reached(stage := "detect")
            document = self.document(file, content)
            looks = list(self.looks(document))
            claims = [(look.detector.kind, look.by_content) for look in looks if isinstance(look.by_content, Claim)]
            if not claims:
                reasons = (look.by_content for look in looks if isinstance(look.by_content, str))
                return FileResult(file, "skipped", fingerprint, reason=next(reasons, "type"))
            reached(stage := "parse")
            facts = join([self._parse(claim, document) for _, claim in claims])
            return FileResult(file, "stored", fingerprint, kind=claims[0][0], facts=facts)
        except Cancelled:
            raise
        except BaseException as error:  # a plugin may raise anything, even SystemExit; only this file shall suffer
            failure = failure_of(file.path, stage, error)
            return FileResult(file, "failed", fingerprint, reason=failure.reason, failure=failure)

    def timed_out(self, file: FileRef, stage: str, seconds: float) -> FileResult:
        """What becomes of *file* where it took more than so many seconds at *stage*."""
        what = "reading it" if stage == "read" else f"a plugin's {'detector' if stage == 'detect' else 'parser'}"
        message = f"{what} took longer than file_timeout, {seconds:g} seconds, and was given up"
        failure = FileFailure(file.path, stage, message, "timeout")
        return FileResult(file, "failed", self.fingerprint(file.path), reason="timeout", failure=failure)

    def document(self, file: FileRef, content: bytes) -> Document:
        """*file* as detectors and parsers see it."""
        return Document(
            file,
            content,
            self.vault_of(file.path),
            source=self.source,
            only_public=self.only_public,
            options=self.options,
        )

    def looks(self, document: Document) -> Iterator[Look]:
        """The second look, in the detectors' order; an exclusive claim is the last one."""
        for detector in self.detectors:
            by_path = detector.look(document.file, document.vault)
            by_content = detector.claim(document) if by_path is None else None
            yield Look(detector, by_path, by_content)
            if isinstance(by_content, Claim) and by_content.exclusive:
                return

    def _parse(self, claim: Claim, document: Document) -> ParsedFile:
        parser = self.parsers.get(claim.parser)
        if parser is None:
            raise LookupError(f"a detector names the parser {claim.parser!r}, which no plugin brings")
        facts = parser.parse(document)
        if not isinstance(facts, ParsedFile):
            raise TypeError(f"the parser {claim.parser!r} returned {type(facts).__name__}, not ParsedFile")
        return facts


def failure_of(path: str, stage: str, error: BaseException) -> FileFailure:
    """*error* as one entry of ``errors``."""
    if isinstance(error, FileError):
        return FileFailure(path, stage, str(error)[:MESSAGE_LIMIT], error.reason, error.line)
    if isinstance(error, SourceError):
        return FileFailure(path, stage, str(error)[:MESSAGE_LIMIT], "transport")
    if isinstance(error, RecursionError | MemoryError):
        what = "nested too deep" if isinstance(error, RecursionError) else "needs more memory than there is"
        return FileFailure(path, stage, what, "limit")
    return FileFailure(path, stage, named(error)[:MESSAGE_LIMIT], "crash")
