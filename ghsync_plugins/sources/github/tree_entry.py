"""One entry of a tree, as GitHub lists it."""

from __future__ import annotations

import re
from typing import NamedTuple

from ghsync_core import FileRef, SourceError

_SHA = re.compile(r"[0-9a-f]{40}")
_MAX_SIZE = 1 << 40
_MAX_PATH = 4096
"""Characters; no file system lets people make longer ones, and it bounds how deep we descend."""


class Subtree(NamedTuple):
    """A folder, and the id of the tree that lists it."""

    path: str
    sha: str


def read_entry(item: object, prefix: str) -> FileRef | Subtree:
    """The file or folder that *item* lists, below *prefix*. Raises `SourceError` where it makes no sense."""
    if not isinstance(item, dict):
        raise _senseless(item)
    get = item.get
    name, mode, kind, sha = get("path"), get("mode"), get("type"), get("sha")
    size = get("size") if kind == "blob" else 0
    if not (isinstance(name, str) and isinstance(mode, str) and isinstance(sha, str) and type(size) is int):
        raise _senseless(item)
    if not _SHA.fullmatch(sha) or not 0 <= size <= _MAX_SIZE or kind not in ("blob", "tree", "commit"):
        raise _senseless(item)
    path = prefix + name
    if _is_impossible(path):
        raise SourceError(f"GitHub lists a path that can't be: {path[:80]!r}")
    if kind == "tree":
        return Subtree(path, sha)
    if not path.isascii() and (written_out := _written_out(path)) != path:
        return FileRef(written_out, sha, size, "file-name")
    return FileRef(path, sha, size, "submodule" if kind == "commit" else "symlink" if mode == "120000" else "file")


def _is_impossible(path: str) -> bool:
    """Whether git itself would make no such path, so that a listing with it is not git's."""
    framed = f"/{path}/"
    return "//" in framed or "/./" in framed or "/../" in framed or "\x00" in path or len(path) > _MAX_PATH


def _senseless(item: object) -> SourceError:
    return SourceError(f"GitHub lists an entry that can't be understood: {str(item)[:80]!r}. Try again later")


def _written_out(path: str) -> str:
    """*path* with halves of surrogate pairs, which a name that is not UTF-8 may have become, as ``\\xNN``."""
    return path.encode(errors="surrogatepass").decode(errors="backslashreplace")
