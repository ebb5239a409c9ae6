"""Suites that hold a plugin to what it promises: subclass one in a test module, say what it is about, run pytest.

See docs/how-to/test-a-plugin.md. They need pytest and hypothesis: ``pip install 'ghsync[testing]'``.
"""

from __future__ import annotations

try:
    import hypothesis  # noqa: F401
    import pytest  # noqa: F401
except ModuleNotFoundError as error:
    raise ImportError(f"ghsync_core.testing needs {error.name}: pip install 'ghsync[testing]'") from None

from ghsync_core.testing.parsers import ParserSuite
from ghsync_core.testing.sources import SourceSuite
from ghsync_core.testing.stores import BackendSuite

__all__ = ["BackendSuite", "ParserSuite", "SourceSuite"]
