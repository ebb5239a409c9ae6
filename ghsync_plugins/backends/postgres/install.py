"""Whether the schema ``ghsync`` is ours, and making it, or bringing it up to date."""

from __future__ import annotations

from typing import Final

from ghsync_core import StoreError, StoreMissing
from ghsync_plugins.backends.postgres.address import Address
from ghsync_plugins.backends.postgres.connection import Connection
from ghsync_plugins.backends.postgres.schema import MIGRATIONS, SCHEMA, VERSION

_ONE_AT_A_TIME: Final = 0x67687379_00000000
"""The advisory lock of whoever makes tables; ``ghsy`` in its upper half, so that it meets no other program's."""

_PRESENT: Final = f"""SELECT count(*) OVER (), c.relname = 'meta' AND EXISTS (
        SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'key')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '{SCHEMA}'
    ORDER BY 2 DESC LIMIT 1"""


def check(connection: Connection, address: Address) -> None:
    """Raises `StoreMissing` where there is nothing yet, `StoreError` where the schema is not for us, or too new."""
    if version(connection, address) == 0:
        raise StoreMissing(f"{address} holds no graph yet. Sync a source into it first, or name another with --to.")


def version(connection: Connection, address: Address) -> int:
    """The version of our schema, 0 where there is none. Raises `StoreError` where it is not for us, or too new."""
    row = connection.execute(_PRESENT).fetchone()
    if row is None:
        return 0
    found = None
    if row[1]:
        found = connection.execute(f"SELECT value FROM {SCHEMA}.meta WHERE key = 'version'").fetchone()
    if found is None:
        raise StoreError(
            f"{address}: its schema {SCHEMA} is another program's; ghsync leaves it alone. Name another database."
        )
    if int(found[0]) > VERSION:
        raise StoreError(
            f"{address} was written by a newer ghsync (schema {found[0]}, this one knows {VERSION}). "
            "Update ghsync: pip install -U ghsync"
        )
    return int(found[0])


def install(connection: Connection, address: Address) -> None:
    """All missing steps. Inside the caller's transaction; another process may have made them while we waited."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (_ONE_AT_A_TIME,))
    before = version(connection, address)
    if before == VERSION:
        return
    if not connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (SCHEMA,)).fetchone():
        connection.execute(f"CREATE SCHEMA {SCHEMA}")
    for script in MIGRATIONS[before:]:
        connection.execute(script)
    connection.execute(
        "INSERT INTO meta VALUES ('version', %s) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (str(VERSION),),
    )


def check_current(connection: Connection, address: Address) -> None:
    """As `check`; raises `StoreError` also where the schema is older than this program reads."""
    check(connection, address)
    if version(connection, address) < VERSION:
        raise StoreError(f"{address} was made by an older ghsync. Any sync into it brings it up to date.")
