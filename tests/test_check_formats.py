"""How findings are written: SARIF by its shape, annotations as a runner reads them back, text fit for a terminal."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from ghsync_core import Finding
from ghsync_core.check import Checked, Problem
from ghsync_core.cli.findings import written

RULES = {"broken-link": "A link is broken.", "orphan-page": "Nobody links here."}
PAGE = "https://github.com/o/r"

texts = st.text(st.characters(exclude_categories=["Cs"]))
findings = st.builds(
    Finding,
    message=texts,
    path=st.none() | texts.filter(bool),
    line=st.none() | st.integers(1, 10**6),
    id=st.none() | texts,
)
problems = st.builds(
    Problem,
    st.sampled_from([*RULES]),
    st.sampled_from(["error", "warning", "note"]),
    findings,
    st.none() | st.just(f"{PAGE}/x"),
)
checked = st.builds(
    Checked,
    source=texts,
    commit=st.none() | st.just("ab" * 20),
    page=st.none() | st.just(PAGE),
    problems=st.lists(problems, max_size=5).map(tuple),
    undone=st.lists(texts, max_size=1).map(tuple),
)


@given(st.lists(checked, max_size=3))
def test_any_sarif_has_the_shape_of_its_schema(found: list[Checked]) -> None:
    log = json.loads(written(found, RULES, "sarif"))
    assert log.keys() == {"$schema", "version", "runs"}
    assert (log["version"], log["$schema"].endswith("sarif-schema-2.1.0.json")) == ("2.1.0", True)
    for run, each in zip(log["runs"], found, strict=True):
        assert run["invocations"][0]["executionSuccessful"] is not bool(each.undone)
        assert run["automationDetails"]["id"] == f"ghsync/{each.source}"
        rules = [_rule(rule) for rule in run["tool"]["driver"]["rules"]]
        assert len(set(rules)) == len(rules)
        assert run["tool"]["driver"]["name"] == "ghsync"
        for result, problem in zip(run["results"], each.problems, strict=True):
            _check_result(result, problem, rules)


def _rule(rule: Any) -> str:
    assert rule["shortDescription"]["text"]
    return str(rule["id"])


def _check_result(result: Any, problem: Problem, rules: list[str]) -> None:
    required = {"ruleId", "ruleIndex", "level", "message"}
    assert required <= result.keys() <= required | {"locations", "hostedViewerUri"}
    assert rules[result["ruleIndex"]] == result["ruleId"] == problem.rule
    assert result["level"] in ("error", "warning", "note")
    assert result["message"] == {"text": problem.finding.message}
    assert ("locations" in result) is bool(problem.finding.path)
    for location in result.get("locations", ()):
        place = location["physicalLocation"]
        assert re.fullmatch(r"[\w.~/%-]+", place["artifactLocation"]["uri"], re.ASCII)
        assert unquote(place["artifactLocation"]["uri"]) == problem.finding.path
        assert place.get("region", {}).get("startLine", 1) >= 1


COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


@given(problems)
def test_any_annotation_is_one_command_that_reads_back(problem: Problem) -> None:
    (line,) = written([Checked("s", None, problems=(problem,))], RULES, "github").splitlines()
    found = COMMAND.fullmatch(line)
    assert found
    about = dict(part.split("=", 1) for part in found[2].split(","))
    assert about["title"] == problem.rule
    assert ("file" in about) is (problem.finding.path is not None)
    if problem.finding.path and problem.finding.path.isprintable():
        assert _read_back(about["file"]) == problem.finding.path
    if problem.finding.message.isprintable():
        assert _read_back(found[3]) == problem.finding.message


def _read_back(text: str) -> str:
    """As the runner of a workflow does it."""
    for escaped, meant in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escaped, meant)
    return text


@given(st.lists(checked, max_size=3))
def test_any_json_holds_every_problem(found: list[Checked]) -> None:
    told = json.loads(written(found, RULES, "json"))["sources"]
    assert [each["found"] for each in told] == [len(each.problems) for each in found]
    assert [problem["message"] for each in told for problem in each["problems"]] == [
        problem.finding.message for each in found for problem in each.problems
    ]


@given(st.lists(checked, max_size=3))
def test_any_text_is_printable(found: list[Checked]) -> None:
    assert all(line.isprintable() for line in written(found, RULES, "text", verbose=True).split("\n"))


def test_text_is_grouped_by_rule_and_says_what_it_leaves_out() -> None:
    many = [
        Problem("broken-link", "error", Finding("gone", "a.md", line), f"{PAGE}/blob/x/a.md") for line in range(1, 13)
    ]
    orphan = Problem("orphan-page", "note", Finding("alone", "b.md"))
    text = written([Checked("o/r", "abc", PAGE, (*many, orphan), ignored=2)], RULES, "text")
    assert text.splitlines()[:4] == [
        "o/r at abc",
        "  error: broken-link: A link is broken.",
        "    a.md:1: gone",
        f"      {PAGE}/blob/x/a.md",
    ]
    assert text.splitlines()[-4:] == [
        "    … and 2 more; -v lists them",
        "  note: orphan-page: Nobody links here.",
        "    b.md: alone",
        "  12 errors, 1 note; 2 ignored, as the settings say",
    ]


def test_what_was_not_checked_is_not_called_good() -> None:
    assert "not checked" in written([Checked("s", None, undone=("why",))], RULES, "text")
    assert "nothing found" in written([Checked("s", None)], RULES, "text")
