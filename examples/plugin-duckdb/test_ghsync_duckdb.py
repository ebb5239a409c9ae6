"""The backend, held to what every backend promises. Run it with ``python -m pytest`` in this folder."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from ghsync_duckdb import DuckBackend

from ghsync_core import StoreMissing, UsageError
from ghsync_core.testing import BackendSuite


class TestDuckDb(BackendSuite):
    histories = 5

    @pytest.fixture
    def new_store(self, tmp_path: Path) -> Callable[[], str]:
        numbers = count()
        return lambda: f"duckdb:{tmp_path}/{next(numbers)}.duckdb"


def test_a_store_without_a_name_or_without_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="names no file"):
        DuckBackend().open("duckdb:", {}, create=True)
    with pytest.raises(StoreMissing, match="does not exist yet"):
        DuckBackend().open(f"duckdb:{tmp_path}/none.duckdb", {}, create=False)
