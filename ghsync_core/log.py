"""The logger. structlog is loaded when there is something to say: that takes longer than a run without changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_configure: list[Callable[[], None]] = []


def configure_when_used(configure: Callable[[], None]) -> None:
    """Have the first `get_logger` call *configure*. For programs such as the command line; libraries never do."""
    _configure[:] = [configure]


def named(error: BaseException) -> str:
    """*error* in one line. Its traceback is left out: what its frames hold may be secret."""
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:  # a plugin's own error may fail even at this
        return type(error).__name__


def get_logger() -> Any:
    """structlog's logger."""
    import structlog

    while _configure:
        _configure.pop()()
    return structlog.get_logger()
