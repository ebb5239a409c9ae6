"""A stand-in of GitHub's API: a real HTTP server on loopback over real git repositories.

Example::

    with GitHubServer({"octo/garden": repo.path}, latency=0.04) as server:
        requests.get(f"{server.url}/repos/octo/garden")

It answers under ``/repos/…`` as github.com does and under ``/api/v3/repos/…`` as Enterprise Server does. Archives are
served by a second host, as GitHub does, which refuses any request that carries credentials.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from support.github_faults import Fault
from support.github_graphql import execute
from support.github_hosting import HostedRepo
from support.github_http import Listener, LoggedRequest, Reply
from support.github_owners import owned_by, owner, rest_page

TOKEN = "ghp_right_token_of_the_tests"


class GitHubServer:
    """The stand-in. ``log`` holds what was asked, ``faults`` what is to go wrong.

    ``latency`` is waited before every answer, in seconds. ``quotas`` are what is left of the hour's requests, by REST
    and by GraphQL, with which a 304 makes no difference; at 0 every request is refused.
    """

    def __init__(self, repos: Mapping[str, Path] | None = None, *, latency: float = 0.0, token: str = TOKEN) -> None:
        self.latency = latency
        self.token = token
        self.quotas = {"core": 5000, "graphql": 5000}
        self._lock = threading.Lock()
        self.log: list[LoggedRequest] = []
        self.faults: list[Fault] = []
        self.repos: dict[str, HostedRepo] = {}
        self.moved: dict[str, int] = {}
        self.users: set[str] = set()
        """Owners, in lower case, that are no organisation."""
        self._numbers = count(1001)
        self._api = Listener(self, "api")
        self._archives = Listener(self, "archive")
        self.url = f"http://127.0.0.1:{self._api.port}"
        self.archive_url = f"http://localhost:{self._archives.port}"
        for name, folder in (repos or {}).items():
            self.add(name, folder)

    def add(self, name: str, folder: Path, *, private: bool = False) -> HostedRepo:
        """Host the git repository in *folder* as *name* (``OWNER/REPO``)."""
        hosted = HostedRepo(name, folder, number=next(self._numbers), private=private)
        self.repos[name.lower()] = hosted
        return hosted

    def rename(self, old: str, new: str) -> None:
        """Give a repository another name; the old one is answered with a redirect."""
        hosted = self.repos.pop(old.lower())
        hosted.name = new
        self.repos[new.lower()] = hosted
        self.moved[old.lower()] = hosted.number

    def asked(self, host: str = "api") -> list[str]:
        """The paths that *host* was asked for, in order."""
        return [request.path for request in self.log if request.host == host]

    def __enter__(self) -> GitHubServer:
        self._api.start()
        self._archives.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._api.stop()
        self._archives.stop()
        for hosted in self.repos.values():
            hosted.close()

    def answer(self, host: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """The true answer to a request."""
        if host == "archive":
            return self._archive(path, headers)
        resource = "graphql" if path.endswith("/graphql") else "core"
        refused = self._refusal(headers, resource)
        reply = refused or (self._graphql(path, body, headers) if body else self._route(path, headers))
        with self._lock:
            if reply.status != 304:
                self.quotas[resource] = max(0, self.quotas[resource] - 1)
            left = self.quotas[resource]
        limits = {"limit": 5000, "remaining": left, "reset": int(time.time()) + 1800, "resource": resource}
        reply.headers.update({f"x-ratelimit-{name}": str(value) for name, value in limits.items()})
        return reply

    @property
    def quota(self) -> int:
        """What is left for REST."""
        return self.quotas["core"]

    @quota.setter
    def quota(self, left: int) -> None:
        self.quotas["core"] = left

    def _refusal(self, headers: Mapping[str, str], resource: str) -> Reply | None:
        """Why a request is refused before anyone looks at what it asks for."""
        if not headers.get("user-agent"):
            return _problem(403, "Request forbidden by administrative rules: no User-Agent header")
        if headers.get("authorization") and not self._trusted(headers):
            return _problem(401, "Bad credentials")
        if resource == "graphql" and not headers.get("authorization"):
            return _problem(401, "This endpoint requires you to be authenticated.")
        if self.quotas[resource] <= 0:
            return _problem(403, "API rate limit exceeded for 127.0.0.1.")
        return None

    def _trusted(self, headers: Mapping[str, str]) -> bool:
        return headers.get("authorization") in (f"Bearer {self.token}", f"token {self.token}")

    def _route(self, path: str, headers: Mapping[str, str]) -> Reply:
        url = urlsplit(path.removeprefix("/api/v3"))
        if found := re.fullmatch(r"/(orgs|users)/([^/]+)/repos", url.path):
            return self._repositories(found[1], unquote(found[2]), parse_qs(url.query), headers)
        if found := re.fullmatch(r"/repositories/(\d+)(/.*)?", url.path):
            hosted = next((each for each in self.repos.values() if each.number == int(found[1])), None)
            rest = found[2] or ""
        elif found := re.fullmatch(r"/repos/([^/]+/[^/]+)(/.*)?", url.path):
            name = unquote(found[1]).lower()
            if name in self.moved:
                return self._moved(self.moved[name], found[2] or "", url.query)
            hosted, rest = self.repos.get(name), found[2] or ""
        else:
            hosted, rest = None, ""
        if hosted is None or (hosted.private and not self._trusted(headers)):
            return _problem(404, "Not Found")
        return self._of_repository(hosted, rest, parse_qs(url.query), headers)

    def _graphql(self, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """GraphQL, at its two addresses; it follows a renamed repository by itself."""
        if path not in ("/graphql", "/api/graphql"):
            return _problem(404, "Not Found")

        def find(name: str) -> HostedRepo | None:
            number = self.moved.get(name.lower())
            renamed = (each for each in self.repos.values() if each.number == number)
            return self.repos.get(name.lower()) or next(renamed, None)

        return Reply(200, execute(body, find, self._owner))

    def _owner(self, login: str) -> dict[str, Any] | None:
        """An owner, for one with the token."""
        found = owned_by(login, self.repos, private=True)
        return owner(login, found, organisation=login.lower() not in self.users) if found else None

    def _repositories(self, kind: str, login: str, query: Mapping[str, list[str]], headers: Mapping[str, str]) -> Reply:
        found = owned_by(login, self.repos, private=self._trusted(headers))
        if not found or (kind == "orgs" and login.lower() in self.users):
            return _problem(404, "Not Found")
        return rest_page(self.url, f"/{kind}/{login}/repos", query, found)

    def _moved(self, number: int, rest: str, query: str) -> Reply:
        target = f"{self.url}/repositories/{number}{rest}" + (f"?{query}" if query else "")
        return Reply(301, b'{"message": "Moved Permanently"}', headers={"location": target})

    def _of_repository(
        self, hosted: HostedRepo, rest: str, query: Mapping[str, Any], headers: Mapping[str, str]
    ) -> Reply:
        kind, _, name = rest.strip("/").partition("/")
        if not kind:
            return Reply(200, hosted.repository())
        if hosted.empty():
            return _problem(409, "Git Repository is empty.")
        if kind == "commits":
            return _commit(hosted, unquote(name), headers)
        if kind == "tarball":
            target = f"{self.archive_url}/{hosted.name}/legacy.tar.gz/{name}?token=short-lived-secret"
            return Reply(302, headers={"location": target})
        if name.startswith("trees/"):
            body = hosted.tree(unquote(name.removeprefix("trees/")), recursive="recursive" in query)
            return Reply(200, body) if body else _problem(404, "Not Found")
        if name.startswith("blobs/"):
            return _blob(hosted, name.removeprefix("blobs/"), headers)
        return _problem(404, "Not Found")

    def _archive(self, path: str, headers: Mapping[str, str]) -> Reply:
        if headers.get("authorization"):
            return _problem(400, "this host takes no credentials")
        owner, repo, _, revision = urlsplit(path).path.strip("/").split("/", 3)
        hosted = self.repos[f"{owner}/{repo}".lower()]
        sha = hosted.resolve(unquote(revision))
        if sha is None:
            return _problem(404, "Not Found")
        return Reply(200, hosted.archive(sha), type="application/x-gzip", chunked=True)


def _commit(hosted: HostedRepo, revision: str, headers: Mapping[str, str]) -> Reply:
    sha = hosted.resolve(revision)
    if sha is None:
        return _problem(422, f"No commit found for SHA: {revision}")
    etag = {"etag": f'"{sha}"'}
    if headers.get("if-none-match") == f'"{sha}"':
        return Reply(304, headers=etag)
    if "vnd.github.sha" in headers.get("accept", ""):
        return Reply(200, sha.encode(), type="application/vnd.github.sha; charset=utf-8", headers=etag)
    return Reply(200, hosted.commit(sha), headers=etag)


def _blob(hosted: HostedRepo, sha: str, headers: Mapping[str, str]) -> Reply:
    data = hosted.blob(sha)
    if data is None:
        return _problem(404, "Not Found")
    if "raw" in headers.get("accept", ""):
        return Reply(200, data, type="application/vnd.github.raw+json; charset=utf-8")
    return Reply(200, hosted.blob_json(sha, data))


def _problem(status: int, message: str) -> Reply:
    return Reply(status, json.dumps({"message": message, "documentation_url": "https://docs.github.com/rest"}).encode())
