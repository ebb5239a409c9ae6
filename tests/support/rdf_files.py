"""Files of every RDF and OWL syntax as facts, found and read as a sync does; and the facts in short, for tests."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ghsync_core import Claim, ContentError, Document, FileRef, ParsedFile, Vault
from ghsync_plugins.formats import functional, owl_library, rdf

PLUGINS = (rdf, owl_library, functional)
DETECTORS = [detector for plugin in PLUGINS for detector in plugin.register_detectors()]
PARSERS = {parser.name: parser for plugin in PLUGINS for parser in plugin.register_parsers()}

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
HEAD = f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:rdfs="{RDFS}" xmlns:owl="{OWL}" xmlns="http://e/">'


def document(name: str, data: bytes | str, source: str = "o/r") -> Document:
    content = data.encode() if isinstance(data, str) else data
    return Document(FileRef(name, "0" * 40, len(content)), content, source=source)


def claims(name: str, data: bytes | str) -> list[str]:
    """The parsers that the detectors name, or the reasons why they skip the file."""
    file = document(name, data)
    looking = [detector for detector in DETECTORS if detector.look(file.file, Vault()) is None]
    found = [claim for claim in (detector.claim(file) for detector in looking) if claim is not None]
    return [claim.parser if isinstance(claim, Claim) else claim for claim in found]


def facts(name: str, data: bytes | str) -> ParsedFile:
    """What the file says, by the one parser that is named for it."""
    (parser,) = claims(name, data)
    return PARSERS[parser].parse(document(name, data))


def failure(name: str, data: bytes | str) -> ContentError:
    with pytest.raises(ContentError) as raised:
        facts(name, data)
    return raised.value


def short(text: object) -> str:
    """Without the namespace of the tests, and the names of OWL and XSD by their prefixes."""
    said = str(text).replace("http://e/", "")
    for prefix, namespace in (("rdf", RDF), ("rdfs", RDFS), ("owl", OWL), ("xsd", XSD)):
        said = said.replace(namespace, f"{prefix}:")
    return said


def said(parsed: ParsedFile) -> list[str]:
    """Axioms, edges and nodes, each as one short line, sorted."""
    return sorted(
        [
            *(short(f"{axiom.kind}({' '.join(map(str, axiom.arguments))})") for axiom in parsed.axioms),
            *(short(f"{edge.source} -{edge.type}-> {edge.target}") for edge in parsed.edges),
            *(short(f"{node.kind} {node.id}") for node in parsed.nodes),
            *(short(f"class {item.iri}") + ("" if item.declared else "?") for item in parsed.classes),
            *(short(f"{item.kind} {item.iri}") + ("" if item.declared else "?") for item in parsed.properties),
        ]
    )


def without_lines(parsed: ParsedFile) -> ParsedFile:
    return ParsedFile(
        nodes=tuple(sorted((replace(item, line=None) for item in parsed.nodes), key=str)),
        edges=tuple(sorted((item._replace(line=None) for item in parsed.edges), key=str)),
        classes=tuple(replace(item, line=None) for item in parsed.classes),
        properties=tuple(replace(item, line=None) for item in parsed.properties),
        axioms=tuple(sorted((replace(item, line=None) for item in parsed.axioms), key=str)),
        warnings=tuple(replace(item, line=None) for item in parsed.warnings),
    )
