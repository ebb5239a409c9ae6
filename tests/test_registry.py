"""The registry: sorted, frozen, and clear about what it does not know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import FrozenInstanceError, dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghsync_core.errors import UsageError
from ghsync_core.hookspecs import hookimpl
from ghsync_core.interfaces import SourceContext, SuffixDetector
from ghsync_core.plugins import BuiltIn, PluginHost
from ghsync_core.registry import Registry


@dataclass
class Place:
    """A source that accepts what begins with its name."""

    name: str
    priority: int = 50

    def accepts(self, location: str) -> bool:
        return location.startswith(self.name)

    def open(self, location: str, context: SourceContext) -> Any:
        return None


@dataclass
class Memory:
    """A backend that opens nothing."""

    name: str
    schemes: tuple[str, ...]

    def files(self, url: str) -> list[Any]:
        return []

    def open(self, url: str, options: Mapping[str, Any], *, create: bool) -> Any:
        return None


class Plugin:
    """A plugin that brings what it is made with."""

    def __init__(self, name: str, **made: list[Any]) -> None:
        self.name = name
        for sort, objects in made.items():
            setattr(self, f"register_{sort}", hookimpl(lambda objects=objects: objects))


def registry(*plugins: object, block: tuple[str, ...] = (), built_ins: tuple[BuiltIn, ...] = ()) -> Registry:
    return Registry.of(PluginHost(plugins, block, built_ins=built_ins))


@given(st.permutations(["a", "b", "c", "d"]), st.permutations([200, 100, 100, 50]))
def test_the_order_of_loading_decides_nothing(names: list[str], priorities: list[int]) -> None:
    detectors = [
        SuffixDetector(name, (".x",), "x", priority=priority) for name, priority in zip(names, priorities, strict=True)
    ]
    one = registry(*(Plugin(f"p{each.name}", detectors=[each]) for each in detectors))
    other = registry(Plugin("all", detectors=detectors[::-1]))
    assert one.detectors == other.detectors
    assert [each.priority for each in one.detectors] == [200, 100, 100, 50]
    assert one.versions() == other.versions()


def test_versions_change_with_the_version_of_any_detector() -> None:
    old, new = (SuffixDetector("x", (".x",), "x", version=version) for version in "12")
    assert registry(Plugin("p", detectors=[old])).versions() != registry(Plugin("p", detectors=[new])).versions()


def test_the_registry_is_frozen() -> None:
    made = registry(Plugin("p", backends=[Memory("m", ("m", "mem"))]))
    with pytest.raises(FrozenInstanceError):
        made.sources = ()  # type: ignore[misc]
    with pytest.raises(TypeError):
        made.backends["x"] = None  # type: ignore[index]


def test_of_the_sources_that_accept_the_highest_priority_is_taken_then_the_first_name() -> None:
    made = registry(Plugin("p", sources=[Place("lo"), Place("local"), Place("l", priority=0)]))
    assert made.source_for("local:x").name == "lo"


def test_a_location_of_no_source_is_wrong_usage_with_the_forms_that_there_are() -> None:
    made = registry(Plugin("p", sources=[Place("local")]))
    with pytest.raises(UsageError, match=r"'what\?' is no source: give OWNER/REPO.*sources that are on: local"):
        made.source_for("what?")


def test_the_scheme_chooses_the_backend() -> None:
    made = registry(Plugin("p", backends=[Memory("neo4j", ("neo4j", "bolt")), Memory("sqlite", ("sqlite",))]))
    assert made.backend_for("bolt://host").name == "neo4j"
    assert made.backend_for("sqlite:a:b").name == "sqlite"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("graph.db", "'graph.db' (did you mean sqlite:graph.db?)"),
        ("mysql://u:secret@h", "'mysql:…'"),
        (":x", "':…'"),
        ("", "''"),
    ],
)
def test_an_unknown_scheme_is_wrong_usage_and_the_rest_of_the_url_is_not_shown(url: str, shown: str) -> None:
    made = registry(Plugin("p", backends=[Memory("sqlite", ("sqlite",))]))
    with pytest.raises(UsageError) as caught:
        made.backend_for(url)
    assert str(caught.value) == f"no backend is registered for the store {shown}; known: sqlite:…"


def test_a_backend_that_is_off_or_blocked_is_named_with_what_to_do() -> None:
    neo4j = BuiltIn("neo4j", "no_such_module", on=False)
    with pytest.raises(UsageError, match=r"the plugin 'neo4j' is off: --plugin neo4j turns it on"):
        registry(built_ins=(neo4j,)).backend_for("neo4j://host")
    with pytest.raises(UsageError, match=r"the plugin 'neo4j' is blocked: blocked by the settings"):
        registry(built_ins=(neo4j,), block=("neo4j",)).backend_for("neo4j://host")


def test_a_named_plugin_s_backend_is_the_target_unless_one_is_given() -> None:
    one = registry(Plugin("p", backends=[Memory("neo4j", ("neo4j", "bolt"))]))
    assert one.target(None) == "neo4j:"
    assert one.target("sqlite:x.db") == "sqlite:x.db"
    assert registry().target(None) == "sqlite:ghsync.db"


def test_two_named_backends_need_a_target() -> None:
    two = registry(Plugin("p", backends=[Memory("a", ("a",))]), Plugin("q", backends=[Memory("b", ("b",))]))
    with pytest.raises(UsageError, match=r"several plugins bring a backend \(a, b\)"):
        two.target(None)
