"""Opened Oxigraph stores. A folder is opened once in a process, whoever asks for it, since Oxigraph allows no more."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ghsync_core import StoreError, StoreLocked

if TYPE_CHECKING:
    from pyoxigraph import Store

MEMORY_BYTES: Final = 32 << 20
"""The largest file of quads that is read into memory; a larger one goes into a store in a temporary folder."""

_POLL: Final = 0.1

_TIDYING: Final = 1.0
"""Seconds for which a missing file may only mean that another program is putting the folder in order."""

_TROUBLE: Final = (OSError, RuntimeError, ValueError)
"""What pyoxigraph raises where a store is damaged, or is none."""


@dataclass
class Opened:
    """An opened store, until it is closed."""

    store: Store
    on_close: Callable[[], None] = lambda: None
    closed: bool = field(default=False, init=False)

    def close(self) -> None:
        """Let go of the store. May be called again."""
        if not self.closed:
            self.closed = True
            del self.store
            self.on_close()


@dataclass
class _Shared:
    store: Store
    users: int = 0


_shared: dict[Path, _Shared] = {}
_guard = threading.Lock()


def opened_file(path: Path) -> Opened:
    """The quads of the file at *path*. Raises `OSError`, and `SyntaxError` where they are none."""
    from pyoxigraph import RdfFormat, Store

    from ghsync_plugins.backends.rdf.file import unpacked

    file_format = RdfFormat.TRIG if ".trig" in path.suffixes else RdfFormat.N_QUADS
    with unpacked(path) as stream:
        if path.stat().st_size < (MEMORY_BYTES if path.suffix != ".gz" else MEMORY_BYTES // 16):
            found = Opened(Store())
            found.store.load(stream, file_format)
            return found
        folder = tempfile.TemporaryDirectory(prefix="ghsync-rdf-")
        found = Opened(Store(folder.name), folder.cleanup)
        try:
            found.store.bulk_load(stream, file_format)
        except BaseException:
            found.close()
            raise
        return found


def opened_folder(path: Path, wait: float = 0) -> Opened:
    """The store in the folder at *path*, for reading and writing.

    Raises `StoreLocked` where another process still has it open after *wait* seconds, else `StoreError`.
    """
    try:
        return _patiently(lambda: _share(path.resolve()), _in_use, wait)
    except _TROUBLE as error:
        if _in_use(error):
            raise StoreLocked(
                f"{path} is open in another program; Oxigraph lets only one in. Close that, or give --wait SECONDS."
            ) from None
        raise StoreError(f"{path} can't be opened as an Oxigraph store: {error}") from error


def read_only_folder(path: Path, ledger: Path) -> Opened:
    """The store in the folder at *path*, for reading, beside other programs that read it.

    Raises `StoreLocked` where another program syncs it, which Oxigraph lets nobody look at, else `StoreError`.
    """
    import filelock
    from pyoxigraph import Store

    with suppress(StoreLocked):
        return opened_folder(path)
    try:
        with filelock.FileLock(f"{ledger.resolve()}.lock", timeout=0):
            return _patiently(lambda: Opened(Store.read_only(str(path))), _tidied, _TIDYING)
    except filelock.Timeout:
        raise StoreLocked(
            f"{path} is being synced; Oxigraph lets nobody else in. Ask again when that is done."
        ) from None
    except _TROUBLE as error:
        raise StoreError(f"{path} can't be opened as an Oxigraph store: {error}") from error


def _patiently(open_: Callable[[], Opened], passes: Callable[[Exception], bool], seconds: float) -> Opened:
    """Open, and again for so many seconds while what it fails of is such as *passes*. Raises the last of `_TROUBLE`."""
    end = time.monotonic() + seconds
    while True:
        try:
            return open_()
        except _TROUBLE as error:
            if not passes(error) or time.monotonic() >= end:
                raise
        time.sleep(_POLL)


def _tidied(error: Exception) -> bool:
    """Whether a file was missing: whoever has the folder open may be tidying up. One that stays missing is damage."""
    return "No such file" in str(error)


def _in_use(error: Exception) -> bool:
    return "lock" in str(error).lower()


def _share(path: Path) -> Opened:
    from pyoxigraph import Store

    with _guard:
        if path not in _shared:
            _shared[path] = _Shared(Store(str(path)))
        shared = _shared[path]
        shared.users += 1

    def release() -> None:
        with _guard:
            shared.users -= 1
            if shared.users == 0:
                with suppress(KeyError):
                    del _shared[path]
                del shared.store

    return Opened(shared.store, release)
