"""The plugin for plain Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghsync_core import hookimpl

if TYPE_CHECKING:
    from ghsync_core import Detector, Parser


@hookimpl
def register_detectors() -> list[Detector]:
    """Markdown that is no Logseq page."""
    from ghsync_plugins.formats.markdown.detector import MarkdownDetector

    return [MarkdownDetector()]


@hookimpl
def register_parsers() -> list[Parser]:
    """The parser of it."""
    from ghsync_plugins.formats.late import LateParser

    return [LateParser("markdown", "3", f"{__name__}.parser:MarkdownParser")]
