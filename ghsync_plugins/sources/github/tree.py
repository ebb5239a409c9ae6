"""Lists the files of a commit, in full or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ghsync_core import FileRef, SourceError, SourceNotFound
from ghsync_plugins.sources.github.answers import member, read_object
from ghsync_plugins.sources.github.client import Client

_SHA = re.compile(r"[0-9a-f]{40}")
_MAX_SIZE = 1 << 40
_MAX_PATH = 4096
"""Characters; no file system lets people make longer ones, and it bounds how deep we descend."""


class _Entry(NamedTuple):
    path: str
    mode: str
    kind: str
    sha: str
    size: int


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a commit, of one folder where asked for. ``total_bytes`` and ``total_files`` are of the commit as a
    whole, or None where only the folder was listed.
    """

    files: tuple[FileRef, ...]
    total_bytes: int | None
    total_files: int | None


def list_tree(client: Client, base: str, commit: str, folder: str) -> Listing:
    """The files of *commit* in the repository at the API path *base*, those inside *folder* only where it is given.

    GitHub cuts a recursive answer at 100,000 entries or 7 MB; then it is asked for subtree by subtree. Raises
    `SourceError` where any part is missing, so that a partial listing is never taken for the whole.
    """
    entries, whole = _entries(client, base, commit, folder)
    files = [_file(entry) for entry in entries if entry.kind != "tree"]
    if len({file.path for file in files}) != len(files):
        raise SourceError("GitHub lists a path twice in one tree: try again later")
    totals = (sum(file.size for file in files), len(files)) if whole else (None, None)
    if folder:
        _check_folder(entries, folder, commit)
        files = [file for file in files if file.path.startswith(f"{folder}/")]
    return Listing(tuple(files), *totals)


def _entries(client: Client, base: str, commit: str, folder: str) -> tuple[list[_Entry], bool]:
    """All entries (with *folder*: at least those inside it), and whether they are the commit's every entry."""
    entries: list[_Entry] = []
    whole = True
    todo = [("", commit)]
    while todo:
        prefix, sha = todo.pop()
        found, truncated = _ask(client, base, sha, prefix, recursive=True)
        if truncated:
            found, truncated = _ask(client, base, sha, prefix, recursive=False)
            below = [entry for entry in found if entry.kind == "tree"]
            wanted = [entry for entry in below if _on_the_way(entry.path, folder)]
            whole = whole and len(wanted) == len(below)
            todo += [(f"{entry.path}/", entry.sha) for entry in wanted]
        if truncated:
            raise SourceError(f"GitHub does not list the folder {prefix or '/'} in full: it has too many entries")
        entries += found
    return entries, whole


def _ask(client: Client, base: str, sha: str, prefix: str, *, recursive: bool) -> tuple[list[_Entry], bool]:
    """The entries of one tree, and whether GitHub cut them short."""
    answer = client.get(f"{base}/git/trees/{sha}" + ("?recursive=1" if recursive else ""), "tree")
    if answer.status != 200:
        raise SourceError(f"GitHub does not list the files of {prefix or 'commit '}{sha[:7]}: try again later")
    body = read_object(answer.body, "the files")
    listed = member(body, "tree", list, "the files")
    return list(_read_entries(listed, prefix)), member(body, "truncated", bool, "the files")


def _read_entries(listed: list[object], prefix: str) -> Iterator[_Entry]:
    for item in listed:
        path = prefix + member(item, "path", str, "the files")
        _check_path(path)
        what = f"the file {path!r}"
        sha = member(item, "sha", str, what)
        kind = member(item, "type", str, what)
        size = member(item, "size", int, what) if kind == "blob" else 0
        if not _SHA.fullmatch(sha) or not 0 <= size <= _MAX_SIZE or kind not in ("blob", "tree", "commit"):
            raise SourceError(f"GitHub's answer about {what} can't be understood: try again later")
        yield _Entry(path, member(item, "mode", str, what), kind, sha, size)


def _check_path(path: str) -> None:
    """Git itself makes no such names, so a listing with one of them is not git's: none of it is believed."""
    if len(path) > _MAX_PATH or "\x00" in path or any(part in ("", ".", "..") for part in path.split("/")):
        raise SourceError(f"GitHub lists a path that can't be: {path[:80]!r}")


def _file(entry: _Entry) -> FileRef:
    if entry.kind == "commit":
        return FileRef(entry.path, entry.sha, 0, "submodule")
    try:
        entry.path.encode()
    except UnicodeEncodeError:  # half of a surrogate pair: what GitHub makes of a name that is not UTF-8
        written_out = entry.path.encode(errors="surrogatepass").decode(errors="backslashreplace")
        return FileRef(written_out, entry.sha, entry.size, "file-name")
    return FileRef(entry.path, entry.sha, entry.size, "symlink" if entry.mode == "120000" else "file")


def _on_the_way(path: str, folder: str) -> bool:
    """Whether the tree at *path* holds *folder*, is it, or is inside it."""
    return not folder or f"{folder}/".startswith(f"{path}/") or path.startswith(f"{folder}/")


def _check_folder(entries: list[_Entry], folder: str, commit: str) -> None:
    kinds = {entry.kind for entry in entries if entry.path == folder}
    if kinds != {"tree"}:
        what = "is a file, not a folder," if kinds else "is not there"
        raise SourceNotFound(f"the folder {folder!r} {what} at commit {commit[:7]}")
