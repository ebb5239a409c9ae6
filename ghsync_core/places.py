"""Places to sync, each with the plugins and settings that hold for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ghsync_core.errors import UsageError
from ghsync_core.facts import FACTS_VERSION
from ghsync_core.interfaces import Expands, Found, Keep, Repository, SourceContext
from ghsync_core.models import Json
from ghsync_core.plugins import PluginHost
from ghsync_core.registry import Registry
from ghsync_core.settings import Settings, SourceEntry, load_settings


@dataclass(frozen=True, slots=True)
class Place:
    """One place to sync. ``settings`` are validated, ``url`` is that of the store, ``hint`` is the source's own."""

    location: str
    settings: Settings
    setup: Setup
    hint: Json = None

    @property
    def registry(self) -> Registry:
        """What the plugins registered."""
        return self.setup.registry

    @property
    def url(self) -> str:
        """The URL of the store. Raises `UsageError`."""
        return self.registry.target(self.settings.to)

    @property
    def several(self) -> Expands | None:
        """The source that says which places this one stands for; None where it stands for itself."""
        source = self.registry.source_for(self.location)
        return source if isinstance(source, Expands) and source.expands(self.location) else None

    def context(self, wait: Callable[[float, str], None], keep: Keep) -> SourceContext:
        """What the source of this place may use."""
        options = dict(self.settings.tables.get(self.registry.source_for(self.location).name, {}))
        if self.settings.api_url:
            options["api_url"] = self.settings.api_url
        ignore = frozenset(self.registry.backend_for(self.url).files(self.url))
        return SourceContext(options, wait, ignore, self.hint, keep)

    def open(self, wait: Callable[[float, str], None], keep: Keep) -> Repository:
        """The repository at this place. Raises `UsageError`."""
        return self.registry.source_for(self.location).open(self.location, self.context(wait, keep))

    def address(self, repository: Repository) -> str:
        """How the store knows the place again: under a name of the user's own it is another source."""
        return f"{self.settings.name}={repository.location}" if self.settings.name else repository.location

    def meaning(self) -> str:
        """What every file's meaning depends on, besides its blob and its vault."""
        options = self.settings.reading_options(self.registry.settings)
        return short_hash(FACTS_VERSION, options, self.registry.versions(), str(self.settings.max_file_size))

    def fingerprint(self) -> str:
        """What decides whether an unchanged commit means an unchanged graph."""
        return short_hash(self.meaning(), json.dumps([self.settings.include, self.settings.exclude]))

    def at(self, found: Found) -> Place:
        """A place that this one stands for: with the settings of its own ``[[source]]``, where there is one."""
        own = self.setup.named(found.location)
        settings = self.setup.validated(own) if own else self.settings
        return replace(self, location=found.location, hint=found.hint, settings=settings)


def short_hash(*parts: str) -> str:
    """A digest of *parts*, in this order: 24 hexadecimal digits."""
    return hashlib.blake2b("\x00".join(parts).encode(), digest_size=12).hexdigest()


class Setup:
    """Plugins and settings, loaded and checked once for all the places that share them.

    *settings* is what `ghsync_core.syncer.Syncer` takes; *arguments* go before it. Raises `UsageError`.
    """

    def __init__(
        self,
        settings: Settings | Mapping[str, Any] | str | Path | None = None,
        arguments: Mapping[str, Any] | None = None,
    ) -> None:
        self._arguments = dict(arguments or {})
        plugins = self._arguments.get("plugins") or ()
        if isinstance(plugins, str):
            raise UsageError(f"plugins must be a list of names and plugin objects: plugins=[{plugins!r}]")
        self._arguments["plugins"] = tuple(plugins) or None
        self._base = settings if isinstance(settings, Settings) else load_settings(config=settings)
        chosen = self._base.with_arguments(self._arguments)
        self.registry = Registry.of(PluginHost(chosen.plugins, chosen.block))

    def place(self, location: str) -> Place:
        """The place at *location*, which may also be the name of a ``[[source]]``. Raises `UsageError`."""
        return self._place(self._base.source(location))

    def listed(self) -> list[Place]:
        """The places of all ``[[source]]`` tables, in their order."""
        return [self._place(entry) for entry in self._base.sources]

    def named(self, location: str) -> SourceEntry | None:
        """The ``[[source]]`` at *location*, whichever letters are large: hosts don't tell those apart."""
        wanted = location.casefold()
        return next((entry for entry in self._base.sources if entry.location.casefold() == wanted), None)

    def validated(self, entry: SourceEntry) -> Settings:
        """The settings that hold for *entry*, with those of plugins."""
        chosen = entry.settings.with_arguments(self._arguments)
        return chosen.validated(self.registry.settings, self.registry.inactive)

    def settings(self) -> Settings:
        """The settings that hold where no source is meant, with those of plugins. Raises `UsageError`."""
        return self._base.with_arguments(self._arguments).validated(self.registry.settings, self.registry.inactive)

    def _place(self, entry: SourceEntry) -> Place:
        return Place(entry.location, self.validated(entry), self)
