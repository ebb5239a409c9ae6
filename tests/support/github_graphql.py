"""The GraphQL half of the stand-in of GitHub's API: every query is checked against the schema, and executed.

What a `Blob` gives as its text follows what clients report of GitHub: null where it is binary, cut at 512,000 bytes,
without a byte-order mark, with other line ends and with U+FFFD for what is no UTF-8. Whoever takes it for the blob is
mistaken then.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo, GraphQLSchema, build_schema, graphql_sync

from support.github_hosting import HostedRepo

SCHEMA = Path(__file__).parents[1] / "data" / "github.graphql"
TEXT_LIMIT = 512_000

Find = Callable[[str], HostedRepo | None]
FindOwner = Callable[[str], dict[str, Any] | None]


@cache
def schema() -> GraphQLSchema:
    """GitHub's schema, as far as we ask for it."""
    return build_schema(SCHEMA.read_text(encoding="utf-8"))


def execute(body: bytes, find: Find, find_owner: FindOwner) -> bytes:
    """The answer to a POST; *find* gives a repository by ``OWNER/REPO``, *find_owner* whoever owns some."""
    asked = json.loads(body)
    result = graphql_sync(schema(), asked["query"], _Root(find, find_owner), variable_values=asked.get("variables"))
    answer: dict[str, Any] = {} if result.data is None and result.errors else {"data": result.data}
    if result.errors:
        answer["errors"] = [_error(error) for error in result.errors]
    return json.dumps(answer, ensure_ascii=False).encode()


def _error(error: GraphQLError) -> dict[str, Any]:
    kind = {"type": error.extensions["type"]} if error.extensions else {}
    return {**kind, "message": error.message, "path": error.path}


class _Root:
    def __init__(self, find: Find, find_owner: FindOwner) -> None:
        self._find = find
        self._find_owner = find_owner

    def repositoryOwner(self, info: GraphQLResolveInfo, login: str) -> dict[str, Any] | None:  # noqa: N802
        return self._find_owner(login)

    def repository(self, info: GraphQLResolveInfo, owner: str, name: str, followRenames: bool) -> _Repository:  # noqa: N803
        hosted = self._find(f"{owner}/{name}")
        if hosted is None:
            text = f"Could not resolve to a Repository with the name '{owner}/{name}'."
            raise GraphQLError(text, extensions={"type": "NOT_FOUND"})
        return _Repository(hosted)


class _Repository:
    def __init__(self, hosted: HostedRepo) -> None:
        self._hosted = hosted
        self.databaseId = hosted.number
        self.nameWithOwner = hosted.name

    def isEmpty(self, info: GraphQLResolveInfo) -> bool:  # noqa: N802
        return self._hosted.empty()

    def object(
        self, info: GraphQLResolveInfo, expression: str | None = None, oid: str | None = None
    ) -> dict[str, Any] | None:
        return _object(self._hosted, expression or oid or "HEAD")


def _object(hosted: HostedRepo, revision: str) -> dict[str, Any] | None:
    found = hosted.object(revision)
    if found is None:
        return None
    kind, sha = found
    shown: dict[str, Any] = {"__typename": kind.title(), "oid": sha}
    if kind == "blob":
        shown |= _blob(hosted.blob(sha) or b"")
    elif kind == "tag":
        shown["target"] = lambda info: _object(hosted, hosted.tagged(sha))
    return shown


def _blob(data: bytes) -> dict[str, Any]:
    binary = b"\x00" in data
    text = data[:TEXT_LIMIT].decode(errors="replace").removeprefix("\ufeff").replace("\r\n", "\n")
    return {
        "byteSize": len(data),
        "isBinary": binary,
        "isTruncated": len(data) > TEXT_LIMIT,
        "text": None if binary else text,
    }
