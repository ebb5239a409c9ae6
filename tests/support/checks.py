"""Files that are synced and then checked, in short, for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from ghsync_core import Syncer
from ghsync_core.check import Checked, Checker
from ghsync_core.plugins import PluginHost
from ghsync_core.registry import Registry
from ghsync_core.settings import load_settings
from ghsync_plugins.backends.sqlite import SqliteBackend
from support.git_repos import GitRepo

TODAY = date(2026, 6, 1)


class Garden:
    """A git repository in a folder, with a store beside it. *plugins* are more plugins, whose rules are asked too."""

    def __init__(self, base: Path, plugins: Sequence[object] = ()) -> None:
        self.repo = GitRepo(base / "garden")
        self.url = f"sqlite:{base / 'garden.db'}"
        self._plugins = tuple(plugins)

    def sync(self, files: Mapping[str, str] | None = None) -> Garden:
        """Write *files*, commit, and sync."""
        self.repo.write(files or {}).commit()
        Syncer(str(self.repo.path), to=self.url, name="garden").run()
        return self

    def check(self, level: str = "note", today: date = TODAY, **table: Any) -> Checked:
        """What the rules find by these settings in ``[check]``."""
        written = {"check": {name.replace("__", "-"): value for name, value in table.items()}}
        registry = Registry.of(PluginHost(self._plugins))
        settings = load_settings(config=written, environ={}).validated(registry.settings, registry.inactive, environ={})
        store = SqliteBackend().open(self.url, {}, create=False)
        with closing(store), closing(store.reader()) as reader:
            state = store.find_source(name="garden")
            assert state is not None
            return Checker(registry.rules, settings, level, today).check(reader, state)

    def found(self, rule: str, **table: Any) -> list[str]:
        """What that one rule finds, each as ``path:line: message``."""
        problems = [each.finding for each in self.check(**table).problems if each.rule == rule]
        return [f"{each.path}:{each.line}: {each.message}" for each in problems]
