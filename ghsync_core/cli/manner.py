"""How a sync shows what it does."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ghsync_core.cli.bar import Quiet, display
from ghsync_core.cli.interrupt import cancelling
from ghsync_core.cli.output import stdout_for_results

if TYPE_CHECKING:
    from ghsync_core.many import SyncGroup
    from ghsync_core.syncer import Syncer

_GARBAGE: Final = 10_000
"""Objects made between two looks for cycles among them."""


@dataclass(frozen=True, slots=True)
class Manner:
    """What the options say: ``--json``, ``-q``, ``-v``, and whether progress is shown."""

    as_json: bool
    quiet: bool
    verbose: bool
    progress: bool

    @property
    def tells(self) -> bool:
        """Whether a summary is written for people."""
        return not (self.quiet or self.as_json)


@contextmanager
def watched(running: Syncer | SyncGroup, how: Manner, *, several: bool = False) -> Iterator[Quiet]:
    """Inside, what is *running* can be cancelled by Ctrl-C, and what is given back shows its progress."""
    # Facts hold no cycles, so to look for some among all that was imported is a tenth of a run spent on nothing.
    gc.freeze()
    gc.set_threshold(_GARBAGE, 10, 10)
    with (
        stdout_for_results() if how.as_json else nullcontext(),
        cancelling(running),
        display(as_json=how.as_json, off=not how.progress, several=several) as shown,
    ):
        yield shown
