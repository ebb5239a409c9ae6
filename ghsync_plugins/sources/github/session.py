"""Connections to GitHub: retries, headers, and a token that never leaves its host."""

from __future__ import annotations

from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.util import Retry

from ghsync_plugins.sources.github.governor import AT_ONCE

TIMEOUT = (10.0, 30.0)
"""Seconds to connect, and between two pieces of an answer. GitHub itself gives up on a request after ten."""

BACKOFF = 0.25
"""Seconds before the second try; twice as many before each further one."""


class TokenAuth(AuthBase):
    """Puts the token on requests to the API itself, and on no other."""

    def __init__(self, api: str, token: str | None) -> None:
        self._origin = _origin(api)
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """*request*, with the token only where it goes to the API."""
        request.headers.pop("Authorization", None)
        if self.token and _origin(request.url or "") == self._origin:
            request.headers["Authorization"] = f"Bearer {self.token}"
        return request

    def __repr__(self) -> str:
        return f"TokenAuth({self._origin!r})"


class Session(requests.Session):
    """A `requests.Session` that many threads may share, with at most `AT_ONCE` connections to a host."""

    def __init__(self, auth: TokenAuth) -> None:
        super().__init__()
        self.token = auth.token
        self.auth = self._token_auth = auth  # an auth of our own also keeps requests from looking into netrc
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.headers["User-Agent"] = f"ghsync/{_version()}"
        self.headers["X-GitHub-Api-Version"] = "2022-11-28"
        adapter = HTTPAdapter(pool_maxsize=AT_ONCE, pool_block=True, max_retries=_retries())
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    def rebuild_auth(self, prepared_request: requests.PreparedRequest, response: requests.Response) -> None:  # noqa: ARG002
        """Decide anew, at every redirect, whether the token goes along."""
        self._token_auth(prepared_request)


def _retries() -> Retry:
    """Four tries, within some two seconds, where the connection or the host fails; limits are not its business.

    Our every POST is a GraphQL query, which changes nothing: it may be made again as any GET.
    """
    return Retry(
        total=3,
        read=2,
        backoff_factor=BACKOFF,
        status_forcelist=(500, 502, 503, 504),
        allowed_methods=("GET", "POST"),
        respect_retry_after_header=False,
        raise_on_status=False,
    )


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def _version() -> str:
    try:
        return version("ghsync")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"
