"""The suite for backends."""

from __future__ import annotations

from ghsync_core.testing.stores.suite import BackendSuite

__all__ = ["BackendSuite"]
