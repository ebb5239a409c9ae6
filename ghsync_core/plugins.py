"""Finds plugins, loads them one by one, and says what became of each.

A plugin is built in, or installed with an entry point of the group ``ghsync``, or handed over as an object. One that
can't be loaded, or brings what can't be used, is listed as broken and leaves nothing behind; only where the user named
it, that is an error.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from typing import Any, Final, Literal, NamedTuple

import pluggy

from ghsync_core import hookspecs
from ghsync_core.commands import COMMANDS
from ghsync_core.errors import PluginError
from ghsync_core.plugin_check import SORTS, Misfit, check_api, objects_of
from ghsync_core.rules import IGNORE
from ghsync_core.setting_values import environment_name, unknown
from ghsync_core.settings import CORE, PLUGINS

GROUP: Final = hookspecs.PROJECT
DISTRIBUTION: Final = "ghsync"
ARGUMENT: Final = "argument"

State = Literal["on", "off", "blocked", "broken"]
Brought = Mapping[str, tuple[Any, ...]]
"""What a plugin brings: its objects, by the hook that returned them."""


class BuiltIn(NamedTuple):
    """A plugin that comes with ghsync; ``extra`` is what to install for it, as in ``ghsync[EXTRA]``."""

    name: str
    module: str
    on: bool = True
    extra: str | None = None


BUILT_INS: Final = (
    BuiltIn("check", "ghsync_plugins.questions.check"),
    BuiltIn("functional", "ghsync_plugins.formats.functional"),
    BuiltIn("github", "ghsync_plugins.sources.github"),
    BuiltIn("local", "ghsync_plugins.sources.local"),
    BuiltIn("logseq", "ghsync_plugins.formats.logseq"),
    BuiltIn("markdown", "ghsync_plugins.formats.markdown"),
    BuiltIn("neo4j", "ghsync_plugins.backends.neo4j", extra="neo4j"),
    BuiltIn("obsidian", "ghsync_plugins.formats.obsidian"),
    BuiltIn("okf", "ghsync_plugins.formats.okf"),
    BuiltIn("ontology", "ghsync_plugins.formats.ontology"),
    BuiltIn("owl-library", "ghsync_plugins.formats.owl_library"),
    BuiltIn("postgres", "ghsync_plugins.backends.postgres", extra="postgres"),
    BuiltIn("questions", "ghsync_plugins.questions"),
    BuiltIn("rdf", "ghsync_plugins.formats.rdf"),
    BuiltIn("rdf-store", "ghsync_plugins.backends.rdf"),
    BuiltIn("sqlite", "ghsync_plugins.backends.sqlite"),
)


@dataclass(frozen=True, slots=True)
class PluginInfo:
    """One line of ``ghsync plugins``. ``brings`` reads like ``("parser csv", "detector csv")``."""

    name: str
    version: str | None
    origin: str
    state: State
    brings: tuple[str, ...] = ()
    reason: str | None = None


class _Candidate(NamedTuple):
    """A plugin that may be loaded. ``on`` is whether it is without being named."""

    info: PluginInfo
    load: Callable[[], object]
    on: bool = True
    extra: str | None = None


class PluginHost:
    """The plugins of one `Syncer`.

    *plugins* are names of plugins that must be there, and plugin objects; *block* are names never to load, whoever
    brings them. Raises `PluginError` where a plugin that was named is unknown, blocked or broken.
    """

    def __init__(
        self, plugins: Iterable[object] = (), block: Iterable[str] = (), *, built_ins: Sequence[BuiltIn] = BUILT_INS
    ) -> None:
        wanted = tuple(plugins)
        self.named = tuple(dict.fromkeys(_name_of(each) for each in wanted))
        self._blocked = frozenset(block)
        self._manager = pluggy.PluginManager(hookspecs.PROJECT)
        self._manager.add_hookspecs(hookspecs)
        self._taken = _taken_by_core()
        self._brought: dict[str, Brought] = {}
        candidates = _candidates(wanted, built_ins)
        infos = [self._admit(candidate) for candidate in candidates if not self._is_on_already(candidate)]
        self.listing: tuple[PluginInfo, ...] = tuple(infos)
        self._refuse_unknown_names()

    @property
    def brought(self) -> Mapping[str, Brought]:
        """What each plugin that is on brings."""
        return self._brought

    def _is_on_already(self, candidate: _Candidate) -> bool:
        """Whether an object that is handed over is an installed plugin, which has been loaded: then that is named."""
        known = self._manager.get_name(candidate.load()) if candidate.info.origin == ARGUMENT else None
        if known is not None and known != candidate.info.name:
            self.named = tuple(known if name == candidate.info.name else name for name in self.named)
            return True
        return False

    def _admit(self, candidate: _Candidate) -> PluginInfo:
        """Load *candidate* if it may be, and say what became of it."""
        info = candidate.info
        named = info.name in self.named
        if info.name in self._blocked:
            if named:
                raise PluginError(f"the plugin {info.name!r} was asked for, but [plugins] block forbids it")
            return replace(info, state="blocked", reason="blocked by the settings")
        if not (candidate.on or named):
            return replace(info, state="off", reason=f"--plugin {info.name} turns it on")
        try:
            with redirect_stdout(sys.stderr):  # stdout is for results alone
                brought = self._register(info.name, candidate.load())
        except (Exception, SystemExit) as error:
            reason = _reason(error, candidate.extra)
            if named and (info.name not in self._brought or info.origin == ARGUMENT):
                raise PluginError(f"the plugin {info.name!r} can't be used: {reason}") from error
            return replace(info, state="broken", reason=reason)
        words = (f"{SORTS[hook].word} {_label(each)}" for hook, objects in brought.items() for each in objects)
        return replace(info, brings=tuple(words))

    def _register(self, name: str, plugin: object) -> Brought:
        """Take *plugin* in, wholly or, raising, not at all."""
        if name in self._brought:
            raise Misfit(f"the name {name!r} is taken by another plugin")
        check_api(plugin)
        try:
            self._manager.register(plugin, name)
            brought = self._call_hooks(name, plugin)
            taken = self._claim(name, brought)
        except BaseException:
            if self._manager.has_plugin(name):
                self._manager.unregister(name=name)
            raise
        self._taken.update(taken)
        self._brought[name] = brought
        return brought

    def _call_hooks(self, name: str, plugin: object) -> Brought:
        callers = self._manager.get_hookcallers(plugin) or []
        hooks = {caller.name for caller in callers}
        if not hooks:
            raise Misfit("it has no function that is marked with @hookimpl")
        for hook in sorted(hooks - SORTS.keys()):
            raise Misfit(unknown("hook", hook, SORTS))
        others = [each for other, each in self._manager.list_name_plugin() if other != name]
        results = {hook: self._manager.subset_hook_caller(hook, others)() for hook in SORTS if hook in hooks}
        return {hook: objects_of(hook, result) for hook, result in results.items()}

    def _claim(self, name: str, brought: Brought) -> dict[tuple[str, str], str]:
        """The keys of all that the plugin *name* brings, none of which anyone else may have."""
        taken: dict[tuple[str, str], str] = {}
        for hook, objects in brought.items():
            sort = SORTS[hook]
            for key in (key for each in objects for key in sort.keys(each)):
                owner = self._taken.get((hook, key)) or taken.get((hook, key))
                if owner:
                    raise Misfit(f"the {sort.word} {key!r} is taken by {owner}")
                taken[hook, key] = f"the plugin {name!r}"
        return taken

    def _refuse_unknown_names(self) -> None:
        known = [info.name for info in self.listing]
        for name in self.named:
            if name not in known:
                raise PluginError(f"{unknown('plugin', name, known)} (`ghsync plugins` lists them)")


def _taken_by_core() -> dict[tuple[str, str], str]:
    commands = {("register_commands", name): "ghsync itself" for name in COMMANDS}
    settings = {("register_settings", environment_name(each)): "ghsync itself" for each in (*CORE, *PLUGINS, *IGNORE)}
    return {**commands, **settings}


def _candidates(plugins: Sequence[object], built_ins: Sequence[BuiltIn]) -> Iterator[_Candidate]:
    """All plugins that there are, in the order in which names are given away."""
    own_version = distribution_version()
    for built_in in built_ins:
        info = PluginInfo(built_in.name, own_version, "built in", "on")
        yield _Candidate(info, partial(import_module, built_in.module), built_in.on, built_in.extra)
    yield from _installed()
    for plugin in plugins:
        if not isinstance(plugin, str):
            version = getattr(plugin, "__version__", None)
            info = PluginInfo(_name_of(plugin), version if isinstance(version, str) else None, ARGUMENT, "on")
            yield _Candidate(info, partial(_itself, plugin))


def _installed() -> list[_Candidate]:
    from importlib.metadata import entry_points

    found = []
    for entry in entry_points(group=GROUP):
        origin, version = (entry.dist.name, entry.dist.version) if entry.dist else ("unknown", None)
        found.append(_Candidate(PluginInfo(entry.name, version, origin, "on"), entry.load))
    return sorted(found, key=lambda candidate: (candidate.info.name, candidate.info.origin))


def distribution_version() -> str | None:
    """The version of ghsync that is installed, None where it runs without being installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return None


def _itself(plugin: object) -> object:
    return plugin


def _name_of(plugin: object) -> str:
    """The name of a plugin that is handed over: a text is one, an object has one or is called after its class."""
    if isinstance(plugin, str):
        return plugin
    name = getattr(plugin, "name", None) or getattr(plugin, "__name__", None)
    return name if isinstance(name, str) else type(plugin).__name__


def _label(each: Any) -> str:
    return f"{each.table}.{each.name}" if hasattr(each, "table") else str(each.name)


def _reason(error: BaseException, extra: str | None) -> str:
    """Why a plugin can't be used, in one line."""
    if isinstance(error, Misfit):
        return str(error)
    text = " ".join(str(error).split())
    if isinstance(error, ModuleNotFoundError) and extra:
        return f"{text}: pip install '{DISTRIBUTION}[{extra}]'"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
