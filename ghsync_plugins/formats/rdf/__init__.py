"""RDF files. Every syntax shares the mapping from triples to facts."""

from __future__ import annotations

from collections.abc import Iterable

from ghsync_core import Detector, Parser, SuffixDetector, hookimpl
from ghsync_plugins.formats.late import LateParser
from ghsync_plugins.formats.rdf.detectors import ContentDetector, of_json, of_owl, of_rdf, of_xml

_BY_SUFFIX = {
    "turtle": (".ttl",),
    "trig": (".trig",),
    "n-triples": (".nt",),
    "n-quads": (".nq",),
    "json-ld": (".jsonld",),
}
"""Suffixes that say it all: what a file of that name holds is that syntax, or an error to be told."""


@hookimpl
def register_detectors() -> Iterable[Detector]:
    """One for each syntax that is known by its suffix, and one for each suffix that several share."""
    return [
        *(SuffixDetector(name, suffixes, name, "ontology", 200) for name, suffixes in _BY_SUFFIX.items()),
        ContentDetector("rdf", (".rdf",), of_rdf),
        ContentDetector("owl", (".owl",), of_owl),
        ContentDetector("rdf-in-xml", (".xml",), of_xml),
        ContentDetector("json-ld-in-json", (".json",), of_json),
    ]


@hookimpl
def register_parsers() -> Iterable[Parser]:
    """The parsers that the detectors name."""
    return [
        LateParser("turtle", "3", f"{__name__}.turtle:TurtleParser"),
        LateParser("trig", "3", f"{__name__}.turtle:TurtleParser", "TRIG", "TriG"),
        LateParser("n-triples", "2", f"{__name__}.ntriples:NTriplesParser", "N_TRIPLES", "N-Triples"),
        LateParser("n-quads", "2", f"{__name__}.ntriples:NTriplesParser", "N_QUADS", "N-Quads"),
        LateParser("rdf-xml", "2", f"{__name__}.rdfxml:RdfXmlParser"),
        LateParser("json-ld", "2", f"{__name__}.jsonld:JsonLdParser"),
    ]
