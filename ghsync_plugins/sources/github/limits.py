"""When GitHub asks for patience, and for how long.

The rules are those of https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import NamedTuple

SECONDARY_SECONDS = 60.0
SHORTEST_SECONDS = 1.0
LONGEST_SECONDS = 3700.0
"""A little over the hour after which a primary limit starts anew; nothing that a host says makes us wait longer."""

USED_UP = "this hour's requests are used up"

_SIGNS = ("rate limit", "abuse detection", "too many requests")


class Pause(NamedTuple):
    """How long to wait, in seconds, and why, for people. ``primary`` says that only the hour's quota is used up."""

    seconds: float
    why: str
    primary: bool = False


class Quota(NamedTuple):
    """How many requests are ``left``, and the ``seconds`` until there are as many as ever again."""

    left: int
    seconds: float


def quota(headers: Mapping[str, str]) -> Quota | None:
    """What *headers*, which ignore case, say of the primary limit; None where they say nothing."""
    left, reset = _number(headers.get("x-ratelimit-remaining")), _number(headers.get("x-ratelimit-reset"))
    if left is None:
        return None
    seconds = SECONDARY_SECONDS if reset is None else reset - _now(headers) + 1
    return Quota(left, min(max(seconds, SHORTEST_SECONDS), LONGEST_SECONDS))


def pause(headers: Mapping[str, str], message: str, *, status: int, strike: int) -> Pause | None:
    """What a refusal asks for; None where it is a plain one, for which waiting is no help.

    *strike* counts refusals for too many requests in a row, from 1: GitHub wants the waits to grow.
    """
    if (after := _number(headers.get("retry-after"))) is not None:
        return Pause(min(max(after, SHORTEST_SECONDS), LONGEST_SECONDS), "it asks for a pause")
    found = quota(headers)
    if found and not found.left:
        return Pause(found.seconds, USED_UP, primary=True)
    if status == 429 or any(sign in message.lower() for sign in _SIGNS):
        seconds = min(SECONDARY_SECONDS * 2 ** (strike - 1), LONGEST_SECONDS)
        return Pause(seconds, "too many requests in a short time")
    return None


def _now(headers: Mapping[str, str]) -> float:
    """The host's own POSIX time, by which it sets its limits: the clock of this machine may be wrong."""
    try:
        return parsedate_to_datetime(headers["date"]).timestamp()
    except (KeyError, TypeError, ValueError, OverflowError):
        return time.time()


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None
