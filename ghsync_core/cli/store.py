"""Opens the store that the settings name, for commands that look into it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from ghsync_core.cli.output import complain, configure_logs

if TYPE_CHECKING:
    from ghsync_core.interfaces import GraphReader, SourceState, Store
    from ghsync_core.registry import Registry
    from ghsync_core.settings import Settings


class Opened(NamedTuple):
    """An open store, with the settings in force and what the plugins registered."""

    store: Store
    settings: Settings
    registry: Registry

    @property
    def size(self) -> int:
        """Bytes of the files on this machine that the store consists of; 0 where it is elsewhere."""
        url = self.registry.target(self.settings.to)
        files = self.registry.backend_for(url).files(url)
        return sum(file.stat().st_size for file in files if file.is_file())


@contextmanager
def opened(verbose: int, config: str | None, plugins: Sequence[str], **arguments: Any) -> Iterator[Opened]:
    """The store, which must exist. Raises `UsageError`, `StoreError`."""
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
        yield Opened(store, settings, registry)


@contextmanager
def opened_reader(verbose: int, config: str | None, plugins: Sequence[str], to: str | None) -> Iterator[GraphReader]:
    """A reader of that store."""
    with opened(verbose, config, plugins, to=to) as found, closing(found.store.reader()) as reader:
        yield reader


def source_names(store: Store, reader: GraphReader, given: Sequence[str], settings: Settings) -> list[str]:
    """The names in the store of the sources *given*, or of all. Raises `UsageError` for a stranger."""
    from ghsync_core.verify import sources

    if not given:
        return sources(reader)
    return list(dict.fromkeys(stored_state(store, each, settings).name for each in given))


def warn_half_synced(reader: GraphReader, names: Sequence[str]) -> None:
    """Say on stderr which of these sources' graphs are that of no commit."""
    from ghsync_core.verify import Moment

    half = [name for name in names if Moment.of(reader, name).half_synced]
    complain(*(f"{name}: half synced: a sync goes on, or was broken off; sync again for the whole" for name in half))


def stored_state(store: Store, source: str, settings: Settings) -> SourceState:
    """What the store knows of *source*: its name there, its location, or what was synced. Raises `UsageError`."""
    from ghsync_core.errors import GhsyncError, UsageError
    from ghsync_core.places import Setup
    from ghsync_core.resources import Resources
    from ghsync_core.stop import Stop
    from ghsync_core.verify import sources

    state = store.find_source(name=source) or store.find_source(location=source)
    if state is None:
        with suppress(GhsyncError), Resources("look") as resources:
            place = Setup(settings).place(source)
            with closing(place.open(Stop().wait, resources.keep)) as repository:
                state = store.find_source(location=place.address(repository))
    if state is not None:
        return state
    with closing(store.reader()) as reader:
        names = sources(reader)
    raise UsageError(f"the store holds no source {source!r}; it holds: {', '.join(names) or 'none'}")
