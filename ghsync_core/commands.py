"""The commands of ghsync itself, whose names no plugin may take."""

from typing import Final

COMMANDS: Final = (
    "sync",
    "explain",
    "verify",
    "check",
    "plugins",
    "status",
    "query",
    "search",
    "diff",
    "export",
    "forget",
)
"""In the order in which they are listed."""
