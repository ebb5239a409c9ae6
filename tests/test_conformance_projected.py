"""Stores that are projected from a ledger, held to what every backend promises."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from ghsync_core.testing import BackendSuite


class TestRdfFile(BackendSuite):
    histories = 10

    @pytest.fixture
    def new_store(self, tmp_path: Path) -> Callable[[], str]:
        numbers = count()
        return lambda: f"rdf:{tmp_path}/{next(numbers)}.nq"


class TestOxigraph(BackendSuite):
    histories = 10

    @pytest.fixture
    def new_store(self, tmp_path: Path) -> Callable[[], str]:
        numbers = count()
        return lambda: f"rdf:{tmp_path}/{next(numbers)}/"
