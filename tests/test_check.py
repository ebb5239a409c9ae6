"""Checking a source: levels, what is ignored, rules of plugins, and graphs that can't be checked."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest
from support.checks import Garden
from support.documents import fences, text_of

from ghsync_core import Finding, SettingsError, UsageError, hookimpl
from ghsync_core.check import HALF_SYNCED
from ghsync_core.plugins import PluginHost
from ghsync_core.registry import Registry
from ghsync_core.settings import load_settings

BROKEN = {"a.md": "[x](x.md)\n", "drafts/b.md": "\n[y](y.md)\n"}


class LongName:
    name, level = "long-name", "error"
    summary = "The name of a page is long."

    def check(self, graph):
        for page in graph.rows("nodes", kind="page"):
            if len(page["label"]) > 20:
                yield Finding("a long name", page["path"], page["line"], page["id"], weight=len(page["label"]))


class Raises:
    name, level, summary = "raises", "note", "It always raises."

    def check(self, graph):
        yield Finding("found before")
        raise ValueError("on purpose")


class Plugin:
    name = "more-rules"

    def __init__(self, *rules):
        self._rules = rules

    @hookimpl
    def register_rules(self):
        return list(self._rules)


@pytest.fixture
def garden(tmp_path: Path) -> Garden:
    return Garden(tmp_path).sync(BROKEN)


class TestLevels:
    def test_milder_rules_are_not_asked(self, garden: Garden) -> None:
        assert {each.level for each in garden.check("note").problems} == {"warning", "note"}
        assert {each.rule for each in garden.check("warning").problems} == {"broken-link"}
        assert garden.check("error").problems == ()

    def test_the_settings_change_a_level_and_turn_a_rule_off(self, garden: Garden) -> None:
        (rules,) = ({each.rule for each in garden.check("error", broken__link="error").problems},)
        assert rules == {"broken-link"}
        assert garden.found("broken-link", broken__link="off") == []

    def test_a_level_that_is_none(self, garden: Garden) -> None:
        with pytest.raises(SettingsError, match=r"check\.orphan-page must be error, warning, note or off, not 'fatal'"):
            garden.check(orphan__page="fatal")

    def test_a_rule_that_is_none(self, garden: Garden) -> None:
        with pytest.raises(SettingsError, match="no setting 'orphan-pages'; did you mean 'orphan-page'"):
            garden.check(orphan__pages="off")

    def test_the_environment_sets_a_level(self, garden: Garden) -> None:
        registry = Registry.of(PluginHost())
        environ = {"GHSYNC_CHECK_ORPHAN_PAGE": "error"}
        settings = load_settings(config={}, environ={}).validated(registry.settings, environ=environ)
        assert settings.tables["check"]["orphan-page"] == "error"

    def test_the_worst_comes_first_then_path_and_line(self, garden: Garden) -> None:
        problems = garden.check(orphan__page="error").problems
        assert [(each.level, each.finding.path, each.finding.line) for each in problems] == [
            ("error", "a.md", 1),
            ("error", "drafts/b.md", 1),
            ("warning", "a.md", 1),
            ("warning", "drafts/b.md", 2),
        ]
        assert garden.check(orphan__page="error").counts == {"error": 2, "warning": 2, "note": 0}


class TestIgnored:
    @pytest.mark.parametrize("pattern", ["drafts/", "drafts/*.md", "broken-link=drafts/"])
    def test_by_path(self, pattern: str, garden: Garden) -> None:
        assert garden.found("broken-link", ignore=[pattern]) == ["a.md:1: link to x.md, which is not there"]

    @pytest.mark.parametrize("glob", ["page:drafts/y.md", "*/y.md", "broken-link=*/y.*"])
    def test_by_id(self, glob: str, garden: Garden) -> None:
        assert garden.found("broken-link", ignore_ids=[glob]) == ["a.md:1: link to x.md, which is not there"]

    def test_for_one_rule_alone(self, garden: Garden) -> None:
        checked = garden.check(ignore=["orphan-page=*"])
        assert ({each.rule for each in checked.problems}, checked.ignored) == ({"broken-link"}, 2)

    def test_what_reads_like_a_rule_and_is_none_is_a_path(self, garden: Garden) -> None:
        assert garden.check(ignore=["orphan=*"]).ignored == 0

    def test_a_pattern_that_is_none(self, garden: Garden) -> None:
        with pytest.raises(UsageError, match=r"check\.ignore '# x' matches nothing"):
            garden.check(ignore=["# x"])


class TestRulesOfPlugins:
    def test_are_asked_and_have_a_setting(self, tmp_path: Path) -> None:
        garden = Garden(tmp_path, [Plugin(LongName())]).sync({"An exceedingly long name.md": "x", "b.md": "x"})
        assert garden.found("long-name") == ["An exceedingly long name.md:1: a long name"]
        assert garden.check("error", long__name="off").problems == ()

    def test_one_that_raises_harms_no_other(self, tmp_path: Path) -> None:
        checked = Garden(tmp_path, [Plugin(Raises())]).sync(BROKEN).check()
        assert [each.finding.message for each in checked.problems if each.rule == "raises"] == ["found before"]
        assert {each.rule for each in checked.problems} == {"broken-link", "orphan-page", "raises"}
        assert checked.undone == ("the rule raises raised ValueError: on purpose; -v shows where",)

    def test_one_whose_line_is_no_number_is_named(self, tmp_path: Path) -> None:
        class Misplaced(LongName):
            def check(self, graph):
                yield Finding("odd", "Bean.md", "3")

        checked = Garden(tmp_path, [Plugin(Misplaced())]).sync(BROKEN).check()
        assert {each.rule for each in checked.problems} == {"broken-link", "orphan-page"}
        assert checked.undone == (
            "the rule long-name raised TypeError: a finding's line is a number or None, not '3'; -v shows where",
        )

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"name": "Long Name"}, "must be lower-case words with hyphens"),
            ({"name": "ignore-ids"}, "no other setting of"),
            ({"level": "fatal"}, "level 'fatal' must be one of error, warning, note"),
            ({"summary": ""}, "empty summary"),
            ({"check": None}, r"no method check\(\)"),
        ],
    )
    def test_one_that_makes_no_sense_is_refused(self, change: dict[str, object], reason: str) -> None:
        rule = type("Odd", (LongName,), change)()
        (info,) = [info for info in PluginHost([Plugin()], built_ins=()).listing if info.name == "more-rules"]
        assert info.state == "on"
        with pytest.raises(UsageError, match=reason):
            PluginHost([Plugin(rule)], built_ins=())

    def test_one_that_leaves_python_is_no_clean_bill(self, tmp_path: Path) -> None:
        class Leaves(LongName):
            def check(self, graph):
                raise SystemExit(0)

        checked = Garden(tmp_path, [Plugin(Leaves())]).sync(BROKEN).check()
        assert checked.undone == ("the rule long-name raised SystemExit: 0; -v shows where",)

    def test_two_of_one_name_are_refused(self) -> None:
        with pytest.raises(UsageError, match="the rule 'long-name' is taken by the plugin"):
            PluginHost([Plugin(LongName(), LongName())], built_ins=())

    def test_the_one_in_the_docs_has_ten_lines_and_works(self, tmp_path: Path) -> None:
        (fence,) = [each for each in fences(text_of("docs/how-to/check-in-ci.md")) if each.language == "python"]
        lines = [line for line in fence.body.splitlines() if line.strip() and "import" not in line]
        assert len(lines) == 10
        plugin = ModuleType("documented")
        exec(fence.body, vars(plugin))
        text = "- ### OntologyBlock\n\t- owl:class:: gdn:Basil\n\t- term-id:: B-1\n"
        found = Garden(tmp_path, [plugin]).sync({"basil.md": text}).found("no-comment")
        assert found == ["basil.md:2: gdn:Basil has no definition"]


class TestGraphs:
    def test_one_that_is_half_synced_is_not_checked(self, garden: Garden) -> None:
        with closing(sqlite3.connect(garden.url.removeprefix("sqlite:"))) as connection, connection:
            connection.execute("UPDATE sources SET unsettled = 1")
        checked = garden.check()
        assert (checked.problems, checked.undone) == ((), (HALF_SYNCED,))

    def test_an_empty_one_is_told(self, tmp_path: Path) -> None:
        checked = Garden(tmp_path).sync({"x.bin": "x"}).check()
        assert (checked.problems, checked.undone) == ((), ())
        assert "its graph is empty" in checked.notes[0]

    def test_a_sync_meanwhile_is_told(self, tmp_path: Path) -> None:
        class Syncs(LongName):
            def check(self, graph):
                garden.sync({"new.md": "x"})
                return ()

        garden = Garden(tmp_path, [Plugin(Syncs())])
        (reason,) = garden.sync(BROKEN).check("error").undone
        assert reason.startswith("a sync wrote meanwhile")

    def test_lines_of_a_clone_of_github_have_addresses(self, tmp_path: Path) -> None:
        garden = Garden(tmp_path)
        garden.repo.git("remote", "add", "origin", "https://github.com/o/r.git")
        garden.sync(BROKEN)
        first = garden.repo.head
        garden.sync({"drafts/b.md": "\n\n[y](y.md)\n"})
        assert [each.permalink for each in garden.check("warning").problems] == [
            f"https://github.com/o/r/blob/{first}/a.md#L1",  # the commit at which the file was read
            f"https://github.com/o/r/blob/{garden.repo.head}/drafts/b.md#L3",
        ]

    def test_what_many_links_lead_to_is_picked_out_of_all_edges(self, garden: Garden) -> None:
        from ghsync_core.interfaces import rules

        few = garden.check().to_json()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(rules, "_ASKED_ONE_BY_ONE", 0)
            assert garden.check().to_json() == few
