"""For backends whose store can't settle names by itself: the graph is settled in SQLite and projected from there.

Public to authors of plugins, as `ghsync_core` is; docs/how-to/write-a-backend.md shows how. A `ProjectedStore` is a
whole `Store`: beside the author's `Target` it keeps a *ledger*, a SQLite file of ghsync's own, in which files are
written and names meet nodes. When a run ends, the target is given what changed: a `Change`, of `Part`s.
"""

from __future__ import annotations

from ghsync_plugins.backends.projection.change import Change
from ghsync_plugins.backends.projection.ledger import Ledger, Part, Row
from ghsync_plugins.backends.projection.ordering import in_order
from ghsync_plugins.backends.projection.store import ProjectedStore
from ghsync_plugins.backends.projection.target import Target

__all__ = ["Change", "Ledger", "Part", "ProjectedStore", "Row", "Target", "in_order"]
