"""``ghsync plugins``: what is loaded, where it is from, and what became of it; of one plugin, all that it brings."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from ghsync_core.cli import options
from ghsync_core.cli.output import configure_logs, say, say_json, say_table

if TYPE_CHECKING:
    from ghsync_core.models import Json
    from ghsync_core.plugins import PluginHost, PluginInfo
    from ghsync_core.settings import Settings

COLUMNS = ("name", "version", "from", "state", "brings", "why")
SETTING_COLUMNS = ("setting", "type", "default", "value", "meaning")


@click.command("plugins")
@click.argument("name", required=False, metavar="[NAME]")
@options.plugins
@options.config
@options.as_json
@options.verbose
def command(name: str | None, plugins: tuple[str, ...], config: str | None, as_json: bool, verbose: int) -> None:
    """List plugins: on, off, blocked or broken, and why. With NAME: that plugin's hooks, objects and settings."""
    from ghsync_core.plugins import PluginHost
    from ghsync_core.settings import load_settings

    configure_logs(verbose)
    settings = load_settings({"plugins": plugins}, config=config)
    host = PluginHost(settings.plugins, settings.block)
    if name is not None:
        _tell_of_one(_info(host, name), _loaded(host, name, settings), settings, as_json)
    elif as_json:
        say_json([asdict(info) for info in host.listing])
    else:
        brief = ((i.name, i.version, i.origin, i.state, ", ".join(i.brings), i.reason) for i in host.listing)
        say_table(COLUMNS, brief)


def _info(host: PluginHost, name: str) -> PluginInfo:
    from ghsync_core.errors import UsageError
    from ghsync_core.setting_values import unknown

    for info in host.listing:
        if info.name == name:
            return info
    raise UsageError(unknown("plugin", name, [info.name for info in host.listing]))


def _loaded(host: PluginHost, name: str, settings: Settings) -> PluginHost:
    """*host*, or where the plugin is off, one that turns it on so that it can be looked at."""
    from ghsync_core.errors import PluginError
    from ghsync_core.plugins import PluginHost

    if _info(host, name).state == "off":
        with suppress(PluginError):  # then all that can be told is that it is off
            return PluginHost((*settings.plugins, name), settings.block)
    return host


def _tell_of_one(info: PluginInfo, host: PluginHost, settings: Settings, as_json: bool) -> None:
    from ghsync_core.plugin_details import objects_by_hook, settings_of
    from ghsync_core.registry import Registry

    registry = Registry.of(host)
    validated = settings.validated(registry.settings, registry.inactive)
    brought = host.brought.get(info.name, {})
    hooks, own = objects_by_hook(brought), settings_of(brought, validated)
    if as_json:
        say_json({**asdict(info), "hooks": hooks, "settings": own})
        return
    say(f"{info.name} {info.version or ''}".rstrip() + f" from {info.origin}: {info.state}")
    if info.reason:
        say(f"  {info.reason}")
    for hook, objects in hooks.items():
        say(hook)
        for each in objects:
            say("  " + ", ".join(f"{key} {value}" if key != "name" else str(value) for key, value in each.items()))
    if own:
        say_table(SETTING_COLUMNS, (_row(each) for each in own))


def _row(setting: dict[str, Json]) -> tuple[Json, ...]:
    name = f"{setting['table']}.{setting['name']}"
    return name, setting["type"], setting["default"], setting["value"], setting["help"]
