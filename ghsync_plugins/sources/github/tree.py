"""Lists the files of a commit, in full or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ghsync_core import FileRef, SourceError, SourceNotFound
from ghsync_plugins.sources.github.client import Client
from ghsync_plugins.sources.github.tree_answer import read_tree
from ghsync_plugins.sources.github.tree_entry import Subtree, read_entry


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a commit, of one folder where asked for. ``total_bytes`` and ``total_files`` are of the commit as a
    whole, or None where only the folder was listed.
    """

    files: tuple[FileRef, ...]
    total_bytes: int | None
    total_files: int | None


@dataclass(slots=True)
class _Part:
    """What one answer lists, as far as it is asked for: the files inside ``folder``, and how much there is besides.

    Subtrees are kept only where the answer leaves out what is in them.
    """

    tree: Subtree
    folder: str
    recursive: bool
    truncated: bool = False
    files: list[FileRef] = field(default_factory=list)
    subtrees: list[Subtree] = field(default_factory=list)
    total_bytes: int = 0
    total_files: int = 0
    folder_is: set[type] = field(default_factory=set)

    def read(self, pieces: Iterator[bytes]) -> _Part:
        """This part, filled from the JSON in *pieces*."""
        prefix = self.tree.path and f"{self.tree.path}/"
        inside = self.folder and f"{self.folder}/"

        def take(item: object) -> None:
            entry = read_entry(item, prefix)
            if entry.path == self.folder:
                self.folder_is.add(type(entry))
            if isinstance(entry, FileRef):
                self.total_bytes += entry.size
                self.total_files += 1
                if entry.path.startswith(inside):
                    self.files.append(entry)
            elif not self.recursive:
                self.subtrees.append(entry)

        self.truncated = read_tree(pieces, take)
        return self


def list_tree(client: Client, base: str, commit: str, folder: str) -> Listing:
    """The files of *commit* in the repository at the API path *base*, those inside *folder* only where it is given.

    GitHub cuts a recursive answer at 100,000 entries or 7 MB; then it is asked for subtree by subtree. Raises
    `SourceError` where any part is missing, so that a partial listing is never taken for the whole.
    """
    files: list[FileRef] = []
    total_bytes = total_files = 0
    whole = True
    folder_is: set[type] = set()
    todo = [Subtree("", commit)]
    while todo:
        part = _list_part(client, base, todo.pop(), folder)
        wanted = [tree for tree in part.subtrees if _on_the_way(tree.path, folder)]
        whole = whole and len(wanted) == len(part.subtrees)
        todo += wanted
        files += part.files
        total_bytes += part.total_bytes
        total_files += part.total_files
        folder_is |= part.folder_is
    if folder and folder_is != {Subtree}:
        what = "is a file, not a folder," if folder_is else "is not there"
        raise SourceNotFound(f"the folder {folder!r} {what} at commit {commit[:7]}")
    _check_paths(files)
    return Listing(tuple(files), total_bytes if whole else None, total_files if whole else None)


def _list_part(client: Client, base: str, tree: Subtree, folder: str) -> _Part:
    """All that is in *tree*, or what is in it directly where that is too much for one answer."""
    part = _ask(client, base, tree, folder, recursive=True)
    if part.truncated:
        part = _ask(client, base, tree, folder, recursive=False)
    if part.truncated:
        raise SourceError(f"GitHub does not list the folder {tree.path or '/'} in full: it has too many entries")
    return part


def _ask(client: Client, base: str, tree: Subtree, folder: str, *, recursive: bool) -> _Part:
    path = f"{base}/git/trees/{tree.sha}" + ("?recursive=1" if recursive else "")
    part = client.decode(path, "tree", lambda pieces: _Part(tree, folder, recursive).read(pieces))
    if part is None:
        raise SourceError(f"GitHub does not list the files of {tree.path or 'commit'} {tree.sha[:7]}: try again later")
    return part


def _check_paths(files: Sequence[FileRef]) -> None:
    """No path twice, and no file that is a folder too: with NUL between segments, a folder's files sort right after it.

    Sorted copies cost less than a set of every folder, which a deep path would fill with thousands.
    """
    for path, after in pairwise(sorted(file.path.replace("/", "\x00") for file in files)):
        if after == path or after.startswith(f"{path}\x00"):
            shown = path.replace("\x00", "/")[:80]
            raise SourceError(f"GitHub lists {shown!r} twice in one tree: try again later")


def _on_the_way(path: str, folder: str) -> bool:
    """Whether the tree at *path* holds *folder*, is it, or is inside it."""
    return not folder or f"{folder}/".startswith(f"{path}/") or path.startswith(f"{folder}/")
