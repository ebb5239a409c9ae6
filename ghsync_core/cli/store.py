"""Opens the store that the settings name, for commands that look into it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from ghsync_core.cli.output import configure_logs

if TYPE_CHECKING:
    from ghsync_core.interfaces import GraphReader, Store
    from ghsync_core.settings import Settings


@contextmanager
def opened_store(
    verbose: int, config: str | None, plugins: Sequence[str], **arguments: Any
) -> Iterator[tuple[Store, Settings]]:
    """The store, which must exist, and the settings in force. Raises `UsageError`, `StoreError`."""
    from ghsync_core.plugins import PluginHost
    from ghsync_core.registry import Registry
    from ghsync_core.settings import load_settings

    configure_logs(verbose)
    raw = load_settings({"plugins": plugins, **arguments}, config=config)
    registry = Registry.of(PluginHost(raw.plugins, raw.block))
    settings = raw.validated(registry.settings, registry.inactive)
    url = registry.target(settings.to)
    backend = registry.backend_for(url)
    with closing(backend.open(url, settings.tables.get(backend.name, {}), create=False)) as store:
        yield store, settings


@contextmanager
def opened_reader(verbose: int, config: str | None, plugins: Sequence[str], to: str | None) -> Iterator[GraphReader]:
    """A reader of that store."""
    with opened_store(verbose, config, plugins, to=to) as (store, _), closing(store.reader()) as reader:
        yield reader
