"""The tricky cases of RDF files, as one table: what is written, and what comes of it."""

from __future__ import annotations

import pytest
from support.rdf_files import HEAD, facts, failure, said

PREFIXES = (
    "@prefix : <http://e/> . @prefix owl: <http://www.w3.org/2002/07/owl#> . "
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
)
SOME = "SubClassOf(<A> ObjectSomeValuesFrom(<p> <B>))"
SUB = ["SubClassOf(<A> <B>)", "class A", "class B?"]
CLASS_A = '<owl:Class rdf:about="http://e/A"><rdfs:subClassOf rdf:resource="{}"/></owl:Class></rdf:RDF>'

CASES = [
    (
        "a restriction, its predicates in one order",
        "a.ttl",
        ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :B ] .",
        [SOME, "class A?", "unknown p?"],
    ),
    (
        "a restriction, its predicates in the other order",
        "a.ttl",
        ":A rdfs:subClassOf [ owl:someValuesFrom :B ; owl:onProperty :p ; a owl:Restriction ] .",
        [SOME, "class A?", "unknown p?"],
    ),
    (
        "relative names, no base",
        "d/x.trig",
        "<a> <b> <../c> .",
        ["individual repo:o/r/d/a", "repo:o/r/d/a -repo:o/r/d/b-> repo:o/r/c", "unknown repo:o/r/d/b?"],
    ),
    (
        "entities for a namespace",
        "a.rdf",
        '<!DOCTYPE rdf:RDF [<!ENTITY e "http://e/">]>' + HEAD + CLASS_A.format("&e;B"),
        SUB,
    ),
    (
        "entities in single quotes, twice declared, in a comment and in CDATA",
        "a.owl",
        "<?xml version='1.0'?><!DOCTYPE rdf:RDF [<!-- <!ENTITY e 'x'> --><!ENTITY e 'http://e/'><!ENTITY e 'no'>]>"
        + HEAD
        + "<!-- &e; --><owl:Class rdf:about='&e;A'><rdfs:label><![CDATA[&e;]]></rdfs:label></owl:Class></rdf:RDF>",
        ["class A"],
    ),
    ("an undeclared parent", "a.ttl", ":A a owl:Class ; rdfs:subClassOf :B .", SUB),
    (
        "an undeclared property",
        "a.nt",
        "<http://e/i> <http://e/p> <http://e/j> .",
        ["i -p-> j", "individual i", "unknown p?"],
    ),
    (
        "classes that are all disjoint",
        "a.ttl",
        "[] a owl:AllDisjointClasses ; owl:members (:C :A :B) .",
        ["DisjointClasses(<A> <B> <C>)", "class A?", "class B?", "class C?"],
    ),
    (
        "an annotation of an axiom that is not there",
        "a.ttl",
        "[] a owl:Axiom ; owl:annotatedSource :A ; owl:annotatedProperty rdfs:subClassOf ; owl:annotatedTarget :B ."
        " :s a skos:Concept ; skos:narrower :t .",
        ["concept s", "s -http://www.w3.org/2004/02/skos/core#narrower-> t"],
    ),
    (
        "a class that only its parts or its key make known",
        "a.ttl",
        ":A owl:disjointUnionOf ( :B :C ) . :K owl:hasKey ( :p ) .",
        [
            "DisjointUnion(<A> <B> <C>)",
            "HasKey(<K> (<p>) ())",
            *("class A?", "class B?", "class C?", "class K?"),
            "unknown p?",
        ],
    ),
    (
        "CR LF, and tabs between the words",
        "a.nt",
        "<http://e/i>\t<http://e/p>\t<http://e/j> .\r\n\r\n# no fact\r\n",
        ["i -p-> j", "individual i", "unknown p?"],
    ),
    (
        "a list by parseType, an rdf:ID, a base and an inherited language",
        "a.rdf",
        f'<?xml version="1.0"?>\n{HEAD[:-1]} xml:base="http://e/" xml:lang="de">'
        '<owl:Class rdf:ID="A"><owl:unionOf rdf:parseType="Collection"><owl:Class rdf:about="#B"/>'
        '<owl:Class rdf:about="#C"/></owl:unionOf></owl:Class></rdf:RDF>',
        ["EquivalentClasses(<#A> ObjectUnionOf(<#B> <#C>))", "class #A", "class #B", "class #C"],
    ),
    (
        "JSON-LD with a context of its own",
        "a.json",
        '{"@context": {"p": {"@id": "http://e/p", "@type": "@id"}}, "@id": "http://e/i", "p": ["http://e/j", "k"]}',
        ["i -p-> j", "i -p-> repo:o/r/k", "individual i", "unknown p?"],
    ),
    (
        "JSON-LD with an object where others have a list",
        "a.jsonld",
        '{"@id": "http://e/A", "@type": "http://www.w3.org/2002/07/owl#Class",'
        ' "http://www.w3.org/2000/01/rdf-schema#subClassOf": {"@id": "http://e/B"}}',
        SUB,
    ),
    (
        "Turtle called .owl",
        "a.owl",
        "# made by hand\n" + PREFIXES + ":A a owl:Class ; rdfs:subClassOf :B .",
        SUB,
    ),
]


@pytest.mark.parametrize(("name", "text", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_comes_of_it(name: str, text: str, expected: list[str]) -> None:
    whole = PREFIXES + text if name.endswith((".ttl", ".trig")) else text
    assert said(facts(name, whole)) == sorted(expected)


REFUSED = [
    ("cut off", "a.rdf", HEAD + '<owl:Class rdf:about="http://e/A"/>', "syntax"),
    ("cut off inside a tag", "a.rdf", HEAD + '<owl:Class rdf:about="http://e/', "syntax"),
    ("empty", "a.rdf", "", "syntax"),
    ("Turtle called .rdf", "a.rdf", "@prefix : <http://e/> .", "syntax"),
    ("a page that tells of an error", "a.owl", "<!DOCTYPE html><html><body><br>Not found</body></html>", "syntax"),
    ("XML that is no RDF", "a.owl", '<?xml version="1.0"?><root xmlns:x="urn:x"><x:a/></root>', "syntax"),
    ("an entity in an entity", "a.rdf", '<!DOCTYPE r [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>' + HEAD, "security"),
    ("the same by a number", "a.rdf", '<!DOCTYPE r [<!ENTITY a "x"><!ENTITY b "&#38;a;">]>' + HEAD, "security"),
    ("markup in an entity", "a.rdf", '<!DOCTYPE r [<!ENTITY a "<b/>">]>' + HEAD, "security"),
    ("an entity on the disk", "a.rdf", '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + HEAD, "security"),
    (
        "an entity of the type",
        "a.rdf",
        '<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:9/">%p;]>' + HEAD,
        "security",
    ),
    ("a type on the network", "a.rdf", '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/r.dtd">' + HEAD, "security"),
    ("attributes by default", "a.rdf", '<!DOCTYPE r [<!ATTLIST r p CDATA "x">]>' + HEAD, "security"),
    ("an unknown entity", "a.rdf", HEAD + "<A>&nbsp;</A></rdf:RDF>", "syntax"),
    ("a context on the network", "a.jsonld", '{"@context": "https://127.0.0.1:9/c"}', "remote-context"),
    ("a context on the disk", "a.jsonld", '{"@context": ["file:///etc/passwd"]}', "remote-context"),
    ("a context beside the file", "a.jsonld", '{"@context": "../c.jsonld"}', "remote-context"),
    ("a context by import", "a.jsonld", '{"@context": {"@import": "http://127.0.0.1:9/c"}}', "remote-context"),
    ("a context in a term", "a.jsonld", '{"@context": {"t": {"@id": "a:t", "@context": "c"}}}', "remote-context"),
    ("an escaped key", "a.jsonld", '{"\\u0040context": "http://127.0.0.1:9/c"}', "remote-context"),
    ("cut off", "a.jsonld", '{"@id": "http://e/A", "http://e/p": [1, 2', "syntax"),
    ("half a surrogate", "a.jsonld", '{"@id": "http://e/A", "http://e/p": "\\ud800"}', "syntax"),
    ("a NUL by its number", "a.jsonld", '{"@id": "http://e/A", "http://e/p": "\\u0000"}', "binary"),
    ("a bad line between good ones", "a.nt", "<a:a> <a:b> <a:c> .\n<a:a> <a:b\n<a:a> <a:b> <a:d> .", "syntax"),
    ("two statements on a line", "a.nq", "<a:a> <a:b> <a:c> . <a:a> <a:b> <a:c> .", "syntax"),
    ("a relative name", "a.nt", "<a> <b> <c> .", "syntax"),
]


@pytest.mark.parametrize(
    ("name", "text", "reason"), [case[1:] for case in REFUSED], ids=[f"{case[1]}: {case[0]}" for case in REFUSED]
)
def test_what_is_refused(name: str, text: str, reason: str) -> None:
    error = failure(name, text)
    assert error.reason == reason, str(error)
    assert str(error).isprintable()
    assert len(str(error)) < 300


@pytest.mark.parametrize("text", ['{"@graph": [{"name": "x"}]}', '{"@id": "http://e/A", "name": "x"}'])
def test_json_ld_without_a_context_says_nothing_and_that_is_told(text: str) -> None:
    found = facts("a.jsonld", text)
    assert (said(found), [warning.code for warning in found.warnings]) == ([], ["json-ld-empty"])


@pytest.mark.parametrize("text", ["{}", "[]"])
def test_json_ld_with_nothing_in_it_is_no_surprise(text: str) -> None:
    assert facts("a.jsonld", text).warnings == ()
