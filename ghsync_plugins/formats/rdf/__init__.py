"""RDF files. Turtle so far; every syntax shares the mapping from triples to facts."""

from __future__ import annotations

from collections.abc import Iterable

from ghsync_core import Detector, Parser, SuffixDetector, hookimpl
from ghsync_plugins.formats.rdf.turtle import TurtleParser


@hookimpl
def register_detectors() -> Iterable[Detector]:
    """Turtle is known by its suffix: what a file of that name holds is either Turtle or an error to be told."""
    return [SuffixDetector("turtle", (".ttl",), parser="turtle", kind="ontology", priority=200)]


@hookimpl
def register_parsers() -> Iterable[Parser]:
    """The parser that the detector names."""
    return [TurtleParser()]
