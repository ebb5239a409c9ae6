"""Stores that are projected from a ledger, held to what every backend promises."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from ghsync_core.testing import BackendSuite


class TestRdfFile(BackendSuite):
    @pytest.fixture(params=["nq"])
    def new_store(self, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[], str]:
        numbers = count()
        return lambda: f"rdf:{tmp_path}/{next(numbers)}.{request.param}"


class TestOxigraph(BackendSuite):
    @pytest.fixture
    def new_store(self, tmp_path: Path) -> Callable[[], str]:
        numbers = count()
        return lambda: f"rdf:{tmp_path}/{next(numbers)}/"
