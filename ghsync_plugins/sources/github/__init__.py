"""Repositories on github.com or a GitHub Enterprise Server, read at one commit."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ghsync_core import hookimpl
from ghsync_plugins.sources.github.location import Location, accepts, api_url, names_many, parse, parse_many

if TYPE_CHECKING:
    from ghsync_core import Expansion, Repository, Setting, Source, SourceContext
    from ghsync_plugins.sources.github.client import Client


class GitHubSource:
    """The `Source` for ``OWNER/REPO[@REF]`` and for web addresses of repositories; ``OWNER/*`` is several of them."""

    name = "github"
    priority = 0

    def accepts(self, location: str) -> bool:
        """Whether *location* reads as a repository's address, and is no path that exists here."""
        return accepts(location)

    def open(self, location: str, context: SourceContext) -> Repository:
        """The repository at *location*. Raises `UsageError`; asks nothing of the host yet."""
        from ghsync_plugins.sources.github.repository import GitHubRepository

        place = parse(location)
        client = _client(place, context)
        use_archive = context.options.get("archive", True)
        return GitHubRepository(place, client, use_archive=use_archive, hint=context.hint)

    def expands(self, location: str) -> bool:
        """Whether *location* is ``OWNER/GLOB``."""
        return names_many(location)

    def expand(self, location: str, context: SourceContext) -> Expansion:
        """The owner's repositories whose names match, as the settings of ``[github]`` have them."""
        from ghsync_plugins.sources.github.organisation import expand

        place = parse_many(location)
        left_out = {word for word in ("archived", "forks", "empty") if not context.options.get(word, False)}
        return expand(place, _client(place, context), left_out)


def _client(place: Location, context: SourceContext) -> Client:
    """A client that counts for *place* alone; the connections, and the search for a token, are shared by all."""
    from ghsync_plugins.sources.github.client import Client
    from ghsync_plugins.sources.github.credentials import find_token
    from ghsync_plugins.sources.github.session import Session, TokenAuth

    api = api_url(place, context.options.get("api_url"), os.environ)
    session: Session = context.keep(f"github {api}", lambda: Session(TokenAuth(api, find_token(api, os.environ))))
    return Client(api, session.token, context.wait, session)


@hookimpl
def register_sources() -> Iterable[Source]:
    """GitHub."""
    return [GitHubSource()]


@hookimpl
def register_settings() -> Iterable[Setting]:
    """``[github]``: ``archive``, and what ``OWNER/*`` takes in."""
    from ghsync_core import Setting

    text = "read many files as one archive where that is cheapest; false asks file by file, with a token in batches"
    return [
        Setting("github", "archive", bool, True, text),
        Setting("github", "archived", bool, False, "OWNER/* takes in repositories that are archived"),
        Setting("github", "forks", bool, False, "OWNER/* takes in forks"),
        Setting("github", "empty", bool, False, "OWNER/* takes in empty repositories, which fail"),
    ]
