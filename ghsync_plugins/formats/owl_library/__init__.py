"""The plugin for OWL/XML, Manchester syntax and OBO, which py-horned-owl reads: the extra ``ghsync[owl]``."""

from __future__ import annotations

from collections.abc import Iterable

from ghsync_core import Detector, Parser, hookimpl
from ghsync_plugins.formats import functional
from ghsync_plugins.formats.late import LateParser
from ghsync_plugins.formats.owl_library.detector import PARSERS, OwlLibraryDetector
from ghsync_plugins.formats.owl_library.library import version


@hookimpl
def register_detectors() -> Iterable[Detector]:
    """One for all three syntaxes."""
    return [OwlLibraryDetector()]


@hookimpl
def register_parsers() -> Iterable[Parser]:
    """A parser for each syntax. Its version changes with the library and with the reader of functional syntax."""
    own = f"1 {version()} {functional.VERSION}"
    return [LateParser(name, own, f"{__name__}.parser:OwlLibraryParser", name) for name in PARSERS.values()]
