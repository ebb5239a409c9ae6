"""What the author of a projected backend writes."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from ghsync_core import GraphReader
from ghsync_plugins.backends.projection.change import Change


class Target(Protocol):
    """A store that holds the graph of each source by parts, and with it a *mark*, which says how far it has got.

    Every method may raise `StoreError`. All are called under `lock`, but for `reader` and `close`.
    """

    def lock(self, holder: str, wait: float) -> AbstractContextManager[None]:
        """Hold the target against others who write it, as `Store.lock` does; the ledger is held already.

        Where nobody can reach the target but through its ledger, `contextlib.nullcontext()` will do.
        """

    def mark(self, source: str) -> str | None:
        """The mark that was given with the last change of *source* that went in whole; None where there is none."""

    def apply(self, change: Change) -> None:
        """Take out what is held of each part of *change* (of the whole source, where it is ``everything``), put in the
        part's rows, and keep the mark; returns after commit.

        Best in one transaction. Else take the mark away first and write the new one last: where the two differ, as
        after a crash, the next change is everything.
        """

    def reader(self) -> GraphReader:
        """A reader of all that was applied; may be used while changes go in."""

    def close(self) -> None:
        """Let go of the target."""
