"""Turtle text as facts, and the facts in short, for tests."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ghsync_core import ContentError, Document, FileRef, Node, OwlClass, OwlProperty, ParsedFile
from ghsync_plugins.formats.rdf.turtle import TurtleParser

PREFIXES = """\
@prefix : <http://e/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
"""
XSD = "http://www.w3.org/2001/XMLSchema#"


def parse_bytes(data: bytes, path: str = "d/a.ttl", source: str = "o/r") -> ParsedFile:
    return TurtleParser().parse(Document(FileRef(path, "0" * 40, len(data)), data, source=source))


def parse(text: str, path: str = "d/a.ttl") -> ParsedFile:
    return parse_bytes((PREFIXES + text).encode(), path)


def failure(data: bytes | str) -> ContentError:
    with pytest.raises(ContentError) as raised:
        parse_bytes(data if isinstance(data, bytes) else data.encode())
    return raised.value


def axioms(facts: ParsedFile) -> list[str]:
    written = (f"{axiom.kind}({' '.join(map(str, axiom.arguments))})" for axiom in facts.axioms)
    return sorted(text.replace("http://e/", "") for text in written)


def edges(facts: ParsedFile) -> list[tuple[str, str, str]]:
    short = [(str(edge.source), edge.type, str(edge.target)) for edge in facts.edges]
    return sorted(
        (a.removeprefix("http://e/"), b.removeprefix("http://e/"), c.removeprefix("http://e/")) for a, b, c in short
    )


def class_of(facts: ParsedFile, name: str) -> OwlClass:
    return next(item for item in facts.classes if item.iri == f"http://e/{name}")


def property_of(facts: ParsedFile, name: str) -> OwlProperty:
    return next(item for item in facts.properties if item.iri == f"http://e/{name}")


def node_of(facts: ParsedFile, name: str) -> Node:
    return next(item for item in facts.nodes if item.id in (name, f"http://e/{name}"))


def without_lines(facts: ParsedFile) -> ParsedFile:
    return ParsedFile(
        nodes=tuple(sorted((replace(item, line=None) for item in facts.nodes), key=str)),
        edges=tuple(sorted((item._replace(line=None) for item in facts.edges), key=str)),
        classes=tuple(replace(item, line=None) for item in facts.classes),
        properties=tuple(replace(item, line=None) for item in facts.properties),
        axioms=tuple(sorted((replace(item, line=None) for item in facts.axioms), key=str)),
        warnings=tuple(replace(item, line=None) for item in facts.warnings),
    )
