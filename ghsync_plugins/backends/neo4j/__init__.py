"""A Neo4j database as the store: pages and classes as its users expect them (docs/how-to/use-neo4j.md)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ghsync_core import Setting, SettingsError, hookimpl
from ghsync_plugins.backends.neo4j import address, naming

if TYPE_CHECKING:
    from ghsync_plugins.backends.neo4j.store import Neo4jStore


class Neo4jBackend:
    """Databases named ``neo4j://[USER@]HOST[:PORT][/DATABASE]``, or by the other schemes of Neo4j's drivers."""

    name = "neo4j"
    schemes = address.SCHEMES

    def open(self, url: str, options: Mapping[str, Any], *, create: bool) -> Neo4jStore:
        """See `Backend.open`. Raises `PluginError` where Neo4j's driver is not installed."""
        if options["naming"] not in naming.NAMINGS:
            names = " or ".join(naming.NAMINGS)
            raise SettingsError(f"neo4j.naming must be {names}, not {options['naming']!r}")
        place = address.parse(url, options)
        from ghsync_plugins.backends.neo4j.store import Neo4jStore

        return Neo4jStore(place, options, create=create)

    def files(self, url: str) -> list[Path]:  # noqa: ARG002
        """See `Backend.files`: the ledger lies in the user's cache, which no source lists."""
        return []


@hookimpl
def register_backends() -> list[Neo4jBackend]:
    """The backend ``neo4j``."""
    return [Neo4jBackend()]


@hookimpl
def register_settings() -> list[Setting]:
    """Which server, unless ``--to`` says it, and how the graph is called there. The password is no setting."""
    return [
        Setting("neo4j", "uri", str, None, "the server, where --to names none: neo4j://HOST:PORT"),
        Setting("neo4j", "user", str, None, "whose account, where the URL names none; neo4j where nothing does"),
        Setting(
            "neo4j", "database", str, None, "which database, where the URL names none; else the user's home database"
        ),
        Setting("neo4j", "naming", str, naming.PLAIN, "n10s calls the ontology's part as neosemantics does"),
        Setting(
            "neo4j", "ledger", str, None, "the folder of the ledger, a cache; else ghsync/neo4j in the user's cache"
        ),
    ]
