"""RDF files read by ghsync and by rdflib: the same triples; and OWL by py-horned-owl: the same axioms.

Over files of our own always, and over the folder that GHSYNC_CORPORA names, where it is set.
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import pytest
from support.documents import ROOT
from support.rdf_files import document, facts
from support.rdf_oracle import FORMATS, by_rdflib, declared, expected, said
from test_rdf_formats import ONTOLOGY, WRITERS

from ghsync_core import ContentError, ParsedFile
from ghsync_plugins.formats.functional.parser import FunctionalParser

import rdflib  # isort: skip

ALLOWED_AXIOMS = {
    "DisjointClasses": "py-horned-owl loses owl:AllDisjointClasses",
    "DisjointObjectProperties": "py-horned-owl loses owl:AllDisjointProperties",
}
"""Kinds of axioms that ghsync may have and the oracle lacks, and why."""


def own_files() -> dict[str, bytes]:
    graph = rdflib.Graph().parse(data=ONTOLOGY, format="turtle")
    files = {name: WRITERS[name](graph).encode() for name in WRITERS}
    files |= {path.name: path.read_bytes() for path in (ROOT / "examples").rglob("*.ttl")}
    return files


def corpus() -> dict[str, bytes]:
    folder = os.environ.get("GHSYNC_CORPORA")
    paths = sorted((Path(folder) / "rdf").iterdir()) if folder else []
    return {path.name: path.read_bytes() for path in paths if path.suffix in FORMATS}


FILES = {**own_files(), **corpus()}


@pytest.mark.parametrize("name", FILES)
def test_the_triples_that_rdflib_reads(name: str) -> None:
    data = FILES[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        triples = by_rdflib(name, data)
    found = facts(name, data)
    told = said(found)
    assert expected(triples) - told == set()
    both_ways = triples | {(object_, predicate, subject) for subject, predicate, object_ in triples}
    invented = {triple for triple in told if not any("(" in end or end.startswith("_:") for end in triple[::2])}
    assert {triple for triple in invented - both_ways if not triple[2].startswith('"')} == set()
    assert {triple for triple in invented - both_ways if triple[2].startswith('"')} == set()
    classes, properties = declared(triples)
    assert {item.iri for item in found.classes if item.declared} == classes
    assert {item.iri for item in found.properties if item.declared} == properties


def schema_axioms(parsed: ParsedFile) -> set[tuple[str, tuple[object, ...]]]:
    return {(axiom.kind, axiom.arguments) for axiom in parsed.axioms if not axiom.kind.endswith("Assertion")}


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith((".rdf", ".owl"))])
def test_the_axioms_that_py_horned_owl_reads(name: str) -> None:
    library = pytest.importorskip("pyhornedowl")
    try:
        ontology = library.open_ontology_from_string(FILES[name].decode(), "rdf")
        theirs = FunctionalParser().parse(document("a.ofn", ontology.save_to_string("ofn")))
    except (ValueError, ContentError) as error:
        pytest.skip(f"py-horned-owl does not read it: {error}"[:200])
    ours = facts(name, FILES[name])
    ours_only, theirs_only = (
        schema_axioms(one) - schema_axioms(other) for one, other in ((ours, theirs), (theirs, ours))
    )
    of_unknown_kind = {(kind.replace("Object", "Data"), arguments) for kind, arguments in theirs_only}
    assert of_unknown_kind <= ours_only  # py-horned-owl takes every property of unknown kind for an object property
    assert {kind for kind, _ in ours_only - of_unknown_kind} <= set(ALLOWED_AXIOMS)
