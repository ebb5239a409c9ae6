"""Owners of many repositories, as the stand-in of GitHub's API lists them.

The shapes follow https://docs.github.com/en/rest/repos/repos (list organization / user repositories) and GitHub's
GraphQL schema (RepositoryOwner.repositories).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from graphql import GraphQLResolveInfo

from support.github_hosting import HostedRepo
from support.github_http import Reply


def owned_by(login: str, repos: Mapping[str, HostedRepo], *, private: bool) -> list[HostedRepo]:
    """The repositories of *login*, by name; with *private* those that not all may see, too."""
    found = [hosted for name, hosted in repos.items() if name.partition("/")[0] == login.lower()]
    return sorted((each for each in found if private or not each.private), key=lambda each: each.name.lower())


def rest_page(url: str, path: str, query: Mapping[str, Sequence[str]], repos: Sequence[HostedRepo]) -> Reply:
    """One page of ``GET /orgs/{org}/repos`` or ``/users/{user}/repos``, with the ``Link`` to the next one."""
    size, page = (int(query.get(key, [default])[0]) for key, default in (("per_page", "30"), ("page", "1")))
    size = min(size, 100)
    shown = [each.description() for each in repos[(page - 1) * size : page * size]]
    last = -(-len(repos) // size)
    links = {"next": page + 1, "last": last} if page < last else {"prev": page - 1, "first": 1} if page > 1 else {}
    header = ", ".join(f'<{url}{path}?per_page={size}&page={number}>; rel="{word}"' for word, number in links.items())
    return Reply(200, json.dumps(shown).encode(), headers={"link": header} if header else {})


def owner(login: str, repos: Sequence[HostedRepo], *, organisation: bool) -> dict[str, Any]:
    """``RepositoryOwner`` of the schema."""

    def repositories(
        info: GraphQLResolveInfo,
        first: int,
        after: str | None = None,
        ownerAffiliations: Sequence[str] = (),  # noqa: N803
        orderBy: Mapping[str, str] | None = None,  # noqa: N803
    ) -> dict[str, Any]:
        if not 1 <= first <= 100:
            raise ValueError("`first` on the `repositories` connection must be between 1 and 100")
        start = int(after.removeprefix("cursor:")) if after else 0
        page = {"hasNextPage": start + first < len(repos), "endCursor": f"cursor:{start + first}"}
        return {"nodes": [_node(each) for each in repos[start : start + first]], "pageInfo": page}

    return {"__typename": "Organization" if organisation else "User", "login": login, "repositories": repositories}


def _node(hosted: HostedRepo) -> dict[str, Any]:
    head = hosted.head()
    return {
        "databaseId": hosted.number,
        "nameWithOwner": hosted.name,
        "isArchived": hosted.archived,
        "isFork": hosted.fork,
        "isEmpty": head is None,
        "defaultBranchRef": {"target": {"__typename": "Commit", "oid": head}} if head else None,
    }
