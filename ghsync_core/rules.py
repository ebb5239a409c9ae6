"""The settings of ``ghsync check``: each rule's level, and what is to be ignored."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Final

from ghsync_core.errors import SettingsError
from ghsync_core.interfaces import Finding, Rule, Setting
from ghsync_core.models import EMPTY, Json

TABLE: Final = "check"
LEVELS: Final = ("note", "warning", "error")
"""From the mildest."""

OFF: Final = "off"
IGNORE: Final = (
    Setting(TABLE, "ignore", list, (), "find nothing in paths that match one of these gitignore-style patterns"),
    Setting(TABLE, "ignore_ids", list, (), "find nothing about nodes whose id matches one of these globs"),
)
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_FOR_RULE: Final = re.compile(r"([a-z][a-z0-9-]*)=(.+)", re.DOTALL)


def settings_of(rules: Iterable[Rule]) -> tuple[Setting, ...]:
    """All settings of the table: one for each of *rules*, which says its level, and those of core."""
    return (*IGNORE, *(Setting(TABLE, rule.name, str, rule.level, rule.summary) for rule in rules))


def misfit(rule: Rule) -> str | None:
    """Why *rule* can't be used; None where it can."""
    if not _NAME.fullmatch(rule.name) or any(rule.name.replace("-", "_") == own.name for own in IGNORE):
        return f"its name {rule.name!r} must be lower-case words with hyphens, and no other setting of [{TABLE}]"
    if rule.level not in LEVELS:
        return f"its level {rule.level!r} must be one of {', '.join(reversed(LEVELS))}"
    return None


def level_of(rule: Rule, options: Mapping[str, Json], config: str) -> str:
    """The level that *options* give to *rule*, or `OFF`. Raises `SettingsError`, naming the file *config*."""
    level = str(options.get(rule.name, rule.level))
    if level not in (*LEVELS, OFF):
        known = f"{', '.join(reversed(LEVELS))} or {OFF}"
        raise SettingsError(f"{config}: {TABLE}.{rule.name} must be {known}, not {level!r}")
    return level


class Ignored:
    """Whether a finding is to be ignored. A pattern ``RULE=PATTERN`` is for that rule alone.

    Raises `UsageError` for a pattern that is none.
    """

    def __init__(self, options: Mapping[str, Json] = EMPTY, rules: Iterable[Rule] = ()) -> None:
        names = {rule.name for rule in rules}
        self._paths = {name: _path_test(each) for name, each in _by_rule(options.get("ignore", ()), names).items()}
        self._ids = _by_rule(options.get("ignore_ids", ()), names)

    def __call__(self, rule: Rule, finding: Finding) -> bool:
        return any(self._matches(name, finding) for name in ("", rule.name))

    def _matches(self, name: str, finding: Finding) -> bool:
        if finding.path is not None and name in self._paths and self._paths[name](finding.path):
            return True
        return finding.id is not None and any(fnmatchcase(finding.id, glob) for glob in self._ids.get(name, ()))


def _by_rule(patterns: Iterable[str], names: Iterable[str]) -> dict[str, list[str]]:
    """*patterns* by the rule that they are for, ``""`` for all."""
    found: dict[str, list[str]] = {}
    for pattern in patterns:
        named = _FOR_RULE.fullmatch(pattern)
        rule, glob = named.groups() if named and named[1] in names else ("", pattern)
        found.setdefault(rule, []).append(glob)
    return found


def _path_test(patterns: list[str]) -> Callable[[str], bool]:
    from ghsync_core.filters import PathFilter

    return PathFilter(include=patterns, option=f"{TABLE}.ignore")
