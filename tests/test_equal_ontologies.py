"""One ontology in functional syntax and in Turtle gives the same facts."""

from __future__ import annotations

from support.rdf_files import facts, said

FUNCTIONAL = """\
Prefix(:=<http://e/>)
Prefix(owl:=<http://www.w3.org/2002/07/owl#>)
Prefix(xsd:=<http://www.w3.org/2001/XMLSchema#>)
Prefix(rdfs:=<http://www.w3.org/2000/01/rdf-schema#>)
Ontology(<http://e/o> <http://e/o/1>
Import(<http://e/other>)
Annotation(rdfs:comment "An ontology")
Declaration(Class(:A))
Declaration(ObjectProperty(:p))
Declaration(ObjectProperty(:q))
Declaration(ObjectProperty(:r))
Declaration(ObjectProperty(:s))
Declaration(ObjectProperty(:u))
Declaration(ObjectProperty(:v))
Declaration(ObjectProperty(:w))
Declaration(ObjectProperty(:x))
Declaration(ObjectProperty(:y))
Declaration(ObjectProperty(:z))
Declaration(DataProperty(:d))
Declaration(AnnotationProperty(:note))
Declaration(AnnotationProperty(:points))
Declaration(NamedIndividual(:i))
Declaration(Datatype(:t))
AnnotationAssertion(rdfs:label :A "a"@en)
AnnotationAssertion(rdfs:seeAlso :A :B)
AnnotationAssertion(:note :A "n")
AnnotationAssertion(:points :A :j)
SubClassOf(:A :B)
SubClassOf(:A ObjectSomeValuesFrom(:q :C))
SubClassOf(:A ObjectAllValuesFrom(:p ObjectUnionOf(:D :E)))
SubClassOf(:A ObjectHasValue(:r :k))
SubClassOf(:A ObjectMinCardinality(2 :q :F))
SubClassOf(:A DataSomeValuesFrom(:d xsd:string))
SubClassOf(:A DataSomeValuesFrom(:d :t))
SubClassOf(:A ObjectSomeValuesFrom(ObjectInverseOf(:s) :G))
EquivalentClasses(:A ObjectIntersectionOf(:H ObjectComplementOf(:I)))
EquivalentClasses(:A ObjectOneOf(:m :n))
DisjointClasses(:A :J :K)
DisjointUnion(:A :L :M)
ObjectPropertyDomain(:p :N)
ObjectPropertyRange(:p :O)
DataPropertyRange(:d xsd:integer)
SubObjectPropertyOf(:p :u)
SubObjectPropertyOf(ObjectPropertyChain(:v :w) :p)
InverseObjectProperties(:p :x)
TransitiveObjectProperty(:p)
FunctionalDataProperty(:d)
HasKey(:A (:y) (:d))
ClassAssertion(:P :i)
ClassAssertion(ObjectSomeValuesFrom(:z :Q) :i)
ObjectPropertyAssertion(:p :i :j)
DataPropertyAssertion(:d :i "x")
NegativeObjectPropertyAssertion(:p :i :l)
SameIndividual(:i :o1)
DifferentIndividuals(:i :o2 :o3)
)
"""

TURTLE = """\
@prefix : <http://e/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:o a owl:Ontology ; owl:versionIRI <http://e/o/1> ; owl:imports :other ; rdfs:comment "An ontology" .
:A a owl:Class ; rdfs:label "a"@en ; rdfs:seeAlso :B ; :note "n" ; :points :j .
:p a owl:ObjectProperty .
:q a owl:ObjectProperty .
:r a owl:ObjectProperty .
:s a owl:ObjectProperty .
:u a owl:ObjectProperty .
:v a owl:ObjectProperty .
:w a owl:ObjectProperty .
:x a owl:ObjectProperty .
:y a owl:ObjectProperty .
:z a owl:ObjectProperty . :d a owl:DatatypeProperty . :i a owl:NamedIndividual . :t a rdfs:Datatype .
:note a owl:AnnotationProperty . :points a owl:AnnotationProperty .
:A rdfs:subClassOf :B ,
    [ a owl:Restriction ; owl:onProperty :q ; owl:someValuesFrom :C ] ,
    [ a owl:Restriction ; owl:onProperty :p ; owl:allValuesFrom [ a owl:Class ; owl:unionOf ( :D :E ) ] ] ,
    [ a owl:Restriction ; owl:onProperty :r ; owl:hasValue :k ] ,
    [ a owl:Restriction ; owl:onProperty :q ; owl:minQualifiedCardinality 2 ; owl:onClass :F ] ,
    [ a owl:Restriction ; owl:onProperty :d ; owl:someValuesFrom xsd:string ] ,
    [ a owl:Restriction ; owl:onProperty :d ; owl:someValuesFrom :t ] ,
    [ a owl:Restriction ; owl:onProperty [ owl:inverseOf :s ] ; owl:someValuesFrom :G ] ;
    owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( :H [ a owl:Class ; owl:complementOf :I ] ) ] ,
        [ a owl:Class ; owl:oneOf ( :m :n ) ] ;
    owl:disjointUnionOf ( :L :M ) ; owl:hasKey ( :y :d ) .
[] a owl:AllDisjointClasses ; owl:members ( :A :J :K ) .
:p rdfs:domain :N ; rdfs:range :O ; rdfs:subPropertyOf :u ; owl:propertyChainAxiom ( :v :w ) ; owl:inverseOf :x ;
    a owl:TransitiveProperty .
:d rdfs:range xsd:integer ; a owl:FunctionalProperty .
:i a :P , [ a owl:Restriction ; owl:onProperty :z ; owl:someValuesFrom :Q ] ; :p :j ; :d "x" ; owl:sameAs :o1 .
[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :i ; owl:assertionProperty :p ; owl:targetIndividual :l .
[] a owl:AllDifferent ; owl:members ( :i :o2 :o3 ) .
"""

NO_AXIOMS_OF_RDF = ("AnnotationAssertion(", "ObjectPropertyAssertion(", "DataPropertyAssertion(")
"""In RDF these are plain triples: annotations, edges and properties of nodes, and nothing besides."""


def test_equal_ontologies_give_equal_facts() -> None:
    functional = [fact for fact in said(facts("a.ofn", FUNCTIONAL)) if not fact.startswith(NO_AXIOMS_OF_RDF)]
    assert said(facts("a.ttl", TURTLE)) == functional


def test_they_say_the_same_of_each_class() -> None:
    functional, turtle = (
        {each.iri: (each.label, each.annotations) for each in parsed.classes}
        for parsed in (facts("a.ofn", FUNCTIONAL), facts("a.ttl", TURTLE))
    )
    assert functional == turtle
