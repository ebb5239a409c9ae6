"""Findings as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), which code scanning
of GitHub and editors read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import quote

from ghsync_core.check import Checked, Problem
from ghsync_core.models import Json
from ghsync_core.plugins import distribution_version

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def as_sarif(checked: Sequence[Checked], rules: Mapping[str, str]) -> Json:
    """A log with a run for each source; *rules* are the summaries of all rules, by name."""
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(each, rules) for each in checked]}


def _run(checked: Checked, rules: Mapping[str, str]) -> Json:
    used = sorted({problem.rule for problem in checked.problems})
    version = distribution_version()
    driver = {
        "name": "ghsync",
        **({"version": version} if version else {}),
        "rules": [{"id": rule, "shortDescription": {"text": rules.get(rule, rule)}} for rule in used],
    }
    run: dict[str, Json] = {
        "tool": {"driver": driver},
        # Two sources are two analyses: code scanning keeps the results of each apart.
        "automationDetails": {"id": f"ghsync/{checked.source}"},
        "invocations": [{"executionSuccessful": not checked.undone, **_notifications(checked)}],
        "results": [_result(problem, used.index(problem.rule)) for problem in checked.problems],
        "columnKind": "unicodeCodePoints",
    }
    if checked.page and checked.commit:
        commit = checked.commit.partition("+")[0]
        run["versionControlProvenance"] = [{"repositoryUri": checked.page, "revisionId": commit}]
    return run


def _notifications(checked: Checked) -> dict[str, Json]:
    told = [{"level": "error", "message": {"text": reason}} for reason in checked.undone]
    told += [{"level": "note", "message": {"text": note}} for note in checked.notes]
    return {"toolExecutionNotifications": told} if told else {}


def _result(problem: Problem, rule_index: int) -> Json:
    found = problem.finding
    result: dict[str, Json] = {
        "ruleId": problem.rule,
        "ruleIndex": rule_index,
        "level": problem.level,
        "message": {"text": found.message},
    }
    if found.path:
        physical: dict[str, Json] = {"artifactLocation": {"uri": quote(found.path)}}
        if found.line:
            physical["region"] = {"startLine": found.line}
        result["locations"] = [{"physicalLocation": physical}]
    if problem.permalink:
        result["hostedViewerUri"] = problem.permalink
    return result
