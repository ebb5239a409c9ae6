"""What RDF files have in common whatever their syntax, and what each has of its own: detection, lines, graphs."""

from __future__ import annotations

import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from support.rdf_files import HEAD, claims, facts, failure, said, without_lines
from support.turtle_facts import PREFIXES

from ghsync_core import ParsedFile

ONTOLOGY = (
    PREFIXES
    + """
<http://o> a owl:Ontology ; owl:imports <http://o/other> ; dcterms:title "Oh" .
:Animal a owl:Class ; rdfs:label "Animal"@en, "Tier"@de ; rdfs:comment "with \\"quotes\\" \\\\ and\\nlines" .
:Dog a owl:Class ; rdfs:subClassOf :Animal, [ a owl:Restriction ; owl:onProperty :eats ; owl:someValuesFrom :Food ] .
:Cat rdfs:subClassOf :Animal ; owl:disjointWith :Dog .
[] a owl:AllDisjointClasses ; owl:members (:Animal :Food :Plant) .
:Food a owl:Class ; owl:equivalentClass [ a owl:Class ; owl:unionOf (:Meat [ a owl:Class ; owl:complementOf :Meat ]) ] .
:eats a owl:ObjectProperty ; rdfs:domain :Animal ; rdfs:range :Food ; owl:propertyChainAxiom (:eats :partOf) .
:age a owl:DatatypeProperty, owl:FunctionalProperty ; rdfs:range xsd:int .
:rex a :Dog ; :age 3 ; :eats :bone ; :owner [ :name "Ann" ; :home [ :name "Ö" ] ] .
[] a owl:Axiom ; owl:annotatedSource :Cat ; owl:annotatedProperty rdfs:subClassOf ; owl:annotatedTarget :Animal ;
   rdfs:comment "surely" .
[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :rex ; owl:assertionProperty :eats ;
   owl:targetIndividual :ann .
:c a skos:Concept ; skos:prefLabel "see" ; skos:broader :d .
"""
)

WRITERS = {
    "a.nt": lambda graph: graph.serialize(format="nt"),
    "a.nq": lambda graph: by_pyoxigraph(graph, pyoxigraph.RdfFormat.N_QUADS),
    "a.trig": lambda graph: by_pyoxigraph(graph, pyoxigraph.RdfFormat.TRIG),
    "a.ttl": lambda graph: graph.serialize(format="longturtle"),
    "a.rdf": lambda graph: graph.serialize(format="xml"),
    "a.jsonld": lambda graph: graph.serialize(format="json-ld"),
    "context.json": lambda graph: graph.serialize(format="json-ld", auto_compact=True),
    "oxi.rdf": lambda graph: by_pyoxigraph(graph, pyoxigraph.RdfFormat.RDF_XML),
    "oxi.jsonld": lambda graph: by_pyoxigraph(graph, pyoxigraph.RdfFormat.JSON_LD),
    "oxi.ttl": lambda graph: by_pyoxigraph(graph, pyoxigraph.RdfFormat.TURTLE),
}


def by_pyoxigraph(graph: rdflib.Graph, syntax: pyoxigraph.RdfFormat) -> str:
    triples = pyoxigraph.parse(graph.serialize(format="nt").encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    written = pyoxigraph.serialize((quad.triple for quad in triples), format=syntax)
    assert written is not None
    return written.decode()


@pytest.mark.parametrize("name", WRITERS)
def test_the_same_facts_in_every_syntax(name: str) -> None:
    text = WRITERS[name](rdflib.Graph().parse(data=ONTOLOGY, format="turtle"))
    found, expected = facts(name, text), facts("a.ttl", ONTOLOGY)
    assert said(found) == said(expected)
    assert without_lines(found) == without_lines(expected)


IRIS = st.sampled_from([f"http://e/{name}" for name in ("a", "b", "Été", "p%20q")])
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=6)
VALUES = st.one_of(
    IRIS.map(rdflib.URIRef),
    WORDS.map(rdflib.Literal),
    WORDS.map(lambda word: rdflib.Literal(word, lang="fr-ca")),
    st.integers().map(lambda number: rdflib.Literal(str(number), datatype=rdflib.XSD.integer)),
)
PREDICATES = st.sampled_from(["http://e/a", "http://e/Été", "http://e/p"])
STATEMENTS = st.lists(st.tuples(IRIS, PREDICATES, VALUES), min_size=1, max_size=8)


@settings(max_examples=40, deadline=None)
@given(statements=STATEMENTS, name=st.sampled_from(["a.nt", "a.nq", "a.trig", "a.rdf", "a.jsonld", "oxi.rdf"]))
def test_any_statements_are_read_back(statements: list[tuple[str, str, rdflib.term.Identifier]], name: str) -> None:
    graph = rdflib.Graph()
    for subject, predicate, value in statements:
        graph.add((rdflib.URIRef(subject), rdflib.URIRef(predicate), value))
    found = facts(name, WRITERS[name](graph))
    edges = {(edge.source, edge.type, edge.target) for edge in found.edges}
    assert edges == {(str(s), str(p), str(o)) for s, p, o in graph if isinstance(o, rdflib.URIRef)}
    values = {
        (item.id if hasattr(item, "id") else item.iri, key, str(value if isinstance(value, str) else value["value"]))
        for item in (*found.nodes, *found.properties)
        for key, listed in (item.properties if hasattr(item, "properties") else item.annotations).items()
        for value in listed
    }
    assert values == {(str(s), str(p), str(o)) for s, p, o in graph if isinstance(o, rdflib.Literal)}


class TestLines:
    @settings(max_examples=40, deadline=None)
    @given(statements=STATEMENTS, blank=st.lists(st.integers(0, 3)), end=st.sampled_from(["\n", "\r\n", "\r"]))
    def test_in_n_triples_each_fact_has_its_own(
        self, statements: list[tuple[str, str, rdflib.term.Identifier]], blank: list[int], end: str
    ) -> None:
        gaps = iter([*blank, *[0] * len(statements)])
        lines: list[str] = []
        for subject, predicate, value in statements:
            lines += ["", "# a remark <http://e/a> ", "\t"][: next(gaps)]
            lines.append(f"<{subject}> <{predicate}> {value.n3()} .")
        found = facts("a.nt", end.join(lines))
        for edge in found.edges:
            assert f"<{edge.source}> <{edge.type}> <{edge.target}> ." == lines[(edge.line or 0) - 1]
        for node in found.nodes:
            first = min(number for number, line in enumerate(lines, 1) if line.startswith(f"<{node.id}>"))
            assert node.line == first
        for item in found.properties:
            assert f"<{item.iri}>" in lines[(item.line or 0) - 1]

    def test_in_n_quads_an_axiom_has_that_of_its_statement(self) -> None:
        sub, cls = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>", "<http://www.w3.org/2002/07/owl#Class>"
        type_ = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
        found = facts("a.nq", f"<a:A> {type_} {cls} <a:g> .\n\n<a:A> {sub} <a:B> .\n<a:A> {sub} <a:C> <a:g> .\n")
        assert [(axiom.arguments[1], axiom.line) for axiom in found.axioms] == [("<a:B>", 3), ("<a:C>", 4)]
        assert {item.iri: item.line for item in found.classes} == {"a:A": 1, "a:B": 3, "a:C": 4}

    def test_in_rdf_xml_the_one_that_first_names_the_subject(self) -> None:
        found = facts(
            "a.rdf",
            f'<?xml version="1.0"?>\n<!DOCTYPE rdf:RDF [\n<!ENTITY e "http://e/">\n]>\n{HEAD}\n'
            '<owl:Class rdf:about="&e;A">\n<rdfs:subClassOf rdf:resource="&e;B"/></owl:Class>\n'
            '<owl:Class rdf:about="&e;B"/>\n<owl:Class xml:base="http://q/z"\nrdf:ID="C"/></rdf:RDF>',
        )
        assert {item.iri: item.line for item in found.classes} == {"http://e/A": 6, "http://e/B": 7, "http://q/z#C": 9}

    def test_in_json_ld_the_one_where_it_is_an_id(self) -> None:
        found = facts(
            "a.jsonld",
            '{"@context": {"ex": "http://e/", "id": "@id"},\n"@graph": [\n{"@id": "ex:a", "ex:p": "http://e/b"},\n'
            '{"id": "http://e/b", "ex:p": 1},\n{"@id": "c", "ex:p": 1}]}',
        )
        lines = {node.id: node.line for node in found.nodes}
        assert lines == {"http://e/a": 3, "http://e/b": 4, "repo:o/r/c": 5}


class TestNamedGraphs:
    def test_the_graphs_of_a_statement_are_kept_with_it(self) -> None:
        found = facts("a.nq", "<a:a> <a:p> <a:b> <a:g2> .\n<a:a> <a:p> <a:b> <a:g1> .\n<a:a> <a:p> <a:c> .\n")
        assert [(edge.target, dict(edge.properties)) for edge in found.edges] == [
            ("a:b", {"graph": ["a:g1", "a:g2"]}),
            ("a:c", {}),
        ]
        assert [(node.id, dict(node.properties)) for node in found.nodes] == [("a:a", {"graph": ["a:g1", "a:g2"]})]

    def test_in_trig_and_json_ld_too(self) -> None:
        text = ":g { :A a owl:Class ; rdfs:subClassOf :B }"
        document = (
            '{"@id": "http://e/g", "@graph": [{"@id": "http://e/A", "@type": "OWL:Class",'
            ' "RDFS:subClassOf": {"@id": "http://e/B"}}]}'
        )
        owl, rdfs = "http://www.w3.org/2002/07/owl#", "http://www.w3.org/2000/01/rdf-schema#"
        for found in (
            facts("a.trig", PREFIXES + text),
            facts("a.jsonld", document.replace("OWL:", owl).replace("RDFS:", rdfs)),
        ):
            assert [dict(axiom.annotations) for axiom in found.axioms] == [{"graph": ["http://e/g"]}]
            assert [item.annotations.get("graph") for item in found.classes if item.declared] == [["http://e/g"]]

    def test_the_name_of_a_graph_is_no_part_of_a_names_identity(self) -> None:
        one, two = facts("a.nq", '<a:a> <a:p> "x" <a:g> .'), facts("a.nt", '<a:a> <a:p> "x" .')
        assert [node.id for node in one.nodes] == [node.id for node in two.nodes]


TRIPLES = "<http://e/i> <http://e/p> <http://e/j> ."
XML = f'{HEAD}<rdf:Description rdf:about="http://e/i"><p rdf:resource="http://e/j"/></rdf:Description></rdf:RDF>'
OWL_XML = '<?xml version="1.0"?>\n<Ontology xmlns="http://www.w3.org/2002/07/owl#" ontologyIRI="http://e/o"></Ontology>'


class TestWhichFiles:
    @pytest.mark.parametrize(
        ("name", "text", "parser"),
        [
            ("a.TTL", "", "turtle"),
            ("a.nt", "", "n-triples"),
            ("a.nq", "", "n-quads"),
            ("a.trig", "", "trig"),
            ("a.jsonld", "", "json-ld"),
            ("a.rdf", "", "rdf-xml"),
            ("a.owl", XML, "rdf-xml"),
            ("a.owl", "\ufeff <!-- x -- > --><?p?>" + XML, "rdf-xml"),
            ("a.owl", "", "rdf-xml"),
            ("a.owl", TRIPLES, "turtle"),
            ("a.owl", "PREFIX : <http://e/>", "turtle"),
            ("a.owl", "# remark\nPrefix(:=<http://e/>)\nOntology()", "functional"),
            ("a.xml", XML, "rdf-xml"),
            ("a.json", '[1, {"@id": "x"}]', "json-ld"),
            ("a.json", '{"a": {"b": 1}, "@graph": []}', "json-ld"),
        ],
    )
    def test_one_parser_each(self, name: str, text: str, parser: str) -> None:
        assert claims(name, text) == [parser]

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("a.xml", "<project><RDF/></project>"),
            ("a.xml", "not XML"),
            ("a.xml", "<a>caf\xe9</a>".encode("latin-1")),
            ("package.json", '{"name": "@id", "x": {"@id": 1}, "y": "\\"@context\\""}'),
            ("a.json", '"@id": 1'),
            ("a.json", b'\xff{"@'),
            ("a.txt", TRIPLES),
        ],
    )
    def test_what_is_no_rdf_is_left_alone(self, name: str, text: str | bytes) -> None:
        assert claims(name, text) == []

    def test_utf16_xml_is_read_and_other_syntaxes_are_utf8(self) -> None:
        declared = f'<?xml version="1.0" encoding="UTF-16"?>{XML}'
        expected = said(facts("a.rdf", XML))
        assert said(facts("a.rdf", declared.encode("utf-16"))) == said(facts("a.rdf", b"\xef\xbb\xbf" + XML.encode()))
        assert said(facts("a.rdf", declared.encode("utf-16"))) == expected
        for name in ("a.nt", "a.nq", "a.trig", "a.ttl", "a.jsonld"):
            assert failure(name, TRIPLES.encode("utf-16")).reason == "encoding"

    def test_other_encodings_are_not_guessed(self) -> None:
        declared = f'<?xml version="1.0" encoding="ISO-8859-1"?>{XML}'
        assert said(facts("a.rdf", declared)) == said(facts("a.rdf", XML))  # nothing in it but ASCII
        assert failure("a.rdf", declared.replace("/j", "/\xe9").encode("latin-1")).reason == "encoding"
        assert failure("a.rdf", declared.replace("/j", "/\xe9")).reason == "encoding"


def test_line_ends_in_xml_texts_are_line_feeds() -> None:
    text = XML.replace('<p rdf:resource="http://e/j"/>', "<p>one\r\ntwo\rthree</p>")
    assert [dict(node.properties) for node in facts("a.rdf", text).nodes] == [{"http://e/p": ["one\ntwo\nthree"]}]


def test_nothing_of_owl_xml_is_read_as_rdf() -> None:
    assert claims("a.owl", OWL_XML)[0] in ("owl-xml", "owl-extra")
    assert len(claims("a.rdf", OWL_XML)) == len(claims("a.xml", OWL_XML)) == 1


def test_an_empty_file_says_nothing() -> None:
    for name in ("a.nt", "a.nq", "a.trig"):
        assert facts(name, "") == facts(name, "# only a remark") == ParsedFile()
