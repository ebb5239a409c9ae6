"""Asks GitHub's API, waits where it says so, and turns what goes wrong into sentences."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import requests
from urllib3.exceptions import HTTPError

from ghsync_core import AccessDenied, SourceError
from ghsync_plugins.sources.github.answers import member, read_object
from ghsync_plugins.sources.github.limits import pause
from ghsync_plugins.sources.github.location import graphql_url, web_host
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


class Answer(NamedTuple):
    """What came back. ``moved`` says that the host sent us on to another address first, ``more`` that a listing has a
    next page.
    """

    status: int
    body: bytes
    moved: bool
    more: bool = False


class Client:
    """One API and the token for it. Threads may share it. A *session* that is given is left open.

    ``wait(seconds, why)`` is called where the host asks for patience; ``counts`` has the requests to the API so far, by
    kind.
    """

    def __init__(
        self, api: str, token: str | None, wait: Callable[[float, str], None], session: Session | None = None
    ) -> None:
        self.api = api
        self.host = web_host(api)
        self.has_token = token is not None
        self._secret = token
        self._wait = wait
        self._borrowed = session is not None
        self._session = session or Session(TokenAuth(api, token))
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
        for attempt in range(1, _BODY_TRIES + 1):
            response = self.stream(path, kind, accept=accept, etag=etag)
            try:
                with response:
                    body = self._body(response, limit)
            except _FAILURES as error:
                if attempt == _BODY_TRIES:
                    raise self._failure(error) from None
                continue
            if response.status_code not in _ANSWERS:
                raise SourceError(f"{self.host} answers {response.status_code}: {self._message(body)}")
            return Answer(response.status_code, body, bool(response.history), "next" in response.links)
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

    def graphql(self, query: str, variables: Mapping[str, object], kind: str) -> dict[str, object]:
        """The ``data`` of the answer to *query*, which may lack what the host does not show. Raises as `get` does."""
        for attempt in range(1, _MAX_WAITS + 1):
            try:
                response = self._session.post(
                    graphql_url(self.api), json={"query": query, "variables": variables}, stream=True, timeout=TIMEOUT
                )
                self._count(kind, 1)
                if response.status_code in (401, 403, 429):
                    self._bear(response, attempt)
                    continue
                with response:
                    body = self._body(response, _MAX_BODY)
            except _FAILURES as error:
                raise self._failure(error) from None
            if response.status_code != 200:
                raise SourceError(f"{self.host} answers {response.status_code}: {self._message(body)}")
            found = read_object(body, kind)
            if not isinstance(found.get("data"), dict):
                raise SourceError(f"{self.host} can't answer a query: {self._message(_first_error(found))}")
            return member(found, "data", dict, kind)
        raise AssertionError("the last refusal raises")

    def close(self) -> None:
        """Let go of the connections, unless they are someone else's."""
        if not self._borrowed:
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
        pieces = []
        left = limit
        for piece in response.iter_content(1 << 16):
            left -= len(piece)
            if left < 0:
                raise SourceError(f"{self.host} answers with more than the {limit:,} bytes that were to be expected")
            pieces.append(piece)
        return b"".join(pieces)

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


def _first_error(found: Mapping[str, object]) -> bytes:
    errors = found.get("errors")
    return json.dumps(errors[0] if isinstance(errors, list) and errors else None).encode()
