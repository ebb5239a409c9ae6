"""What a plugin may be told by its users."""

from __future__ import annotations

from dataclasses import dataclass, field

from ghsync_core.models import Json


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a plugin, read from ``[table]`` in ghsync.toml or ``GHSYNC_<TABLE>_<NAME>``.

    ``type`` is bool, int, str, or list (of str). ``reading`` says that it changes what files mean, so that they are
    read again when it changes.
    """

    table: str
    name: str
    type: type
    default: Json
    help: str
    reading: bool = field(default=False)
