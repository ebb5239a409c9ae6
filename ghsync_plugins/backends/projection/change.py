"""What a target is given at the end of a run: the parts of a source's graph that are not as it holds them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ghsync_plugins.backends.projection.ledger import Ledger, Part, Row


@dataclass(frozen=True, slots=True)
class Change:
    """What to do for *source*. It may be read until `Target.apply` returns, as often as needed; its parts are streamed.

    Where it is ``everything``, all that the target holds of the source goes, and these are all parts that there are.
    Where ``mark`` is None, the source is forgotten: nothing comes in its place. Where ``mark`` is what the target has
    already, no part changed, and only `runs` has more to say.
    """

    source: str
    mark: str | None
    everything: bool
    ledger: Ledger

    def parts(self) -> Iterator[Part]:
        """The parts that changed, those with a path first, both in code-point order."""
        if self.mark is None:
            return iter(())
        return self.ledger.parts(self.source) if self.everything else self.ledger.touched_parts(self.source)

    def runs(self) -> list[Row]:
        """All rows of ``runs`` that the source has now, oldest first."""
        return [] if self.mark is None else self.ledger.runs(self.source)
