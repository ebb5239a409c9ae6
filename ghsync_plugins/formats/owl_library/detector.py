"""Which files are OWL/XML, Manchester syntax or OBO."""

from __future__ import annotations

from typing import Final

from ghsync_core import Claim, Document, FileRef, Vault
from ghsync_plugins.formats.owl_library.library import version
from ghsync_plugins.formats.rdf.detectors import of_owl, of_rdf, of_xml

PARSERS: Final = {".owx": "owl-xml", ".omn": "manchester", ".obo": "obo"}
"""The parsers by the suffixes that say it all."""

_SHARED: Final = {".owl": of_owl, ".rdf": of_rdf, ".xml": of_xml}


class OwlLibraryDetector:
    """By suffix, and in the suffixes that several syntaxes share by the first words. Keeps the `Detector` protocol."""

    name = "owl-library"
    kind = "ontology"
    priority = 200

    @property
    def version(self) -> str:
        """Changes with the library, so that what was skipped for lack of it is looked at again."""
        return f"1 {version()}"

    def look(self, file: FileRef, vault: Vault) -> str | None:  # noqa: ARG002
        """*maybe* where the name ends in one of the suffixes, in any case."""
        return None if file.path.lower().endswith((*PARSERS, *_SHARED)) else "type"

    def claim(self, document: Document) -> Claim | str | None:
        """A claim; without the library the reason that names it."""
        suffix = document.path[-4:].lower()
        parser = PARSERS.get(suffix) or _SHARED[suffix](document)
        if parser is None or parser not in PARSERS.values():
            return None
        return Claim(parser) if version() else "owl-extra"
