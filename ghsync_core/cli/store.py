"""Opens the store that the settings name, for commands that look into it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any

from ghsync_core.cli.output import configure_logs

if TYPE_CHECKING:
    from ghsync_core.interfaces import GraphReader, SourceState, Store
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


def stored_state(store: Store, source: str, settings: Settings) -> SourceState:
    """What the store knows of *source*: its name there, its location, or what was synced. Raises `UsageError`."""
    from ghsync_core.errors import GhsyncError, UsageError
    from ghsync_core.places import Setup
    from ghsync_core.resources import Resources
    from ghsync_core.stop import Stop

    state = store.find_source(name=source) or store.find_source(location=source)
    if state is None:
        with suppress(GhsyncError), Resources("look") as resources:
            place = Setup(settings).place(source)
            with closing(place.open(Stop().wait, resources.keep)) as repository:
                state = store.find_source(location=place.address(repository))
    if state is not None:
        return state
    with closing(store.reader()) as reader:
        names = sorted({str(row["source"]) for row in reader.rows("runs")})
    raise UsageError(f"the store holds no source {source!r}; it holds: {', '.join(names) or 'none'}")
