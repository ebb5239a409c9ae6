"""Whether the database's path still leads to the file that is open.

SQLite goes on writing into a file that was deleted or replaced, and tells nobody.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from ghsync_core import StoreError


class SameFile:
    """The database at *path*, and the files beside it, as they are now. Used by whichever thread writes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._resolved = path.resolve()
        self._beside = [self._resolved.with_name(self._resolved.name + suffix) for suffix in ("-wal", "-shm")]
        self._seen = {each: _inode(each) for each in (self._resolved, *self._beside)}

    def check(self) -> None:
        """Raise `StoreError` where the path leads to another file by now, or to none."""
        if self.moved:
            what = "replaced by another file" if self._path.exists() else "deleted"
            raise StoreError(
                f"{self._path} was {what} while it was written, and what this run stored went with it. Run again."
            )

    @property
    def moved(self) -> bool:
        """Whether the path leads to another file by now, or to none."""
        return _inode(self._resolved) != self._seen[self._resolved]

    def clear_away(self) -> None:
        """Where the database was replaced, remove our log, which SQLite would take for that of the new one."""
        if not self.moved:
            return
        for each in self._beside:
            if self._seen[each] is not None and _inode(each) == self._seen[each]:
                with suppress(OSError):
                    each.unlink()


def _inode(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
