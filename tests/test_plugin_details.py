"""``ghsync plugins NAME``, and the version of the interface that a plugin is written for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.command_line import Workplace

PLUGIN = """
from ghsync_core import Setting, SuffixDetector, hookimpl

@hookimpl
def register_detectors():
    return [SuffixDetector("rows", (".tsv", ".csv"), "csv", priority=60)]

@hookimpl
def register_settings():
    return [
        Setting("rows", "separator", str, ",", "what stands between two cells", reading=True),
        Setting("rows", "api_key", str, None, "how the host knows you"),
        Setting("rows", "mirrors", list, [], "where else to look"),
        Setting("rows", "limit", int, 3, "how many"),
    ]
"""


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    place = Workplace.at(tmp_path)
    install(place, PLUGIN)
    return place


def install(place: Workplace, code: str) -> None:
    (place.site / "toy_plugin.py").write_text(code)


def test_a_plugin_is_shown_with_hooks_objects_and_settings(place: Workplace) -> None:
    shown = place.run("plugins", "toy", GHSYNC_ROWS_LIMIT="7").stdout
    assert shown.splitlines()[:3] == [
        "toy 2.0 from ghsync-toy: on",
        "register_detectors",
        "  rows, version 1, kind other, priority 60, suffixes .tsv, .csv",
    ]
    for words in (["setting", "type", "default", "value", "meaning"], ["rows.limit", "int", "3", "7", "how", "many"]):
        assert words in [line.split() for line in shown.splitlines()]


def test_the_same_as_json(place: Workplace) -> None:
    shown = json.loads(place.run("plugins", "toy", "--json", GHSYNC_ROWS_SEPARATOR=";").stdout)
    assert (shown["name"], shown["state"], list(shown["hooks"])) == ("toy", "on", ["register_detectors"])
    assert shown["settings"][0] == {
        "table": "rows",
        "name": "separator",
        "type": "str",
        "default": ",",
        "value": ";",
        "environment": "GHSYNC_ROWS_SEPARATOR",
        "help": "what stands between two cells",
        "reading": True,
    }


@pytest.mark.parametrize("how", [(), ("--json",)])
def test_no_secret_is_ever_shown(place: Workplace, how: tuple[str, ...]) -> None:
    secrets = {"GHSYNC_ROWS_API_KEY": "sesame", "GHSYNC_ROWS_MIRRORS": "https://me:sesame@example.org/x"}
    shown = place.run("plugins", "toy", *how, **secrets).stdout
    assert "sesame" not in shown
    assert "(not shown)" in shown
    assert "example.org" in shown


def test_a_name_that_is_none_is_wrong_usage(place: Workplace) -> None:
    done = place.run("plugins", "toi")
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no plugin 'toi'; did you mean 'toy'?" in done.stderr


def test_a_plugin_that_is_blocked_or_broken_says_why(place: Workplace) -> None:
    (place.folder / "ghsync.toml").write_text('[plugins]\nblock = ["toy"]\n')
    assert place.run("plugins", "toy").stdout.splitlines()[1] == "  blocked by the settings"
    (place.folder / "ghsync.toml").unlink()
    install(place, "raise RuntimeError('no luck')")
    assert place.run("plugins", "toy").stdout.splitlines() == [
        "toy 2.0 from ghsync-toy: broken",
        "  RuntimeError: no luck",
    ]


def test_every_built_in_plugin_can_be_shown(place: Workplace) -> None:
    listed = json.loads(place.run("plugins", "--json").stdout)
    names = [each["name"] for each in listed if each["origin"] == "built in"]
    for name in ("github", "sqlite", "obsidian"):
        assert name in names
        shown = json.loads(place.run("plugins", name, "--json").stdout)
        assert shown["hooks"]


# --- the version of the interface ---


@pytest.mark.parametrize(
    ("declared", "why"),
    [
        (
            "2",
            "it is written for version 2 of the plugin API, and this ghsync has 1; "
            "update ghsync: pip install -U ghsync",
        ),
        ("0", "it is written for version 0 of the plugin API, and this ghsync has 1; look for a newer one of it"),
        ("'1'", "its ghsync_api must be a whole number, such as 1, not '1'"),
        ("True", "its ghsync_api must be a whole number, such as 1, not True"),
    ],
)
def test_a_plugin_of_another_version_is_refused_and_says_why(place: Workplace, declared: str, why: str) -> None:
    install(place, f"ghsync_api = {declared}\n{PLUGIN}")
    [listed] = [each for each in json.loads(place.run("plugins", "--json").stdout) if each["name"] == "toy"]
    assert (listed["state"], listed["brings"], listed["reason"]) == ("broken", [], why)
    named = place.run("plugins", "--plugin", "toy")
    assert named.returncode == 2
    assert why in named.stderr


@pytest.mark.parametrize("declared", ["ghsync_api = 1", ""])
def test_a_plugin_of_this_version_or_of_none_is_on(place: Workplace, declared: str) -> None:
    install(place, f"{declared}\n{PLUGIN}")
    [listed] = [each for each in json.loads(place.run("plugins", "--json").stdout) if each["name"] == "toy"]
    assert listed["state"] == "on"
