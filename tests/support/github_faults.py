"""What can go wrong between GitHub and us, for the stand-in to do on demand."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Damage = Literal["answer", "reset", "cut", "short", "corrupt"]


@dataclass
class Fault:
    """Spoils requests whose path matches ``pattern``: after ``skip`` good ones, the next ``times``.

    ``damage`` is what happens: *answer* (with ``status``, ``headers`` and ``body`` instead of the true ones), *reset*
    (the connection is reset before the answer), *cut* (in the middle of the body), *short* (half of the body is sent as
    if it were all), *corrupt* (one byte of the body is another).
    """

    pattern: str
    damage: Damage = "answer"
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b'{"message": "Server Error"}'
    skip: int = 0
    times: int = 1_000_000

    def strikes(self, path: str) -> bool:
        """Whether this request is to be spoiled; counts it."""
        if not re.search(self.pattern, path):
            return False
        self.skip, before = self.skip - 1, self.skip
        if before > 0 or self.times <= 0:
            return False
        self.times -= 1
        return True


def refusal(pattern: str, status: int, message: str, *, skip: int = 0, times: int = 1_000_000) -> Fault:
    """A fault that answers with *status* and GitHub's JSON for *message*."""
    return Fault(pattern, status=status, body=json.dumps({"message": message}).encode(), skip=skip, times=times)


def rate_limit(pattern: str, headers: Mapping[str, str], *, status: int = 403, times: int = 1) -> Fault:
    """A limit that is reached: primary or secondary, as *headers* say."""
    message = b'{"message": "API rate limit exceeded for user ID 1."}'
    return Fault(pattern, status=status, headers=headers, body=message, times=times)
