"""The limits that GitHub sets, kept for all threads and sources at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from support.git_repos import GitRepo
from support.github_faults import Fault, rate_limit, refusal
from support.github_reading import first_snapshot, never_wait, opened
from support.github_server import TOKEN, GitHubServer

from ghsync_core import Syncer
from ghsync_core.errors import AccessDenied, Cancelled
from ghsync_core.progress import SyncProgress
from ghsync_core.stop import Stop
from ghsync_plugins.sources.github import governor as governor_module
from ghsync_plugins.sources.github import limits
from ghsync_plugins.sources.github.governor import ARCHIVE, AT_ONCE, GRAPHQL, REST, Governor, governor_of
from ghsync_plugins.sources.github.limits import LONGEST_SECONDS, pause, quota

PAGES = {f"{number}.md": f"- block {number}\n" for number in range(40)}


@pytest.fixture
def garden(git_repo: Callable[[str], GitRepo], github: GitHubServer) -> GitRepo:
    """A repository hosted as ``octo/garden``."""
    repo = git_repo("garden").write(PAGES)
    repo.commit()
    github.add("octo/garden", repo.path)
    return repo


def used_up(seconds: int = 100, left: int = 0) -> dict[str, str]:
    return {"x-ratelimit-remaining": f"{left}", "x-ratelimit-reset": f"{int(time.time()) + seconds}"}


class Waits(list[tuple[float, str]]):
    """Notes what it is asked to wait for, and returns at once."""

    def __call__(self, seconds: float, why: str) -> None:
        self.append((round(seconds), why))

    @property
    def seconds(self) -> list[float]:
        return [seconds for seconds, _ in self]


def ask(governor: Governor, resource: str = REST, wait: Waits | None = None) -> Waits:
    """One request that is answered well, and the waits before it."""
    waits = Waits() if wait is None else wait
    with governor.turn(resource, waits) as asked_at:
        governor.learn(resource, {}, asked_at)
    return waits


def refuse(governor: Governor, headers: dict[str, str], resource: str = REST, message: str = "rate limit") -> bool:
    """One request that is refused; whether it is to be waited for."""
    with governor.turn(resource, Waits()) as asked_at:
        pass
    return bool(governor.refused(resource, headers, message, status=403, asked_at=asked_at))


# --- what an answer says ---


@given(
    st.dictionaries(st.sampled_from(["retry-after", "x-ratelimit-remaining", "x-ratelimit-reset", "date"]), st.text())
)
def test_any_headers_are_understood(headers: dict[str, str]) -> None:
    for asked in (pause(headers, "rate limit", status=403, strike=9), quota(headers)):
        assert asked is None or 1 <= asked.seconds <= LONGEST_SECONDS


def test_limits_are_kept_by_the_clock_of_the_host() -> None:
    theirs = datetime.now(UTC) + timedelta(hours=5)
    headers = {"date": format_datetime(theirs, usegmt=True), **used_up(5 * 3600 + 60)}
    asked = pause(headers, "", status=403, strike=1)
    assert asked
    assert asked.seconds == pytest.approx(61, abs=2)


@pytest.mark.parametrize(
    "message", ["You have exceeded a secondary rate limit.", "You have triggered an abuse detection mechanism."]
)
def test_a_secondary_limit_is_known_by_its_message(message: str) -> None:
    assert pause({}, message, status=403, strike=1)
    assert pause({}, "Resource not accessible by integration", status=403, strike=1) is None


# --- one for all ---


def test_there_is_one_for_each_api_and_token_whoever_asks() -> None:
    assert governor_of("https://a.example", "one") is governor_of("https://a.example", "one")
    others = [governor_of("https://a.example", "two"), governor_of("https://a.example", None)]
    assert len({*others, governor_of("https://b.example", "one"), governor_of("https://a.example", "one")}) == 4


def test_keeps_no_token() -> None:
    governor_of("https://a.example", "ghp_never_kept_as_it_is")
    assert "ghp_never_kept" not in repr(vars(governor_module))


def test_what_one_was_told_holds_up_the_others_until_it_is_over() -> None:
    governor = Governor()
    assert refuse(governor, {"retry-after": "20"})
    assert ask(governor).seconds == [20]
    assert ask(governor).seconds == []


def test_primary_limits_are_apart_and_secondary_ones_are_not() -> None:
    governor = Governor()
    assert refuse(governor, used_up())
    assert ask(governor, GRAPHQL).seconds == []
    assert ask(governor, ARCHIVE).seconds == [pytest.approx(100.5, abs=1)]
    assert refuse(governor, {"retry-after": "20"}, GRAPHQL)
    assert ask(governor, GRAPHQL).seconds == [20]
    assert refuse(governor, {"retry-after": "30"}, ARCHIVE)
    assert ask(governor, REST).seconds != [30]


def test_an_exhausted_quota_is_waited_for_before_anyone_is_refused() -> None:
    governor = Governor()
    with governor.turn(REST, never_wait) as asked_at:
        governor.learn(REST, used_up(), asked_at)
    assert governor.left(REST) == (0, pytest.approx(101, abs=2))
    [(seconds, why)] = ask(governor)
    assert seconds == pytest.approx(101, abs=1)
    assert why == limits.USED_UP


def test_waits_grow_with_each_refusal_and_shrink_after_a_success() -> None:
    governor = Governor()
    waits = Waits()
    for _ in range(3):
        with governor.turn(REST, waits) as asked_at:
            pass
        governor.refused(REST, {}, "rate limit", status=403, asked_at=asked_at)
    ask(governor, wait=waits)
    assert waits.seconds == [60, 120, 240]
    assert refuse(governor, {})
    assert ask(governor).seconds == [60]


def test_refusals_of_one_wave_count_as_one() -> None:
    governor = Governor()
    with governor.turn(REST, never_wait) as first, governor.turn(REST, never_wait) as second:
        pass
    for asked_at in (first, second, second):
        assert governor.refused(REST, {}, "rate limit", status=403, asked_at=asked_at)
    assert ask(governor).seconds == [60]


def test_a_plain_refusal_is_none_of_its_business() -> None:
    governor = Governor()
    assert not refuse(governor, {}, message="Resource not accessible by personal access token")
    assert ask(governor).seconds == []


def test_only_so_many_ask_at_once() -> None:
    governor = Governor()
    inside: list[int] = []
    most = 0
    full, lock = threading.Event(), threading.Lock()

    def one(_: int) -> None:
        nonlocal most
        with governor.turn(REST, never_wait):
            with lock:
                inside.append(1)
                most = max(most, len(inside))
                if len(inside) == AT_ONCE:
                    full.set()
            assert full.wait(10)
            with lock:
                inside.pop()

    with ThreadPoolExecutor(3 * AT_ONCE) as pool:
        list(pool.map(one, range(3 * AT_ONCE)))
    assert most == AT_ONCE


def test_a_wait_that_is_given_up_leaves_its_place() -> None:
    governor = Governor()
    assert refuse(governor, {"retry-after": "20"})

    def give_up(seconds: float, why: str) -> None:
        raise Cancelled("stopped")

    for _ in range(2 * AT_ONCE):
        with suppress(Cancelled), governor.turn(REST, give_up):
            pass
    ask(governor)


# --- with a host ---


def test_many_threads_are_held_up_by_one_refusal(garden: GitRepo, github: GitHubServer) -> None:
    stop = Stop()
    with opened(github, archive=False, wait=stop.wait) as repository:
        snapshot = first_snapshot(repository)
        github.faults.append(rate_limit("blobs", {"retry-after": "1"}, times=1))
        with ThreadPoolExecutor(8) as pool, structlog.testing.capture_logs() as logs:
            read = list(pool.map(snapshot.read, snapshot.files))
        assert dict(zip((file.path for file in snapshot.files), read, strict=True)) == garden.blobs()
        assert repository.requests["blob"] <= len(PAGES) + 1
    assert [log["event"] for log in logs].count("waiting") == 1
    assert TOKEN not in repr(logs)


def test_another_source_waits_for_what_the_first_was_told(garden: GitRepo, github: GitHubServer) -> None:
    github.add("octo/park", garden.path)
    with opened(github) as repository:
        github.quota = 3
        first_snapshot(repository)  # its third request is the last one that is answered
    github.quota = 100
    waits = Waits()
    with opened(github, "octo/park", wait=waits) as other:
        first_snapshot(other)
    assert len(waits) == 1
    assert 1700 < waits[0][0] <= 1802
    assert limits.USED_UP in waits[0][1]


def test_graphql_limits_are_known_though_the_status_is_200(
    garden: GitRepo, github: GitHubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    for kind in ("RATE_LIMITED", "RATE_LIMIT"):
        body = b'{"errors": [{"type": "%s", "message": "API rate limit already exceeded"}]}' % kind.encode()
        github.faults.append(Fault("graphql", status=200, body=body, headers=used_up(500), times=1))
    waits = Waits()
    with opened(github, wait=waits) as repository:
        first_snapshot(repository)
        assert repository.requests["lookup"] == 3
    assert waits.seconds == [pytest.approx(501, abs=2)] * 2


def test_a_refusal_that_is_no_limit_is_told_at_once(garden: GitRepo, github: GitHubServer) -> None:
    text = "Although you appear to have the correct authorization, the organization has an IP allow list enabled"
    github.faults.append(refusal("repos", 403, text))
    with opened(github, wait=never_wait) as repository, pytest.raises(AccessDenied, match="IP allow list"):
        first_snapshot(repository)


def test_a_run_shows_its_wait_and_ends_it_when_told_to(
    garden: GitRepo, github: GitHubServer, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("GITHUB_API_URL", github.url)
    github.faults.append(rate_limit("blobs", {"retry-after": "3000"}, times=99))
    syncer = Syncer("octo/garden", to=f"sqlite:{tmp_path}/g.db", settings={"github": {"archive": False}})
    until: list[float] = []

    def watch(progress: SyncProgress) -> None:
        if progress.waiting_until and not until:
            until.append(progress.waiting_until)
            syncer.cancel()

    began = time.monotonic()
    statistics = syncer.run(watch)
    assert statistics.status == "interrupted"
    assert until
    assert until[0] == pytest.approx(time.time() + 3000, abs=60)
    assert time.monotonic() - began < 30


def test_says_beforehand_that_the_quota_will_not_do(garden: GitRepo, github: GitHubServer) -> None:
    github.quota = 30
    with structlog.testing.capture_logs() as logs, opened(github, archive=False) as repository:
        snapshot = first_snapshot(repository)
        assert snapshot.cost(snapshot.files) == len(PAGES)
    [told] = [log for log in logs if log["log_level"] == "warning"]
    assert "40 requests and 27 are left" in told["event"]
    assert "GITHUB_TOKEN" in told["event"]
