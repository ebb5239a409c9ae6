"""OWL functional syntax as facts, and the facts in short, for tests."""

from __future__ import annotations

from ghsync_core import Axiom, Document, FileRef, ParsedFile
from ghsync_core.axioms import axiom_text, canonical_arguments
from ghsync_core.facts import join
from ghsync_plugins.formats.functional.parser import FunctionalParser
from support.pages import Reading, read

EX = "http://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OPTIONS = {"ontology": {"prefixes": [f"ex={EX}", f"={EX}"]}}


def page(owl: str, name: str = "clojure") -> Reading:
    """What a page says whose OntologyBlock has this text in a fence."""
    lines = "".join(f"\t  {line}\n" if line else "\n" for line in owl.split("\n"))
    text = f"- ### OntologyBlock\n\t- owl:class:: ex:Own\n\t- ```{name}\n{lines}\t  ```\n- [[After]]\n"
    return read(text, "pages/Own.md", options=OPTIONS)


def file_facts(owl: str | bytes, path: str = "o/a.ofn") -> ParsedFile:
    """What a file of functional syntax says. Raises `ContentError`."""
    data = owl if isinstance(owl, bytes) else owl.encode()
    document = Document(FileRef(path, "0" * 40, len(data)), data, source="o/r", options=OPTIONS)
    return join([FunctionalParser().parse(document)])


def short(text: str) -> str:
    """Canonical text without the namespaces that the tests use."""
    for namespace, prefix in ((EX, ""), (XSD, "xsd:"), (RDFS, "rdfs:"), ("http://www.w3.org/2002/07/owl#", "owl:")):
        text = text.replace(namespace, prefix)
    return text


def written(axiom: Axiom) -> str:
    """The canonical text of an axiom."""
    arguments = [end if isinstance(end, str) else f"[[{end.text}]]" for end in axiom.arguments]
    return axiom_text(axiom.kind, canonical_arguments(axiom.kind, arguments))


def said(facts: ParsedFile) -> list[str]:
    """The axioms in short."""
    return [short(written(axiom)) for axiom in facts.axioms]


def edges(facts: ParsedFile) -> list[tuple[str, str, str, str | None]]:
    """The edges between ids in short: from, type, to, and how a restriction puts it."""
    return [
        (short(edge.source), short(edge.type), short(edge.target), edge.properties.get("restriction"))
        for edge in facts.edges
        if isinstance(edge.source, str) and isinstance(edge.target, str)
    ]
