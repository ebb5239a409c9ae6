"""Asks GitHub's API, waits where it says so, and turns what goes wrong into sentences."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

import requests
from urllib3.exceptions import HTTPError

from ghsync_core import AccessDenied, SourceError
from ghsync_plugins.sources.github.limits import pause
from ghsync_plugins.sources.github.location import web_host
from ghsync_plugins.sources.github.session import TIMEOUT, Session, TokenAuth

JSON = "application/vnd.github+json"
SHA = "application/vnd.github.sha"
RAW = "application/vnd.github.raw+json"

_ANSWERS = (200, 304, 404, 409, 422)
"""What a caller looks at itself; anything else is an error here."""

_MAX_BODY = 1 << 26
"""Bytes: far more than the 7 MB at which GitHub cuts its longest answer, a tree."""

_MAX_MESSAGE = 1 << 16
_BODY_TRIES = 3
_MAX_WAITS = 5

_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (requests.exceptions.SSLError, "its certificate can't be trusted"),
    (requests.exceptions.ProxyError, "the proxy can't be reached"),
    (requests.exceptions.Timeout, "it does not answer in time"),
    (requests.exceptions.TooManyRedirects, "it redirects without end"),
    (requests.exceptions.ChunkedEncodingError, "its answer breaks off"),
    (requests.exceptions.ContentDecodingError, "its answer can't be decompressed"),
    (requests.exceptions.ConnectionError, "the connection fails"),
    (ValueError, "it redirects to what is no address"),
)
_FAILURES = (requests.exceptions.RequestException, HTTPError, ValueError)

T = TypeVar("T")


class Answer(NamedTuple):
    """What came back. ``moved`` says that the host sent us on to another address first."""

    status: int
    body: bytes
    moved: bool


class Client:
    """One API and the token for it. Threads may share it.

    ``wait(seconds, why)`` is called where the host asks for patience; ``counts`` has the requests to the API so far, by
    kind.
    """

    def __init__(self, api: str, token: str | None, wait: Callable[[float, str], None]) -> None:
        self.api = api
        self.host = web_host(api)
        self.has_token = token is not None
        self._secret = token
        self._wait = wait
        self._session = Session(TokenAuth(api, token))
        self._counts: Counter[str] = Counter()
        self.counts: Mapping[str, int] = MappingProxyType(self._counts)
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"Client({self.api!r})"

    def get(
        self, path: str, kind: str, *, accept: str = JSON, etag: str | None = None, limit: int = _MAX_BODY
    ) -> Answer:
        """The answer to ``GET`` *path*, with a body of at most *limit* bytes; its status is one of `_ANSWERS`.

        Raises `AccessDenied` where the host refuses, `SourceError` where it fails or can't be reached.
        """

        def read(response: requests.Response) -> Answer:
            return Answer(response.status_code, self._body(response, limit), bool(response.history))

        return self._read(path, kind, read, accept=accept, etag=etag)

    def decode(self, path: str, kind: str, decode: Callable[[Iterator[bytes]], T]) -> T | None:
        """What *decode* makes of the body of ``GET`` *path* while it arrives; None where the status is not 200.

        It is called again where the body breaks off, so it keeps what it finds to itself until it returns. Raises as
        `get` does.
        """

        def read(response: requests.Response) -> T | None:
            return decode(self._pieces(response, _MAX_BODY)) if response.status_code == 200 else None

        return self._read(path, kind, read)

    def _read(
        self,
        path: str,
        kind: str,
        read: Callable[[requests.Response], T],
        *,
        accept: str = JSON,
        etag: str | None = None,
    ) -> T:
        """What *read* makes of the response to ``GET`` *path*, tried again where its body breaks off."""
        for attempt in range(1, _BODY_TRIES + 1):
            try:
                with self.stream(path, kind, accept=accept, etag=etag) as response:
                    if response.status_code in _ANSWERS:
                        return read(response)
                    message = self._message(self._body(response, _MAX_BODY))
            except _FAILURES as error:
                if attempt == _BODY_TRIES:
                    raise self._failure(error) from None
            else:
                raise SourceError(f"{self.host} answers {response.status_code}: {message}")
        raise AssertionError("the last try returns or raises")

    def stream(self, path: str, kind: str, *, accept: str = JSON, etag: str | None = None) -> requests.Response:
        """The response to ``GET`` *path* with its body unread, after any waits. The caller closes it.

        Raises as `get` does.
        """
        headers = {"Accept": accept, **({"If-None-Match": f'"{etag}"'} if etag else {})}
        for attempt in range(1, _MAX_WAITS + 1):
            response = self._send(path, kind, headers)
            if response.status_code not in (401, 403, 429):
                return response
            self._bear(response, attempt)
        raise AssertionError("the last refusal raises")

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def _send(self, path: str, kind: str, headers: dict[str, str]) -> requests.Response:
        try:
            response = self._session.get(self.api + path, headers=headers, stream=True, timeout=TIMEOUT)
        except _FAILURES as error:
            self._count(kind, 1)
            raise self._failure(error) from None
        self._count(kind, sum(_tries(each) for each in (*response.history, response) if self._is_ours(each)))
        return response

    def _bear(self, response: requests.Response, attempt: int) -> None:
        """Wait as a refusal asks for. Raises where waiting is no help, or has been none."""
        with response:
            try:
                message = self._message(self._body(response, _MAX_MESSAGE))
            except (*_FAILURES, SourceError):
                message = "no reason given"
        status = response.status_code
        if status == 401:
            what = "refuses the token: set GITHUB_TOKEN to a valid one" if self.has_token else "asks for a token"
            raise AccessDenied(f"{self.host} {what} ({message})")
        asked = pause(response.headers, message, status=status, attempt=attempt, now=time.time())
        if asked is None:
            raise AccessDenied(f"{self.host} refuses access: {message}")
        if attempt == _MAX_WAITS:
            raise SourceError(f"{self.host} still limits our requests after {attempt - 1} waits: {message}")
        hint = "" if self.has_token else "; a token in GITHUB_TOKEN would allow 5,000 requests an hour instead of 60"
        self._wait(asked.seconds, f"{self.host}: {asked.why}{hint}")

    def _body(self, response: requests.Response, limit: int) -> bytes:
        return b"".join(self._pieces(response, limit))

    def _pieces(self, response: requests.Response, limit: int) -> Iterator[bytes]:
        left = limit
        for piece in response.iter_content(1 << 16):
            left -= len(piece)
            if left < 0:
                raise SourceError(f"{self.host} answers with more than the {limit:,} bytes that were to be expected")
            yield piece

    def _message(self, body: bytes) -> str:
        """What the host says, in one short line, and never with the token in it."""
        try:
            found = json.loads(body)
            text = found["message"] if isinstance(found["message"], str) else "no reason given"
        except (ValueError, RecursionError, KeyError, TypeError):
            text = "no reason given"
        text = text.replace(self._secret, "…") if self._secret else text
        return " ".join("".join(letter if letter.isprintable() else " " for letter in text[:300]).split()).rstrip(".")

    def _failure(self, error: Exception) -> SourceError:
        """*error* as a sentence; its own text is left out, since it may hold an address with a secret in it."""
        reason = next((text for kind, text in _REASONS if isinstance(error, kind)), type(error).__name__)
        return SourceError(f"{self.host} can't be read: {reason}. Check the network, or try again later")

    def _is_ours(self, response: requests.Response) -> bool:
        return str(response.url).startswith(f"{self.api}/")

    def _count(self, kind: str, number: int) -> None:
        with self._lock:
            self._counts[kind] += number


def _tries(response: requests.Response) -> int:
    """How often this was asked for, until it came."""
    retries: Any = response.raw.retries
    return 1 + len(retries.history) if retries else 1
