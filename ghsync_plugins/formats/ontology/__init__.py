"""The plugin for ontologies that are written into pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghsync_core import hookimpl

if TYPE_CHECKING:
    from ghsync_core import Detector, Parser, Setting


@hookimpl
def register_detectors() -> list[Detector]:
    """Pages with OntologyBlocks, json-ld fences, OWL or a type in their front matter."""
    from ghsync_plugins.formats.ontology.detector import OntologyDetector

    return [OntologyDetector()]


@hookimpl
def register_parsers() -> list[Parser]:
    """The parser of all of them."""
    from ghsync_plugins.formats.late import LateParser

    return [LateParser("ontology", "3", f"{__name__}.parser:OntologyParser")]


@hookimpl
def register_settings() -> list[Setting]:
    """Prefixes that the pages use and do not declare."""
    from ghsync_core import Setting

    help_text = "namespaces that pages use without declaring them, as PREFIX=IRI"
    return [Setting("ontology", "prefixes", list, [], help_text, reading=True)]
