"""Plugins: which are loaded, what becomes of broken ones, and that none harms another."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest
from support.distributions import lay_down

from ghsync_core.commands import COMMANDS
from ghsync_core.errors import PluginError
from ghsync_core.hookspecs import hookimpl
from ghsync_core.interfaces import Document, Setting, SuffixDetector
from ghsync_core.models import ParsedFile
from ghsync_core.plugins import BuiltIn, PluginHost, PluginInfo


@dataclass
class NullParser:
    """A parser that finds nothing."""

    name: str = "null"
    version: str = "1"

    def parse(self, document: Document) -> ParsedFile:
        return ParsedFile()


class Plugin:
    """A plugin whose hooks return, or call, what it is made with."""

    def __init__(self, name: str = "mine", **hooks: Any) -> None:
        self.name = name
        for hook, result in hooks.items():
            setattr(self, hook, hookimpl(result if callable(result) else lambda result=result: result))


def host(*plugins: object, block: tuple[str, ...] = (), built_ins: tuple[BuiltIn, ...] = ()) -> PluginHost:
    return PluginHost(plugins, block, built_ins=built_ins)


def reason_of(*plugins: object, **options: Any) -> str:
    with pytest.raises(PluginError) as caught:
        host(*plugins, **options)
    return str(caught.value)


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., BuiltIn]]:
    """Writes a module, and gives it as a built-in plugin."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)

    def write(name: str, code: str, **options: Any) -> BuiltIn:
        (tmp_path / f"plugin_{name}.py").write_text("from ghsync_core.hookspecs import hookimpl\n" + code)
        return BuiltIn(name, f"plugin_{name}", **options)

    yield write
    for name in set(sys.modules) - before:
        if name.startswith("plugin_"):
            del sys.modules[name]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Installs a distribution with entry points, as pip would lay it down."""
    monkeypatch.syspath_prepend(str(tmp_path))

    return partial(lay_down, tmp_path)


GOOD = "@hookimpl\ndef register_settings():\n    return []\n"


# --- what is loaded -------------------------------------------------------------------------------------------------


def test_an_object_is_registered_as_it_is_and_listed_with_what_it_brings() -> None:
    plugin = Plugin(
        register_parsers=[NullParser()],
        register_detectors=[SuffixDetector("null", (".null",), "null")],
        register_settings=[Setting("mine", "depth", int, 3, "how deep")],
    )
    loaded = host(plugin)
    brings = ("detector null", "parser null", "setting mine.depth")
    assert loaded.listing == (PluginInfo("mine", None, "argument", "on", brings),)
    assert loaded.brought["mine"]["register_parsers"] == (plugin.register_parsers()[0],)


def test_a_hook_may_be_a_generator() -> None:
    def register_parsers() -> Iterator[NullParser]:
        yield NullParser("a")
        yield NullParser("b")

    assert host(Plugin(register_parsers=register_parsers)).listing[0].brings == ("parser a", "parser b")


def test_an_installed_plugin_that_is_handed_over_as_an_object_is_that_plugin(
    module: Callable[..., BuiltIn], install: Callable[..., None]
) -> None:
    module("a", GOOD)
    install("ghsync-a", a="plugin_a")
    loaded = host(import_module("plugin_a"))
    assert [(info.name, info.state, info.origin) for info in loaded.listing] == [("a", "on", "ghsync-a")]
    assert loaded.named == ("a",)


def test_each_host_has_plugins_of_its_own() -> None:
    first, second = host(Plugin(register_parsers=[NullParser()])), host()
    assert first.brought
    assert not second.brought


def test_a_plugin_that_is_off_by_default_is_turned_on_by_its_name(module: Callable[..., BuiltIn]) -> None:
    built_in = module("quiet", GOOD, on=False)
    (off,) = host(built_ins=(built_in,)).listing
    assert (off.state, off.origin, off.reason) == ("off", "built in", "--plugin quiet turns it on")
    assert host("quiet", built_ins=(built_in,)).listing[0].state == "on"


def test_installed_plugins_are_on_and_listed_with_their_distribution(
    module: Callable[..., BuiltIn], install: Callable[..., None]
) -> None:
    module("a", GOOD)
    install("ghsync-a", alpha="plugin_a")
    assert PluginInfo("alpha", "2.0", "ghsync-a", "on") in host().listing


def test_a_blocked_plugin_is_not_even_imported(module: Callable[..., BuiltIn]) -> None:
    built_in = module("bad", "raise SystemExit('imported')\n")
    info = host(block=("bad",), built_ins=(built_in,)).listing[0]
    assert (info.state, info.reason) == ("blocked", "blocked by the settings")
    assert "plugin_bad" not in sys.modules


def test_block_wins_over_naming() -> None:
    plugin = Plugin(register_parsers=[NullParser()])
    assert reason_of(plugin, block=("mine",)) == "the plugin 'mine' was asked for, but [plugins] block forbids it"


def test_an_unknown_name_is_refused_with_the_nearest(module: Callable[..., BuiltIn]) -> None:
    built_in = module("markdown", GOOD)
    assert "no plugin 'markdwon'; did you mean 'markdown'?" in reason_of("markdwon", built_ins=(built_in,))


def test_what_a_plugin_prints_never_reaches_stdout(
    module: Callable[..., BuiltIn], capsys: pytest.CaptureFixture[str]
) -> None:
    built_in = module("loud", f"print('import')\n{GOOD}".replace("return", "print('hook')\n    return"))
    assert host(built_ins=(built_in,)).listing[0].state == "on"
    assert capsys.readouterr() == ("", "import\nhook\n")


# --- broken ones ----------------------------------------------------------------------------------------------------

BROKEN_CODE = {
    "missing": ("import no_such_module\n", "ModuleNotFoundError: No module named 'no_such_module'"),
    "syntax": ("def (:\n", "SyntaxError: "),
    "exits": ("raise SystemExit(3)\n", "SystemExit: 3"),
    "endless": ("def f(): f()\nf()\n", "RecursionError: "),
    "lines": ("raise ValueError('two\\nlines')\n", "ValueError: two lines"),
    "empty": ("", "it has no function that is marked with @hookimpl"),
    "hook": ("@hookimpl\ndef register_settings(): 1 / 0\n", "ZeroDivisionError: division by zero"),
    "misspelled": (
        "@hookimpl\ndef register_parser(): return []\n",
        "there is no hook 'register_parser'; did you mean 'register_parsers'?",
    ),
    "arguments": ("@hookimpl\ndef register_settings(config): return []\n", "PluginValidationError: "),
}


@pytest.mark.parametrize("name", BROKEN_CODE)
def test_a_broken_module_is_listed_with_its_reason_and_harms_no_other(
    module: Callable[..., BuiltIn], name: str
) -> None:
    code, reason = BROKEN_CODE[name]
    broken, good = module(name, code), module("good", GOOD)
    first, second = host(built_ins=(broken, good)).listing
    assert (first.name, first.state, first.brings) == (name, "broken", ())
    assert first.reason is not None
    assert first.reason.startswith(reason)
    assert "\n" not in first.reason
    assert second.state == "on"


@pytest.mark.parametrize("name", BROKEN_CODE)
def test_a_broken_plugin_that_was_named_is_an_error(module: Callable[..., BuiltIn], name: str) -> None:
    code, reason = BROKEN_CODE[name]
    message = reason_of(name, built_ins=(module(name, code),))
    assert message.startswith(f"the plugin {name!r} can't be used: {reason}")


def test_a_missing_extra_is_named_with_the_command_that_mends_it(module: Callable[..., BuiltIn]) -> None:
    built_in = module("neo4j", "import no_neo4j\n", on=False, extra="neo4j")
    assert reason_of("neo4j", built_ins=(built_in,)).endswith("No module named 'no_neo4j': pip install 'ghsync[neo4j]'")


def test_a_broken_entry_point_is_listed(install: Callable[..., None]) -> None:
    install("ghsync-gone", gone="no_such_module:plugin")
    info = next(info for info in host().listing if info.name == "gone")
    assert (info.origin, info.state, info.reason) == (
        "ghsync-gone",
        "broken",
        "ModuleNotFoundError: No module named 'no_such_module'",
    )


class NoParse:
    name, version = "x", "1"


class NoVersion:
    name = "x"

    def parse(self, document: Document) -> ParsedFile:
        return ParsedFile()


@pytest.mark.parametrize(
    ("hooks", "reason"),
    [
        (
            {"register_parsers": lambda: None},
            "register_parsers returned None instead of a list; is a 'return' missing?",
        ),
        (
            {"register_parsers": NullParser()},
            "register_parsers returned an object of type NullParser instead of a list",
        ),
        ({"register_parsers": "null"}, "register_parsers returned an object of type str instead of a list"),
        ({"register_parsers": [NullParser]}, "register_parsers returned the class NullParser, not an object of it"),
        ({"register_parsers": [NoParse()]}, "the parser an object of type NoParse has no method parse()"),
        ({"register_parsers": [NoVersion()]}, "the parser an object of type NoVersion needs an attribute version"),
        ({"register_parsers": [NullParser(version=1)]}, "needs an attribute version of type str"),  # type: ignore[arg-type]
        ({"register_parsers": [NullParser("")]}, "the parser an object of type NullParser has an empty name"),
        ({"register_detectors": [SuffixDetector("x", (), "x", priority=True)]}, "attribute priority of type int"),
        (
            {"register_settings": [("a", "b")]},
            "register_settings returned an object of type tuple instead of a Setting",
        ),
        ({"register_settings": [Setting("source", "a", int, 1, "")]}, "stands in a table that is ghsync's own"),
        ({"register_settings": [Setting("", "a", int, 1, "")]}, "the setting 'a' needs a table"),
        ({"register_settings": [Setting("t", "a", dict, {}, "")]}, "the setting 'a' needs a table, and a type of bool"),
        (
            {"register_settings": [Setting("t", "a", int, "1", "")]},
            "the setting t.a makes no sense: its default a must",
        ),
        ({"register_commands": [print]}, "the command an object of type builtin_function_or_method needs an attribute"),
    ],
)
def test_an_object_that_does_not_keep_its_protocol_breaks_its_plugin(hooks: dict[str, Any], reason: str) -> None:
    assert reason in reason_of(Plugin(**hooks))


def test_a_plugin_is_taken_in_wholly_or_not_at_all(module: Callable[..., BuiltIn]) -> None:
    parser = (
        "class P:\n    name, version, priority = 'p', '1', 1\n    def parse(self, document): ...\n"
        "@hookimpl\ndef register_parsers(): return [P()]\n"
    )
    half = module("half", parser + "@hookimpl\ndef register_sources(): return [P()]\n")
    first, second = host(built_ins=(half, module("whole", parser))).listing
    assert (first.state, first.brings) == ("broken", ())
    assert first.reason == "the source an object of type P has no method accepts()"
    assert (second.state, second.brings) == ("on", ("parser p",))


# --- names ----------------------------------------------------------------------------------------------------------


def test_the_second_plugin_of_a_name_is_broken(module: Callable[..., BuiltIn], install: Callable[..., None]) -> None:
    module("a", GOOD)
    module("b", GOOD)
    install("ghsync-a", twin="plugin_a")
    install("ghsync-b", twin="plugin_b")
    twins = [info for info in host("twin").listing if info.name == "twin"]
    assert [(info.origin, info.state) for info in twins] == [("ghsync-a", "on"), ("ghsync-b", "broken")]
    assert twins[1].reason == "the name 'twin' is taken by another plugin"


def test_an_object_whose_name_is_taken_breaks_the_second_plugin_alone(module: Callable[..., BuiltIn]) -> None:
    code = (
        "from ghsync_core.interfaces import SuffixDetector\n"
        "@hookimpl\ndef register_detectors():\n"
        "    return [SuffixDetector(name, ('.x',), 'x') for name in (__name__, 'x')]\n"
    )
    first, second = host(built_ins=(module("one", code), module("two", code))).listing
    assert first.brings == ("detector plugin_one", "detector x")
    assert (second.state, second.reason) == ("broken", "the detector 'x' is taken by the plugin 'one'")


def test_a_plugin_can_t_bring_two_objects_of_one_name() -> None:
    plugin = Plugin(register_parsers=[NullParser(), NullParser()])
    assert "the parser 'null' is taken by the plugin 'mine'" in reason_of(plugin)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_of_ghsync_s_own_name_is_refused(name: str) -> None:
    assert f"the command {name!r} is taken by ghsync itself" in reason_of(
        Plugin(register_commands=[click.Command(name)])
    )


def test_a_setting_that_would_share_a_variable_with_one_of_core_is_refused() -> None:
    plugin = Plugin(register_settings=[Setting("max", "delete", int, 1, "")])
    assert "the setting 'GHSYNC_MAX_DELETE' is taken by ghsync itself" in reason_of(plugin)
