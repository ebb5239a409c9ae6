"""The plugin for bundles of the Open Knowledge Format (OKF) 0.2.

Its specification: https://github.com/GoogleCloudPlatform/knowledge-catalog/blob/main/okf/SPEC.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghsync_core import hookimpl

if TYPE_CHECKING:
    from ghsync_core import Detector, Parser, VaultKind


@hookimpl
def register_vault_kinds() -> list[VaultKind]:
    """Folders whose ``index.md`` says that they are a bundle."""
    from ghsync_plugins.formats.okf.vault import OkfBundle

    return [OkfBundle()]


@hookimpl
def register_detectors() -> list[Detector]:
    """All Markdown in a bundle."""
    from ghsync_plugins.formats.okf.detector import OkfDetector

    return [OkfDetector()]


@hookimpl
def register_parsers() -> list[Parser]:
    """The parser of concepts and listings."""
    from ghsync_plugins.formats.late import LateParser

    return [LateParser("okf", "2", f"{__name__}.parser:OkfParser")]
