"""A proxy that passes on what it gets, and cuts connections: those that are idle too long, or all at once."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Proxy:
    """Listens on ``port`` of loopback before the server on *target*; cuts a connection that is idle for *idle* seconds.

    ``cuts`` counts those that it has cut.
    """

    def __init__(self, target: int, idle: float | None = None) -> None:
        self._target = target
        self._idle = idle
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.cuts = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Cut all connections."""
        for pair in list(self._pairs):
            self._end(pair)

    def close(self) -> None:
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # the listener is closed
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
                pair = (client, server)
                for each in pair:
                    each.settimeout(self._idle)
                self._pairs.add(pair)
                for source, sink in (pair, pair[::-1]):
                    threading.Thread(target=self._pass_on, args=(source, sink, pair), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket, pair: Any) -> None:
        with contextlib.suppress(OSError):
            try:
                while data := source.recv(65536):
                    sink.sendall(data)
            except TimeoutError:
                self._end(pair, 1)
        self._end(pair)

    def _end(self, pair: tuple[socket.socket, socket.socket], cut: int = 0) -> None:
        with self._lock:
            if pair not in self._pairs:
                return
            self._pairs.remove(pair)
            self.cuts += cut
        for each in pair:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


@contextmanager
def proxied(target: int, idle: float | None = None) -> Iterator[Proxy]:
    """A proxy before the server on port *target*."""
    proxy = Proxy(target, idle)
    try:
        yield proxy
    finally:
        proxy.close()
