"""Which server, whose account and which database: from the store's URL, else from the settings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from ghsync_core import UsageError

SCHEMES: Final = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
"""Of Neo4j's own: ``+s`` is TLS with a certificate that is checked, ``+ssc`` TLS with whichever the server has."""

PASSWORD: Final = "GHSYNC_NEO4J_PASSWORD"
DEFAULT_USER: Final = "neo4j"
DEFAULT_PORT: Final = 7687


@dataclass(frozen=True, slots=True)
class Address:
    """A database of a server. ``database`` is None for the user's home database. ``str`` is fit for messages."""

    uri: str
    user: str
    database: str | None

    def __str__(self) -> str:
        return f"{self.uri}/{self.database}" if self.database else self.uri

    @property
    def authentication(self) -> tuple[str, str] | None:
        """User and password; None where no password is set, for a server without authentication."""
        password = os.environ.get(PASSWORD)
        return (self.user, password) if password else None


def parse(url: str, options: Mapping[str, Any]) -> Address:
    """The address in *url*; what it leaves open comes from *options*, the settings of ``[neo4j]``.

    Raises `UsageError`, without the URL's password where it has one.
    """
    text = url if url.partition(":")[2] else options.get("uri") or ""
    if not text:
        raise UsageError(f"{url} names no server. Write --to neo4j://HOST:PORT, or set GHSYNC_NEO4J_URI.")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if parts.scheme not in SCHEMES or not host or parts.query or parts.fragment:
        raise UsageError(
            f"the address of the Neo4j server must be SCHEME://[USER@]HOST[:PORT][/DATABASE], "
            f"where SCHEME is one of {', '.join(SCHEMES)}."
        )
    if parts.password is not None:
        raise UsageError(
            f"the address of the Neo4j server at {host} holds a password, which others can see there. "
            f"Set {PASSWORD} instead."
        )
    shown = f"[{host}]" if ":" in host else host
    user = unquote(parts.username or "") or options.get("user") or DEFAULT_USER
    database = unquote(parts.path.strip("/")) or options.get("database")
    return Address(f"{parts.scheme}://{shown}:{port or DEFAULT_PORT}", user, database or None)
