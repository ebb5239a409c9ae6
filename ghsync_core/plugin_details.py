"""What one plugin brings, for people: its objects by hook, its settings and their values; never a secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ghsync_core import addresses
from ghsync_core.interfaces import Setting
from ghsync_core.models import Json
from ghsync_core.plugins import Brought
from ghsync_core.setting_values import environment_name
from ghsync_core.settings import Settings

TOLD: Final = ("version", "kind", "priority", "schemes", "suffixes", "help")
"""Attributes of objects that say something to users."""

SECRET: Final = frozenset({"password", "passphrase", "token", "secret", "key", "credential", "credentials"})
"""A setting with one of these words in its name may hold a secret, though none should."""


def objects_by_hook(brought: Brought) -> dict[str, list[dict[str, Json]]]:
    """The objects of each hook that the plugin has, but for its settings: name, and what tells of it."""
    return {
        hook: [_told_of(each) for each in objects] for hook, objects in brought.items() if hook != "register_settings"
    }


def _told_of(each: Any) -> dict[str, Json]:
    values = {name: getattr(each, name, None) for name in TOLD}
    plain = {name: ", ".join(value) if isinstance(value, tuple) else value for name, value in values.items()}
    lines = {name: value.partition("\n")[0] if isinstance(value, str) else value for name, value in plain.items()}
    return {"name": each.name, **{name: value for name, value in lines.items() if isinstance(value, str | int)}}


def settings_of(brought: Brought, validated: Settings) -> list[dict[str, Json]]:
    """The plugin's settings with type, default, the value in force, meaning, and the variable that holds it."""
    return [_setting(each, validated.tables) for each in brought.get("register_settings", ())]


def _setting(setting: Setting, tables: Mapping[str, Mapping[str, Json]]) -> dict[str, Json]:
    return {
        "table": setting.table,
        "name": setting.name,
        "type": setting.type.__name__,
        "default": _shown(setting, setting.default),
        "value": _shown(setting, tables[setting.table][setting.name]),
        "environment": environment_name(setting),
        "help": setting.help,
        "reading": setting.reading,
    }


def _shown(setting: Setting, value: Json) -> Json:
    """*value* as it may be shown: no secret, and of an address what `addresses.shown` leaves."""
    if value and SECRET.intersection(setting.name.lower().replace("-", "_").split("_")):
        return "(not shown)"
    if isinstance(value, tuple | list):
        return [addresses.shown(str(item)) for item in value]
    return addresses.shown(value) if isinstance(value, str) else value
