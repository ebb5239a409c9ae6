"""Lists the files of a commit, in full or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from ghsync_core import FileRef, SourceError, SourceNotFound, get_logger
from ghsync_plugins.sources.github.answers import member, read_object
from ghsync_plugins.sources.github.client import Client
from ghsync_plugins.sources.github.tree_entry import Subtree
from ghsync_plugins.sources.github.tree_memory import Packing, TreeMemory, unpack
from ghsync_plugins.sources.github.tree_part import Part, read_part

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""git's id of a tree without entries."""

_MAX_ENTRIES = 1_000_000
_MAX_ANSWERS = 20_000
"""A few trees that hold each other many times stand for more files than any machine can list."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a commit, of one folder where asked for. ``total_bytes`` and ``total_files`` are of the commit as a
    whole, or None where only the folder was listed.
    """

    files: tuple[FileRef, ...]
    total_bytes: int | None
    total_files: int | None


@dataclass(frozen=True, slots=True)
class TreeLister:
    """Lists trees of the repository at the API path ``base``, of its files those inside ``folder``, where one is given.

    GitHub cuts a recursive answer at 100,000 entries or 7 MB; then it is asked for subtree by subtree, and only for
    those that ``memory`` does not know. Each of them in one recursive answer again, where that is not cut too: it costs
    a request, as asking for one level would, and needs no further one for what has changed deeper down.
    """

    client: Client
    base: str
    folder: str
    memory: TreeMemory

    def list(self, commit: str) -> Listing:
        """The files of *commit*. Raises `SourceError` where any part is missing, so that a partial listing is never
        taken for the whole.
        """
        found = Part()
        whole = True
        todo = [Subtree("", commit)]
        answers = 0
        while todo:
            tree = todo.pop()
            part = self._part(tree)
            if not part.total_files + part.total_folders:
                self._check_empty(tree, commit)
            found.add(part)
            answers += 1
            if answers > _MAX_ANSWERS or found.total_files + found.total_folders > _MAX_ENTRIES:
                raise SourceError("the commit has too many files and folders: sync one of its folders by itself")
            wanted = [tree for tree in part.subtrees if _on_the_way(tree.path, self.folder)]
            whole = whole and len(wanted) == len(part.subtrees)
            todo += reversed(wanted)
        if self.folder and found.folder_is != {Subtree}:
            what = "is a file, not a folder," if found.folder_is else "is not there"
            raise SourceNotFound(f"the folder {self.folder!r} {what} at commit {commit[:7]}")
        files = tuple(_distinct(found.files))
        return Listing(files, *((found.total_bytes, found.total_files) if whole else (None, None)))

    def _check_empty(self, tree: Subtree, commit: str) -> None:
        """Hold an empty list against the commit itself: to believe in it deletes everything.

        git has no empty folder.
        """
        what = f"commit {commit[:7]}"
        if not tree.path:
            answer = self.client.get(f"{self.base}/commits/{commit}", "commit")
            about = member(read_object(answer.body, what), "commit", dict, what)
            if member(member(about, "tree", dict, what), "sha", str, what) == EMPTY_TREE:
                return
        raise SourceError(
            f"GitHub lists no file in {tree.path or 'the top folder'} of {what}, which has some: try again later"
        )

    def _part(self, tree: Subtree) -> Part:
        """All that is in *tree*, or what is in it directly where that is too much for one answer."""
        if not self.memory.was_split(tree.path):
            part = self._recall(tree, recursive=True) or self._ask(tree, recursive=True)
            if not part.truncated:
                return part
        part = self._recall(tree, recursive=False) or self._ask(tree, recursive=False)
        if part.truncated:
            where = f"the folder {tree.path!r}" if tree.path else "the top folder"
            raise SourceError(f"GitHub does not list {where} in full: it has too many entries")
        return part

    def _recall(self, tree: Subtree, *, recursive: bool) -> Part | None:
        """What is remembered of *tree*; None where that is nothing, or damaged."""
        packed = self.memory.recall(tree, recursive=recursive)
        if packed is None:
            return None
        try:
            part = read_part(unpack(packed), tree, self.folder, recursive=recursive)
        except SourceError as error:
            get_logger().info("a remembered tree is asked for again", path=tree.path, reason=str(error))
            return None
        self.memory.keep(tree, packed, recursive=recursive)
        return part

    def _ask(self, tree: Subtree, *, recursive: bool) -> Part:
        def decode(pieces: Iterator[bytes]) -> Part:
            packing = Packing(pieces)
            one_for_all = recursive and not tree.path  # then there is nothing to go on with, the next time
            part = read_part(pieces if one_for_all else packing, tree, self.folder, recursive=recursive)
            if not one_for_all and not part.truncated:
                self.memory.keep(tree, packing.text(), recursive=recursive)
            return part

        path = f"{self.base}/git/trees/{tree.sha}" + ("?recursive=1" if recursive else "")
        part = self.client.decode(path, "tree", decode)
        if part is None:
            where = f"the folder {tree.path!r}" if tree.path else f"commit {tree.sha[:7]}"
            raise SourceError(f"GitHub does not list the files of {where}: try again later")
        return part


def _distinct(files: list[FileRef]) -> list[FileRef]:
    """*files*, of which no two have one path, and none is a folder of another. Raises `SourceError`.

    With NUL between segments, what is in a folder sorts right after it. Sorted copies cost less than a set of every
    folder, which a deep path would fill with thousands.
    """
    blurred = set()
    for path, after in pairwise(sorted(file.path.replace("/", "\x00") for file in files)):
        if after == path and "\ufffd" in path:
            blurred.add(path.replace("\x00", "/"))
        elif after == path or after.startswith(f"{path}\x00"):
            shown = path.replace("\x00", "/")[:80]
            raise SourceError(f"GitHub lists {shown!r} twice in one tree: try again later")
    return _without(blurred, files) if blurred else files


def _without(blurred: set[str], files: list[FileRef]) -> list[FileRef]:
    """*files*, with one that stands for all those whose names, not UTF-8, GitHub answers as the same one."""
    stands_for_all = {file.path: replace(file, entry="file-name") for file in files if file.path in blurred}
    return [*(file for file in files if file.path not in blurred), *stands_for_all.values()]


def _on_the_way(path: str, folder: str) -> bool:
    """Whether the tree at *path* holds *folder*, is it, or is inside it."""
    return not folder or f"{folder}/".startswith(f"{path}/") or path.startswith(f"{folder}/")
