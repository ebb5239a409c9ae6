"""Repositories on a Gitea or Forgejo server as a source: ``gitea:OWNER/REPO``, ``gitea:OWNER/REPO@REF``.

The addresses that are asked are those of Gitea's API, version 1: the server describes itself at ``/api/swagger``.
"""

import base64
import os
import re
from collections import Counter
from urllib.parse import quote, urlsplit

import urllib3

from ghsync_core import (
    AccessDenied,
    FileRef,
    Setting,
    SourceError,
    SourceNotFound,
    TransportError,
    UsageError,
    git_blob_id,
    hookimpl,
)

ghsync_api = 1

LOCATION = re.compile(r"gitea:([\w.-]+/[\w.-]+?)(?:@(.+))?", re.ASCII)
ENTRIES = {"120000": "symlink", "160000": "submodule"}
LOOPBACK = ("127.0.0.1", "::1", "localhost")
RETRIES = urllib3.Retry(2, respect_retry_after_header=False)  # waiting is ghsync's, which shows it and can be stopped
PATIENCE = 5


class Gitea:
    name, priority = "gitea", 50

    def accepts(self, location):
        return location.startswith("gitea:")

    def open(self, location, context):
        match = LOCATION.fullmatch(location)
        if not match:
            raise UsageError(f"{location!r} is no repository: write gitea:OWNER/REPO or gitea:OWNER/REPO@REF")
        return GiteaRepository(Api(context), *match.groups())


class Api:
    """Asks the server; many threads may use it at once."""

    def __init__(self, context):
        self.requests, self._wait = Counter(), context.wait
        self._url = context.options["url"].rstrip("/")
        self.host = urlsplit(self._url).netloc
        headers = {"Accept": "application/json"}
        if token := os.environ.get("GITEA_TOKEN"):
            if not self._url.startswith("https://") and urlsplit(self._url).hostname not in LOOPBACK:
                raise UsageError(f"{self._url} would see your token unencrypted: use https, or unset GITEA_TOKEN")
            headers["Authorization"] = f"token {token}"
        self._pool = urllib3.PoolManager(headers=headers, maxsize=16, timeout=30.0, retries=RETRIES)

    def get(self, kind, path, **query):
        """The answer as JSON. *kind* is what the request counts as."""
        for _ in range(PATIENCE):
            self.requests[kind] += 1
            try:
                answer = self._pool.request("GET", f"{self._url}/api/v1/{path}", fields=query)
            except urllib3.exceptions.HTTPError as error:
                raise SourceError(f"{self.host} can't be reached ({type(error).__name__}); try again later") from None
            if answer.status != 429:
                break
            self._wait(float(answer.headers.get("Retry-After", 10)), f"{self.host} asks for patience")
        if answer.status == 404:
            raise SourceNotFound(
                f"{self.host} has no such {kind}, or hides it from us: set GITEA_TOKEN if it is private"
            )
        if answer.status in (401, 403):
            raise AccessDenied(f"{self.host} refuses us (HTTP {answer.status}): check GITEA_TOKEN")
        if answer.status != 200:
            raise SourceError(f"{self.host} answers with HTTP {answer.status}; try again later")
        return answer.json()

    def close(self):
        self._pool.clear()


class GiteaRepository:
    def __init__(self, api, name, ref):
        self._api, self._path, self._ref = api, f"repos/{name}", ref
        self.location = f"gitea:{api.host}/{name}" + (f"@{ref}" if ref else "")
        self.requests = api.requests

    def snapshot(self, known, *, conditional):
        about = self._api.get("repository", self._path)
        ref = self._ref or about["default_branch"]
        commit = self._api.get("commit", f"{self._path}/git/commits/{quote(ref, safe='')}")["sha"]
        if conditional and known.commit == commit:
            return None
        suffix = f"@{self._ref}" if self._ref else ""
        source = f"{self._api.host}/{about['full_name']}{suffix}"
        return GiteaSnapshot(self._api, self._path, source, commit, f"{self._api.host}#{about['id']}{suffix}")

    def close(self):
        self._api.close()


class GiteaSnapshot:
    def __init__(self, api, path, source, commit, identity):
        self._api, self._path = api, path
        self.source, self.commit, self.identity, self.memory = source, commit, identity, {}
        self.files = tuple(self._entries())

    def _entries(self):
        """The whole listing. A page that is missing raises: what is not listed would be deleted from the graph."""
        page, more = 1, True
        while more:
            query = {"recursive": "true", "per_page": "1000", "page": str(page)}
            answer = self._api.get("tree", f"{self._path}/git/trees/{self.commit}", **query)
            for entry in answer["tree"]:
                if entry["type"] != "tree":
                    kind = ENTRIES.get(entry["mode"], "file")
                    yield FileRef(entry["path"], entry["sha"], entry.get("size", 0), kind)
            page, more = page + 1, answer["truncated"]
            if more and not answer["tree"]:
                raise SourceError(f"{self._api.host} does not list all of {self.source}; nothing was changed")

    def read(self, file):
        try:
            answer = self._api.get("blob", f"{self._path}/git/blobs/{file.blob_id}")
        except SourceError as error:
            raise TransportError(f"{file.path} can't be fetched: {error}") from error
        data = base64.b64decode(answer["content"])
        if git_blob_id(data) != file.blob_id:
            raise TransportError(f"{file.path} came damaged; it is tried again at the next run")
        return data

    def fetch(self, wanted):
        yield from ((file, None) for file in wanted)

    def cost(self, wanted):
        return len(wanted)


@hookimpl
def register_sources():
    return [Gitea()]


@hookimpl
def register_settings():
    return [Setting("gitea", "url", str, "https://codeberg.org", "the server that gitea:OWNER/REPO lies on")]
