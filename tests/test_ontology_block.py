"""OntologyBlocks: where they begin and end, and what their lines say."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.pages import Reading, end, read

from ghsync_core import Vault

MV = "https://metaverse-ontology.org/"
OPTIONS = {"ontology": {"prefixes": [f"mv={MV}"]}}

PAGE = """\
- ### OntologyBlock
  id:: digitaltwin-ontology
  collapsed:: true
\t- **Identification**
\t\t- term-id:: 20240
\t\t- preferred-term:: Digital Twin
\t\t- definition:: A digital representation of a thing.
\t\t- synonyms:: Twin, [[Virtual Twin]]
\t- owl:class:: mv:DigitalTwin
\t- owl:physicality:: HybridEntity
\t- owl:inferred-class:: mv:HybridObject
\t- owl:functional-syntax:: true
\t- is-subclass-of:: [[Virtual Thing]], [[Model]]
\t- source:: [[ISO 23247]]
\t- #### Relationships
\t  id:: digitaltwin-relationships
\t\t- has-part:: [[Sensor]] or [[3D Model]] (both)
\t\t- bridges-to:: [[Robot]] via control
\t\t- bridges-from:: [[Factory]] via data
\t- #### OWL Axioms
\t\t- ```clojure
\t\t  Declaration(Class(mv:DigitalTwin))
\t\t  ```
- ## About
\t- A twin [[mirrors]] a thing.
\t- uses:: [[Outline]]
"""


def parse(text: str, path: str = "pages/Digital Twin.md", **more: object) -> Reading:
    return read(dedent(text), path, options=OPTIONS, **more)  # type: ignore[arg-type]


def said(reading: Reading) -> list[str]:
    """The axioms, with references as ``[[text]]``."""
    return [
        f"{a.kind}({' '.join(arg if isinstance(arg, str) else f'[[{arg.text}]]' for arg in a.arguments)})".replace(
            MV, "mv:"
        )
        for a in reading.facts.axioms
    ]


def test_a_page_with_an_ontology_block() -> None:
    reading = read(PAGE, "pages/Digital Twin.md", options=OPTIONS)
    assert (reading.parsers, reading.kind) == (("ontology", "logseq"), "ontology")
    twin, hybrid, inferred = reading.facts.classes
    assert (twin.iri, twin.label, twin.comment, twin.line) == (
        f"{MV}DigitalTwin",
        "Digital Twin",
        "A digital representation of a thing.",
        9,
    )
    assert twin.annotations == {"term-id": "20240", "synonyms": ["Twin", "Virtual Twin"]}
    assert [(a.name.scope, a.name.text, a.rank) for a in twin.answers] == [("classes:", "digital twin", 0)]
    assert [(c.iri, c.declared, c.line) for c in (hybrid, inferred)] == [
        (f"{MV}HybridEntity", False, 10),
        (f"{MV}HybridObject", False, 11),
    ]
    assert said(reading) == [
        "SubClassOf(<mv:DigitalTwin> <mv:HybridEntity>)",
        "SubClassOf(<mv:DigitalTwin> <mv:HybridObject>)",
        "SubClassOf(<mv:DigitalTwin> [[Virtual Thing]])",
        "SubClassOf(<mv:DigitalTwin> [[Model]])",
    ]
    assert [axiom.line for axiom in reading.facts.axioms] == [10, 11, 13, 13]
    edges = [
        (end(e.source).replace(MV, "mv:"), e.type, end(e.target).replace(MV, "mv:"), e.line)
        for e in reading.facts.edges
        if e.type != "subClassOf"
    ]
    assert edges == [
        ("page:digital twin", "defines", "mv:DigitalTwin", 9),
        ("mv:DigitalTwin", "source", "page:iso 23247", 14),
        ("mv:DigitalTwin", "hasPart", "page:sensor", 17),
        ("mv:DigitalTwin", "hasPart", "page:3d model", 17),
        ("mv:DigitalTwin", "bridgesTo", "page:robot", 18),
        ("page:factory", "bridgesTo", "mv:DigitalTwin", 19),
        ("page:digital twin", "link", "page:mirrors", 25),
        ("page:digital twin", "uses", "page:outline", 26),
    ]
    properties = {
        e.target.stub: e.properties for e in reading.facts.edges if e.type in ("hasPart", "bridgesTo") and e.line < 19
    }
    assert properties["page:sensor"] == {"key": "has-part", "value": "[[Sensor]] or [[3D Model]] (both)"}
    assert properties["page:robot"] == {"key": "bridges-to", "value": "[[Robot]] via control", "via": "control"}
    assert reading.codes == []


def test_a_wikilink_means_the_class_of_that_page_before_the_page() -> None:
    (axiom,) = parse("- ### OntologyBlock\n  - owl:class:: mv:X\n  - is-a:: [[3D Engine]]").facts.axioms
    _, target = axiom.arguments
    assert [(name.scope, name.text) for name in target.names] == [("classes:", "3d engine"), ("vault:", "3d engine")]
    assert (target.stub, target.text) == ("page:3d engine", "3D Engine")


def test_title_aliases_and_term_are_answers_of_the_class() -> None:
    text = "alias:: Twin\n\n- ### OntologyBlock\n\t- owl:class:: mv:T\n\t- preferred-term:: The Twin\n"
    (twin,) = read(text, "a/pages/T.md", Vault("a", "logseq"), options=OPTIONS).facts.classes
    assert {(a.name.scope, a.name.text, a.rank) for a in twin.answers} == {
        ("classes:a", "t", 0),
        ("classes:a", "twin", 1),
        ("classes:a", "the twin", 1),
    }


BLOCKS = [
    ("- ### OntologyBlock\n\t- owl:class:: mv:X", ["mv:X"]),
    ("## OntologyBlock\n\nowl:class:: mv:X\n\n## Next\n\nterm-id:: 1", ["mv:X"]),
    ("### OntologyBlock\n- owl:class:: mv:X\n#### Deeper\n- term-id:: 1\n## Up\n- owl:class:: mv:Y", ["mv:X"]),
    ("- ### OntologyBlock\n- owl:class:: mv:X\n- term-id:: 1\n- text\n- owl:class:: mv:Y", ["mv:X"]),
    ("- ### OntologyBlock\n    - owl:class:: mv:X\n\t- #### G\n\t\t- term-id:: 1\n- owl:class:: mv:Y", ["mv:X"]),
    ("- ### OntologyBlock\n\t- owl:class:: mv:X\n- ### OntologyBlock\n\t- owl:class:: mv:Y", ["mv:X", "mv:Y"]),
    ("- ### OntologyBlock\n\t- owl_class:: mv:X\n\t- label:: A\n\t- owl_class:: mv:Y\n\t- label:: B", ["mv:X", "mv:Y"]),
    ("- ### OntologyBlock\n\t- owl-class:: mv:X(a b)", ["mv:X"]),
    ("- ### OntologyBlock\n\t- preferred-term:: Big Thing", ["urn:ghsync:class:big%20thing"]),
    ("- ### OntologyBlock\n\t- definition:: no term", ["urn:ghsync:class:digital%20twin"]),
    ("- ### MetaOntologyBlock\n\t- owl:class:: mv:X", None),
    ("- ### OntologyBlock", None),
    ("- ### OntologyBlock\n\t- id:: x\n\t- collapsed:: true", None),
    ("- ### OntologyBlock\n\t- some text", None),
    ("> ### OntologyBlock\n> - owl:class:: mv:X", None),
    ("```\n### OntologyBlock\n- owl:class:: mv:X\n```", None),
    ("text ### OntologyBlock\n- owl:class:: mv:X", None),
    ("- ### OntologyBlock\n\t- ```\n\t  SubClassOf(mv:A mv:B)\n\t  ```", []),
]


@pytest.mark.parametrize(("text", "iris"), BLOCKS)
def test_where_a_block_begins_and_ends(text: str, iris: list[str] | None) -> None:
    reading = parse(text)
    assert ("ontology" in reading.parsers) == (iris is not None)
    assert [c.iri.replace(MV, "mv:") for c in reading.facts.classes if c.declared] == (iris or [])


LINES = [
    (
        "subClassOf:: mv:A, mv:B; mv:C",
        ["SubClassOf(<mv:X> <mv:A>)", "SubClassOf(<mv:X> <mv:B>)", "SubClassOf(<mv:X> <mv:C>)"],
    ),
    ("owl:role:: Agent", ["SubClassOf(<mv:X> <mv:Agent>)"]),
    ("disjoint-with:: [[A]]", ["DisjointClasses(<mv:X> [[A]])"]),
    ("equivalent-to:: owl:Thing", ["EquivalentClasses(<mv:X> <http://www.w3.org/2002/07/owl#Thing>)"]),
    ("is-a:: <http://a/b>", ["SubClassOf(<mv:X> <http://a/b>)"]),
    ("has-part:: [[A]]", []),
    ("maturity:: mature", []),
]


@pytest.mark.parametrize(("line", "axioms"), LINES)
def test_axioms_of_a_class(line: str, axioms: list[str]) -> None:
    assert said(parse(f"- ### OntologyBlock\n\t- owl:class:: mv:X\n\t- {line}")) == axioms


def test_values_without_a_link_are_annotations_and_none_is_lost() -> None:
    reading = parse(
        """\
        - ### OntologyBlock
        \t- owl:class:: mv:X
        \t- maturity:: mature
        \t- definition:: one:: two
        \t- definition:: another
        \t- alt-terms:: —
        \t- note:: a
        \t- note:: b
        \t- empty::
        """
    )
    (own,) = reading.facts.classes
    assert own.comment == "one:: two"
    assert own.annotations == {"maturity": "mature", "definition": "another", "alt-terms": [], "note": ["a", "b"]}
    assert "repeated-key" in reading.codes


PROPERTIES = """\
- ### OntologyBlock
\t- owl:iri:: mv:hasPart
\t  owl:type:: owl:ObjectProperty
\t  label:: has part
\t  owl:domain:: mv:Whole
\t  owl:range:: [[Part]]
\t  owl:characteristics:: Transitive, owl:AsymmetricProperty, Odd
\t  owl:inverse-of:: mv:partOf
\t  owl:sub-property-of:: mv:relates
\t- dataProperty:: mv:size
\t- range:: xsd:integer
\t- domain:: ObjectUnionOf(mv:B mv:A)
"""


def test_properties() -> None:
    reading = read(PROPERTIES, "pages/Schema.md", options=OPTIONS)
    part, size = reading.facts.properties
    assert (part.iri, part.kind, part.label, part.line) == (f"{MV}hasPart", "object", "has part", 2)
    assert (part.domain, part.range, part.characteristics) == ((f"{MV}Whole",), (), ("Transitive", "Asymmetric"))
    assert (size.kind, size.range) == ("data", ("http://www.w3.org/2001/XMLSchema#integer",))
    assert said(reading) == [
        "ObjectPropertyDomain(<mv:hasPart> <mv:Whole>)",
        "ObjectPropertyRange(<mv:hasPart> [[Part]])",
        "TransitiveObjectProperty(<mv:hasPart>)",
        "AsymmetricObjectProperty(<mv:hasPart>)",
        "InverseObjectProperties(<mv:hasPart> <mv:partOf>)",
        "SubObjectPropertyOf(<mv:hasPart> <mv:relates>)",
        "DataPropertyRange(<mv:size> <http://www.w3.org/2001/XMLSchema#integer>)",
        "DataPropertyDomain(<mv:size> ObjectUnionOf(<mv:A> <mv:B>))",
    ]
    assert size.domain == (f"ObjectUnionOf(<{MV}A> <{MV}B>)",)
    assert reading.edges("defines") == [("defines", f"{MV}hasPart"), ("defines", f"{MV}size")]
    assert reading.codes == ["unknown-characteristic"]


def test_an_unknown_prefix_is_kept_and_told_once() -> None:
    text = "- ### OntologyBlock\n\t- owl:class:: zz:X\n\t- is-a:: zz:Y, Bare"
    reading = parse(text)
    assert [c.iri for c in reading.facts.classes] == ["zz:X", "zz:Y", "Bare"]
    assert [(w.code, w.line) for w in reading.facts.warnings] == [("unknown-prefix", 2), ("bare-name", 3)]


def test_two_words_never_make_one_iri() -> None:
    text = "- ### OntologyBlock\n\t- owl:class:: zz:Foo Bar\n\t- is-a:: <http://e/x>, zz:FooBar\n\t- owl:role:: A B"
    reading = parse(text)
    assert [c.iri for c in reading.facts.classes] == ["zz:Foo%20Bar", "http://e/x", "zz:FooBar", "zz:A%20B"]
    assert [(w.code, w.line) for w in reading.facts.warnings if w.code == "bad-iri"] == [("bad-iri", 2), ("bad-iri", 4)]


def test_a_prefix_that_the_file_declares_is_known() -> None:
    text = "- ### OntologyBlock\n\t- owl:class:: zz:X\n\t- ```\n\t  Prefix(zz:=<http://z/>)\n\t  ```"
    assert [c.iri for c in parse(text).facts.classes] == ["http://z/X"]


OWL = [
    ("```clojure\nSubClassOf(mv:A mv:B)\n```", ["SubClassOf(<mv:A> <mv:B>)"], []),
    ("```\n(SubClassOf mv:A mv:B)\n```", ["SubClassOf(<mv:A> <mv:B>)"], ["owl-lisp"]),
    (
        "```manchester\nSubClassOf (mv:A mv:B)\n```\n\n  - ~~~\n    SubClassOf(mv:C\n      mv:D)\n    ~~~",
        ["SubClassOf(<mv:A> <mv:B>)", "SubClassOf(<mv:C> <mv:D>)"],
        [],
    ),
    ("```clojure\n{{query (and [[x]])}}\n```", [], []),
    ("```clojure\n#+BEGIN_QUERY\n{:query [:find ?p :where (Class ?p)]}\n#+END_QUERY\n```", [], []),
    ("```python\nonto.add(SubClassOf(A, B))\n```", [], []),
    ("```clojure\nSubClassOf(mv:A mv:B)", [], ["owl-fence"]),
    ("owl:functional-syntax:: |\n  SubClassOf(mv:A mv:B)", ["SubClassOf(<mv:A> <mv:B>)"], []),
    ("- owl:functional-syntax::\n  |\n    SubClassOf(mv:A mv:B)\n- text (", ["SubClassOf(<mv:A> <mv:B>)"], []),
    ("owl:functional-syntax:: |\n  SubClassOf(mv:A mv:B)\n  status:: (draft", ["SubClassOf(<mv:A> <mv:B>)"], []),
    ("owl:functional-syntax:: true", [], []),
    ("- is-a:: ObjectUnionOf(mv:B mv:A)", ["SubClassOf(<mv:X> ObjectUnionOf(<mv:A> <mv:B>))"], []),
    ("- equivalent-to:: ObjectUnionOf(mv:B", [], ["owl-syntax"]),
]


@pytest.mark.parametrize(("owl", "axioms", "codes"), OWL)
def test_owl_text_of_a_page(owl: str, axioms: list[str], codes: list[str]) -> None:
    reading = parse("- ### OntologyBlock\n- owl:class:: mv:X\n" + owl)
    assert (said(reading), reading.codes) == (axioms, codes)


def test_only_public_keeps_the_ontology_of_an_unmarked_page_but_not_the_page() -> None:
    reading = parse(PAGE, only_public=True)
    assert reading.parsers == ("ontology",)
    assert reading.reason == "not-public"
    assert not reading.facts.nodes
    assert not reading.edges("defines")
    assert reading.facts.classes


LINE = st.sampled_from(
    [
        "- ### OntologyBlock", "\t- owl:class:: mv:X", "\t- has-part:: [[A]]", "  - is-a:: [[B]], [[C]]",
        "\t- id:: x", "text", "\t- #### G", "## H", "\t- ```", "\t  SubClassOf(a b)", "    - definition:: d",
        "- k:: [[D]]", "",
    ]
)  # fmt: skip


@given(st.lists(LINE, max_size=25))
def test_any_outline_means_the_same_with_any_line_end(lines: list[str]) -> None:
    facts = read("\n".join(lines), options=OPTIONS).facts
    assert read("\r\n".join(lines), options=OPTIONS).facts == facts  # `parse` would dedent only one of them
    for edge in facts.edges:
        if not isinstance(edge.target, str):
            assert f"[[{edge.target.text}]]" in lines[edge.line - 1]
