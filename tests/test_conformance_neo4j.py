"""Neo4j, held to what every backend promises, on a real server."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ghsync_core.testing import BackendSuite


@pytest.mark.xdist_group("neo4j")
class TestNeo4j(BackendSuite):
    unreachable = "bolt://127.0.0.1:9"
    histories = 6

    @pytest.fixture
    def new_store(self, neo4j_url: str) -> Callable[[], str]:
        return lambda: neo4j_url
