"""Opening a store to read it, for programs and for commands that plugins bring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from ghsync_core.interfaces import GraphReader
from ghsync_core.places import Setup


@contextmanager
def open_reader(
    to: str | None = None, *, plugins: Iterable[object] = (), settings: Mapping[str, Any] | str | Path | None = None
) -> Iterator[GraphReader]:
    """A reader of the store *to*, which must exist; without it, of the one that the settings name.

    *plugins* and *settings* are as for `Syncer`. Raises `UsageError`, `StoreError`.
    """
    place = Setup(settings, {"to": to, "plugins": tuple(plugins)}).place(".")
    backend = place.registry.backend_for(place.url)
    options = place.settings.tables.get(backend.name, {})
    with closing(backend.open(place.url, options, create=False)) as store, closing(store.reader()) as reader:
        yield reader
