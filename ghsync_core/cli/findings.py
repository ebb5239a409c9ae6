"""How the findings of ``ghsync check`` are written: for people, as JSON, as SARIF, or as annotations."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from ghsync_core.check import Checked, Problem
from ghsync_core.cli.output import printable
from ghsync_core.cli.sarif import as_sarif
from ghsync_core.cli.summary import SHOWN, at_commit, counted

_GITHUB = {"error": "error", "warning": "warning", "note": "notice"}
"""The commands of a workflow, by our levels:
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands."""


def written(checked: Sequence[Checked], rules: Mapping[str, str], form: str, *, verbose: bool = False) -> str:
    """All that was found, in *form*; *rules* are the summaries of all rules, by name."""
    if form == "json":
        return f"{json.dumps({'sources': [each.to_json() for each in checked]}, indent=2)}\n"
    if form == "sarif":
        return f"{json.dumps(as_sarif(checked, rules), indent=2)}\n"
    if form == "github":
        return _lines(_annotation(problem) for each in checked for problem in each.problems)
    return _lines(printable(line) for each in checked for line in _text(each, rules, verbose=verbose))


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _text(checked: Checked, rules: Mapping[str, str], *, verbose: bool) -> Iterator[str]:
    yield at_commit(checked.source, checked.commit)
    for rule, group in groupby(checked.problems, key=lambda problem: problem.rule):
        problems = list(group)
        shown = problems if verbose else problems[:SHOWN]
        yield f"  {problems[0].level}: {rule}: {rules.get(rule, '')}"
        for problem in shown:
            yield f"    {_place(problem)}: {problem.finding.message}"
            if problem.permalink:
                yield f"      {problem.permalink}"
        if len(shown) < len(problems):
            yield f"    … and {len(problems) - len(shown):,} more; -v lists them"
    yield f"  {_summary(checked)}"


def _summary(checked: Checked) -> str:
    counts = ", ".join(counted(count, level) for level, count in checked.counts.items() if count)
    ignored = f"; {checked.ignored:,} ignored, as the settings say" if checked.ignored else ""
    found = counts or ("not checked" if checked.undone else "nothing found")
    return f"{found}{ignored}"


def _place(problem: Problem) -> str:
    path, line = problem.finding.path, problem.finding.line
    return f"{path}:{line}" if path and line else path or problem.finding.id or "the graph"


def _annotation(problem: Problem) -> str:
    """A command that puts a finding beside its line: ``::warning file=…,line=…,title=…::MESSAGE``."""
    found = problem.finding
    about = {"file": found.path, "line": found.line if found.path else None, "title": problem.rule}
    told = ",".join(f"{key}={_property(str(value))}" for key, value in about.items() if value is not None)
    return f"::{_GITHUB[problem.level]} {told}::{_data(found.message)}"


def _data(text: str) -> str:
    """*text* as the runner reads it back: a line end would begin another command."""
    return printable(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
