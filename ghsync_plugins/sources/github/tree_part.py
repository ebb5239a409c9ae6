"""What one answer about a tree lists, as far as it is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ghsync_core import FileRef
from ghsync_plugins.sources.github.tree_answer import read_tree
from ghsync_plugins.sources.github.tree_entry import Subtree, read_entry


@dataclass(slots=True)
class Part:
    """The files of one answer that are inside a folder, and how much there is besides.

    ``subtrees`` are those whose content the answer leaves out. ``folder_is`` says what stands at the folder's path.
    """

    truncated: bool = False
    files: list[FileRef] = field(default_factory=list)
    subtrees: list[Subtree] = field(default_factory=list)
    total_bytes: int = 0
    total_files: int = 0
    total_folders: int = 0
    folder_is: set[type] = field(default_factory=set)

    def add(self, other: Part) -> None:
        """Take in the files of *other*, and how much there was; its subtrees are answers of their own."""
        self.files += other.files
        self.total_bytes += other.total_bytes
        self.total_files += other.total_files
        self.total_folders += other.total_folders
        self.folder_is |= other.folder_is


def read_part(pieces: Iterable[bytes], tree: Subtree, folder: str, *, recursive: bool) -> Part:
    """What the answer in *pieces* lists of *tree*; of its files those inside *folder*. Raises `SourceError`."""
    part = Part()
    prefix = tree.path and f"{tree.path}/"
    inside = folder and f"{folder}/"

    def take(item: object) -> None:
        entry = read_entry(item, prefix)
        if entry.path == folder:
            part.folder_is.add(type(entry))
        if isinstance(entry, FileRef):
            part.total_bytes += entry.size
            part.total_files += 1
            if entry.path.startswith(inside):
                part.files.append(entry)
            return
        part.total_folders += 1
        if not recursive:
            part.subtrees.append(entry)

    part.truncated = read_tree(pieces, take)
    return part
