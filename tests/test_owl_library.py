"""OWL/XML, Manchester syntax and OBO, through py-horned-owl where it is installed."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.rdf_files import claims, document, facts, failure, said, without_lines
from test_rdf_hostile import outcome

from ghsync_core import Vault
from ghsync_plugins.formats.owl_library import library
from ghsync_plugins.formats.owl_library.detector import OwlLibraryDetector

installed = pytest.mark.skipif(not library.version(), reason="py-horned-owl is not installed")

MANCHESTER = """\
Prefix: : <http://e/>
Prefix: rdfs: <http://www.w3.org/2000/01/rdf-schema#>
Prefix: xsd: <http://www.w3.org/2001/XMLSchema#>
Ontology: <http://e/o>
Import: <http://e/other>
AnnotationProperty: rdfs:label
ObjectProperty: p
  Characteristics: Transitive
ObjectProperty: :q
DataProperty: :d
  Range: xsd:int[>= 1 , < 10]
Class: :A
  Annotations: rdfs:label "Ah (((("@en
  SubClassOf: :p some :B, :q only (:B or not (:C)), :p min 2 :B
  # SubClassOf: ((((
  DisjointWith: :C
Class: :B
Class: <http://e/C>
DisjointClasses: :C, :B, :A
Individual: :i
  Types: :A
  Facts: :p :j, :d 7
Individual: :j
"""

OWL_XML = """\
<?xml version="1.0"?>
<!DOCTYPE Ontology [ <!ENTITY e "http://e/"> ]>
<Ontology xmlns="http://www.w3.org/2002/07/owl#" xml:base="http://e/" ontologyIRI="http://e/o">
<Prefix name="rdfs" IRI="http://www.w3.org/2000/01/rdf-schema#"/><Prefix name="" IRI="http://e/"/>
<Declaration><Class IRI="A"/></Declaration>
<SubClassOf><Annotation><AnnotationProperty abbreviatedIRI="rdfs:comment"/><Literal>why</Literal></Annotation>
<Class abbreviatedIRI=":A"/><ObjectUnionOf><Class IRI="&e;C"/><Class IRI="&e;B"/></ObjectUnionOf></SubClassOf>
</Ontology>
"""

OBO = """\
format-version: 1.2
ontology: demo

[Term]
id: X:1
name: one
is_a: X:2 ! two

[Term]
id: X:2
name: two
"""


@installed
class TestFacts:
    def test_manchester(self) -> None:
        found = facts("a.omn", MANCHESTER)
        lines = {f"{axiom.kind} {axiom.arguments[-1]}".replace("http://e/", ""): axiom.line for axiom in found.axioms}
        assert lines["SubClassOf ObjectSomeValuesFrom(<p> <B>)"] == 12
        assert lines["SubClassOf ObjectAllValuesFrom(<q> ObjectUnionOf(<B> ObjectComplementOf(<C>)))"] == 12
        assert "DisjointClasses(<A> <B> <C>)" in said(found)
        assert "i -p-> j" in said(found)
        assert {item.iri: (item.label, item.line) for item in found.classes} == {
            "http://e/A": ("Ah ((((", 12),
            "http://e/B": (None, 14),
            "http://e/C": (None, 14),
        }

    def test_owl_xml(self) -> None:
        found = facts("a.owl", OWL_XML)
        (axiom,) = found.axioms
        assert (axiom.arguments, axiom.line) == (("<http://e/A>", "ObjectUnionOf(<http://e/B> <http://e/C>)"), 5)
        assert axiom.annotations == {"http://www.w3.org/2000/01/rdf-schema#comment": ["why"]}
        assert said(facts("a.owx", OWL_XML)) == said(facts("a.rdf", OWL_XML)) == said(found)

    def test_obo(self) -> None:
        found = facts("a.obo", OBO)
        namespace = "http://purl.obolibrary.org/obo/"
        assert [axiom.arguments for axiom in found.axioms if axiom.kind == "SubClassOf"] == [
            (f"<{namespace}X_1>", f"<{namespace}X_2>")
        ]
        labels = {item.iri.removeprefix(namespace): (item.label, item.line) for item in found.classes}
        assert labels == {"X_1": ("one", 5), "X_2": ("two", 10)}

    def test_it_says_what_functional_syntax_says(self) -> None:
        written = library.functional_syntax(MANCHESTER, "omn", "Manchester syntax")
        assert without_lines(facts("a.ofn", written)) == without_lines(facts("a.omn", MANCHESTER))


@installed
@pytest.mark.parametrize(
    ("name", "text", "reason", "line"),
    [
        ("a.omn", "hello", "syntax", 1),
        ("a.omn", MANCHESTER + "  Types: :p some", "syntax", 24),
        ("a.omn", MANCHESTER.replace("Range:", "Rang:"), "syntax", 11),
        ("a.omn", MANCHESTER + "  Types: " + "(" * 65 + ":A" + ")" * 65, "limit", 24),
        ("a.omn", MANCHESTER + "  Types: " + ":p some " * 65 + ":A", "limit", 24),
        ("a.omn", MANCHESTER + "  Types: " + "(not " * 33 + ":A" + ")" * 33, "limit", 24),
        ("a.omn", MANCHESTER + "Class: :A\n " + "Annotations: " * 65, "limit", 25),
        ("a.owx", OWL_XML[:-20], "syntax", 7),
        ("a.owx", OWL_XML.replace("<Class IRI", "<Clas IRI", 1), "syntax", None),
        ("a.owx", OWL_XML.replace('"http://e/">', '"&amp;">', 1), "security", 2),
        ("a.owx", OWL_XML.replace("<ObjectUnionOf>", "<ObjectUnionOf>" * 300), "limit", 7),
        ("a.owx", "", "syntax", 1),
        ("a.obo", "hello", "syntax", 1),
        ("a.obo", OBO + "is_a: X:", "syntax", None),
        ("a.obo", OBO.encode("utf-16"), "", None),
        ("a.obo", b"caf\xe9", "encoding", None),
    ],
)
def test_bad_files_are_told(name: str, text: str | bytes, reason: str, line: int | None) -> None:
    if not reason:
        assert facts(name, text) == facts(name, OBO)
        return
    error = failure(name, text)
    assert error.reason == reason, str(error)
    assert line is None or error.line == line
    assert str(error).isprintable()
    assert len(str(error)) < 300


class TestWithoutTheLibrary:
    @pytest.fixture(autouse=True)
    def no_library(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("ghsync_plugins.formats.owl_library.detector.version", lambda: "")

    @pytest.mark.parametrize(
        ("name", "text"), [("a.omn", ""), ("a.obo", OBO), ("a.owl", OWL_XML), ("b.owl", MANCHESTER)]
    )
    def test_the_files_are_skipped_with_a_reason_that_names_the_extra(self, name: str, text: str) -> None:
        assert claims(name, text) == ["owl-extra"]

    def test_they_are_looked_at_again_once_it_is_there(self) -> None:
        assert OwlLibraryDetector().version == "1 "

    def test_other_files_are_none_of_its_business(self) -> None:
        detector = OwlLibraryDetector()
        assert detector.look(document("a.ttl", "").file, Vault()) == "type"
        assert claims("a.owl", "@prefix : <http://e/> .") == ["turtle"]


SUFFIXES = ("a.omn", "a.owx", "a.obo", "a.owl")
TRICKY = ['"', "'", "(", "{", "<", "<a", "not ", "( ", "Annotations: ", "p some ", "a, ", "[", "id: X:1\n", "[Term]\n"]


@installed
@pytest.mark.parametrize("name", SUFFIXES)
@pytest.mark.parametrize("text", TRICKY)
def test_much_of_anything_takes_no_longer_than_a_second(name: str, text: str) -> None:
    hostile = text * (300_000 // len(text))
    began = time.process_time()
    for start in ("", MANCHESTER + "  Types: ", OBO):
        outcome(name, (start + hostile).encode())
    assert time.process_time() - began < 3


@installed
@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(SUFFIXES),
    start=st.sampled_from(["", MANCHESTER, OWL_XML[:-12], OBO, MANCHESTER + "  Types: "]),
    words=st.lists(
        st.one_of(st.sampled_from([*TRICKY, "Class: ", ":A ", "and ", ")", "}", '"x"', "\n"]), st.text()), max_size=12
    ),
)
def test_anything_is_read_or_refused(name: str, start: str, words: list[str]) -> None:
    text = start + "".join(words)
    ending = outcome(name, text.encode(errors="replace"))
    assert ending in ("", "owl-xml", "manchester", "obo", "rdf-xml", "turtle", "functional") or ending in (
        "syntax",
        "limit",
        "binary",
        "security",
    )


DEEP = f"""
import threading
from support.rdf_files import facts
from ghsync_core import ContentError
def read(name, text):
    try:
        facts(name, text)
    except ContentError as error:
        print(error.reason)
start = {MANCHESTER!r} + "  Types: "
for name, text in (
    ("a.omn", start + "(not " * 32 + ":A" + ")" * 32),
    ("a.omn", start + ":p some " * 63 + ":A"),
    ("a.omn", start + "(:p some " * 32 + ":A" + ")" * 32),
    ("a.omn", start + "(" * 100_000),
    ("a.omn", start + "not " * 100_000),
    ("a.owx", {OWL_XML!r}.replace("<ObjectUnionOf>", "<ObjectComplementOf>" * 190).replace(
        "</ObjectUnionOf>", "</ObjectComplementOf>" * 190)),
    ("a.obo", {OBO!r} + "def: " + "(" * 100_000),
):
    thread = threading.Thread(target=read, args=(name, text))
    thread.start()
    thread.join()
print("alive")
"""


@installed
def test_the_deepest_that_is_let_through_ends_no_process() -> None:
    environment = {"PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run([sys.executable, "-c", DEEP], capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stdout.split()[-1:]) == (0, ["alive"]), done.stderr[-500:]
