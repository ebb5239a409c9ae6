"""What can go wrong between GitHub and us, for the stand-in to do on demand."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Damage = Literal["answer", "reset", "cut", "short", "corrupt", "hang", "stall"]


@dataclass
class Fault:
    """Spoils requests whose path matches ``pattern``: after ``skip`` good ones one in ``every``, at most ``times``.

    ``damage`` is what happens: *answer* (with ``status``, ``headers`` and ``body`` instead of the true ones), *reset*
    (the connection is reset before the answer), *cut* (in the middle of the body), *short* (half of the body is sent as
    if it were all), *corrupt* (one byte of the body is another), *hang* (no answer comes), *stall* (half of the body
    comes, and then nothing).
    """

    pattern: str
    damage: Damage = "answer"
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b'{"message": "Server Error"}'
    skip: int = 0
    times: int = 1_000_000
    every: int = 1
    struck: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def strikes(self, path: str) -> bool:
        """Whether this request is to be spoiled; counts it."""
        if not re.search(self.pattern, path):
            return False
        with self._lock:
            self.skip -= 1
            if self.skip >= 0 or -self.skip % self.every or self.struck >= self.times:
                return False
            self.struck += 1
            return True


def refusal(pattern: str, status: int, message: str, *, skip: int = 0, times: int = 1_000_000) -> Fault:
    """A fault that answers with *status* and GitHub's JSON for *message*."""
    return Fault(pattern, status=status, body=json.dumps({"message": message}).encode(), skip=skip, times=times)


def rate_limit(pattern: str, headers: Mapping[str, str], *, status: int = 403, times: int = 1) -> Fault:
    """A limit that is reached: primary or secondary, as *headers* say."""
    message = b'{"message": "API rate limit exceeded for user ID 1."}'
    return Fault(pattern, status=status, headers=headers, body=message, times=times)
