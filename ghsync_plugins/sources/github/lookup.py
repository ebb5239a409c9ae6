"""The first question about a repository: what it is, and which commit its ref stands at."""

from __future__ import annotations

import re
from typing import NamedTuple

from ghsync_core import SourceError
from ghsync_plugins.sources.github.answers import member, read_object
from ghsync_plugins.sources.github.client import Client
from ghsync_plugins.sources.github.graphql import LOOK_UP, NoGraphQL

_COMMIT = re.compile(r"[0-9a-f]{40}")
_FULL_NAME = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")
_MAX_NUMBER = 1 << 63


class About(NamedTuple):
    """A repository's number, which outlives its name, and its name as GitHub spells it."""

    id: int
    full_name: str


class Found(NamedTuple):
    """What one GraphQL query tells. ``commit`` is None where the ref names none; ``empty``: no commit at all."""

    about: About
    commit: str | None
    empty: bool


def read_about(body: bytes, name: str) -> About:
    """What the REST API answers about the repository that we call *name*. Raises `SourceError`."""
    found = read_object(body, name)
    return about(found, "id", "full_name", name)


def look_up(client: Client, owner: str, repo: str, ref: str | None) -> Found | None:
    """The repository and the commit at *ref* in one request; None where GitHub knows no such repository.

    A repository that was renamed is found by its old name as well. Raises `NoGraphQL` where REST may know more.
    """
    name = f"{owner}/{repo}"
    data = client.graphql(LOOK_UP, {"owner": owner, "name": repo, "ref": ref or "HEAD"}, "lookup")
    if data.get("repository", ...) is None:
        return None
    try:
        found = member(data, "repository", dict, name)
        empty = member(found, "isEmpty", bool, name)
        what = about(found, "databaseId", "nameWithOwner", name)
        return Found(what, None if empty else _commit(found.get("object"), name), empty)
    except SourceError as error:
        raise NoGraphQL(str(error)) from None


def is_commit(text: str) -> bool:
    """Whether *text* is a commit's full id."""
    return _COMMIT.fullmatch(text) is not None


def about(found: object, number_key: str, name_key: str, what: str) -> About:
    """Number and name of a repository, from these keys of an answer about *what*. Raises `SourceError`."""
    number, full_name = member(found, number_key, int, what), member(found, name_key, str, what)
    if not _FULL_NAME.fullmatch(full_name) or not 0 < number < _MAX_NUMBER:
        raise SourceError(f"GitHub's answer about {what} names a repository that can't be: try again later")
    return About(number, full_name)


def _commit(found: object, name: str) -> str | None:
    """The commit that *found* is, or that it leads to as a tag; None where it is nothing, or a file or folder."""
    while isinstance(found, dict) and found.get("__typename") == "Tag":
        found = member(found, "target", dict, name)  # lacking where tags stand before tags: REST follows them all
    if found is None or member(found, "__typename", str, name) != "Commit":
        return None
    commit = member(found, "oid", str, name)
    if not is_commit(commit):
        raise SourceError(f"GitHub's answer about {name} has a commit that can't be: try again later")
    return commit
