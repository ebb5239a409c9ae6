"""What all parts of the suite for backends share: opening stores, the one under test and its twin."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from ghsync_core.interfaces import Store
from ghsync_core.models import Json
from ghsync_core.places import Setup
from ghsync_core.testing.stores.twins import Twins


class Stores:
    """Opens the stores that the tests are about."""

    plugins: tuple[object, ...] = ()
    """The plugins that bring the backend: names, modules or objects, as `Syncer` takes them."""

    settings: Mapping[str, Json] = {}
    """What stands in ghsync.toml, such as ``{"neo4j": {"batch": 10}}``."""

    @pytest.fixture
    def new_store(self) -> Callable[[], str]:
        """A function of which each call gives the URL of a new, empty store. Give your own."""
        raise NotImplementedError(f"{type(self).__name__} needs a fixture new_store")

    def open_store(self, url: str, *, create: bool = True) -> Store:
        """The store at *url*, opened as a sync would. Raises `StoreError`."""
        place = Setup({**self.settings, "to": url}, {"plugins": self.plugins}).place(".")
        backend = place.registry.backend_for(url)
        return backend.open(url, place.settings.tables.get(backend.name, {}), create=create)

    @pytest.fixture
    def twins(self, new_store: Callable[[], str], tmp_path: Path) -> Iterator[Twins]:
        """A new store, and SQLite's beside it."""
        twins = self.twins_at(new_store(), tmp_path / "reference.db")
        yield twins
        twins.close()

    def twins_at(self, url: str, reference: Path) -> Twins:
        """The store at *url*, and SQLite's at the path *reference*."""
        return Twins(lambda: self.open_store(url), lambda: sqlite(reference))


def sqlite(path: Path) -> Store:
    """The reference: SQLite's store at *path*."""
    return Stores().open_store(f"sqlite:{path}")
