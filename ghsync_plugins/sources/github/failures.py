"""What goes wrong on the way to GitHub, as sentences."""

from __future__ import annotations

import json

import requests
from urllib3.exceptions import HTTPError

from ghsync_core import SourceError

FAILURES = (requests.exceptions.RequestException, HTTPError, ValueError)
"""What requests and urllib3 raise where the network, the host or an address fails."""

_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (requests.exceptions.SSLError, "its certificate can't be trusted"),
    (requests.exceptions.ProxyError, "the proxy can't be reached"),
    (requests.exceptions.Timeout, "it does not answer in time"),
    (requests.exceptions.TooManyRedirects, "it redirects without end"),
    (requests.exceptions.ChunkedEncodingError, "its answer breaks off"),
    (requests.exceptions.ContentDecodingError, "its answer can't be decompressed"),
    (requests.exceptions.ConnectionError, "the connection fails"),
    (ValueError, "it redirects to what is no address"),
)


def unreachable(host: str, error: Exception) -> SourceError:
    """*error* as a sentence; its own text is left out, since it may hold an address with a secret in it."""
    reason = next((text for kind, text in _REASONS if isinstance(error, kind)), type(error).__name__)
    return SourceError(f"{host} can't be read: {reason}. Check the network, or try again later")


def message_in(body: bytes, secret: str | None) -> str:
    """The ``message`` of GitHub's JSON in *body*: one short line, and never with *secret* in it."""
    try:
        found = json.loads(body)
        text = found["message"]
    except (ValueError, RecursionError, KeyError, TypeError):
        text = None
    return one_line(text, secret)


def one_line(text: object, secret: str | None) -> str:
    """What the host says, for people to read."""
    if not isinstance(text, str):
        return "no reason given"
    text = text.replace(secret, "…") if secret else text
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text[:300]).split()).rstrip(".")
