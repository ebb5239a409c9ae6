"""What the Turtle parser makes of triples, with rdflib as the second opinion."""

from __future__ import annotations

import random

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.namespace import OWL, RDF, RDFS
from support.turtle_facts import (
    PREFIXES,
    XSD,
    axioms,
    class_of,
    edges,
    node_of,
    parse,
    parse_bytes,
    property_of,
    without_lines,
)

from ghsync_core import Axiom, Edge, ParsedFile

LABEL = str(RDFS.label)


class TestClasses:
    def test_a_declared_class_with_its_texts_and_line(self) -> None:
        facts = parse(':A a owl:Class ;\n  rdfs:label "Ah"@en, "Ach"@de ; rdfs:comment "first" ; :note 5 .')
        found = class_of(facts, "A")
        assert (found.label, found.comment, found.line, found.declared) == ("Ah", "first", 8, True)
        assert found.annotations[LABEL] == [{"language": "de", "value": "Ach"}, {"language": "en", "value": "Ah"}]
        assert found.annotations["http://e/note"] == [{"value": "5", "datatype": XSD + "integer"}]
        assert facts.nodes == ()

    def test_case_52_an_undeclared_parent_is_mentioned(self) -> None:
        facts = parse(":A a owl:Class ; rdfs:subClassOf :U . :i :undeclared :j .")
        assert axioms(facts) == ["SubClassOf(<A> <U>)"]
        assert (class_of(facts, "A").declared, class_of(facts, "U").declared) == (True, False)
        assert edges(facts) == [("i", "undeclared", "j")]
        assert (property_of(facts, "undeclared").kind, property_of(facts, "undeclared").declared) == ("unknown", False)

    def test_the_subclass_edge_is_left_to_the_core(self) -> None:
        assert parse(":A rdfs:subClassOf :B .").edges == ()

    def test_equivalent_and_disjoint_classes_have_no_order(self) -> None:
        facts = parse(":B owl:equivalentClass :A . :A owl:equivalentClass :B . :B owl:disjointWith :A .")
        assert axioms(facts) == ["DisjointClasses(<A> <B>)", "EquivalentClasses(<A> <B>)"]

    def test_case_53_all_disjoint_classes_is_one_axiom(self) -> None:
        facts = parse('[] a owl:AllDisjointClasses ; owl:members (:C :A :B) ; rdfs:comment "why" .')
        assert facts.axioms == (
            Axiom(
                "DisjointClasses",
                ("<http://e/A>", "<http://e/B>", "<http://e/C>"),
                annotations={str(RDFS.comment): ["why"]},
            ),
        )
        assert facts.nodes == ()

    def test_disjoint_union_and_has_key(self) -> None:
        facts = parse(":d a owl:DatatypeProperty . :A owl:disjointUnionOf (:C :B) ; owl:hasKey (:p :d) .")
        assert axioms(facts) == ["DisjointUnion(<A> <B> <C>)", "HasKey(<A> (<p>) (<d>))"]

    def test_a_named_class_put_together_in_the_old_way(self) -> None:
        assert axioms(parse(":A a owl:Class ; owl:unionOf (:C :B) .")) == [
            "EquivalentClasses(<A> ObjectUnionOf(<B> <C>))"
        ]

    def test_an_axiom_with_one_operand_is_told(self) -> None:
        facts = parse(":A owl:disjointWith :A .")
        assert (facts.axioms, facts.warnings[0].line) == ((), 8)
        assert "DisjointClasses needs two different operands" in facts.warnings[0].message


class TestExpressions:
    @pytest.mark.parametrize(
        ("turtle", "text"),
        [
            ("owl:onProperty :p ; owl:someValuesFrom :B", "ObjectSomeValuesFrom(<p> <B>)"),
            ("owl:onProperty :p ; owl:allValuesFrom xsd:string", f"DataAllValuesFrom(<p> <{XSD}string>)"),
            ("owl:onProperty :p ; owl:hasValue :i", "ObjectHasValue(<p> <i>)"),
            ("owl:onProperty :p ; owl:hasValue 1", f'DataHasValue(<p> "1"^^<{XSD}integer>)'),
            ("owl:onProperty :p ; owl:hasSelf true", "ObjectHasSelf(<p>)"),
            ('owl:onProperty :p ; owl:minCardinality "01"^^xsd:nonNegativeInteger', "ObjectMinCardinality(1 <p>)"),
            ("owl:onProperty :d ; owl:cardinality 2", "DataExactCardinality(2 <d>)"),
            (
                "owl:onProperty :p ; owl:maxQualifiedCardinality 3 ; owl:onClass :B",
                "ObjectMaxCardinality(3 <p> <B>)",
            ),
            (
                "owl:onProperty :d ; owl:qualifiedCardinality 1 ; owl:onDataRange xsd:int",
                f"DataExactCardinality(1 <d> <{XSD}int>)",
            ),
            (
                "owl:onProperty [ owl:inverseOf :p ] ; owl:someValuesFrom :B",
                "ObjectSomeValuesFrom(ObjectInverseOf(<p>) <B>)",
            ),
            ("owl:intersectionOf (:C :B :C)", "ObjectIntersectionOf(<B> <C>)"),
            ("owl:unionOf (:C [ owl:complementOf :B ])", "ObjectUnionOf(<C> ObjectComplementOf(<B>))"),
            ("owl:oneOf (:j :i)", "ObjectOneOf(<i> <j>)"),
        ],
    )
    def test_canonical_text(self, turtle: str, text: str) -> None:
        facts = parse(f":d a owl:DatatypeProperty . :A rdfs:subClassOf [ {turtle} ] .")
        assert axioms(facts) == [f"SubClassOf(<A> {text})"]
        assert not facts.warnings
        assert not [node for node in facts.nodes if node.declared]

    def test_data_ranges(self) -> None:
        facts = parse(
            ":Small owl:equivalentClass [ a rdfs:Datatype ; owl:onDatatype xsd:int ;"
            " owl:withRestrictions ([ xsd:minInclusive 1 ] [ xsd:maxInclusive 9 ]) ] ; a rdfs:Datatype ."
            ' :d a owl:DatatypeProperty ; rdfs:range [ a rdfs:Datatype ; owl:oneOf ("b\\"" "a"@en) ] .'
        )
        facets = f'<{XSD}maxInclusive> "9"^^<{XSD}integer> <{XSD}minInclusive> "1"^^<{XSD}integer>'
        one_of = f'DataOneOf("a"@en "b\\""^^<{XSD}string>)'
        assert axioms(facts) == [
            f"DataPropertyRange(<d> {one_of})",
            f"DatatypeDefinition(<Small> DatatypeRestriction(<{XSD}int> {facets}))",
        ]
        assert property_of(facts, "d").range == (one_of,)
        assert (node_of(facts, "Small").kind, facts.classes) == ("datatype", ())

    def test_case_47_the_order_of_predicates_changes_nothing(self) -> None:
        one = parse(":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :B ] .")
        other = parse(":A rdfs:subClassOf [ owl:someValuesFrom :B ; owl:onProperty :p ; a owl:Restriction ] .")
        assert one == other

    @pytest.mark.parametrize(
        ("turtle", "why"),
        [
            ("[ a owl:Restriction ; owl:someValuesFrom :B ]", "needs one owl:onProperty"),
            ("[ a owl:Restriction ; owl:onProperty :p ]", "without a constructor"),
            ("[ owl:onProperty :p ; owl:someValuesFrom :B ; owl:allValuesFrom :C ]", "two meanings"),
            ("[ owl:onProperty :p ; owl:minCardinality -1 ]", "no whole number"),
            ("[ owl:unionOf :notAList ]", "not well-formed"),
            ("[ owl:unionOf () ]", "without operands"),
            ("[ owl:onProperty [ :p 1 ] ; owl:someValuesFrom :B ]", "where a property should"),
            ('"text"', "literal stands where a class should"),
            ("[ :p 1 ]", "no class expression"),
        ],
    )
    def test_what_is_no_expression_costs_itself_alone(self, turtle: str, why: str) -> None:
        facts = parse(f":A rdfs:subClassOf {turtle} , :B .")
        assert axioms(facts) == ["SubClassOf(<A> <B>)"]
        assert [warning.line for warning in facts.warnings] == [8]
        assert why in facts.warnings[0].message

    def test_expressions_deeper_than_64_are_told(self) -> None:
        def nested(depth: int) -> str:
            return f":A rdfs:subClassOf {'[ owl:complementOf ' * depth} :B {']' * depth} ."

        assert len(parse(nested(64)).axioms) == 1
        assert "nested deeper than 64" in parse(nested(65)).warnings[0].message

    def test_an_expression_that_holds_itself_is_told(self) -> None:
        facts = parse("_:a owl:complementOf _:a . :A rdfs:subClassOf _:a .")
        assert facts.axioms == ()
        assert any("refers to itself" in warning.message for warning in facts.warnings)


class TestProperties:
    def test_kinds_domains_ranges_and_characteristics(self) -> None:
        facts = parse(
            ":p a owl:ObjectProperty, owl:FunctionalProperty ; rdfs:label 'pee' ; rdfs:domain :A ;"
            " rdfs:range [ owl:unionOf (:B :C) ] . :t a owl:TransitiveProperty . :r a rdf:Property ."
            " :d a owl:DatatypeProperty, owl:FunctionalProperty . :n a owl:AnnotationProperty ."
        )
        kinds = {item.iri.removeprefix("http://e/"): item.kind for item in facts.properties}
        assert kinds == {"p": "object", "t": "object", "d": "data", "n": "annotation", "r": "unknown"}
        found = property_of(facts, "p")
        assert (found.label, found.domain, found.line, found.declared) == ("pee", ("http://e/A",), 8, True)
        assert found.range == ("ObjectUnionOf(<http://e/B> <http://e/C>)",)
        assert found.characteristics == ("Functional",)
        assert axioms(facts) == [
            "FunctionalDataProperty(<d>)",
            "FunctionalObjectProperty(<p>)",
            "ObjectPropertyDomain(<p> <A>)",
            "ObjectPropertyRange(<p> ObjectUnionOf(<B> <C>))",
            "TransitiveObjectProperty(<t>)",
        ]

    def test_axioms_between_properties(self) -> None:
        facts = parse(
            ":d a owl:DatatypeProperty . :n a owl:AnnotationProperty . :p rdfs:subPropertyOf :q ; owl:inverseOf :o ;"
            " owl:equivalentProperty :e ; owl:propertyDisjointWith :x ;"
            " owl:propertyChainAxiom (:q [ owl:inverseOf :o ]) . :d rdfs:subPropertyOf :d2 ."
            " :n rdfs:subPropertyOf rdfs:comment ."
        )
        assert axioms(facts) == [
            "DisjointObjectProperties(<p> <x>)",
            "EquivalentObjectProperties(<e> <p>)",
            "InverseObjectProperties(<o> <p>)",
            f"SubAnnotationPropertyOf(<n> <{RDFS.comment}>)",
            "SubDataPropertyOf(<d> <d2>)",
            "SubObjectPropertyOf(<p> <q>)",
            "SubObjectPropertyOf(ObjectPropertyChain(<q> ObjectInverseOf(<o>)) <p>)",
        ]

    def test_all_disjoint_properties(self) -> None:
        facts = parse("[] a owl:AllDisjointProperties ; owl:members (:q :p :o) .")
        assert axioms(facts) == ["DisjointObjectProperties(<o> <p> <q>)"]


class TestIndividuals:
    def test_types_values_and_links(self) -> None:
        facts = parse(':i a :C, owl:NamedIndividual ; rdfs:label "Eye" ; :size 2.50 ; :knows :j ; :says "a", "b"@fr .')
        found = node_of(facts, "i")
        assert (found.kind, found.label, found.line, found.declared) == ("individual", "Eye", 8, True)
        assert found.properties == {
            LABEL: ["Eye"],
            "http://e/says": ["a", {"value": "b", "language": "fr"}],
            "http://e/size": [{"value": "2.50", "datatype": XSD + "decimal"}],
        }
        assert axioms(facts) == ["ClassAssertion(<C> <i>)"]
        assert facts.edges == (Edge("http://e/i", "http://e/j", "http://e/knows", 8),)
        assert class_of(facts, "C").declared is False

    def test_assertions_that_are_axioms(self) -> None:
        facts = parse(
            ":i owl:sameAs :j ; owl:differentFrom :k . [] a owl:AllDifferent ; owl:distinctMembers (:k :i :l) ."
            ":i a [ owl:complementOf :C ] . [] a owl:NegativePropertyAssertion ; owl:sourceIndividual :i ;"
            " owl:assertionProperty :p ; owl:targetIndividual :k ."
            " [] a owl:NegativePropertyAssertion ; owl:sourceIndividual :i ; owl:assertionProperty :d ;"
            " owl:targetValue 5 ."
        )
        assert axioms(facts) == [
            "ClassAssertion(ObjectComplementOf(<C>) <i>)",
            "DifferentIndividuals(<i> <k> <l>)",
            "DifferentIndividuals(<i> <k>)",
            f'NegativeDataPropertyAssertion(<d> <i> "5"^^<{XSD}integer>)',
            "NegativeObjectPropertyAssertion(<p> <i> <k>)",
            "SameIndividual(<i> <j>)",
        ]
        assert facts.edges == ()

    def test_a_remark_on_something_defined_elsewhere_is_a_mention(self) -> None:
        facts = parse(':x rdfs:comment "remark" . :y :p 1 .')
        assert (node_of(facts, "x").declared, node_of(facts, "y").declared) == (False, True)

    def test_lists_are_values(self) -> None:
        facts = parse(":i :p (1 :j (2)) ; :q () .")
        one, two = ({"value": text, "datatype": XSD + "integer"} for text in "12")
        assert node_of(facts, "i").properties == {
            "http://e/p": [{"list": [one, {"id": "http://e/j"}, {"list": [two]}]}],
            "http://e/q": [{"list": []}],
        }
        assert len(facts.nodes) == 1

    def test_skos_concepts_and_narrower_as_written(self) -> None:
        facts = parse(
            ':s a skos:ConceptScheme . :c a skos:Concept ; rdfs:label "other" ; skos:prefLabel "see"@en ;'
            ' skos:altLabel "C" ; skos:narrower :d ; skos:inScheme :s .'
        )
        found = node_of(facts, "c")
        assert (found.kind, found.label, node_of(facts, "s").kind) == ("concept", "see", "concept")
        assert found.properties["http://www.w3.org/2004/02/skos/core#altLabel"] == ["C"]
        skos = "http://www.w3.org/2004/02/skos/core#"
        assert edges(facts) == [("c", skos + "inScheme", "s"), ("c", skos + "narrower", "d")]
        assert (facts.axioms, facts.classes, facts.properties) == ((), (), ())

    def test_an_ontology_and_its_imports(self) -> None:
        facts = parse(
            '<http://o> a owl:Ontology ; dcterms:title "Oh" ; owl:versionIRI <http://o/1> ; owl:versionInfo "1" ;'
            " owl:imports <http://127.0.0.1:9/never-fetched> ."
        )
        found = node_of(facts, "http://o")
        assert (found.kind, found.label) == ("ontology", "Oh")
        assert found.properties[str(OWL.versionIRI)] == [{"id": "http://o/1"}]
        assert facts.edges == (Edge("http://o", "http://127.0.0.1:9/never-fetched", "imports", 8),)


def note(source: str, way: str, target: str, text: str) -> str:
    """An annotation of the triple, as OWL writes it."""
    return (
        f"[] a owl:Axiom ; owl:annotatedSource {source} ; owl:annotatedProperty {way} ;"
        f' owl:annotatedTarget {target} ; rdfs:comment "{text}" .\n'
    )


class TestAnnotatedAxioms:
    def test_annotations_of_an_axiom_and_of_an_edge(self) -> None:
        said = note(":A", "rdfs:subClassOf", ":B", "x") + note(":i", ":p", ":j", "y")
        facts = parse(f":A rdfs:subClassOf :B . :i :p :j . {said}")
        assert facts.axioms[0].annotations == {str(RDFS.comment): ["x"]}
        assert facts.edges[0].properties == {str(RDFS.comment): ["y"]}
        assert [node.id for node in facts.nodes] == ["http://e/i"]

    def test_the_target_may_be_a_copy_of_the_expression(self) -> None:
        some = "[ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :B ]"
        facts = parse(f":A rdfs:subClassOf {some} . {note(':A', 'rdfs:subClassOf', some, 'x')}")
        assert facts.axioms[0].annotations == {str(RDFS.comment): ["x"]}

    def test_case_54_without_the_triple_there_is_no_axiom(self) -> None:
        assert parse(note(":A", "rdfs:subClassOf", ":B", "x")) == ParsedFile()


class TestBlankNodes:
    def test_names_do_not_depend_on_how_it_is_written(self) -> None:
        one = parse(':A :p [ :q "x" ; :r [ :s 1 ] ] .')
        other = parse('_:z :r _:y . _:y :s 1 .\n\n:A :p _:z . _:z :q "x" .')
        assert without_lines(one) == without_lines(other)
        assert [len(node.id) for node in one.nodes if node.id.startswith("_:")] == [34, 34]

    def test_an_unrelated_edit_changes_no_name(self) -> None:
        before, after = parse(":A :p [ :q 1 ] ."), parse(":A :p [ :q 1 ], [ :q 2 ] ; :z 9 .")
        assert {node.id for node in before.nodes} < {node.id for node in after.nodes}

    def test_identical_siblings_are_one_and_those_of_two_owners_are_two(self) -> None:
        facts = parse(":A :p [ :q 1 ], [ :q 1 ] . :B :p [ :q 1 ] .")
        assert len({edge.target for edge in facts.edges}) == len(facts.edges) == 2
        assert len({node.id for node in facts.nodes}) == len(facts.nodes) == 4

    def test_a_label_means_something_else_in_every_file(self) -> None:
        one, two = parse('_:a :p "same" .', "one.ttl"), parse('_:a :p "same" .', "two.ttl")
        assert one.nodes[0].id != two.nodes[0].id
        assert parse('_:a :p "same" .', "one.ttl") == one

    def test_a_shared_node_is_one(self) -> None:
        facts = parse(":A :p _:x . :B :p _:x . _:x :q 1 . :C :p [ :q 1 ] .")
        targets = {str(edge.source): edge.target for edge in facts.edges}
        assert targets["http://e/A"] == targets["http://e/B"] != targets["http://e/C"]

    def test_a_circle_is_told_and_nothing_of_it_is_kept(self) -> None:
        facts = parse(":A :p _:x ; :p :B . _:x :q _:y . _:y :q _:x .")
        assert edges(facts) == [("A", "p", "B")]
        assert any("in a circle" in warning.message for warning in facts.warnings)
        assert not any(node.id.startswith("_:") for node in facts.nodes)

    def test_an_empty_node_is_a_node(self) -> None:
        facts = parse(":A :p [] .")
        assert {edge.target for edge in facts.edges} <= {node.id for node in facts.nodes}


ONTOLOGY = """
<http://o> a owl:Ontology .
:Animal a owl:Class ; rdfs:label "Animal"@en .
:Dog a owl:Class ; rdfs:subClassOf :Animal, [ a owl:Restriction ; owl:onProperty :eats ; owl:someValuesFrom :Food ] .
:Cat rdfs:subClassOf :Animal ; owl:disjointWith :Dog .
:Food a rdfs:Class ; owl:deprecated true .
:eats a owl:ObjectProperty ; rdfs:domain :Animal ; rdfs:range :Food ; owl:inverseOf :eatenBy .
:age a owl:DatatypeProperty, owl:FunctionalProperty ; rdfs:range xsd:int .
:note a owl:AnnotationProperty ; rdfs:subPropertyOf rdfs:comment .
:rex a :Dog ; :age 3 ; :eats :bone ; :owner [ :name "Ann" ] .
"""


class TestAgainstRdflib:
    def test_the_same_names_and_pairs(self) -> None:
        facts = parse(ONTOLOGY)
        oracle = rdflib.Graph().parse(data=PREFIXES + ONTOLOGY, format="turtle")
        declared = {
            str(s)
            for kind in (OWL.Class, RDFS.Class)
            for s in oracle.subjects(RDF.type, kind)
            if isinstance(s, rdflib.URIRef)
        }
        named = {
            (f"<{s}>", f"<{o}>") for s, o in oracle.subject_objects(RDFS.subClassOf) if isinstance(o, rdflib.URIRef)
        }
        assert {item.iri for item in facts.classes if item.declared} == declared
        assert {
            axiom.arguments
            for axiom in facts.axioms
            if axiom.kind == "SubClassOf" and "(" not in str(axiom.arguments[1])
        } == named
        for kind, type_ in (
            ("object", OWL.ObjectProperty),
            ("data", OWL.DatatypeProperty),
            ("annotation", OWL.AnnotationProperty),
        ):
            assert {item.iri for item in facts.properties if item.kind == kind} == {
                str(s) for s in oracle.subjects(RDF.type, type_)
            }

    def test_every_way_of_writing_it_gives_the_same_facts(self) -> None:
        facts = without_lines(parse(ONTOLOGY))
        oracle = rdflib.Graph().parse(data=PREFIXES + ONTOLOGY, format="turtle")
        assert without_lines(parse_bytes(oracle.serialize(format="longturtle").encode())) == facts
        lines = oracle.serialize(format="nt").splitlines(keepends=True)
        for seed in range(5):
            random.Random(seed).shuffle(lines)
            assert without_lines(parse_bytes("".join(lines).encode())) == facts


NAMES = st.sampled_from(["A", "B", "C", "D", "Été", "x1"])
PAIRS = st.frozensets(st.tuples(NAMES, NAMES), max_size=6)


@settings(max_examples=60, deadline=None)
@given(
    parents=PAIRS,
    somes=PAIRS,
    labels=st.dictionaries(NAMES, st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)),
    order=st.randoms(use_true_random=False),
)
def test_a_printed_ontology_is_read_back(
    parents: frozenset[tuple[str, str]], somes: frozenset[tuple[str, str]], labels: dict[str, str], order: random.Random
) -> None:
    def quoted(text: str) -> str:
        return '"' + "".join(f"\\U{ord(letter):08X}" for letter in text) + '"'

    statements = [
        *(f":{child} rdfs:subClassOf :{parent} ." for child, parent in parents),
        *(f":{name} rdfs:subClassOf [ owl:onProperty :p ; owl:someValuesFrom :{filler} ] ." for name, filler in somes),
        *(f":{name} a owl:Class ; rdfs:label {quoted(label)} ." for name, label in labels.items()),
    ]
    order.shuffle(statements)
    facts = parse("\n".join(statements))
    assert facts.warnings == ()
    assert set(axioms(facts)) == {
        *(f"SubClassOf(<{child}> <{parent}>)" for child, parent in parents),
        *(f"SubClassOf(<{name}> ObjectSomeValuesFrom(<p> <{filler}>))" for name, filler in somes),
    }
    assert {item.iri: item.label for item in facts.classes if item.declared} == {
        f"http://e/{name}": label for name, label in labels.items()
    }
    assert without_lines(parse("\n".join(sorted(statements)))) == without_lines(facts)
