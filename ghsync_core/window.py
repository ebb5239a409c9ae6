"""The bound on what is in flight: how many files, and how many of their bytes."""

from __future__ import annotations

import threading

WINDOW_BYTES = 32 * 1024 * 1024


class Window:
    """Lets a feeder run ahead of the workers by so much and no further."""

    def __init__(self, files: int, size: int = WINDOW_BYTES) -> None:
        self._free_files = files
        self._free_bytes = self._size = size
        self._changed = threading.Condition()

    def enter(self, size: int, stopped: threading.Event) -> bool:
        """Wait for room for one file that holds *size* bytes in memory; False where *stopped* was set first.

        A file larger than the whole window enters when the window is empty of bytes.
        """
        with self._changed:
            while not stopped.is_set():
                if self._free_files > 0 and (size <= self._free_bytes or self._free_bytes == self._size):
                    self._free_files -= 1
                    self._free_bytes -= size
                    return True
                self._changed.wait()
        return False

    def leave(self, size: int) -> None:
        """Give back the room of one file."""
        with self._changed:
            self._free_files += 1
            self._free_bytes += size
            self._changed.notify()

    def wake(self) -> None:
        """Make a waiting feeder look whether it was stopped."""
        with self._changed:
            self._changed.notify_all()
