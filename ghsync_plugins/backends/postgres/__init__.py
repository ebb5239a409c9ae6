"""PostgreSQL, version 14 or newer: the schema ``ghsync`` of a database, with the views that SQLite has too."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ghsync_core import Setting, hookimpl

if TYPE_CHECKING:
    from ghsync_plugins.backends.postgres.store import PostgresStore


class PostgresBackend:
    """Stores named by a URL as libpq reads it, ``postgresql://…``; the bare scheme stands for the setting ``url``."""

    name = "postgres"
    schemes = ("postgresql", "postgres")

    def open(self, url: str, options: Mapping[str, Any], *, create: bool) -> PostgresStore:
        """See `Backend.open`. Raises `PluginError` where psycopg is missing, `UsageError` for a URL that is none."""
        from ghsync_plugins.backends.postgres.address import Address

        address = Address.of(url, options.get("url"))
        from ghsync_plugins.backends.postgres.store import PostgresStore

        return PostgresStore(address, create=create, query_role=options.get("query_role"))

    def files(self, url: str) -> list[Path]:  # noqa: ARG002
        """None: the server has them."""
        return []


@hookimpl
def register_backends() -> list[PostgresBackend]:
    """The backend ``postgres``."""
    return [PostgresBackend()]


@hookimpl
def register_settings() -> list[Setting]:
    """Where the store is, and as whom it is asked."""
    return [
        Setting("postgres", "url", str, None, "the store where --to names none: postgresql://USER@HOST/DATABASE"),
        Setting("postgres", "query_role", str, None, "the role that `ghsync query` takes on, to see what that may see"),
    ]
