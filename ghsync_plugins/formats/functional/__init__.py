"""The plugin for files of OWL functional syntax; ontology pages hold pieces of it, which are read the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ghsync_core import hookimpl

if TYPE_CHECKING:
    from ghsync_core import Detector, Parser

VERSION: Final = "1"
"""The version of the reader of functional syntax; other plugins read through it."""


@hookimpl
def register_detectors() -> list[Detector]:
    """Files called ``.ofn``, and those called ``.owl`` that hold functional syntax."""
    from ghsync_plugins.formats.functional.detector import FunctionalDetector

    return [FunctionalDetector()]


@hookimpl
def register_parsers() -> list[Parser]:
    """The parser of both."""
    from ghsync_plugins.formats.late import LateParser

    return [LateParser("functional", VERSION, f"{__name__}.parser:FunctionalParser")]
