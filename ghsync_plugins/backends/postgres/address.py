"""Where a PostgreSQL database is: its URL as libpq reads it, with the password apart."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ghsync_core import PluginError, UsageError

PASSWORD = "GHSYNC_POSTGRES_PASSWORD"

_DEFAULTS: Mapping[str, Any] = {
    "application_name": "ghsync",
    "client_encoding": "UTF8",
    "connect_timeout": 10,
    "keepalives_idle": 30,
}
"""What holds where neither the URL nor libpq's environment says otherwise. Times are in seconds."""

_NOWHERE = "postgresql: names no server. Write --to postgresql://USER@HOST/DATABASE, or set GHSYNC_POSTGRES_URL."
_UNREADABLE = (
    "the store's URL can't be read. Write postgresql://USER@HOST:PORT/DATABASE, "
    "with %-escapes for signs such as @ : / in its parts."
)


@dataclass(frozen=True, slots=True)
class Address:
    """A database: ``parameters`` are libpq's, some of them secret; ``str()`` is for people, and holds no secret."""

    parameters: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of(cls, url: str, default: str | None) -> Address:
        """The address *url*, or *default* where *url* is a bare scheme.

        Raises `UsageError`, which quotes nothing of a URL that can't be read: it may hold a password.
        """
        if not url.partition(":")[2]:
            url = default or ""
        if not url:
            raise UsageError(_NOWHERE)
        if "@" in url.partition("://")[2].partition("?")[0].partition("/")[2]:
            raise UsageError(
                _UNREADABLE
            )  # a password with a slash that is not escaped would be read as a port, and told
        psycopg = driver()
        try:
            parameters = psycopg.conninfo.conninfo_to_dict(url)
        except psycopg.Error:
            raise UsageError(_UNREADABLE) from None
        if os.environ.get(PASSWORD):
            parameters.setdefault("password", os.environ[PASSWORD])
        unset = {name: value for name, value in _DEFAULTS.items() if f"PG{name}".upper() not in os.environ}
        return cls({**unset, **parameters})

    def __str__(self) -> str:
        part = {name: str(value) for name, value in self.parameters.items()}
        user = f"{part['user']}@" if "user" in part else ""
        port = f":{part['port']}" if "port" in part else ""
        name = f"/{part['dbname']}" if "dbname" in part else ""
        return f"postgresql://{user}{part.get('host', '')}{port}{name}"


def driver() -> Any:
    """The module psycopg. Raises `PluginError` where it, or the libpq under it, is not there."""
    try:
        import psycopg
        import psycopg.conninfo
    except ImportError as error:
        raise PluginError("a PostgreSQL store needs psycopg: pip install 'ghsync[postgres]'") from error
    return psycopg
