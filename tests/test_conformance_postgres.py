"""The PostgreSQL store keeps all promises of a store, against a real server."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ghsync_core.testing import BackendSuite


@pytest.mark.timeout(600)
class TestPostgres(BackendSuite):
    plugins = ("postgres",)
    unreachable = "postgresql://ghsync@127.0.0.1:1/graph"
    histories = 15

    @pytest.fixture
    def new_store(self, postgres: Callable[[], str]) -> Callable[[], str]:
        """Makes the URL of a new, empty store."""
        return postgres
