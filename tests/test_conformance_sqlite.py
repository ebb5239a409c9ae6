"""SQLite, held to what every backend promises."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from ghsync_core.testing import BackendSuite


class TestSqlite(BackendSuite):
    unreachable = "sqlite:/no-such-folder/graph.db"

    @pytest.fixture
    def new_store(self, tmp_path: Path) -> Callable[[], str]:
        numbers = count()
        return lambda: f"sqlite:{tmp_path}/{next(numbers)}.db"
