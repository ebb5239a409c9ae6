"""The suite for backends, of its parts."""

from __future__ import annotations

from ghsync_core.testing.stores.histories import Histories
from ghsync_core.testing.stores.keeping import Keeping
from ghsync_core.testing.stores.reading import Reading
from ghsync_core.testing.stores.resolving import Resolving
from ghsync_core.testing.stores.syncing import Syncing
from ghsync_core.testing.stores.writing import Writing


class BackendSuite(Writing, Resolving, Keeping, Reading, Histories, Syncing):
    """Holds a backend to all that `Backend`, `Store`, `BackendWriter` and `GraphReader` promise.

    Subclass it as ``Test…``, name the ``plugins`` that bring the backend, and give a fixture ``new_store``: a function
    of which each call returns the URL of a new, empty store. Whatever is written also goes into a SQLite store, and
    what is read back must be the same, row for row.
    """
