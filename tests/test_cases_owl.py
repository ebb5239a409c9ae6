"""The tricky cases of OWL in pages, as a table: what is written, which axioms that gives, and what is told of it."""

from __future__ import annotations

import pytest
from support.owl import edges, page, said
from support.pages import read

NONE: list[str] = []

CASES = {
    # 39: the name of a fence tells nothing
    "named manchester": ("SubClassOf(ex:X ex:Y)", ["SubClassOf(<X> <Y>)"], NONE),
    # 40: names
    "digit first": ("SubClassOf(ex:3D ex:Y)", ["SubClassOf(<3D> <Y>)"], NONE),
    "hyphen": ("SubClassOf(ex:A-B ex:Y)", ["SubClassOf(<A-B> <Y>)"], NONE),
    "accents": ("SubClassOf(ex:Été ex:Y)", ["SubClassOf(<Été> <Y>)"], NONE),
    "full stop within": ("SubClassOf(ex:v1.2 ex:Y)", ["SubClassOf(<v1.2> <Y>)"], NONE),
    "full stop at the end": ("SubClassOf(ex:A. ex:Y)", NONE, ["owl-syntax"]),
    "hyphen first": ("SubClassOf(ex:-A ex:Y)", NONE, ["owl-syntax"]),
    "nothing after the prefix": ("SubClassOf(ex: ex:Y)", NONE, ["owl-syntax"]),
    "ampersand": ("SubClassOf(ex:A&B ex:Y)", NONE, ["owl-syntax"]),
    "slash": ("SubClassOf(ex:A/B ex:Y)", NONE, ["owl-syntax"]),
    "bare name": ("SubClassOf(A ex:Y)", ["SubClassOf(<A> <Y>)"], ["bare-name"]),
    "IRI": ("SubClassOf(<http://example.org/a#(b)> ex:Y)", ["SubClassOf(<a#(b)> <Y>)"], NONE),
    "relative IRI": ("SubClassOf(<#A> ex:Y)", NONE, ["owl-syntax"]),
    "unknown prefix": ("SubClassOf(zz:A ex:Y)", ["SubClassOf(<zz:A> <Y>)"], ["unknown-prefix"]),
    "declared prefix": ("Prefix(zz:=<http://z/>)\nSubClassOf(zz:A ex:Y)", ["SubClassOf(<http://z/A> <Y>)"], NONE),
    # 41: each costs itself, and its neighbours survive
    "three arguments": ("SubClassOf(ex:A ex:B ex:C)", NONE, ["owl-syntax"]),
    "one operand": ("EquivalentClasses(ex:A)", NONE, ["owl-syntax"]),
    "one operand twice": ("EquivalentClasses(ex:A ex:A)", NONE, ["owl-syntax"]),
    "keyword in lower case": (
        "DisjointClasses(ex:A ex:B)\nsubClassOf(ex:A ex:B)",
        ["DisjointClasses(<A> <B>)"],
        ["owl-syntax"],
    ),
    "keyword of another syntax": (
        "SubClassOf(ex:A ex:B)\nDisjointWith(ex:A ex:B)",
        ["SubClassOf(<A> <B>)"],
        ["owl-syntax"],
    ),
    "invented keyword": ("SubClassOf(ex:A ObjectObjectComplementOf(ex:B))", NONE, ["owl-syntax"]),
    "comma": ("SubClassOf(ex:A, ex:B)", NONE, ["owl-syntax"]),
    "literal for a class": ('SubClassOf(ex:A "B")', NONE, ["owl-syntax"]),
    "expression for an individual": ("ClassAssertion(ex:C ObjectOneOf(ex:i))", NONE, ["owl-syntax"]),
    "neighbours of a bad one": (
        "SubClassOf(ex:A ex:B)\nSubClassOf(ex:A ex:B\n  ex:C)\nSubClassOf(ex:B ex:C)",
        ["SubClassOf(<A> <B>)", "SubClassOf(<B> <C>)"],
        ["owl-syntax"],
    ),
    "one too many closed": (
        "SubClassOf(ex:A ex:B))\nSubClassOf(ex:B ex:C)",
        ["SubClassOf(<A> <B>)", "SubClassOf(<B> <C>)"],
        ["owl-syntax"],
    ),
    "one too few closed": (
        "SubClassOf(ex:A ex:B)\nSubClassOf(ex:A ObjectComplementOf(ex:B)\nSubClassOf(ex:B ex:C)",
        ["SubClassOf(<A> <B>)"],
        ["owl-syntax"],
    ),
    "string never closed": (
        'SubClassOf(ex:A ex:B)\nAnnotationAssertion(rdfs:comment ex:A "x)\nSubClassOf(ex:B ex:C)',
        ["SubClassOf(<A> <B>)"],
        ["owl-syntax"],
    ),
    # 42: marks inside strings and IRIs
    "marks in a string": (
        'AnnotationAssertion(rdfs:comment ex:A "a ( b # c")',
        ['AnnotationAssertion(<rdfs:comment> <A> "a ( b # c"^^<xsd:string>)'],
        NONE,
    ),
    "escapes in a string": (
        r'AnnotationAssertion(rdfs:comment ex:A "a \"b\" \\ ; c"@en)',
        [r'AnnotationAssertion(<rdfs:comment> <A> "a \"b\" \\ ; c"@en)'],
        NONE,
    ),
    "string over two lines": (
        'AnnotationAssertion(rdfs:comment ex:A "a\nb")',
        ['AnnotationAssertion(<rdfs:comment> <A> "a\nb"^^<xsd:string>)'],
        NONE,
    ),
    "comments": (
        "# SubClassOf(ex:No ex:No)\n;; SubClassOf(ex:No ex:No)\n// (\nSubClassOf(ex:A # of (\n  ex:B) ; end",
        ["SubClassOf(<A> <B>)"],
        NONE,
    ),
    # 43
    "Annotation for AnnotationAssertion": (
        'Annotation(rdfs:comment ex:A "x")\nSubClassOf(ex:A ex:B)',
        ['AnnotationAssertion(<rdfs:comment> <A> "x"^^<xsd:string>)', "SubClassOf(<A> <B>)"],
        ["owl-annotation"],
    ),
    # 44
    "cardinality": (
        "SubClassOf(ex:A ObjectExactCardinality(01 ex:p ex:B))",
        ["SubClassOf(<A> ObjectExactCardinality(1 <p> <B>))"],
        NONE,
    ),
    "cardinality without a filler": (
        "SubClassOf(ex:A ObjectMaxCardinality(2 ex:p))",
        ["SubClassOf(<A> ObjectMaxCardinality(2 <p>))"],
        NONE,
    ),
    "cardinality as a literal": (
        'SubClassOf(ex:A ObjectExactCardinality("1"^^xsd:nonNegativeInteger ex:p ex:B))',
        NONE,
        ["owl-syntax"],
    ),
    # 45
    "assertion": ("ClassAssertion(ex:C ex:i)", ["ClassAssertion(<C> <i>)"], NONE),
    # 46
    "Lisp": (
        "(SubClassOf :A (ObjectSomeValuesFrom :p :B))\n(Declaration (Class :A))",
        ["SubClassOf(<A> ObjectSomeValuesFrom(<p> <B>))"],
        ["owl-lisp"],
    ),
    "Lisp in Lisp": (
        "(EquivalentClasses\n  (ObjectIntersectionOf\n    (ObjectComplementOf :B) :A)\n  :C)",
        ["EquivalentClasses(<C> ObjectIntersectionOf(<A> ObjectComplementOf(<B>)))"],
        ["owl-lisp"],
    ),
    "query": ("{{query (and [[A]] [[B]])}}", NONE, NONE),
    "Datalog query": ('{:title "All"\n :query [:find (pull ?p [*])]}', NONE, NONE),
    # 47: however it is written, one text
    "operands in any order": (
        "SubClassOf(ex:A ObjectUnionOf(ex:C ex:B ex:C))",
        ["SubClassOf(<A> ObjectUnionOf(<B> <C>))"],
        NONE,
    ),
    "axioms without order": ("DisjointClasses(ex:C ex:A ex:B)", ["DisjointClasses(<A> <B> <C>)"], NONE),
    "chain": (
        "SubObjectPropertyOf(ObjectPropertyChain(ex:q ex:p) ex:r)",
        ["SubObjectPropertyOf(ObjectPropertyChain(<q> <p>) <r>)"],
        NONE,
    ),
    "inverse": (
        "ObjectPropertyDomain(ObjectInverseOf(ex:p) ex:A)",
        ["ObjectPropertyDomain(ObjectInverseOf(<p>) <A>)"],
        NONE,
    ),
    "key": ("HasKey(ex:A (ex:q ObjectInverseOf(ex:p)) (ex:d))", ["HasKey(<A> (<q> ObjectInverseOf(<p>)) (<d>))"], NONE),
    "disjoint union": ("DisjointUnion(ex:A ex:C ex:B)", ["DisjointUnion(<A> <B> <C>)"], NONE),
    "datatype": (
        "DatatypeDefinition(ex:d DatatypeRestriction(xsd:int "
        'xsd:minInclusive "5"^^xsd:int xsd:maxInclusive "7"^^xsd:int))',
        [
            "DatatypeDefinition(<d> DatatypeRestriction(<xsd:int> "
            '<xsd:maxInclusive> "7"^^<xsd:int> <xsd:minInclusive> "5"^^<xsd:int>))'
        ],
        NONE,
    ),
    "data": (
        'SubClassOf(ex:A DataAllValuesFrom(ex:p DataUnionOf(DataOneOf("b" "a"@en) DataComplementOf(xsd:int))))',
        [
            "SubClassOf(<A> DataAllValuesFrom(<p> "
            'DataUnionOf(DataComplementOf(<xsd:int>) DataOneOf("a"@en "b"^^<xsd:string>))))'
        ],
        NONE,
    ),
    "annotations of an axiom": (
        'SubClassOf(Annotation(rdfs:comment "why") ex:A ex:B)',
        ["SubClassOf(<A> <B>)"],
        NONE,
    ),
    "rule": (
        "DLSafeRule(Body(ClassAtom(ex:C Variable(<urn:x>)))Head(ClassAtom(ex:D Variable(<urn:x>))))",
        ["DLSafeRule(Body(ClassAtom(<C> Variable(<urn:x>))) Head(ClassAtom(<D> Variable(<urn:x>))))"],
        NONE,
    ),
    "ontology around it": ("Ontology(<http://o>\nSubClassOf(ex:A ex:B)\n)", ["SubClassOf(<A> <B>)"], NONE),
    "64 deep": (
        f"SubClassOf(ex:A {'ObjectComplementOf(' * 63}ex:B{')' * 63})",
        [f"SubClassOf(<A> {'ObjectComplementOf(' * 63}<B>{')' * 63})"],
        NONE,
    ),
    "65 deep": (
        f"SubClassOf(ex:A {'ObjectComplementOf(' * 64}ex:B{')' * 64})\nSubClassOf(ex:A ex:B)",
        ["SubClassOf(<A> <B>)"],
        ["owl-syntax"],
    ),
}


@pytest.mark.parametrize(("owl", "axioms", "codes"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("name", ["clojure", "manchester", ""])
def test_a_fence(owl: str, axioms: list[str], codes: list[str], name: str) -> None:
    reading = page(owl, name)
    assert (said(reading.facts), reading.codes) == (axioms, codes)
    assert ("link", "page:after") in reading.edges()


PAGES = {
    # 19
    "a key with a colon": ("- ### OntologyBlock\n\t- owl:class:: ex:A", ["http://example.org/A"]),
    # 37
    "another block": ("- ### MetaOntologyBlock\n\t- owl:class:: ex:A", None),
    "a heading over nothing": ("- ### OntologyBlock\n- text", None),
    "a heading over OWL": (
        "- ### OntologyBlock\n\t- ```\n\t  Declaration(Class(ex:A))\n\t  ```",
        ["http://example.org/A"],
    ),
    "OWL without a marker": ("# Notes\n\n```clojure\nDeclaration(Class(ex:A))\n```", None),
    "OWL under a key": ("owl:functional-syntax:: |\n  Declaration(Class(ex:A))", ["http://example.org/A"]),
    # 46
    "a heading over a query": ("- ### OntologyBlock\n\t- ```clojure\n\t  {{query (and [[A]])}}\n\t  ```", None),
    # 55
    "a parent that is no list": (
        '```json-ld\n{"@type": "Class", "@id": "urn:c", "subClassOf": {"@id": "urn:p"}}\n```',
        ["urn:c"],
    ),
    # the form of front matter
    "a class by its front matter": ("---\ntype: Class\nresource: urn:c\n---\n", ["urn:c"]),
    "a class without an address": ("---\ntype: Class\ntitle: Sea Kayak\n---\n", ["urn:ngm:class:sea-kayak"]),
    "another type": ("---\ntype: class notes\n---\n", None),
}


@pytest.mark.parametrize(("text", "classes"), PAGES.values(), ids=PAGES)
def test_a_page(text: str, classes: list[str] | None) -> None:
    reading = read(text, options={"ontology": {"prefixes": ["ex=http://example.org/"]}})
    assert ("ontology" in reading.parsers) == (classes is not None)
    assert [item.iri for item in reading.facts.classes if item.declared] == (classes or [])


RESTRICTIONS = {
    "ObjectSomeValuesFrom(ex:p ex:B)": "some",
    "ObjectAllValuesFrom(ex:p ex:B)": "all",
    "ObjectHasValue(ex:p ex:B)": "value",
    "ObjectMinCardinality(2 ex:p ex:B)": "min 2",
    "ObjectExactCardinality(1 ex:p ex:B)": "exactly 1",
    "ObjectExactCardinality(0 ex:p ex:B)": None,
    "ObjectMaxCardinality(1 ex:p ex:B)": None,
    "ObjectMinCardinality(1 ex:p)": None,
    "ObjectSomeValuesFrom(ObjectInverseOf(ex:p) ex:B)": None,
    "ObjectSomeValuesFrom(ex:p ObjectComplementOf(ex:B))": None,
    "ObjectIntersectionOf(ex:B ObjectSomeValuesFrom(ex:p ex:B))": None,
    "DataSomeValuesFrom(ex:p xsd:string)": None,
}


@pytest.mark.parametrize(("expression", "words"), RESTRICTIONS.items(), ids=RESTRICTIONS)
def test_an_edge_of_a_restriction(expression: str, words: str | None) -> None:
    found = [edge for edge in edges(page(f"SubClassOf(ex:A {expression})").facts) if edge[1] != "defines"]
    assert found == ([("A", "p", "B", words)] if words else [])
    assert not [e for e in edges(page(f"EquivalentClasses(ex:A {expression})").facts) if e[1] != "defines"]
