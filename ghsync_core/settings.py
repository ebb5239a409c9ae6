"""Every setting, from wherever it comes: an argument, else the environment, else ghsync.toml, else its default.

``ghsync.toml`` is read from the working directory where it exists, or from the file that is named::

    to = "sqlite:graph.db"
    include = ["pages/"]

    [plugins]
    block = ["csv"]             # never loaded
    load = ["neo4j"]            # as --plugin

    [github]                    # the table of a plugin, checked against what it registers
    archive = false

    [[source]]                  # what ``ghsync`` without SOURCE syncs; a key here goes before the same key above
    location = "logseq/docs"
    exclude = ["drafts/"]

Settings are read in two steps, because plugins are chosen by settings and bring settings: `load_settings`, then
`Settings.validated`. Secrets are no settings: they are read from the environment where they are needed.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from ghsync_core.errors import SettingsError
from ghsync_core.interfaces import Setting
from ghsync_core.models import EMPTY, Json
from ghsync_core.setting_values import MaxDelete, checked, from_environment, parse_max_delete, unknown, within

CONFIG_FILE: Final = "ghsync.toml"

CORE: Final = (
    Setting("", "to", str, None, "the store, as SCHEME:PLACE; sqlite:ghsync.db where nothing else is said"),
    Setting("", "workers", int, 8, "how many files are read and parsed at once"),
    Setting("", "max_writes", int, 4, "how many writes the store gets at once; a backend may bear fewer"),
    Setting("", "include", list, (), "only paths that match one of these gitignore-style patterns"),
    Setting("", "exclude", list, (), "no paths that match one of these gitignore-style patterns"),
    Setting("", "only_public", bool, False, "only pages that carry the public marker"),
    Setting("", "full", bool, False, "parse everything again"),
    Setting("", "max_delete", str, None, "how many stored files a run may delete: a number, or a share as in 30%"),
    Setting("", "name", str, None, "the source's name in the store, where its own shall not be used"),
    Setting("", "api_url", str, None, "the API of a GitHub Enterprise server"),
    Setting("", "wait", float, 0.0, "seconds to wait for another sync that holds the store"),
    Setting("", "max_file_size", int, 10_000_000, "bytes; larger files are skipped"),
    Setting("", "file_timeout", float, 600.0, "seconds that one file may take; then it fails and the run goes on"),
    Setting("", "keep_runs", int, 100, "how many runs of each source stay recorded"),
)
PLUGINS: Final = (
    Setting("plugins", "load", list, (), "plugins to load besides those that are on by default"),
    Setting("plugins", "block", list, (), "plugins never to load"),
)
SOURCE_KEYS: Final = ("location", "name", "include", "exclude", "only_public", "full", "max_delete", "api_url")

_BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "workers": (1, 1000),
    "max_writes": (1, 1000),
    "wait": (0, math.inf),
    "max_file_size": (1, math.inf),
    "file_timeout": (0.1, math.inf),
    "keep_runs": (1, math.inf),
}
_BY_NAME: Final = {setting.name: setting for setting in CORE}
_TABLES: Final = frozenset({"plugins", "source"})
RESERVED: Final = _TABLES | _BY_NAME.keys()
"""Names that no plugin's table can have."""


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """A place to sync, with the settings that hold for it."""

    location: str
    settings: Settings


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a run; `CORE` says what each means.

    ``plugins`` holds names and plugin objects. ``tables`` are the plugins' tables: as written until `validated`, then
    every registered setting with its value. ``config`` names the file for messages.
    """

    to: str | None = None
    workers: int = 8
    max_writes: int = 4
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    only_public: bool = False
    full: bool = False
    max_delete: MaxDelete | None = None
    name: str | None = None
    api_url: str | None = None
    wait: float = 0.0
    max_file_size: int = 10_000_000
    file_timeout: float = 600.0
    keep_runs: int = 100
    plugins: tuple[object, ...] = ()
    block: tuple[str, ...] = ()
    tables: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    sources: tuple[SourceEntry, ...] = ()
    config: str = CONFIG_FILE

    def source(self, location: str) -> SourceEntry:
        """The ``[[source]]`` whose location or name this is; else *location* itself, with the settings of all."""
        for entry in self.sources:
            if location in (entry.location, entry.settings.name):
                return entry
        return SourceEntry(location, replace(self, sources=()))

    def with_arguments(self, arguments: Mapping[str, Any]) -> Settings:
        """These settings, but for the *arguments* that are given (not None). Raises `SettingsError`."""
        values = _arguments(arguments)
        plugins = (*self.plugins, *values.pop("plugins", ()))
        return replace(self, **values, plugins=plugins)

    def validated(
        self, registered: Iterable[Setting], inactive: Collection[str] = (), environ: Mapping[str, str] | None = None
    ) -> Settings:
        """These settings with every *registered* setting of a plugin in ``tables``.

        Tables of *inactive* plugins are left out. Raises `SettingsError` for an unknown table or key, or a wrong type.
        """
        environ = os.environ if environ is None else environ
        known: dict[str, dict[str, Setting]] = {}
        for setting in registered:
            known.setdefault(setting.table, {})[setting.name] = setting
        for table, written in self.tables.items():
            if table in known:
                _refuse_unknown(f"{self.config}, [{table}]", written, known[table])
            elif table not in inactive:
                names = [*known, *_BY_NAME, *_TABLES]
                raise SettingsError(f"{self.config}: {unknown('table or setting', table, names)}")
        tables = {
            table: MappingProxyType({name: self._value(setting, environ) for name, setting in sorted(settings.items())})
            for table, settings in sorted(known.items())
        }
        return replace(self, tables=MappingProxyType(tables))

    def _value(self, setting: Setting, environ: Mapping[str, str]) -> Json:
        value = from_environment(setting, environ)
        if value is None:
            value = self.tables.get(setting.table, EMPTY).get(setting.name)
        return checked(setting, value, f"{self.config}: {setting.table}.{setting.name}")

    def reading_tables(self, registered: Iterable[Setting]) -> Mapping[str, Mapping[str, Json]]:
        """The settings that change what files mean, by table; parsers see these and no others. After `validated`."""
        tables: dict[str, dict[str, Json]] = {}
        for each in registered:
            if each.reading:
                tables.setdefault(each.table, {})[each.name] = self.tables[each.table][each.name]
        return tables

    def reading_options(self, registered: Iterable[Setting]) -> str:
        """What files mean by these settings, as canonical JSON: part of every file's fingerprint.

        Holds ``only_public`` and all settings of plugins that are marked ``reading``. Call it after `validated`.
        """
        options = {
            f"{each.table}.{each.name}": self.tables[each.table][each.name] for each in registered if each.reading
        }
        return json.dumps({"only_public": self.only_public, **options}, sort_keys=True, separators=(",", ":"))


def load_settings(
    arguments: Mapping[str, Any] = EMPTY,
    *,
    config: str | Path | Mapping[str, Json] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """The settings of core, checked, and the plugins' tables as they are written.

    *arguments* are keyed by the fields of `Settings`; None means not given. *config* is the file to read instead of
    ``ghsync.toml``, or what it would say. Raises `SettingsError`.
    """
    environ = os.environ if environ is None else environ
    file, written = _read(config)
    own = {key: value for key, value in written.items() if key in _BY_NAME}
    tables = {key: value for key, value in written.items() if key not in _BY_NAME and key not in _TABLES}
    _refuse_unknown(file, [key for key, value in tables.items() if not isinstance(value, dict)], _BY_NAME)
    from_file = _values(own, file)
    stronger = {**_environment(CORE, environ), **_arguments(arguments)}
    plugins = _plugins(written.get("plugins", {}), file, environ)
    loaded = (*plugins["load"], *stronger.pop("plugins", ()))
    base = Settings(plugins=loaded, block=plugins["block"], tables=MappingProxyType(tables), config=file)
    entries = written.get("source", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise SettingsError(f"{file}: source must be written as [[source]], one for each place to sync")
    sources = tuple(
        _entry(base, entry, f"{file}, [[source]] {at}", from_file, stronger) for at, entry in enumerate(entries, 1)
    )
    return replace(base, **{**from_file, **stronger}, sources=sources)


def _entry(
    base: Settings, written: Mapping[str, Json], where: str, from_file: Mapping[str, Json], stronger: Mapping[str, Json]
) -> SourceEntry:
    _refuse_unknown(where, written, SOURCE_KEYS)
    location = written.get("location")
    if not isinstance(location, str) or not location:
        raise SettingsError(f"{where} needs a location, such as OWNER/REPO or ./folder")
    own = _values({key: value for key, value in written.items() if key != "location"}, where)
    return SourceEntry(location, replace(base, **{**from_file, **own, **stronger}))


def _plugins(written: Json, file: str, environ: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    if not isinstance(written, dict):
        raise SettingsError(f"{file}: plugins must be a table, [plugins]")
    _refuse_unknown(f"{file}, [plugins]", written, [setting.name for setting in PLUGINS])
    from_variables = _environment(PLUGINS, environ)
    return {
        setting.name: from_variables.get(setting.name)
        or checked(setting, written.get(setting.name), f"{file}: plugins.{setting.name}")
        for setting in PLUGINS
    }


def _environment(settings: Iterable[Setting], environ: Mapping[str, str]) -> dict[str, Json]:
    values = {setting.name: from_environment(setting, environ) for setting in settings}
    return {
        name: _in_range(name, value, f"environment variable GHSYNC_{name.upper()}")
        for name, value in values.items()
        if value is not None
    }


def _arguments(arguments: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in arguments.items() if value is not None}
    plugins = given.pop("plugins", None)
    _refuse_unknown("arguments", given, _BY_NAME)
    values = _values(given, "")
    return values if plugins is None else {**values, "plugins": tuple(plugins)}


def _values(written: Mapping[str, Json], where: str) -> dict[str, Json]:
    """The settings of core in *written*, each of its type and within its bounds."""
    prefix = f"{where}: " if where else ""
    return {name: _value(_BY_NAME[name], value, f"{prefix}{name}") for name, value in written.items()}


def _value(setting: Setting, value: Json, where: str) -> Json:
    if setting.name == "max_delete":
        return parse_max_delete(value, where)
    return _in_range(setting.name, checked(setting, value, where), where)


def _in_range(name: str, value: Json, where: str) -> Json:
    if name == "max_delete":
        return parse_max_delete(value, where)
    if name in _BOUNDS:
        within(value, _BOUNDS[name], where)
    elif value == "":
        raise SettingsError(f"{where} must not be empty")
    elif name == "name" and not str(value).isprintable():
        raise SettingsError(f"{where} must be one line of printable text, not {value!r}")
    return value


def _refuse_unknown(where: str, written: Iterable[str], known: Collection[str]) -> None:
    for key in written:
        if key not in known:
            raise SettingsError(f"{where}: {unknown('setting', key, known)}")


def _read(config: str | Path | Mapping[str, Json] | None) -> tuple[str, Mapping[str, Any]]:
    """The name of the settings file and what it says; nothing where none is named and none is there."""
    if isinstance(config, Mapping):
        return "settings", config
    path = Path(config or CONFIG_FILE)
    if config is None and not path.is_file():
        return CONFIG_FILE, {}
    import tomllib

    try:
        return str(path), tomllib.loads(path.read_bytes().decode())
    except OSError as error:
        raise SettingsError(f"{path}: the settings file can't be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: byte {error.start} is no UTF-8; save the file as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is no valid TOML: {error}") from None
    except RecursionError:
        raise SettingsError(f"{path} is no valid TOML: nested too deep") from None
