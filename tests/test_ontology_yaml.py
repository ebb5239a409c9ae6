"""Pages that say in their front matter that they are a class, a property or an individual."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.pages import Reading, end, read

from ghsync_core import Reference, Vault

PAGE = """\
---
type: Class
title: Sea Kayak
resource: urn:example:sea-kayak
slug: sea-kayak
public: true
status: draft
is-a: ["[[Kayak]]", '[[knowledge/boat|Boat]]']
has-part:
  - "[[Skeg]]"
  - "[[Hatch]]"
links: ['[[paddle|Paddle]]']
quality: 0.7
---

# Sea Kayak

A kayak for
the sea.

See [[Paddle]] too.
"""


def parse(text: str, **more: object) -> Reading:
    return read(text, "knowledge/sea-kayak.md", **more)  # type: ignore[arg-type]


def test_a_class() -> None:
    reading = parse(PAGE)
    assert (reading.parsers, reading.kind, reading.codes) == (("ontology", "markdown"), "ontology", [])
    (own,) = reading.facts.classes
    assert (own.iri, own.label, own.comment, own.line) == (
        "urn:example:sea-kayak",
        "Sea Kayak",
        "A kayak for the sea.",
        3,
    )
    assert own.annotations == {"slug": "sea-kayak", "status": "draft", "quality": "0.7"}
    assert {answer.name.text for answer in own.answers} == {"sea kayak", "sea-kayak", "knowledge/sea-kayak"}
    assert [(a.kind, end(a.arguments[1]), a.line) for a in reading.facts.axioms] == [
        ("SubClassOf", "page:kayak.md", 8),
        ("SubClassOf", "page:knowledge/boat.md", 8),
    ]
    edges = [(e.type, end(e.target), e.line, e.count) for e in reading.facts.edges if e.type != "subClassOf"]
    assert edges == [
        ("defines", "urn:example:sea-kayak", 3, 1),
        ("hasPart", "page:skeg.md", 10, 1),
        ("hasPart", "page:hatch.md", 11, 1),
        ("link", "page:paddle.md", 12, 2),
    ]


def test_a_name_means_the_class_of_that_page_before_the_note() -> None:
    (target,) = {a.arguments[1] for a in parse(PAGE).facts.axioms if "boat" in end(a.arguments[1])}
    assert isinstance(target, Reference)
    assert [(name.scope, name.text) for name in target.names] == [
        ("classes:", "knowledge/boat"),
        ("vault:", "boat"),
        ("aliases:", "knowledge/boat"),
    ]
    assert (target.path, target.folder) == ("knowledge/boat", "knowledge")


LINKS = [
    ("[[Boat#Hull]]", [("classes:", "boat"), ("vault:", "boat"), ("aliases:", "boat")]),
    ("[[Boat.md]]", [("classes:", "boat"), ("vault:", "boat"), ("aliases:", "boat.md")]),
    ("[[./parts/Hull]]", [("classes:", "knowledge/parts/hull"), ("path", "knowledge/parts/Hull.md")]),
]


@pytest.mark.parametrize(("link", "expected"), LINKS)
def test_a_relation_means_the_note_that_a_link_there_leads_to(link: str, expected: list[tuple[str, str]]) -> None:
    (edge,) = (e for e in parse(f'---\ntype: Class\nhas-part: "{link}"\n---\n').facts.edges if e.type == "hasPart")
    assert isinstance(edge.target, Reference)
    assert [(name.scope, name.text) for name in edge.target.names][: len(expected)] == expected


@pytest.mark.parametrize("link", ["[[#Own]]", "[[hull.png]]"])
def test_a_place_on_the_page_and_an_attachment_are_no_part_of_a_relation(link: str) -> None:
    assert not [e for e in parse(f'---\ntype: Class\nhas-part: "{link}"\n---\n').facts.edges if e.type == "hasPart"]


def test_an_individual() -> None:
    reading = parse('---\ntype: Individual\ntitle: Mine\nis-a: "[[Kayak]]"\nowner: ["[[Me]]"]\nlength: 5.2\n---\n')
    own = next(node for node in reading.facts.nodes if node.kind == "individual")
    assert (own.id, own.label, own.properties) == ("urn:ngm:individual:mine", "Mine", {"length": "5.2"})
    (axiom,) = reading.facts.axioms
    assert (axiom.kind, end(axiom.arguments[0]), axiom.arguments[1]) == (
        "ClassAssertion",
        "page:kayak.md",
        "<urn:ngm:individual:mine>",
    )
    assert reading.edges("owner", "defines") == [("owner", "page:me.md"), ("defines", "urn:ngm:individual:mine")]


def test_a_property() -> None:
    text = '---\ntype: Property\ntitle: has part\nowl:type: owl:ObjectProperty\ndomain: "[[Kayak]]"\n---\n'
    reading = parse(text)
    (own,) = reading.facts.properties
    assert (own.iri, own.kind, own.label) == ("urn:ngm:property:has-part", "object", "has part")
    assert [(a.kind, end(a.arguments[1])) for a in reading.facts.axioms] == [("ObjectPropertyDomain", "page:kayak.md")]


@pytest.mark.parametrize("vault", [Vault("", "okf"), Vault("bundle", "okf")])
def test_in_a_bundle_a_type_makes_no_class(vault: Vault) -> None:
    assert "ontology" not in parse(PAGE, vault=vault).parsers


def test_bad_front_matter_is_told_and_makes_no_class() -> None:
    reading = parse("---\ntype: Class\ntitle: [a\n---\ntext\n")
    assert "ontology" not in reading.parsers
    assert reading.codes


def test_a_page_without_prose_has_no_definition() -> None:
    (own,) = parse("---\ntype: Class\ntitle: A\n---\n# A\n\n- a list\n- of things\n").facts.classes
    assert own.comment is None


KEYS = st.sampled_from(["title", "resource", "slug", "is-a", "links", "has-part", "status", "domain", "x"])
VALUES = st.sampled_from(["a", '"[[A]]"', "[[A]]", '["[[A]]", b]', "3", "true", "{a: b}", "'[[|]]'", "null", "'[[ ]]'"])


@given(st.dictionaries(KEYS, VALUES, max_size=6), st.sampled_from(["Class", "Property", "Individual"]))
def test_any_front_matter_gives_just_one_thing(entries: dict[str, str], kind: str) -> None:
    lines = ["---", f"type: {kind}", *(f"{key}: {value}" for key, value in entries.items()), "---", "Text."]
    facts = parse("\n".join(lines)).facts
    own = [*(c for c in facts.classes if c.declared), *facts.properties]
    own += [node for node in facts.nodes if node.kind == "individual"]
    assert len(own) == 1
    assert all(1 <= edge.line <= len(lines) for edge in facts.edges)
