"""Which way is taken to a set of files: one test a row of what is known to be cheapest, by case."""

from __future__ import annotations

from math import ceil
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghsync_core.models import FileRef
from ghsync_plugins.sources.github.cost import BATCH_BYTES, BATCH_FILES, MAX_TEXT, Means, Way, advice, cheapest_way
from ghsync_plugins.sources.github.limits import Quota

LARGE = 120_000_000
"""Bytes of 8,000 pages, as large knowledge repositories have them."""

PAGE = 15_000


def files(count: int, size: int = PAGE) -> list[FileRef]:
    return [FileRef(f"{number}.md", f"{number:040x}", size) for number in range(count)]


def way(wanted: list[FileRef], total: int = LARGE, *, token: bool, **other: Any) -> Way:
    means = {"token": token, "graphql": token, "archive": True, "total_bytes": total, **other}
    return cheapest_way(wanted, Means(**means))


def kinds(found: Way) -> tuple[bool, int, int]:
    return found.archive, len(found.batches), len(found.single)


@pytest.mark.parametrize("token", [True, False])
@pytest.mark.parametrize("count", [30, 300, 8000])
def test_a_first_sync_takes_the_archive(token: bool, count: int) -> None:
    assert kinds(way(files(count), count * PAGE, token=token)) == (True, 0, 0)


@pytest.mark.parametrize("token", [True, False])
def test_nothing_changed_takes_nothing(token: bool) -> None:
    assert way([], token=token).requests == 0


@pytest.mark.parametrize("token", [True, False])
@pytest.mark.parametrize("total", [PAGE, LARGE])
def test_one_changed_file_takes_its_blob(token: bool, total: int) -> None:
    assert kinds(way(files(1), total, token=token)) == (False, 0, 1)


@pytest.mark.parametrize("count", [2, 99, 100, 102, 300])
def test_some_changed_files_take_batches_with_a_token(count: int) -> None:
    assert kinds(way(files(count), token=True)) == (False, ceil(count / 100), 0)


@pytest.mark.parametrize(("count", "total", "archive"), [(2, LARGE, False), (10, LARGE, True), (2, 100_000, True)])
def test_some_changed_files_without_a_token_take_blobs_as_long_as_they_are_few(
    count: int, total: int, archive: bool
) -> None:
    assert way(files(count), total, token=False).archive is archive


@pytest.mark.parametrize("count", [1000, 4000])
def test_the_archive_is_taken_again_once_files_are_in_the_hundreds(count: int) -> None:
    assert kinds(way(files(count), token=True)) == (True, 0, 0)


def test_a_small_part_of_a_large_repository_takes_batches() -> None:
    assert kinds(way(files(1000), 40 * LARGE, token=True)) == (False, 10, 0)


def test_files_too_long_for_graphql_come_by_themselves() -> None:
    wanted = [*files(50), *files(3, MAX_TEXT + 1)]
    assert kinds(way(wanted, token=True)) == (False, 1, 3)


def test_without_graphql_every_file_comes_by_itself() -> None:
    assert kinds(way(files(8), token=True, graphql=False)) == (False, 0, 8)


def test_the_archive_can_be_switched_off() -> None:
    assert kinds(way(files(8000), token=True, archive=False)) == (False, 80, 0)
    assert kinds(way(files(8000), token=False, archive=False)) == (False, 0, 8000)


@pytest.mark.parametrize(("left", "archive"), [(5, False), (4, True), (0, False)])
def test_what_the_quota_allows_is_better_than_to_wait(left: int, archive: bool) -> None:
    found = way(files(5), 40 * LARGE, token=False, quota=Quota(left, 3000.0))
    assert found.archive is archive


@given(st.lists(st.integers(0, 600_000), max_size=300), st.booleans(), st.booleans())
def test_every_file_is_planned_once_and_no_batch_is_too_large(sizes: list[int], token: bool, archive: bool) -> None:
    wanted = [FileRef(f"{number}.md", f"{number:040x}", size) for number, size in enumerate(sizes)]
    found = way(wanted, sum(sizes), token=token, archive=archive)
    planned = [*found.single, *(file for batch in found.batches for file in batch)]
    assert sorted(file.path for file in (wanted if found.archive else planned)) == sorted(file.path for file in wanted)
    assert not (found.archive and planned)
    for batch in found.batches:
        assert 2 <= len(batch) <= BATCH_FILES
        assert sum(file.size for file in batch) <= BATCH_BYTES
        assert all(file.size <= MAX_TEXT for file in batch)


def test_says_beforehand_what_will_not_do() -> None:
    blobs = way(files(40), token=False, archive=False)
    assert advice(blobs, None, token=False) is None
    assert advice(blobs, Quota(40, 90.0), token=False) is None
    text = advice(blobs, Quota(39, 90.0), token=False)
    assert text
    for part in ("40 requests", "39 are left", "2 min", "GITHUB_TOKEN", "5,000"):
        assert part in text
    assert "GITHUB_TOKEN" not in str(advice(blobs, Quota(3, 90.0), token=True))


def test_batches_do_not_count_against_the_quota_of_rest() -> None:
    batches = way(files(300), token=True)
    assert batches.requests == 3
    assert advice(batches, Quota(0, 90.0), token=True) is None
