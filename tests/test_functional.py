"""Functional syntax as facts: what is declared and what is mentioned, whole files, and any text at all."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.owl import EX, RDFS, edges, file_facts, page, said, written
from support.owl_axioms import LAYOUTS, canonical_axioms
from support.turtle_facts import parse as parse_turtle

from ghsync_core import ContentError, Document, FileRef, ParsedFile, Vault
from ghsync_plugins.formats.functional import register_detectors

FILE = """\
Prefix(:=<http://example.org/>)
Prefix(rdfs:=<http://www.w3.org/2000/01/rdf-schema#>)

Ontology(<http://example.org/o> <http://example.org/o/1>
  Import(<http://example.org/other>)
  Annotation(rdfs:label "Boats"@en)

  Declaration(Class(:Kayak))
  Declaration(ObjectProperty(:hasPart))
  Declaration(NamedIndividual(:mine))
  Declaration(Datatype(:length))
  AnnotationAssertion(rdfs:label :Kayak "Kajak"@de)
  AnnotationAssertion(rdfs:label :Kayak "Kayak"@en)
  AnnotationAssertion(rdfs:comment :Kayak "A small boat.")
  AnnotationAssertion(:seeFor :Kayak :Canoe)
  SubClassOf(Annotation(rdfs:comment "by definition") :Kayak :Boat)
  SubClassOf(:Kayak ObjectSomeValuesFrom(:hasPart :Seat))

  TransitiveObjectProperty(:hasPart)
  ObjectPropertyDomain(:hasPart :Boat)
  ObjectPropertyRange(:hasPart ObjectUnionOf(:Seat :Hatch))
  ClassAssertion(:Kayak :mine)
  ObjectPropertyAssertion(:lies :mine :shed)
  DataPropertyAssertion(:metres :mine "5.2")
  ClassAssertion(:Kayak _:other)
)
"""


@pytest.fixture(scope="module")
def facts() -> ParsedFile:
    return file_facts(FILE)


def test_classes(facts: ParsedFile) -> None:
    found = [(item.iri.removeprefix(EX), item.label, item.line, item.declared) for item in facts.classes]
    assert found == [
        ("Kayak", "Kayak", 8, True),
        ("Boat", None, 16, False),
        ("Seat", None, 17, False),
        ("Hatch", None, 21, False),
    ]
    kayak = facts.classes[0]
    assert kayak.comment == "A small boat."
    assert kayak.annotations[f"{RDFS}label"] == [
        {"language": "de", "value": "Kajak"},
        {"language": "en", "value": "Kayak"},
    ]


def test_properties(facts: ParsedFile) -> None:
    found = {item.iri.removeprefix(EX): (item.kind, item.line, item.declared) for item in facts.properties}
    assert found == {
        "hasPart": ("object", 9, True),
        "seeFor": ("annotation", 15, False),
        "lies": ("object", 23, False),
        "metres": ("data", 24, False),
    }
    has_part = facts.properties[0]
    assert has_part.domain == (f"{EX}Boat",)
    assert has_part.range == (f"ObjectUnionOf(<{EX}Hatch> <{EX}Seat>)",)
    assert has_part.characteristics == ("Transitive",)


def test_individuals_datatypes_and_the_ontology(facts: ParsedFile) -> None:
    found = {item.id.removeprefix(EX): (item.kind, item.label, item.line, item.declared) for item in facts.nodes}
    blank = next(name for name in found if name.startswith("_:"))
    assert found == {
        "o": ("ontology", "Boats", 4, True),
        "mine": ("individual", None, 10, True),
        "length": ("datatype", None, 11, True),
        "shed": ("individual", None, 23, False),
        blank: ("individual", None, 25, True),
    }
    mine = next(item for item in facts.nodes if item.id == f"{EX}mine")
    assert mine.properties == {f"{EX}metres": ["5.2"]}


def test_edges(facts: ParsedFile) -> None:
    assert set(edges(facts)) == {
        ("o", "imports", "other", None),
        ("Kayak", "seeFor", "Canoe", None),
        ("Kayak", "subClassOf", "Boat", None),
        ("Kayak", "hasPart", "Seat", "some"),
        ("mine", "lies", "shed", None),
    }


def test_an_annotation_of_an_axiom_is_no_part_of_its_text(facts: ParsedFile) -> None:
    (axiom,) = (axiom for axiom in facts.axioms if axiom.line == 16)
    assert (axiom.kind, dict(axiom.annotations)) == ("SubClassOf", {f"{RDFS}comment": ["by definition"]})
    assert "SubClassOf(<Kayak> <Boat>)" in said(facts)


def test_a_blank_node_is_another_in_another_file() -> None:
    def blank(path: str) -> set[str]:
        return {node.id for node in file_facts("ClassAssertion(:A _:b) ClassAssertion(:B _:b)", path).nodes}

    assert len(blank("a.ofn")) == 1
    assert blank("a.ofn") == blank("a.ofn") != blank("b.ofn")


BROKEN = {
    "cut off": ("Ontology(<http://o>\nSubClassOf(:A :B)\nSubClassOf(:A ex:", 3),
    "cut off after an axiom": ("Ontology(<http://o>\nSubClassOf(:A :B)\n", 1),
    "a string never closed": ('Ontology(\nAnnotationAssertion(rdfs:label :A "x)\n)', 2),
    "an error page": ("<!DOCTYPE html>\n<html><title>404</title></html>", 1),
    "prose": ("\nThis is no ontology.", 2),
}


@pytest.mark.parametrize(("text", "line"), BROKEN.values(), ids=BROKEN)
def test_half_a_file_is_never_stored(text: str, line: int) -> None:
    with pytest.raises(ContentError) as caught:
        file_facts(text)
    assert (caught.value.reason, caught.value.line) == ("syntax", line)


def test_one_bad_axiom_in_a_file_costs_itself() -> None:
    facts = file_facts("Ontology(\nSubClassOf(:A :B)\nSubClassOf(:A)\nSubClassOf(:B :C)\n)")
    assert said(facts) == ["SubClassOf(<A> <B>)", "SubClassOf(<B> <C>)"]
    assert [(warning.code, warning.line) for warning in facts.warnings] == [("owl-syntax", 3)]


LOOKS = [
    ("a.ofn", b"anything", True),
    ("a.OFN", b"", True),
    ("a.owl", b"Prefix(:=<http://e/>)\nOntology(\n)", True),
    ("a.owl", b"\xef\xbb\xbf# made by hand\n\nOntology(<http://o>)", True),
    ("a.owl", b"<?xml version='1.0'?><rdf:RDF/>", False),
    ("a.owl", b"Prefix: ex: <http://e/>\nOntology: <http://o>", False),
    ("a.owl", b"@prefix : <http://e/> .", False),
]


@pytest.mark.parametrize(("path", "data", "mine"), LOOKS)
def test_which_files_are_functional_syntax(path: str, data: bytes, mine: bool) -> None:
    (detector,) = register_detectors()
    file = FileRef(path, "0" * 40, len(data))
    assert detector.look(file, Vault()) is None
    assert (detector.claim(Document(file, data)) is not None) == mine
    assert detector.look(FileRef("a.ttl", "0" * 40, 1), Vault()) == "type"


@pytest.mark.filterwarnings("ignore:Generating overly large repr")  # of the grammar as a strategy
@given(canonical_axioms(), st.sampled_from(LAYOUTS))
def test_axioms_are_read_as_they_were_written(axioms: list[str], layout: str) -> None:
    text, lines = "# first\n", []
    for axiom in axioms:
        lines.append(text.count("\n") + 1)
        text += axiom.replace(" ", layout) + "\n"
    found = [(written(axiom), axiom.line) for axiom in file_facts(f"Ontology({text})").axioms]
    assert found == list(zip(axioms, lines, strict=True))


PIECES = st.sampled_from(
    [
        "SubClassOf", "ObjectSomeValuesFrom", "Declaration", "Class", "Ontology", "Prefix", "Annotation", "HasKey",
        "(", ")", '"', "\\", "<", ">", "<http://e/a>", "ex:A", ":B", "_:c", "A", "1", "@en", "^^", "#", ";", "//",
        " ", "\n", "\t", "é", "\u2028", ",", "=",
    ]
)  # fmt: skip


@given(st.one_of(st.lists(PIECES, max_size=60).map("".join), st.text(max_size=200)))
def test_any_text_in_a_fence_is_read(text: str) -> None:
    reading = page("SubClassOf(ex:First ex:Axiom)\n" + text.replace("\x00", ""))
    lines = 4 + text.count("\n") + text.count("\r") + 1
    assert all(1 <= warning.line <= lines for warning in reading.facts.warnings)
    if "`" not in text and "~" not in text and "\r" not in text:
        assert "SubClassOf(<First> <Axiom>)" in said(reading.facts)


LADDERS = {
    "open": "SubClassOf(" * 90_000,
    "open and closed": "A(" * 300_000 + ")" * 300_000,
    "closed": ")" * 400_000,
    "bare parentheses": "(" * 400_000,
    "quotes": '"' * 1_000_001,
    "escapes": '"\\' * 500_000,
    "half IRIs": "<a " * 300_000,
    "words": "a " * 400_000,
    "axioms": "SubClassOf(:A :B)\n" * 50_000,
    "bad axioms": "SubClassOf(:A)\n" * 60_000,
    "ontologies": "Ontology(" * 100_000,
    "a wide set": "EquivalentClasses(" + ":A " * 300_000 + ":B)",
    "a long name": "SubClassOf(:" + "a." * 500_000 + " :B)",
    "comments": "#\n" * 500_000,
    "slashes": "\n//" * 300_000,
}


@pytest.mark.parametrize("text", LADDERS.values(), ids=LADDERS)
@pytest.mark.timeout(30)
def test_a_ladder_is_read_in_linear_time(text: str) -> None:
    began = time.process_time()
    reading = page(text)
    assert time.process_time() - began < 12
    assert len(reading.facts.warnings) <= 102


TURTLE = """
:Kayak a owl:Class ; rdfs:label "Kayak" ; rdfs:subClassOf :Boat ,
    [ a owl:Restriction ; owl:onProperty :hasPart ; owl:minQualifiedCardinality "2"^^xsd:nonNegativeInteger ;
      owl:onClass [ owl:unionOf ( :Seat :Hatch ) ] ] .
:Boat owl:disjointWith :Car .
:hasPart a owl:ObjectProperty , owl:TransitiveProperty ; rdfs:domain :Boat ; owl:inverseOf :partOf .
[] a owl:AllDisjointClasses ; owl:members ( :Seat :Hatch :Car ) .
:mine a :Kayak ; owl:sameAs :yours .
"""
THE_SAME = """
Declaration(Class(ex:Kayak)) Declaration(ObjectProperty(ex:hasPart))
AnnotationAssertion(rdfs:label ex:Kayak "Kayak")
SubClassOf(ex:Kayak ex:Boat)
SubClassOf(ex:Kayak ObjectMinCardinality(2 ex:hasPart ObjectUnionOf(ex:Seat ex:Hatch)))
DisjointClasses(ex:Car ex:Boat) DisjointClasses(ex:Seat ex:Hatch ex:Car)
TransitiveObjectProperty(ex:hasPart) ObjectPropertyDomain(ex:hasPart ex:Boat)
InverseObjectProperties(ex:partOf ex:hasPart)
ClassAssertion(ex:Kayak ex:mine) SameIndividual(ex:yours ex:mine)
"""


def test_turtle_and_functional_syntax_say_the_same_axioms() -> None:
    turtle = {written(axiom).replace("http://e/", EX) for axiom in parse_turtle(TURTLE).axioms}
    functional = file_facts(THE_SAME)
    assert {written(axiom) for axiom in functional.axioms if axiom.kind != "AnnotationAssertion"} == turtle
    assert functional.classes[0].label == "Kayak"
