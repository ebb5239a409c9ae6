"""The PostgreSQL store keeps all promises of a store, against a real server."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ghsync_core.testing import BackendSuite


class TestPostgres(BackendSuite):
    plugins = ("postgres",)

    @pytest.fixture
    def new_store(self, postgres: Callable[[], str]) -> Callable[[], str]:
        """Makes the URL of a new, empty store."""
        return postgres
