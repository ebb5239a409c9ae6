"""Addresses of stores and servers as they may be shown: to people, in logs, in a comment on a pull request."""

from __future__ import annotations

import re
from typing import Final

_ACCOUNT: Final = re.compile(r"(?<=://)[^\s?#]+(?=@)")
_SECRET: Final = re.compile(
    r"(?<=[?&])([^=&\s]*(?:password|passphrase|token|secret|key)[^=&\s]*)=[^&\s]*", re.IGNORECASE
)


def shown(address: str) -> str:
    """*address* without its user and password, and without the values of parameters that may be secret."""
    return _SECRET.sub(r"\1=…", _ACCOUNT.sub("…", address))
