"""What runs that follow one another share."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from types import TracebackType
from typing import Any

from ghsync_core.errors import StoreError, StoreMissing
from ghsync_core.interfaces import Store
from ghsync_core.places import Place
from ghsync_core.workers import Workers


class Resources:
    """The pool of workers, each store opened and locked once, and what sources keep. Used by the calling thread alone.

    *purpose* is told to those who find a store locked. Leaving it closes everything; the threads are waited for, unless
    it is left by an error.
    """

    def __init__(self, purpose: str) -> None:
        self._holder = f"{purpose} since {time.strftime('%H:%M:%S')}"
        self._closing = ExitStack()
        self._pools: dict[int, Workers] = {}
        self._stores: dict[str, Store] = {}
        self._locks: dict[str, StoreError | None] = {}
        self._kept: dict[str, Any] = {}

    def __enter__(self) -> Resources:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self._end_pools(wait=error is None)
        self._closing.close()

    def pool(self, workers: int) -> Workers:
        """So many workers: the same ones for all who want as many."""
        if workers not in self._pools:
            self._pools[workers] = Workers(workers)
        return self._pools[workers]

    def start_afresh(self) -> None:
        """After a run that ended in the middle: let nothing that it left undone reach the next one."""
        self._end_pools(wait=True)

    def _end_pools(self, *, wait: bool) -> None:
        for pool in self._pools.values():
            pool.shutdown(wait=wait)
        self._pools.clear()

    def store(self, place: Place, *, create: bool) -> Store | None:
        """The store of *place*; None where there is none and *create* is not set. Raises `StoreError`."""
        url = place.url
        if url not in self._stores:
            backend = place.registry.backend_for(url)
            options = place.settings.tables.get(backend.name, {})
            try:
                opened = backend.open(url, options, create=create)
            except StoreMissing:
                if create:
                    raise
                return None
            self._stores[url] = self._closing.enter_context(closing(opened))
        return self._stores[url]

    def held_store(self, place: Place, *, create: bool) -> Store | None:
        """As `store`, held against other syncs until the end. Raises `StoreLocked`, having waited for it once."""
        store = self.store(place, create=create)
        if store is not None and place.url not in self._locks:
            try:
                self._closing.enter_context(store.lock(self._holder, place.settings.wait))
                self._locks[place.url] = None
            except StoreError as error:
                self._locks[place.url] = error
        refused = self._locks.get(place.url)
        if refused:
            raise refused
        return store

    def keep(self, key: str, make: Callable[[], Any]) -> Any:
        """See `ghsync_core.interfaces.Keep`."""
        if key not in self._kept:
            self._kept[key] = self._closing.enter_context(closing(make()))
        return self._kept[key]
