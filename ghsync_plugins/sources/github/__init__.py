"""Repositories on github.com or a GitHub Enterprise Server, read at one commit."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ghsync_core import hookimpl
from ghsync_plugins.sources.github.location import accepts, api_url, parse

if TYPE_CHECKING:
    from ghsync_core import Repository, Setting, Source, SourceContext


class GitHubSource:
    """The `Source` for ``OWNER/REPO[@REF]`` and for web addresses of repositories."""

    name = "github"
    priority = 0

    def accepts(self, location: str) -> bool:
        """Whether *location* reads as a repository's address, and is no path that exists here."""
        return accepts(location)

    def open(self, location: str, context: SourceContext) -> Repository:
        """The repository at *location*. Raises `UsageError`; asks nothing of the host yet."""
        from ghsync_plugins.sources.github.client import Client
        from ghsync_plugins.sources.github.credentials import find_token
        from ghsync_plugins.sources.github.repository import GitHubRepository

        place = parse(location)
        api = api_url(place, context.options.get("api_url"), os.environ)
        client = Client(api, find_token(api, os.environ), context.wait)
        return GitHubRepository(place, client, use_archive=context.options.get("archive", True))


@hookimpl
def register_sources() -> Iterable[Source]:
    """GitHub."""
    return [GitHubSource()]


@hookimpl
def register_settings() -> Iterable[Setting]:
    """``[github] archive``."""
    from ghsync_core import Setting

    text = "read many files as one archive where that is cheapest; false asks file by file, with a token in batches"
    return [Setting("github", "archive", bool, True, text)]
