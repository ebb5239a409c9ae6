"""When GitHub asks for patience, and for how long.

The rules are those of https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

_SECONDARY_SECONDS = 60.0
_LONGEST_SECONDS = 3700.0
"""A little over the hour after which a primary limit starts anew; nothing that a host says makes us wait longer."""

_SIGNS = ("rate limit", "abuse detection", "too many requests")


class Pause(NamedTuple):
    """How long to wait, in seconds, and why, for people."""

    seconds: float
    why: str


def pause(headers: Mapping[str, str], message: str, *, status: int, attempt: int, now: float) -> Pause | None:
    """What a 403 or 429 asks for; None where it is a plain refusal, for which waiting is no help.

    *headers* ignore case; *attempt* counts from 1; *now* is POSIX seconds.
    """
    if (after := _number(headers.get("retry-after"))) is not None:
        return _pause(after, "it asks for a pause")
    if headers.get("x-ratelimit-remaining") == "0":
        reset = _number(headers.get("x-ratelimit-reset"))
        return _pause(reset - now + 1 if reset is not None else _SECONDARY_SECONDS, "this hour's requests are used up")
    if status == 429 or any(sign in message.lower() for sign in _SIGNS):
        return _pause(_SECONDARY_SECONDS * 2 ** (attempt - 1), "too many requests in a short time")
    return None


def _pause(seconds: float, why: str) -> Pause:
    return Pause(min(max(seconds, 1.0), _LONGEST_SECONDS), why)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None
