"""Whether what a plugin's hook returned keeps the Protocol of its sort.

The Protocols are the one definition: attributes and methods are read off them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import isfunction
from types import MappingProxyType
from typing import Any, Final, Protocol, cast, get_origin, get_type_hints

from ghsync_core.errors import SettingsError
from ghsync_core.hookspecs import API_VERSION
from ghsync_core.interfaces import Backend, Detector, Exporter, Parser, Rule, Setting, Source, VaultKind
from ghsync_core.progress import Observer
from ghsync_core.rules import misfit
from ghsync_core.setting_values import checked, environment_name
from ghsync_core.settings import RESERVED


class Command(Protocol):
    """What is asked of a `click.Command`, so that click need not be loaded to know one."""

    @property
    def name(self) -> str:
        """The word to run it by."""

    def main(self) -> object:
        """Run it."""

    def get_short_help_str(self) -> str:
        """One line for ``--help``."""


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of objects that plugins bring: ``word`` names it for people, ``keys`` tell what of an object is unique."""

    word: str
    protocol: type
    keys: Callable[[Any], tuple[str, ...]] = lambda each: (each.name,)


SORTS: Final[Mapping[str, Sort]] = MappingProxyType(
    {
        "register_sources": Sort("source", Source),
        "register_vault_kinds": Sort("vault kind", VaultKind),
        "register_detectors": Sort("detector", Detector),
        "register_parsers": Sort("parser", Parser),
        "register_backends": Sort("backend", Backend, lambda each: each.schemes),
        "register_observers": Sort("observer", Observer),
        "register_commands": Sort("command", Command),
        "register_rules": Sort("rule", Rule),
        "register_exporters": Sort("exporter", Exporter),
        # Two settings of one variable would be one setting, even in two tables.
        "register_settings": Sort("setting", Setting, lambda each: (environment_name(each),)),
    }
)
"""What each hook returns."""


class Misfit(Exception):
    """Why a plugin's object can't be used."""


def check_api(plugin: object) -> None:
    """Raise `Misfit` where *plugin* declares, as ``ghsync_api``, that it is written for another version of the API."""
    wanted = getattr(plugin, "ghsync_api", API_VERSION)
    if not isinstance(wanted, int) or isinstance(wanted, bool):
        raise Misfit(f"its ghsync_api must be a whole number, such as {API_VERSION}, not {wanted!r}")
    if wanted != API_VERSION:
        mend = "update ghsync: pip install -U ghsync" if wanted > API_VERSION else "look for a newer one of it"
        raise Misfit(f"it is written for version {wanted} of the plugin API, and this ghsync has {API_VERSION}; {mend}")


def objects_of(hook: str, results: list[Any]) -> tuple[Any, ...]:
    """The objects in what one plugin's *hook* returned, each checked. Raises `Misfit`."""
    if not results:
        raise Misfit(f"{hook} returned None instead of a list; is a 'return' missing?")
    objects: list[Any] = []
    for result in results:
        if isinstance(result, str | bytes | Mapping) or not hasattr(result, "__iter__"):
            raise Misfit(f"{hook} returned {_a(result)} instead of a list")
        objects.extend(result)
    for each in objects:
        _check(SORTS[hook], each, hook)
    return tuple(objects)


def _check(sort: Sort, each: object, hook: str) -> None:
    if isinstance(each, type):
        raise Misfit(f"{hook} returned the class {each.__name__}, not an object of it: write {each.__name__}()")
    if sort.protocol is Setting:
        _check_setting(each, hook)
        return
    for name, member in vars(sort.protocol).items():
        if isinstance(member, property):
            wanted = get_type_hints(member.fget)["return"]
            _check_attribute(sort, each, name, get_origin(wanted) or wanted)
        elif isfunction(member) and not name.startswith("_") and not callable(getattr(each, name, None)):
            raise Misfit(f"the {sort.word} {_a(each)} has no method {name}()")
    if sort.protocol is Rule and (reason := misfit(cast("Rule", each))):
        raise Misfit(f"the rule {_a(each)} can't be used: {reason}")


def _check_attribute(sort: Sort, each: object, name: str, wanted: type) -> None:
    value = getattr(each, name, None)
    if not isinstance(value, wanted) or isinstance(value, bool) != (wanted is bool):
        raise Misfit(f"the {sort.word} {_a(each)} needs an attribute {name} of type {wanted.__name__}")
    if value in ("", ()):
        raise Misfit(f"the {sort.word} {_a(each)} has an empty {name}")
    if isinstance(value, tuple) and not all(isinstance(item, str) for item in value):
        raise Misfit(f"the {sort.word} {_a(each)} needs texts in {name}")


def _check_setting(each: object, hook: str) -> None:
    if not isinstance(each, Setting):
        raise Misfit(f"{hook} returned {_a(each)} instead of a Setting")
    if each.table in RESERVED:
        raise Misfit(f"the setting {each.table}.{each.name} stands in a table that is ghsync's own")
    if not each.table or each.type not in (bool, int, float, str, list):
        raise Misfit(f"the setting {each.name!r} needs a table, and a type of bool, int, float, str or list")
    try:
        checked(each, () if each.default is None and each.type is list else each.default, f"its default {each.name}")
    except SettingsError as error:
        raise Misfit(f"the setting {each.table}.{each.name} makes no sense: {error}") from None


def _a(value: object) -> str:
    return f"an object of type {type(value).__name__}"
