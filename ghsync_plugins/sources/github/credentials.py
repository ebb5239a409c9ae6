"""The token that a host is asked with, and where it may go."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from ghsync_core import UsageError
from ghsync_plugins.sources.github.location import web_host

_VARIABLES = ("GITHUB_TOKEN", "GH_TOKEN")
_GH_SECONDS = 10


def find_token(api: str, environ: Mapping[str, str]) -> str | None:
    """The token for *api*: from the environment, else from ``gh``; None where there is none or it must not be sent.

    Raises `UsageError` where a variable holds what can't be a token.
    """
    if not may_carry_token(api):
        return None
    for variable in _VARIABLES:
        if token := environ.get(variable, "").strip():
            if not re.fullmatch(r"[\x21-\x7e]+", token):
                raise UsageError(f"{variable} holds characters that no token has: set it again, to the token alone")
            return token
    return _token_of_gh(web_host(api))


def may_carry_token(url: str) -> bool:
    """Whether a token is safe on the way to *url*: encrypted, or not leaving this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or _is_loopback(parts.hostname or "")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _token_of_gh(host: str) -> str | None:
    """What ``gh auth token`` prints; it ends with 4 where a log-in is needed, which means no token here."""
    gh = shutil.which("gh")
    if gh is None:
        return None
    command = [gh, "auth", "token", "--hostname", host]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_GH_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    token = done.stdout.strip()
    return token if done.returncode == 0 and re.fullmatch(r"[\x21-\x7e]+", token) else None
