"""What the git binary knows of a clone. Nothing here uses the network, or runs a program that the clone names."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, NamedTuple
from urllib.parse import urlsplit

from ghsync_core import FileRef, SourceError
from ghsync_plugins.sources.local.folder import NO_ID, is_utf8, list_files, on_disk, path_text

_KEPT_VARIABLES: Final = ("GIT_CONFIG", "GIT_CEILING_DIRECTORIES", "GIT_EXEC_PATH", "GIT_SSL")
GIT: Final = ("git", "-c", "core.fsmonitor=false")
"""How git is called: a file system monitor is a program that the clone's own configuration may name."""

_SCP_LIKE: Final = re.compile(r"(?:[^/@:]+@)?[^/:]{2,}:(.*)", re.DOTALL)
"""``git@host:owner/repo.git``; one letter before the colon is a drive."""

_ON_GITHUB: Final = re.compile(
    r"(?:(?:https?|ssh|git|git\+ssh)://)?(?:[^/@]*@)?(github\.com|[a-z0-9-]+\.ghe\.com)(?::\d+(?=/))?[/:]",
    re.IGNORECASE,
)
_NAME: Final = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_COMMIT: Final = re.compile("[0-9a-f]{40}")
_SUBMODULE: Final = b"160000"
_SYMLINK: Final = b"120000"
_OTHER: Final = b"? "
"""The tag of a file that git does not track."""

Entry = Literal["file", "symlink", "submodule", "file-name"]


class GitFailed(SourceError):
    """git ended with an error."""


def git_environment() -> dict[str, str]:
    """The environment for git: English, no prompt, no fetching, and not the repository that a hook may name."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith(_KEPT_VARIABLES)
    }
    ours = {"LC_ALL": "C", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_REPLACE_OBJECTS": "1"}
    return {**kept, **ours}


def git(folder: Path, *arguments: str) -> bytes:
    """What ``git`` prints, run in *folder*. Raises `GitFailed`, or FileNotFoundError where git is not installed."""
    command = [*GIT, "-C", str(folder), *arguments]
    done = subprocess.run(command, env=git_environment(), stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode:
        raise GitFailed(_complaint(folder, path_text(done.stderr).strip()))
    return done.stdout


def _complaint(folder: Path, said: str) -> str:
    place = path_text(folder)
    if "dubious ownership" in said:
        return (
            f"git won't read {place}, because it belongs to another user; "
            f"allow it with: git config --global --add safe.directory {place}"
        )
    return f"git can't read the clone at {place}: {said.splitlines()[0] if said else 'it does not say why'}"


def git_or_none(folder: Path, *arguments: str) -> bytes | None:
    """As `git`, but None where it ends with an error: for questions whose answer may be *there is none*."""
    try:
        return git(folder, *arguments)
    except GitFailed:
        return None


class IndexEntry(NamedTuple):
    """What git's index holds of a file."""

    mode: bytes
    object_id: str


class WorkTree(NamedTuple):
    """The files on disk, the object ids that the index has by path, and the note for the next look at it."""

    files: tuple[FileRef, ...]
    staged: Mapping[str, str]
    note: object


@dataclass(frozen=True)
class Clone:
    """A folder inside a clone. ``prefix`` is its repository path with a ``/`` after it, or empty at the top.

    ``has_files`` is False in a bare repository, and inside of ``.git``.
    """

    folder: Path
    prefix: str
    has_files: bool

    def ignored(self) -> bool:
        """Whether the clone ignores this folder as a whole, so that it says nothing about the files in it."""
        return git_or_none(self.folder, "check-ignore", "--quiet", ".") is not None

    def origin(self) -> str:
        """The address of the remote called origin, empty where there is none."""
        return path_text(git_or_none(self.folder, "remote", "get-url", "origin") or b"").strip()

    def commit(self, ref: str) -> str | None:
        """The id of the commit that *ref* means, or None where it means none."""
        if ref.startswith("-") or "\x00" in ref:
            return None  # no ref may start so, and git would take it for an option
        found = git_or_none(self.folder, "rev-parse", "--verify", "--quiet", ref + "^{commit}")
        commit = path_text(found or b"").strip()
        return commit if _COMMIT.fullmatch(commit) else None

    def tree(self, commit: str) -> tuple[FileRef, ...]:
        """The entries of *commit* below this folder."""
        listing = git(self.folder, "ls-tree", "-r", "-z", "-l", "--full-name", commit)
        return tuple(sorted(map(_tree_entry, _records(listing)), key=lambda file: file.path))

    def work_tree(self, ignore: Set[bytes] = frozenset(), note: object = None) -> WorkTree:
        """The tracked files and those that git does not ignore, nor *ignore* holds, with what lies on disk now.

        *note* is that of an earlier `WorkTree` of this folder.
        """
        listing = git(self.folder, "ls-files", "-z", "-t", "--stage", "--cached", "--others", "--exclude-standard")
        records = _records(listing)
        tracked = dict(_index_entry(record) for record in records if not record.startswith(_OTHER))
        others = [record.removeprefix(_OTHER) for record in records if record.startswith(_OTHER)]
        modules = {raw: entry.object_id for raw, entry in tracked.items() if entry.mode == _SUBMODULE}
        modules |= {raw[:-1]: NO_ID for raw in others if raw.endswith(b"/")}  # clones that no commit knows of
        files = [raw for raw in (*tracked, *others) if raw.rstrip(b"/") not in modules]
        real, note = list_files(self.folder, _without_linked(self.folder, files), self.prefix, ignore, note)
        nested = (FileRef(self.prefix + path_text(raw), commit, 0, "submodule") for raw, commit in modules.items())
        index = {self.prefix + path_text(raw): entry.object_id for raw, entry in tracked.items()}
        return WorkTree(tuple(sorted((*real, *nested), key=lambda file: file.path)), index, note)

    def is_clean(self, work_tree: WorkTree, commit: str) -> bool:
        """Whether *work_tree* is just what *commit*, the one that is checked out, holds."""
        # Where the index is the commit, which git can tell at once, its ids are there already.
        unstaged = ("diff-index", "--cached", "--quiet", "--ita-visible-in-index", "--ignore-submodules=none")
        if git_or_none(self.folder, *unstaged, commit, "--", ".") is not None:
            held = work_tree.staged
        else:
            held = {file.path: file.blob_id for file in self.tree(commit)}
        return {file.path: file.blob_id for file in work_tree.files} == held


def find_clone(folder: Path) -> Clone | None:
    """The clone that *folder* lies in, or None outside of any.

    Raises `SourceError` where there is a clone and it can't be read: as a plain folder it would show ignored files.
    """
    if not os.access(folder, os.R_OK | os.X_OK):
        raise SourceError(f"the folder {path_text(folder)} may not be read: give yourself permission to read it")
    try:
        answer = git(folder, "rev-parse", "--is-inside-work-tree", "--show-prefix")
    except FileNotFoundError:
        if not any((above / ".git").exists() for above in (folder, *folder.parents)):
            return None
        raise SourceError(f"{path_text(folder)} lies in a git clone, and git is not installed; install git") from None
    except GitFailed as error:
        if "fatal: not a git repository" in str(error):
            return None
        raise
    has_files, _, prefix = answer.partition(b"\n")
    return Clone(folder, path_text(prefix.removesuffix(b"\n")), has_files == b"true")


def owner_and_name(url: str) -> str | None:
    """``OWNER/REPO``, the last two segments of a remote's address; None where that is a path on this machine."""
    scp_like = None if "://" in url else _SCP_LIKE.fullmatch(url)
    if scp_like is None and not url.startswith(("https://", "http://", "ssh://", "git://", "git+ssh://")):
        return None
    path = scp_like[1] if scp_like else urlsplit(url).path
    segments = [segment for segment in path.removesuffix("/").removesuffix(".git").split("/") if segment]
    return "/".join(segments[-2:]) if len(segments) > 1 else None


def github_page(url: str) -> str | None:
    """The page on GitHub of the repository at a remote's address; None where it is elsewhere."""
    host, name = _ON_GITHUB.match(url), owner_and_name(url)
    return f"https://{host[1].lower()}/{name}" if host and name and _NAME.fullmatch(name) else None


def _records(output: bytes) -> list[bytes]:
    """git's ``-z`` output as its records."""
    return output.split(b"\x00")[:-1]


def _index_entry(record: bytes) -> tuple[bytes, IndexEntry]:
    """Path and entry from ``TAG MODE ID STAGE TAB PATH``."""
    head, _, path = record.partition(b"\t")
    _, mode, object_id, _ = head.split()
    return path, IndexEntry(mode, object_id.decode())


def _tree_entry(record: bytes) -> FileRef:
    """One entry of ``git ls-tree -l``: ``MODE TYPE ID SIZE TAB PATH``."""
    head, _, path = record.partition(b"\t")
    mode, _, object_id, size = head.split()
    entry: Entry = "submodule" if mode == _SUBMODULE else "symlink" if mode == _SYMLINK else "file"
    in_bytes = 0 if size == b"-" else int(size)
    return FileRef(path_text(path), object_id.decode(), in_bytes, entry if is_utf8(path) else "file-name")


def _without_linked(top: Path, paths: Iterable[bytes]) -> Iterator[bytes]:
    """*paths* without those that stand behind a folder which is now a link: git still knows them, the disk does not."""
    linked = {b"": False}
    for path in paths:
        inner = path.rpartition(b"/")[0]
        if inner not in linked:
            linked[inner] = any(os.path.islink(on_disk(top, step)) for step in _steps(inner))  # noqa: PTH114
        if not linked[inner]:
            yield path


def _steps(folder: bytes) -> Iterator[bytes]:
    """*folder* and all folders above it."""
    while folder:
        yield folder
        folder = folder.rpartition(b"/")[0]
