"""Asks GitHub's API, waits where it says so, and turns what goes wrong into sentences."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

import requests

from ghsync_core import AccessDenied, SourceError
from ghsync_plugins.sources.github.answers import DamagedAnswer
from ghsync_plugins.sources.github.failures import FAILURES, message_in, one_line, unreachable
from ghsync_plugins.sources.github.governor import ARCHIVE, GRAPHQL, REST, governor_of
from ghsync_plugins.sources.github.graphql import NoGraphQL, data_in, graphql_url, limit_in
from ghsync_plugins.sources.github.limits import Quota
from ghsync_plugins.sources.github.location import web_host
from ghsync_plugins.sources.github.session import TIMEOUT, Session, TokenAuth

JSON = "application/vnd.github+json"
SHA = "application/vnd.github.sha"
RAW = "application/vnd.github.raw+json"

_ANSWERS = (200, 304, 404, 409, 422)
"""What a caller looks at itself; anything else is an error here."""

_REFUSALS = (401, 403, 429)

_MAX_BODY = 1 << 26
"""Bytes: far more than the 7 MB at which GitHub cuts its longest answer, a tree."""

_MAX_MESSAGE = 1 << 16
_BODY_TRIES = 3
_MAX_WAITS = 5

T = TypeVar("T")


class Answer(NamedTuple):
    """What came back. ``moved`` says that the host sent us on to another address first, ``more`` that a listing has a
    next page.
    """

    status: int
    body: bytes
    moved: bool
    more: bool = False


class _Limited(Exception):
    """The host refuses for now, or for good; its text is what it says."""


class _Request(NamedTuple):
    """One thing to ask. ``resource`` says which limits count, ``data`` is the body of a POST."""

    kind: str
    resource: str
    url: str
    headers: Mapping[str, str]
    data: bytes | None = None


class Client:
    """One API and the token for it. Threads may share it. A *session* that is given is left open.

    ``wait(seconds, why)`` is called where the host asks for patience; ``counts`` has the requests to the API so far, by
    kind. ``has_graphql`` is False without a token, and once the host has refused to answer queries at all.
    """

    def __init__(
        self, api: str, token: str | None, wait: Callable[[float, str], None], session: Session | None = None
    ) -> None:
        self.api = api
        self.host = web_host(api)
        self.has_token = self.has_graphql = token is not None
        self._secret = token
        self._wait = wait
        self._borrowed = session is not None
        self._session = session or Session(TokenAuth(api, token))
        self._governor = governor_of(api, token)
        self._counts: Counter[str] = Counter()
        self.counts: Mapping[str, int] = MappingProxyType(self._counts)
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"Client({self.api!r})"

    def get(
        self,
        path: str,
        kind: str,
        *,
        accept: str = JSON,
        etag: str | None = None,
        limit: int = _MAX_BODY,
        check: Callable[[bytes], object] | None = None,
    ) -> Answer:
        """The answer to ``GET`` *path*, with a body of at most *limit* bytes; its status is one of `_ANSWERS`.

        *check* looks at the body of a good answer; where it raises `DamagedAnswer`, the host is asked again. Raises
        `AccessDenied` where the host refuses, `SourceError` where it fails or can't be reached.
        """
        headers = {"Accept": accept, **({"If-None-Match": f'"{etag}"'} if etag else {})}

        def take(response: requests.Response) -> Answer:
            answer = self._answer(response, limit)
            if check and answer.status == 200:
                check(answer.body)
            return answer

        return self._read(_Request(kind, REST, self.api + path, headers), self._known(take))

    def decode(self, path: str, kind: str, decode: Callable[[Iterator[bytes]], T]) -> T | None:
        """What *decode* makes of the body of ``GET`` *path* while it arrives; None where the status is not 200.

        It is called again where the body breaks off or it raises `DamagedAnswer`, so it keeps what it finds to itself
        until it returns. Raises as `get` does.
        """

        def take(response: requests.Response) -> T | None:
            return decode(self._pieces(response, _MAX_BODY)) if response.status_code == 200 else None

        return self._read(_Request(kind, REST, self.api + path, {"Accept": JSON}), self._known(take))

    def graphql(
        self, query: str, variables: Mapping[str, object], kind: str, *, limit: int = _MAX_BODY
    ) -> dict[str, object]:
        """The ``data`` that answers *query*, with None for whatever is not found.

        Raises `NoGraphQL` where REST may still help, else as `get` does.
        """
        if not self.has_graphql:
            raise NoGraphQL(f"{self.host} does not answer GraphQL queries")
        headers = {"Accept": JSON, "Content-Type": "application/json"}
        data = json.dumps({"query": query, "variables": variables}).encode()
        request = _Request(kind, GRAPHQL, graphql_url(self.api), headers, data)

        def take(response: requests.Response) -> dict[str, object]:
            body = self._body(response, limit)
            if response.status_code != 200:
                self.has_graphql = response.status_code >= 500
                raise NoGraphQL(f"{self.host} answers {response.status_code}: {message_in(body, self._secret)}")
            if (message := limit_in(body)) is not None:
                raise _Limited(message)
            return data_in(body, self.host)

        try:
            return self._read(request, take)
        except DamagedAnswer as error:
            raise NoGraphQL(str(error)) from None

    @contextmanager
    def stream(self, path: str, kind: str) -> Iterator[requests.Response]:
        """The response to ``GET`` *path*, which leads to another host, with its body unread. Raises as `get` does."""
        request = _Request(kind, ARCHIVE, self.api + path, {"Accept": JSON})
        for attempt in range(1, _MAX_WAITS + 1):
            with self._governor.turn(ARCHIVE, self._be_patient) as asked_at, self._send(request) as response:
                if response.status_code not in _REFUSALS:
                    self._governor.learn(self._resource(request, response), response.headers, asked_at)
                    yield response
                    return
                message = self._message(response)
            self._bear(request, response, message, asked_at, attempt)

    def quota(self) -> Quota | None:
        """What is left of the hour's requests by REST, as far as it is known."""
        return self._governor.left(REST)

    def close(self) -> None:
        """Let go of the connections, unless they are someone else's."""
        if not self._borrowed:
            self._session.close()

    def _known(self, take: Callable[[requests.Response], T]) -> Callable[[requests.Response], T]:
        """*take*, with every status an error that callers don't look at themselves."""

        def checked(response: requests.Response) -> T:
            if response.status_code not in _ANSWERS:
                message = message_in(self._body(response, _MAX_BODY), self._secret)
                raise SourceError(f"{self.host} answers {response.status_code}: {message}")
            return take(response)

        return checked

    def _answer(self, response: requests.Response, limit: int) -> Answer:
        body = self._body(response, limit)
        return Answer(response.status_code, body, bool(response.history), "next" in response.links)

    def _read(self, request: _Request, take: Callable[[requests.Response], T]) -> T:
        """What *take* makes of the answer. One that breaks off or is damaged is asked for again."""
        for attempt in range(1, _BODY_TRIES + 1):
            try:
                return self._ask(request, take)
            except DamagedAnswer:
                if attempt == _BODY_TRIES:
                    raise
            except FAILURES as error:
                if attempt == _BODY_TRIES:
                    raise unreachable(self.host, error) from None
        raise AssertionError("the last try returns or raises")

    def _ask(self, request: _Request, take: Callable[[requests.Response], T]) -> T:
        """What *take* makes of one answer, after any waits."""
        for attempt in range(1, _MAX_WAITS + 1):
            with self._governor.turn(request.resource, self._be_patient) as asked_at, self._send(request) as response:
                try:
                    if response.status_code in _REFUSALS:
                        raise _Limited(self._message(response))
                    taken = take(response)
                    self._governor.learn(request.resource, response.headers, asked_at)
                    return taken
                except _Limited as refusal:
                    message = str(refusal)
            self._bear(request, response, message, asked_at, attempt)
        raise AssertionError("the last refusal raises")

    def _send(self, request: _Request) -> requests.Response:
        try:
            response = self._session.request(
                "GET" if request.data is None else "POST",
                request.url,
                headers=request.headers,
                data=request.data,
                stream=True,
                timeout=TIMEOUT,
                allow_redirects=request.data is None,
            )
        except FAILURES as error:
            self._count(request.kind, 1)
            raise unreachable(self.host, error) from None
        tried = (_tries(each) for each in (*response.history, response) if self._is_ours(each))
        self._count(request.kind, sum(tried))
        return response

    def _bear(
        self, request: _Request, response: requests.Response, message: str, asked_at: float, attempt: int
    ) -> None:
        """Take in a refusal, so that all wait as it asks for. Raises where waiting is no help, or has been none."""
        message = one_line(message, self._secret)
        if response.status_code == 401:
            what = "refuses the token: set GITHUB_TOKEN to a valid one" if self.has_token else "asks for a token"
            raise AccessDenied(f"{self.host} {what} ({message})")
        status = 429 if response.status_code == 200 else response.status_code
        resource = self._resource(request, response)
        if not self._governor.refused(resource, response.headers, message, status=status, asked_at=asked_at):
            if request.resource == GRAPHQL:
                self.has_graphql = False
                raise NoGraphQL(f"{self.host} refuses GraphQL: {message}")
            raise AccessDenied(f"{self.host} refuses access: {message}")
        if attempt == _MAX_WAITS:
            raise SourceError(f"{self.host} still limits our requests after {attempt - 1} waits: {message}")

    def _be_patient(self, seconds: float, why: str) -> None:
        hint = "" if self.has_token else "; a token in GITHUB_TOKEN would allow 5,000 requests an hour instead of 60"
        self._wait(seconds, f"{self.host}: {why}{hint}")

    def _body(self, response: requests.Response, limit: int) -> bytes:
        return b"".join(self._pieces(response, limit))

    def _pieces(self, response: requests.Response, limit: int) -> Iterator[bytes]:
        left = limit
        for piece in response.iter_content(1 << 16):
            left -= len(piece)
            if left < 0:
                raise SourceError(f"{self.host} answers with more than the {limit:,} bytes that were to be expected")
            yield piece

    def _message(self, response: requests.Response) -> str:
        """What a refusal says, as far as it comes."""
        try:
            return message_in(self._body(response, _MAX_MESSAGE), self._secret)
        except (*FAILURES, SourceError):
            return one_line(None, None)

    def _resource(self, request: _Request, response: requests.Response) -> str:
        """Whose limits *response* speaks of: the API may refuse what leads to the archive, too."""
        return REST if request.resource == ARCHIVE and self._is_ours(response) else request.resource

    def _is_ours(self, response: requests.Response) -> bool:
        return str(response.url).startswith((f"{self.api}/", graphql_url(self.api)))

    def _count(self, kind: str, number: int) -> None:
        with self._lock:
            self._counts[kind] += number


def _tries(response: requests.Response) -> int:
    """How often this was asked for, until it came."""
    retries: Any = response.raw.retries
    return 1 + len(retries.history) if retries else 1
