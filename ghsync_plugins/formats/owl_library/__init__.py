"""The plugin for OWL/XML, Manchester syntax and OBO, which py-horned-owl reads: the extra ``ghsync[owl]``."""

from __future__ import annotations

from collections.abc import Iterable

from ghsync_core import Detector, Parser, hookimpl
from ghsync_plugins.formats.owl_library.detector import OwlLibraryDetector
from ghsync_plugins.formats.owl_library.parser import OwlLibraryParser
from ghsync_plugins.formats.owl_library.syntaxes import SYNTAXES


@hookimpl
def register_detectors() -> Iterable[Detector]:
    """One for all three syntaxes."""
    return [OwlLibraryDetector()]


@hookimpl
def register_parsers() -> Iterable[Parser]:
    """A parser for each syntax."""
    return [OwlLibraryParser(syntax) for syntax in SYNTAXES]
