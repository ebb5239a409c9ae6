"""json-ld fences of ontology pages, read as plain JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.pages import Reading, end, read

PAGE = """\
public:: true

# Sea Kayak
```json-ld
{
  "@context": "https://example.org/context/v1.jsonld",
  "@id": "urn:example:page:sea-kayak",
  "@type": "Page",
  "title": "Sea Kayak",
  "vc:public": true,
  "vc:outboundWikilinks": [{"@id": "urn:example:class:boat", "vc:label": "Boat"}]
}
```

```json-ld
{
  "@context": "https://example.org/ns/v2.jsonld",
  "@id": "urn:example:class:sea-kayak",
  "@type": "Class",
  "label": "Sea kayak",
  "definition": "A kayak for the sea.",
  "domain": "water",
  "quality": 0.7,
  "qualityScore": {"@value": 0.9, "@type": "xsd:float"},
  "subClassOf": [
    {"@id": "urn:example:class:kayak", "label": "Kayak"},
    {"@id": "urn:example:class:boat", "label": "Boat"}
  ],
  "relations": {
    "hasPart": [
      {
        "@id": "urn:example:class:skeg",
        "label": "Skeg"
      },
      {"@id": "urn:example:class:hatch", "label": "Hatch"}
    ],
    "depends-on": {"@id": "urn:example:class:sea", "label": "Sea"},
    "subClassOf": [{"@id": "urn:example:class:thing"}]
  },
  "sameAs": [{"@id": "urn:example:class:kayak-sea", "label": "Kayak (sea)"}],
  "provenance": {"attributedTo": "did:example:me"},
  "vc:plainGloss": "a boat"
}
```

```json-ld
{"@type": "vc:LinkResolutionsAnnotation", "@id": "urn:x", "vc:appliesTo": {"@id": "urn:example:class:boat"}}
```

- requires:: [[Paddle]]
"""

CLASS = "urn:example:class:"


def fence(data: Any, name: str = "json-ld") -> str:
    return f"public:: true\n\n```{name}\n{data if isinstance(data, str) else json.dumps(data)}\n```\n\n[[After]]\n"


def parse(data: Any, **more: Any) -> Reading:
    return read(fence(data), "pages/Page.md", **more)


def test_a_page_with_a_class() -> None:
    reading = read(PAGE, "pages/Sea Kayak.md")
    assert (reading.parsers, reading.kind, reading.codes) == (("ontology", "logseq"), "ontology", [])
    own, kayak, boat = reading.facts.classes
    assert (own.iri, own.label, own.comment, own.line) == (f"{CLASS}sea-kayak", "Sea kayak", "A kayak for the sea.", 18)
    assert own.annotations == {
        "domain": "water",
        "quality": 0.7,
        "qualityScore": 0.9,
        "sameAs": [{"@id": f"{CLASS}kayak-sea", "label": "Kayak (sea)"}],
        "provenance": {"attributedTo": "did:example:me"},
        "vc:plainGloss": "a boat",
    }
    assert [(a.name.scope, a.name.text, a.rank) for a in own.answers] == [("classes:", "sea kayak", 0)]
    assert [(c.iri, c.label, c.line, c.declared) for c in (kayak, boat)] == [
        (f"{CLASS}kayak", "Kayak", 26, False),
        (f"{CLASS}boat", "Boat", 27, False),
    ]
    assert [(a.kind, a.arguments, a.line) for a in reading.facts.axioms] == [
        ("SubClassOf", (f"<{CLASS}sea-kayak>", f"<{CLASS}kayak>"), 26),
        ("SubClassOf", (f"<{CLASS}sea-kayak>", f"<{CLASS}boat>"), 27),
    ]
    edges = [(e.type, end(e.target).removeprefix(CLASS), e.line, e.properties) for e in reading.facts.edges]
    assert edges == [
        ("defines", "sea-kayak", 18, {}),
        ("hasPart", "skeg", 32, {"key": "hasPart", "text": "Skeg"}),
        ("hasPart", "hatch", 35, {"key": "hasPart", "text": "Hatch"}),
        ("dependsOn", "sea", 37, {"key": "depends-on", "text": "Sea"}),
        ("subClassOf", "thing", 38, {"key": "subClassOf"}),
        ("requires", "page:paddle", 50, {"key": "requires"}),
        ("subClassOf", "kayak", 26, {}),
        ("subClassOf", "boat", 27, {}),
    ]


SHAPES = [
    ({"subClassOf": {"@id": "urn:p"}}, ["SubClassOf urn:p"]),
    ({"subClassOf": ["urn:p", None, 3, {}, {"@id": 7}, {"@id": " "}]}, ["SubClassOf urn:p"]),
    ({"relations": {"uses": {"@id": "urn:q"}, "bad": None, "worse": 3}}, ["uses urn:q"]),
    (
        {"relations": {"bridges To": [{"@id": "urn:q"}], "relatedTo_2": [{"@id": "urn:q"}]}},
        ["bridgesTo urn:q", "relatedTo2 urn:q"],
    ),
    ({"relations": {"self": [{"@id": "urn:c"}]}}, ["self urn:c"]),
    (
        {"relations": [], "vc:hasPart": [{"@id": "urn:q"}], "vc:depends-on": {"@id": "urn:r"}},
        ["hasPart urn:q", "dependsOn urn:r"],
    ),
    ({"vc:outboundWikilinks": [{"@id": "urn:q"}], "sameAs": [{"@id": "urn:q"}], "vc:termId": "x"}, []),
    ({"@type": ["Class", "x"]}, []),
    ({"@type": "OntologyClass"}, []),
]


@pytest.mark.parametrize(("keys", "expected"), SHAPES)
def test_shapes_of_a_class(keys: dict[str, Any], expected: list[str]) -> None:
    reading = parse({"@id": "urn:c", "@type": "Class", **keys})
    assert [c.iri for c in reading.facts.classes if c.declared] == ["urn:c"]
    axioms = [f"SubClassOf {axiom.arguments[1].strip('<>')}" for axiom in reading.facts.axioms]
    edges = [
        f"{e.type} {end(e.target)}" for e in reading.facts.edges if e.type not in ("defines", "link", "subClassOf")
    ]
    assert axioms + edges == expected


def test_an_individual() -> None:
    reading = parse(
        {
            "@id": "urn:i",
            "@type": "Individual",
            "label": "I",
            "instanceOf": {"@id": "urn:c"},
            "relations": {"knows": "urn:j"},
        }
    )
    individual, page = reading.facts.nodes
    assert (individual.id, individual.kind, individual.label, individual.line) == ("urn:i", "individual", "I", 4)
    assert page.id == "page:page"
    assert [(a.kind, a.arguments) for a in reading.facts.axioms] == [("ClassAssertion", ("<urn:c>", "<urn:i>"))]
    assert reading.edges("knows") == [("knows", "urn:j")]


NOT_ONTOLOGY = [
    {"@type": "Page", "@id": "urn:p"},
    {"@type": "Class"},
    {"@id": 3, "@type": "Class"},
    {"@id": "urn:x", "@type": {}},
    [],
    3,
]


@pytest.mark.parametrize("data", NOT_ONTOLOGY)
def test_other_fences_make_no_ontology(data: Any) -> None:
    assert parse(data).parsers == ("logseq",)


def test_other_json_is_no_ontology() -> None:
    data = {"@id": "urn:c", "@type": "Class"}
    assert read(fence(data, "json")).parsers == ("logseq",)
    assert read(f"```json-ld\n{json.dumps(data)}\n").parsers == ("markdown",)


BAD = [
    ('{"@id": "urn:x",\n "a": }', "json-syntax", 5),
    ("", "json-syntax", 5),
    ('{"@id": "urn:x"} trailing', "json-syntax", 4),
    ('{"@id": NaN}', "json-limit", 3),
    ('{"@id": "urn:x", "a": -Infinity}', "json-limit", 3),
    ('{"@id": "urn:x", "a": 1e999}', "json-limit", 3),
    ('{"@id": "urn:x", "a": ' + "9" * 5_000 + "}", "json-limit", 3),
    ('{"@id": "urn:x", "a": "\\ud800"}', "json-limit", 3),
    ('{"@id": "urn:x", "a": "\\u0000"}', "json-limit", 3),
    ('{"@id": "urn:x", "a": ' + "[" * 20_000 + "]" * 20_000 + "}", "json-limit", 3),
    ('{"@id": "urn:x", "a": ' + "[" * 100 + "]" * 100 + "}", "json-limit", 3),
]


@pytest.mark.parametrize(("bad", "code", "line"), BAD)
@pytest.mark.timeout(20)
def test_a_bad_fence_costs_itself_alone(bad: str, code: str, line: int) -> None:
    good = '{"@id": "urn:good", "@type": "Class"}'
    text = f"k:: v\n\n```json-ld\n{bad}\n```\n```json-ld\n{good}\n```\n[[After]]\n"
    reading = read(text)
    assert [(w.code, w.line) for w in reading.facts.warnings] == [(code, line)]
    assert [c.iri for c in reading.facts.classes] == ["urn:good"]
    assert reading.targets() == ["after"]


def test_escapes_that_stand_for_characters_are_kept() -> None:
    (own,) = parse({"@id": "urn:c", "@type": "Class", "label": "Café 🧠", "note": "back\\u0000slash"}).facts.classes
    assert (own.label, own.annotations) == ("Café 🧠", {"note": "back\\u0000slash"})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["@id", "label", "@value", "a"]), inner, max_size=3)
    ),
    max_leaves=12,
)
KEYS = ["@type", "label", "definition", "subClassOf", "relations", "sameAs", "vc:x", "instanceOf"]


@given(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=6), st.sampled_from(["Class", "Individual"]))
def test_any_object_can_be_read(data: dict[str, Any], kind: str) -> None:
    facts = parse({**data, "@id": "urn:c", "@type": kind}).facts
    for item in (*facts.classes, *facts.nodes):
        json.dumps(dict(item.annotations if hasattr(item, "annotations") else item.properties), allow_nan=False)
    for axiom in facts.axioms:
        assert all(isinstance(argument, str) and argument.startswith("<") for argument in axiom.arguments)


TARGETS = st.lists(st.integers(0, 99), max_size=6)


@given(st.dictionaries(st.sampled_from(["uses", "has-part", "enables"]), TARGETS, max_size=3), TARGETS)
def test_every_line_holds_its_target(relations: dict[str, list[int]], parents: list[int]) -> None:
    def targets(numbers: list[int]) -> list[dict[str, str]]:
        return [{"@id": f"urn:t{number}", "label": f"T{number}"} for number in numbers]

    data = {
        "@id": "urn:c",
        "@type": "Class",
        "relations": {key: targets(numbers) for key, numbers in relations.items()},
        "subClassOf": targets(parents),
    }
    text = fence(json.dumps(data, indent=1))
    lines = text.split("\n")
    facts = read(text).facts
    for edge in facts.edges:
        wanted = edge.target.text if end(edge.target).startswith("page:") else f'"{end(edge.target)}"'
        assert wanted in lines[edge.line - 1]
    for axiom in facts.axioms:
        assert axiom.arguments[1].strip("<>") in lines[axiom.line - 1]


def test_a_known_prefix_is_written_out_as_everywhere_else() -> None:
    block = {
        "@id": "prov:Kayak",
        "@type": "Class",
        "subClassOf": {"@id": "owl:Thing"},
        "relations": {"uses": [{"@id": "skos:Concept", "label": "C"}, {"@id": "urn:example:sea"}, {"@id": "nope:x"}]},
    }
    facts = read(f"```json-ld\n{json.dumps(block)}\n```\n").facts
    own = "http://www.w3.org/ns/prov#Kayak"
    thing = "http://www.w3.org/2002/07/owl#Thing"
    assert [(each.iri, each.declared) for each in facts.classes] == [(own, True), (thing, False)]
    assert [axiom.arguments for axiom in facts.axioms] == [(f"<{own}>", f"<{thing}>")]
    assert [end(edge.target) for edge in facts.edges if edge.type == "uses"] == [
        "http://www.w3.org/2004/02/skos/core#Concept",
        "urn:example:sea",
        "nope:x",
    ]
