"""YAML front matter: what is read, what is refused, and that nothing in it does harm."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.pages import GRAPH, read

VALUES = [
    ("a: text", "text"),
    ("a: 'quoted'", "quoted"),
    ("a: 12", 12),
    ("a: 1.5", 1.5),
    ("a: 1.10", "1.10"),
    ("a: 010", "010"),
    ("a: 12:30", "12:30"),
    ("a: 2024-01-02", "2024-01-02"),
    ("a: 2024-13-45", "2024-13-45"),
    ("a: .nan", ".nan"),
    ("a: .inf", ".inf"),
    ("a: true", True),
    ("a: yes", "yes"),
    ("a:", None),
    ("a: [1, x, {b: null}]", [1, "x", {"b": None}]),
    ("a: '12'", "12"),
    ("a: 99999999999999999999", "99999999999999999999"),
    ("a: !!binary aGk=", "aGk="),
    ("a: {1: x}", {"1": "x"}),
]


@pytest.mark.parametrize(("yaml", "value"), VALUES)
def test_values_are_json_and_keep_their_spelling(yaml: str, value: object) -> None:
    page = read(f"---\n{yaml}\n---\ntext").page
    assert page.properties == {"a": value}
    json.dumps(page.properties, allow_nan=False)


BLOCKS = [
    ("---\ntitle: T\n---\n", "T", []),
    ("\ufeff---\ntitle: T\n---\n", "T", []),
    ("---  \ntitle: T\n...\n", "T", []),
    ("---\ntitle: T\n", "Page", []),
    (" ---\ntitle: T\n---\n", "Page", []),
    ("\n---\ntitle: T\n---\n", "Page", []),
    ("----\ntitle: T\n----\n", "Page", []),
    ("---\n---\n", "Page", []),
    ("---\ntitle: [unclosed\n---\n", "Page", ["front-matter"]),
    ("---\ntitle: {{title}}: x\n---\n", "Page", ["front-matter"]),
    ("---\n? [a]\n: b\ntitle: T\n---\n", "T", ["front-matter"]),
    ("---\n- a\n- b\n---\n", "Page", ["front-matter"]),
    ("---\na: &x [1]\nb: *x\n---\n", "Page", ["front-matter"]),
    ("---\na: {<<: *x}\n---\n", "Page", ["front-matter"]),
    ("---\na: !!python/object/apply:os.system [x]\n---\n", "Page", ["front-matter"]),
    ("---\na: !custom x\n---\n", "Page", ["front-matter"]),
    ('---\na: "\\0"\n---\n', "Page", ["front-matter"]),
    ('---\na: "\\uD800"\n---\n', "Page", ["front-matter"]),
    ("---\na: \x07\n---\n", "Page", ["front-matter"]),
    ("---\n\nprose\n\n---\n", "Page", []),
]


@pytest.mark.parametrize(("block", "title", "codes"), BLOCKS)
def test_a_bad_block_costs_itself_alone(block: str, title: str, codes: list[str]) -> None:
    reading = read(block + "[link](Other.md)")
    assert (reading.page.label, reading.codes) == (title, codes)
    assert reading.targets() == ["notes/Other.md"]


def test_a_warning_names_the_line() -> None:
    (warning,) = read("---\ntitle: T\nbad: [\n---\n").facts.warnings
    assert warning.line in (3, 4)
    assert "front matter was left out" in warning.message


def test_the_marks_of_a_template_are_no_value_and_that_is_told_with_the_line() -> None:
    reading = read("---\ntags: [a]\ntitle: {{title}}\nlist: [{{x}}]\n---\n")
    assert reading.page.properties == {"tags": ["a"]}
    assert [(warning.line, warning.code) for warning in reading.facts.warnings] == [
        (3, "front-matter"),
        (4, "front-matter"),
    ]


@pytest.mark.parametrize(
    "yaml",
    [
        "a: " + "[" * 5_000 + "]" * 5_000,
        "".join(f"{' ' * depth}k:\n" for depth in range(600)),
        "a: &a [x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{f'*{chr(97 + n)},' * 9}]\n" for n in range(9)),
        "a: " + "x" * 300_000,
    ],
    ids=["deep-flow", "deep-block", "aliases", "long"],
)
@pytest.mark.timeout(20)
def test_what_grows_without_bound_is_refused(yaml: str) -> None:
    reading = read(f"---\n{yaml}\n---\n[l](B.md)")
    assert reading.codes == ["front-matter"]
    assert reading.targets() == ["notes/B.md"]


LINKS = [
    ('rel: "[[Z|zed]]"', [("rel", "page:z", {"key": "rel", "text": "zed"})]),
    ("rel: [[Z]]", [("rel", "page:z", {"key": "rel"})]),
    (
        "has-part:\n- '[[A]]'\n- '[[B]]'",
        [("hasPart", "page:a", {"key": "has-part"}), ("hasPart", "page:b", {"key": "has-part"})],
    ),
    ('tags: [one, "#two", a b]', [("tag", f"page:{t}", {"key": "tags"}) for t in ("one", "two", "a b")]),
    ("tags: one, two", [("tag", "page:one", {"key": "tags"}), ("tag", "page:two", {"key": "tags"})]),
    ("aliases:", []),
]


@pytest.mark.parametrize(("yaml", "expected"), LINKS)
def test_links_in_front_matter_of_a_logseq_page(yaml: str, expected: list[tuple[str, str, dict[str, str]]]) -> None:
    reading = read(f"---\n{yaml}\n---\n- x", vault=GRAPH)
    assert [(e.type, e.target.stub, e.properties) for e in reading.facts.edges] == expected


def test_each_link_of_a_list_stands_on_its_own_line() -> None:
    edges = read("---\nrel:\n- '[[A]]'\n- '[[B]]'\n---\n", vault=GRAPH).facts.edges
    assert [edge.line for edge in edges] == [3, 4]


@given(st.text(alphabet="ab:-[]{}&*!'\"\n #>|%@`0123.~", max_size=120))
def test_any_block_is_read_or_refused(yaml: str) -> None:
    facts = read(f"---\n{yaml}\n---\nbody").facts
    properties = dict(facts.nodes[0].properties)
    assert json.loads(json.dumps(properties, allow_nan=False)) == properties


KEY = st.text("abcxyz", min_size=1, max_size=6)
TEXT = st.text("abc xyz,:#-é", min_size=1, max_size=20).map(str.strip).filter(bool)
SCALAR = TEXT | st.booleans() | st.integers(-(10**12), 10**12)


@given(st.dictionaries(KEY, SCALAR | st.lists(SCALAR, max_size=4), min_size=1, max_size=6))
def test_plain_blocks_mean_what_python_frontmatter_reads(data: dict[str, object]) -> None:
    frontmatter = pytest.importorskip("frontmatter", reason="needs python-frontmatter")
    text = frontmatter.dumps(frontmatter.Post("body", **{f"k-{key}": value for key, value in data.items()}))
    expected, _ = frontmatter.parse(text)
    assert read(text).page.properties == expected
