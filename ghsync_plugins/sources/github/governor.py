"""Keeps all that this process asks of one API inside the limits that GitHub sets.

GitHub counts by token (without one, by address), not by connection or repository. So the state is the process's: all
threads, and all sources with the same API and token, share one `Governor`, also one after the other. This is the one
place in which the plugin keeps anything beyond a run.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from ghsync_plugins.sources.github.limits import USED_UP, Pause, Quota, pause, quota

AT_ONCE = 10
"""As many requests at once as pay off: GitHub grants 900 points a minute, and a read costs one."""

REST, GRAPHQL, ARCHIVE = "core", "graphql", "archive"
"""What GitHub limits apart: two quotas of the API, and the host that archives come from."""

_ALL = "all"

Wait = Callable[[float, str], None]


class _Hold(NamedTuple):
    """Nothing is asked before ``until``. Both times are of the monotonic clock, in seconds."""

    since: float
    until: float
    why: str


class Governor:
    """The limits of one API and token. Threads share it."""

    def __init__(self) -> None:
        self._slots = threading.BoundedSemaphore(AT_ONCE)
        self._lock = threading.Lock()
        self._holds: dict[str, _Hold] = {}
        self._quotas: dict[str, tuple[int, float]] = {}
        self._strikes = 0

    @contextmanager
    def turn(self, resource: str, wait: Wait) -> Iterator[float]:
        """Inside, one request for *resource* may be made; gives its time, to tell `learn` or `refused`.

        Before, ``wait(seconds, why)`` is called as long as the host wants no request. What one thread was told, holds
        up all the others too.
        """
        self._enter(resource, wait)
        try:
            yield time.monotonic()
        finally:
            self._slots.release()

    def learn(self, resource: str, headers: Mapping[str, str], asked_at: float) -> None:
        """Take in an answer: a limit that was told of before it was asked for is over, and a new one may be near."""
        found = quota(headers)
        with self._lock:
            for scope in (resource, _ALL):
                hold = self._holds.get(scope)
                if hold and hold.since <= asked_at:
                    del self._holds[scope]
                    self._strikes = 0
            if found:
                self._note(resource, found)

    def refused(
        self, resource: str, headers: Mapping[str, str], message: str, *, status: int, asked_at: float
    ) -> Pause | None:
        """Take in a refusal. None is returned where it is no limit, so that waiting is no help."""
        with self._lock:
            asked = pause(headers, message, status=status, strike=self._strikes + 1)
            if asked is None:
                return None
            scope = resource if asked.primary or resource == ARCHIVE else _ALL
            known = self._holds.get(scope)
            if known is None or known.since <= asked_at:  # else it was asked before the others knew, and says no more
                self._strikes += not asked.primary
                self._hold(scope, asked.seconds, asked.why)
            return asked

    def left(self, resource: str) -> Quota | None:
        """What is left of the hour's quota, as far as it is known."""
        with self._lock:
            left, until = self._quotas.get(resource, (0, 0.0))
        seconds = until - time.monotonic()
        return Quota(left, seconds) if seconds > 0 else None

    def _enter(self, resource: str, wait: Wait) -> None:
        """Take a slot. A hold that was waited for once is done with, whatever the clock says: `wait` knows best."""
        waited_for = 0.0
        while True:
            self._slots.acquire()
            hold = self._longest_hold(resource)
            now = time.monotonic()
            if hold is None or hold.until <= max(now, waited_for):
                return
            self._slots.release()
            wait(hold.until - now, hold.why)
            waited_for = hold.until

    def _longest_hold(self, resource: str) -> _Hold | None:
        scopes = (resource, _ALL, REST) if resource == ARCHIVE else (resource, _ALL)
        with self._lock:
            holds = [self._holds[scope] for scope in scopes if scope in self._holds]
        return max(holds, key=lambda hold: hold.until, default=None)

    def _note(self, resource: str, found: Quota) -> None:
        self._quotas[resource] = found.left, time.monotonic() + found.seconds
        if not found.left:
            self._hold(resource, found.seconds, USED_UP)

    def _hold(self, scope: str, seconds: float, why: str) -> None:
        now = time.monotonic()
        self._holds[scope] = _Hold(now, now + seconds, why)


_governors: dict[tuple[str, bytes], Governor] = {}
_governors_lock = threading.Lock()


def governor_of(api: str, token: str | None) -> Governor:
    """The process's one governor for *api* (the base of its addresses) and *token*, of which only a digest is kept."""
    key = api, hashlib.sha256((token or "").encode()).digest()
    with _governors_lock:
        return _governors.setdefault(key, Governor())
