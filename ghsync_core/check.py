"""What is wrong with the graph of a source, as the rules see it: see `check`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from ghsync_core.errors import GhsyncError
from ghsync_core.interfaces import Finding, GraphReader, Rule, SourceGraph, SourceState
from ghsync_core.log import get_logger, named
from ghsync_core.models import Json
from ghsync_core.permalinks import permalink, repository_page
from ghsync_core.rules import LEVELS, TABLE, Ignored, level_of
from ghsync_core.settings import Settings
from ghsync_core.verify import Moment

HALF_SYNCED: Final = (
    "half synced: a sync goes on, or was broken off, so that the graph is that of no commit; sync again, then check"
)
MEANWHILE: Final = "a sync wrote meanwhile, so that findings may be of two commits; check again when it is done"
EMPTY_GRAPH: Final = "its graph is empty, so there was nothing to check; `ghsync status` tells what became of its files"


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding of *rule*, at the level that the settings give it, with its address on GitHub if it has one."""

    rule: str
    level: str
    finding: Finding
    permalink: str | None = None

    def to_json(self) -> dict[str, Json]:
        """This as ``--json`` prints it."""
        found = self.finding
        return {
            "rule": self.rule,
            "level": self.level,
            "message": found.message,
            "path": found.path,
            "line": found.line,
            "id": found.id,
            "weight": found.weight,
            "permalink": self.permalink,
        }


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of checking one source.

    ``page`` is the address of its repository on GitHub, if it has one; ``ignored`` counts what the settings say to
    ignore; ``undone`` are the reasons why something could not be checked.
    """

    source: str
    commit: str | None
    page: str | None = None
    problems: tuple[Problem, ...] = ()
    ignored: int = 0
    undone: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many problems of each level there are, the worst first."""
        found = Counter(problem.level for problem in self.problems)
        return {level: found[level] for level in reversed(LEVELS)}

    def to_json(self) -> dict[str, Json]:
        """This as ``--json`` prints it."""
        return {
            "source": self.source,
            "commit": self.commit,
            "found": len(self.problems),
            "counts": self.counts,
            "ignored": self.ignored,
            "problems": [problem.to_json() for problem in self.problems],
            "undone": list(self.undone),
            "notes": list(self.notes),
        }


class Checker:
    """The *rules* that are to be asked: those whose level, by the *settings*, is *least* or worse.

    Raises `SettingsError` for a level that is none, `UsageError` for a pattern that is none.
    """

    def __init__(self, rules: Sequence[Rule], settings: Settings, least: str, today: date | None = None) -> None:
        options = settings.tables.get(TABLE, {})
        levels = {rule.name: level_of(rule, options, settings.config) for rule in rules}
        wanted = LEVELS[LEVELS.index(least) :]
        self.rules = [(rule, levels[rule.name]) for rule in rules if levels[rule.name] in wanted]
        self._ignored = Ignored(options, rules)
        self._options = settings.tables
        self._today = today or datetime.now(UTC).date()

    def check(self, reader: GraphReader, state: SourceState) -> Checked:
        """What the rules find in the source of that *state*. Raises `StoreError`; changes nothing."""
        before = Moment.of(reader, state.name)
        if before.half_synced:
            return Checked(state.name, state.commit, undone=(HALF_SYNCED,))
        graph = SourceGraph(state.name, reader, self._options, self._today)
        found = _Collected()
        for rule, level in self.rules:
            self._ask(rule, level, graph, found)
        page = repository_page(state)
        return Checked(
            state.name,
            state.commit,
            page,
            tuple(_linked(sorted(found.problems, key=_order), page, graph)),
            found.ignored,
            (*found.undone, *([MEANWHILE] if Moment.of(reader, state.name) != before else [])),
            () if any(True for _ in graph.rows("nodes")) else (EMPTY_GRAPH,),
        )

    def _ask(self, rule: Rule, level: str, graph: SourceGraph, found: _Collected) -> None:
        """What *rule* finds; one that raises what it should not harms no other."""
        try:
            for finding in rule.check(graph):
                if not isinstance(finding.line, int | None):
                    raise TypeError(f"a finding's line is a number or None, not {finding.line!r}")
                if self._ignored(rule, finding):
                    found.ignored += 1
                else:
                    found.problems.append(Problem(rule.name, level, finding))
        except GhsyncError:
            raise
        except (Exception, SystemExit) as error:  # an exit would be taken for what was found
            get_logger().info("a rule raised an error", rule=rule.name, exc_info=True)
            found.undone.append(f"the rule {rule.name} raised {named(error)}; -v shows where")


class _Collected:
    """What the rules found so far."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.ignored = 0
        self.undone: list[str] = []


def _order(problem: Problem) -> tuple[object, ...]:
    """The worst level first; of one rule the heaviest, then as they stand in the files."""
    found = problem.finding
    place = (found.path is None, found.path or "", found.line or 0)
    return (-LEVELS.index(problem.level), problem.rule, -found.weight, *place, found.message, found.id or "")


def _linked(problems: Sequence[Problem], page: str | None, graph: SourceGraph) -> Iterable[Problem]:
    """*problems*, each with its address at the commit at which its file was read."""
    commits: Mapping[str, str | None] = {}
    if page and problems:
        wanted = {problem.finding.path for problem in problems}
        commits = {file["path"]: file["commit_id"] for file in graph.rows("files") if file["path"] in wanted}
    for problem in problems:
        path, line = problem.finding.path, problem.finding.line
        address = permalink(page, commits.get(path), path, line) if path else None
        yield Problem(problem.rule, problem.level, problem.finding, address) if address else problem
