"""Syncing the toy format into PostgreSQL, and looking at what came of it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from ghsync_core import Syncer, SyncStatistics
from ghsync_plugins.backends.postgres import PostgresBackend
from ghsync_plugins.backends.postgres.store import PostgresStore
from support.toy import VIEWS, ToyPlugin

Rows = list[dict[str, object]]


def sync_into(folder: Path, url: str, **options: object) -> SyncStatistics:
    """One sync of *folder* with the toy format."""
    return Syncer(folder, to=url, plugins=[*options.pop("plugins", ()), ToyPlugin()], **options).run()


def opened(url: str, create: bool = False, **options: object) -> PostgresStore:
    """The store at *url*."""
    return PostgresBackend().open(url, options, create=create)


def graph_in(url: str) -> dict[str, Rows]:
    """The five views that depend on the commit and the settings alone, without the source's name, as `toy.graph`."""
    with closing(opened(url)) as store, closing(store.reader()) as reader:
        return {view: sorted(({**row, "source": None} for row in reader.rows(view)), key=repr) for view in VIEWS}
