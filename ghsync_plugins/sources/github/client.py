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
        answer, _ = self._read(_Request(kind, REST, self.api + path, headers), limit, check or bytes)
        if answer.status not in _ANSWERS:
            raise SourceError(f"{self.host} answers {answer.status}: {message_in(answer.body, self._secret)}")
        return answer

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
        try:
            answer, found = self._read(request, limit, lambda body: data_in(body, self.host))
        except DamagedAnswer as error:
            raise NoGraphQL(str(error)) from None
        if found is None:
            self.has_graphql = answer.status >= 500
            raise NoGraphQL(f"{self.host} answers {answer.status}: {message_in(answer.body, self._secret)}")
        return found

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

    def _read(self, request: _Request, limit: int, decode: Callable[[bytes], T]) -> tuple[Answer, T | None]:
        """The answer, and what *decode* makes of its body where the status is 200. A damaged one is asked for again."""
        for attempt in range(1, _BODY_TRIES + 1):
            try:
                answer = self._ask(request, limit)
                return answer, decode(answer.body) if answer.status == 200 else None
            except DamagedAnswer:
                if attempt == _BODY_TRIES:
                    raise
            except FAILURES as error:
                if attempt == _BODY_TRIES:
                    raise unreachable(self.host, error) from None
        raise AssertionError("the last try returns or raises")

    def _ask(self, request: _Request, limit: int) -> Answer:
        """One whole answer, after any waits."""
        for attempt in range(1, _MAX_WAITS + 1):
            with self._governor.turn(request.resource, self._be_patient) as asked_at, self._send(request) as response:
                if response.status_code in _REFUSALS:
                    message: str | None = self._message(response)
                else:
                    body = self._body(response, limit)
                    message = limit_in(body) if request.resource == GRAPHQL else None
                if message is None:
                    self._governor.learn(request.resource, response.headers, asked_at)
                    return Answer(response.status_code, body, bool(response.history), "next" in response.links)
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
        pieces = []
        left = limit
        for piece in response.iter_content(1 << 16):
            left -= len(piece)
            if left < 0:
                raise SourceError(f"{self.host} answers with more than the {limit:,} bytes that were to be expected")
            pieces.append(piece)
        return b"".join(pieces)

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
