"""What the plugins registered, sorted and frozen: all that a worker thread ever sees of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from ghsync_core.errors import UsageError
from ghsync_core.interfaces import Backend, Detector, Exporter, Parser, Rule, Setting, Source, VaultKind
from ghsync_core.plugins import PluginHost, PluginInfo
from ghsync_core.progress import Observer
from ghsync_core.rules import settings_of

if TYPE_CHECKING:
    import click

DEFAULT_STORE: Final = "sqlite:ghsync.db"


@dataclass(frozen=True, slots=True)
class Registry:
    """Everything that is registered; each group is sorted by name, sources and detectors by falling priority first.

    ``backends`` are keyed by scheme. ``targets`` are the schemes of backends that a plugin brings which the user
    named. ``inactive`` says of each plugin that isn't on why.
    """

    sources: tuple[Source, ...]
    vault_kinds: tuple[VaultKind, ...]
    detectors: tuple[Detector, ...]
    parsers: Mapping[str, Parser]
    backends: Mapping[str, Backend]
    observers: tuple[Observer, ...]
    commands: tuple[click.Command, ...]
    rules: tuple[Rule, ...]
    exporters: Mapping[str, Exporter]
    settings: tuple[Setting, ...]
    targets: tuple[str, ...]
    inactive: Mapping[str, str]

    @classmethod
    def of(cls, host: PluginHost) -> Registry:
        """What *host*'s plugins brought."""
        backends = {scheme: each for each in _all(host, "register_backends") for scheme in each.schemes}
        rules = tuple(_all(host, "register_rules"))
        settings = (*_all(host, "register_settings"), *settings_of(rules))
        return cls(
            sources=tuple(sorted(_all(host, "register_sources"), key=lambda each: (-each.priority, each.name))),
            vault_kinds=tuple(_all(host, "register_vault_kinds")),
            detectors=tuple(sorted(_all(host, "register_detectors"), key=lambda each: (-each.priority, each.name))),
            parsers=MappingProxyType({each.name: each for each in _all(host, "register_parsers")}),
            backends=MappingProxyType(dict(sorted(backends.items()))),
            observers=tuple(_all(host, "register_observers")),
            commands=tuple(_all(host, "register_commands")),
            rules=rules,
            exporters=MappingProxyType({each.name: each for each in _all(host, "register_exporters")}),
            settings=tuple(sorted(settings, key=lambda each: (each.table, each.name))),
            targets=tuple(_targets(host)),
            inactive=MappingProxyType({info.name: _why(info) for info in host.listing if info.state != "on"}),
        )

    def source_for(self, location: str) -> Source:
        """The source that *location* belongs to. Raises `UsageError` where there is none."""
        for source in self.sources:
            if source.accepts(location):
                return source
        names = ", ".join(source.name for source in self.sources) or "none"
        raise UsageError(
            f"{location!r} is no source: give OWNER/REPO, OWNER/REPO@REF, a GitHub URL, or a folder such as ./notes "
            f"(sources that are on: {names})"
        )

    def target(self, to: str | None) -> str:
        """The URL of the store: *to*, else that of the one backend which a named plugin brings, else `DEFAULT_STORE`.

        Raises `UsageError` where named plugins bring several backends.
        """
        if to is not None:
            return to
        if len(self.targets) > 1:
            raise UsageError(
                f"several plugins bring a backend ({', '.join(self.targets)}): say which with --to SCHEME:…"
            )
        return f"{self.targets[0]}:" if self.targets else DEFAULT_STORE

    def backend_for(self, url: str) -> Backend:
        """The backend that the scheme of *url* (what stands before the first ``:``) belongs to. Raises `UsageError`."""
        scheme, colon, _ = url.partition(":")
        if colon and scheme in self.backends:
            return self.backends[scheme]
        known = ", ".join(f"{scheme}:…" for scheme in self.backends) or "none"
        reason = self.inactive.get(scheme.partition("+")[0])
        hint = f" (the plugin {scheme!r} is {reason})" if colon and reason else ""
        hint = hint or (f" (did you mean sqlite:{url}?)" if url and not colon and "sqlite" in self.backends else "")
        # What stands behind the scheme may hold a password.
        shown = f"{scheme}:…" if colon else url
        raise UsageError(f"no backend is registered for the store {shown!r}{hint}; known: {known}")

    def versions(self) -> str:
        """Names and versions of all that decides what a file means, as canonical text."""
        detectors = [[each.name, each.version, each.kind, each.priority] for each in self.detectors]
        parsers = [[each.name, each.version] for each in self.parsers.values()]
        vaults = [[each.name, each.version] for each in self.vault_kinds]
        everything = {"detectors": detectors, "parsers": parsers, "vault_kinds": vaults}
        return json.dumps(everything, sort_keys=True, separators=(",", ":"))


def _all(host: PluginHost, hook: str) -> list[Any]:
    objects = [each for brought in host.brought.values() for each in brought.get(hook, ())]
    return sorted(objects, key=lambda each: str(each.name))


def _targets(host: PluginHost) -> Iterator[str]:
    """The first scheme of every backend that a named plugin brings."""
    for name in host.named:
        for backend in host.brought.get(name, {}).get("register_backends", ()):
            yield backend.schemes[0]


def _why(info: PluginInfo) -> str:
    return f"{info.state}: {info.reason}"
