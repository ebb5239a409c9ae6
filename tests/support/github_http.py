"""The HTTP half of the stand-in of GitHub's API: connections, latency, faults and the log."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

from support.github_faults import Fault

_CHUNK = 1 << 16


@dataclass(frozen=True)
class LoggedRequest:
    """One request that was answered. ``host`` is ``api`` or ``archive``; ``path`` is as sent, with its query."""

    host: str
    path: str
    status: int
    token: bool
    headers: Mapping[str, str]


@dataclass
class Reply:
    """What is sent back."""

    status: int
    body: bytes = b""
    type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    chunked: bool = False


class Site(Protocol):
    """What a `Listener` serves."""

    latency: float
    log: list[LoggedRequest]
    faults: list[Fault]

    def answer(self, host: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """The true answer to a request, to a POST where *body* holds something; *headers* have names in lower case."""


class Listener(ThreadingHTTPServer):
    """One host of the stand-in, on a free port of loopback, with a thread a connection."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, site: Site, host: str) -> None:
        self.site = site
        self.host = host
        self.connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.server_address[1])

    def start(self) -> None:
        """Answer from now on, in the background."""
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Stop listening, and hang up."""
        self.shutdown()
        self.server_close()
        for connection in list(self.connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients hang up on purpose here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Listener

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        super().finish()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing; `Site.log` has it."""

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["content-length"])))

    def _answer(self, body: bytes) -> None:
        site = self.server.site
        headers = {name.lower(): value for name, value in self.headers.items()}
        if site.latency:
            time.sleep(site.latency)
        fault = next((each for each in site.faults if each.strikes(self.path)), None)
        reply = site.answer(self.server.host, self.path, headers, body)
        if fault and fault.damage == "answer":
            reply = Reply(fault.status, fault.body, headers={**reply.headers, **fault.headers})
        status = 0 if fault and fault.damage in ("reset", "hang") else reply.status
        site.log.append(LoggedRequest(self.server.host, self.path, status, "authorization" in headers, headers))
        self._send(reply, fault)

    def _send(self, reply: Reply, fault: Fault | None) -> None:
        damage = fault.damage if fault else None
        body = reply.body
        if damage == "reset":
            return self._reset()
        if damage == "hang":
            return self._hang()
        if damage == "short":
            body = body[: len(body) // 2]
        if damage == "corrupt":
            body = bytes([body[0] ^ 1]) + body[1:]
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.type)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif reply.status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        whole = damage not in ("cut", "stall")
        body = body if whole else body[: len(body) // 2]
        for piece in _framed(body, whole=whole) if reply.chunked else [body]:
            self.wfile.write(piece)
        if damage == "stall":
            self.wfile.flush()
            self._hang()
        self.close_connection = self.close_connection or not whole
        return None

    def _hang(self) -> None:
        """Say no more, until the client has had enough."""
        self.close_connection = True
        with suppress(OSError):
            self.connection.recv(1)

    def _reset(self) -> None:
        """Close so that the client sees a reset rather than an end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True


def _framed(body: bytes, *, whole: bool) -> Iterator[bytes]:
    """*body* in HTTP chunks, and the end mark where it is *whole*."""
    for start in range(0, len(body), _CHUNK):
        piece = body[start : start + _CHUNK]
        yield b"%x\r\n%s\r\n" % (len(piece), piece)
    if whole:
        yield b"0\r\n\r\n"
