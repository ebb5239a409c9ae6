"""Lists the repositories of an organisation or a user, with what spares a request for each of them.

With a token GraphQL gives the head commits too, so that an unchanged repository costs nothing more. Without one, REST
gives all but those, and each repository costs its one conditional request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Final

from ghsync_core import Expansion, Found, SourceError, SourceNotFound, get_logger
from ghsync_plugins.sources.github.answers import member, read_list
from ghsync_plugins.sources.github.client import SHA, Client
from ghsync_plugins.sources.github.graphql import NoGraphQL
from ghsync_plugins.sources.github.location import Location
from ghsync_plugins.sources.github.lookup import About, about, is_commit

PAGE: Final = 100
"""Repositories a page: the most that GitHub gives."""

QUERY: Final = """
query Repositories($owner: String!, $after: String) {
  repositoryOwner(login: $owner) {
    repositories(first: 100, after: $after, ownerAffiliations: [OWNER], orderBy: {field: NAME, direction: ASC}) {
      nodes { databaseId nameWithOwner isArchived isFork isEmpty defaultBranchRef { target { oid } } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""

_KIND: Final = "listing"
"""What these requests are counted as."""

_MAX_PAGES: Final = 1000


@dataclass(frozen=True, slots=True)
class Owned:
    """One repository of the owner. ``head`` is the commit of its default branch, None where the listing has none;
    ``empty`` is None where it does not say.
    """

    about: About
    archived: bool
    fork: bool
    empty: bool | None
    head: str | None = None


def expand(place: Location, client: Client, left_out: Collection[str]) -> Expansion:
    """The repositories of *place*, whose ``repo`` is a glob, but for those of the sorts that are *left_out*:
    ``archived``, ``forks``, ``empty``.

    Raises `SourceNotFound` where there is no such owner or no such repository, `SourceError` where any part of the
    listing is missing.
    """
    wanted = f"{place.owner}/{place.repo}".lower()
    matching = [each for each in _listed(client, place) if fnmatchcase(each.about.full_name.lower(), wanted)]
    counts: Counter[str] = Counter()
    found = []
    for each in sorted(matching, key=lambda each: each.about.full_name.lower()):
        why, repository = _why_left_out(each, left_out), each
        if why is None and each.empty is None:
            repository = _looked_at(client, each)
            why = _why_left_out(repository, left_out)
        if why:
            counts[why] += 1
        else:
            found.append(_found(repository, place))
    if not found:
        raise _nothing(place, client, counts)
    return Expansion(tuple(found), dict(counts), dict(client.counts))


def _listed(client: Client, place: Location) -> list[Owned]:
    if client.has_token:
        try:
            return list(_by_graphql(client, place))
        except NoGraphQL as error:
            get_logger().info("GraphQL is of no use here; REST is asked", owner=place.owner, reason=str(error))
    return list(_by_rest(client, place))


def _why_left_out(each: Owned, left_out: Collection[str]) -> str | None:
    sorts = {"archived": each.archived, "forks": each.fork, "empty": each.empty}
    return next((word for word, is_so in sorts.items() if is_so and word in left_out), None)


def _found(each: Owned, place: Location) -> Found:
    name = each.about.full_name
    return Found(f"{place.web}/{name}" if place.web else name, {**each.about._asdict(), "head": each.head})


def _nothing(place: Location, client: Client, counts: Counter[str]) -> SourceNotFound:
    if counts:
        said = ", ".join(f"{count:,} {word}" for word, count in counts.items())
        return SourceNotFound(f"{place.owner}/{place.repo} matches nothing but what is left out: {said}")
    hint = "" if client.has_token else "; private ones take a token in GITHUB_TOKEN"
    return SourceNotFound(f"{place.owner} has no repository that matches {place.owner}/{place.repo}{hint}")


def _no_owner(place: Location, client: Client) -> SourceNotFound:
    return SourceNotFound(f"there is no organisation or user {place.owner} on {client.host}")


def _too_many(place: Location) -> SourceError:
    return SourceError(f"GitHub's list of the repositories of {place.owner} does not end: try again later")


# --- with a token ---


def _by_graphql(client: Client, place: Location) -> Iterator[Owned]:
    what = f"the repositories of {place.owner}"
    after: str | None = None
    for _ in range(_MAX_PAGES):
        data = client.graphql(QUERY, {"owner": place.owner, "after": after}, _KIND)
        if data.get("repositoryOwner") is None:
            raise _no_owner(place, client)
        page = member(member(data, "repositoryOwner", dict, what), "repositories", dict, what)
        # A node that we may not see is null.
        yield from (_of_node(node, what) for node in member(page, "nodes", list, what) if node is not None)
        info = member(page, "pageInfo", dict, what)
        if not member(info, "hasNextPage", bool, what):
            return
        after = member(info, "endCursor", str, what)
    raise _too_many(place)


def _of_node(node: object, what: str) -> Owned:
    branch = node.get("defaultBranchRef") if isinstance(node, dict) else None
    head = member(member(branch, "target", dict, what), "oid", str, what) if branch is not None else None
    if head is not None and not is_commit(head):
        raise SourceError(f"GitHub's answer about {what} holds what is no commit: try again later")
    return Owned(
        about=about(node, "databaseId", "nameWithOwner", what),
        archived=member(node, "isArchived", bool, what),
        fork=member(node, "isFork", bool, what),
        empty=member(node, "isEmpty", bool, what),
        head=head,
    )


# --- without one ---


def _by_rest(client: Client, place: Location) -> Iterator[Owned]:
    what = f"the repositories of {place.owner}"
    path = f"/orgs/{place.owner}/repos?type=all&sort=full_name&per_page={PAGE}"
    answer = client.get(path, _KIND)
    if answer.status == 404:
        path = f"/users/{place.owner}/repos?type=owner&sort=full_name&per_page={PAGE}"
        answer = client.get(path, _KIND)
    if answer.status == 404:
        raise _no_owner(place, client)
    for page in range(2, _MAX_PAGES):
        if answer.status != 200:
            raise SourceError(f"GitHub does not list {what} (status {answer.status}): try again later")
        yield from (_of_item(item, what) for item in read_list(answer.body, what))
        if not answer.more:
            return
        answer = client.get(f"{path}&page={page}", _KIND)
    raise _too_many(place)


def _of_item(item: object, what: str) -> Owned:
    return Owned(
        about=about(item, "id", "full_name", what),
        archived=member(item, "archived", bool, what),
        fork=member(item, "fork", bool, what),
        empty=None if member(item, "size", int, what) == 0 else False,  # in kilobytes: 0 may mean little or nothing
    )


def _looked_at(client: Client, each: Owned) -> Owned:
    """*each* with its head commit, which says whether it is empty, for the request that it would cost anyway."""
    answer = client.get(f"/repos/{each.about.full_name}/commits/HEAD", "commit", accept=SHA)
    commit = answer.body.decode("ascii", "replace").strip()
    head = commit if answer.status == 200 and is_commit(commit) else None
    return replace(each, empty=answer.status == 409, head=head)
