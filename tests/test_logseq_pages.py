"""Logseq pages: properties, tags, blocks, namespaces, files and lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.pages import end, logseq_page, read

UUID = "650f1a2b-1c2d-4e3f-8a9b-0123456789ab"


def test_a_page_with_all_that_a_page_may_have() -> None:
    reading = logseq_page(
        f"type:: [[Feature]]\nalias:: Other, [[Third Name]]\ntags:: a, [[b c]]\nversion:: 12\n\n"
        f"- # Intro\n  id:: {UUID}\n  has-part:: [[Part]], [[Part]]\n"
        "\t- see [[Other Page|that]] and [[other page]] #t\n",
        "pages/My___Page.md",
        name_format="triple-lowbar",
    )
    page, block = reading.facts.nodes
    assert (page.id, page.kind, page.label, page.line) == ("page:my/page", "page", "My/Page", 1)
    assert page.properties == {
        "type": "[[Feature]]",
        "alias": "Other, [[Third Name]]",
        "tags": "a, [[b c]]",
        "version": 12,
    }
    assert [(answer.name.scope, answer.name.text, answer.rank) for answer in page.answers] == [
        ("vault:", "my/page", 0),
        ("vault:", "other", 1),
        ("vault:", "third name", 1),
        ("path", "pages/My___Page.md", 0),
        ("path~", "pages/my___page.md", 0),
    ]
    assert (block.id, block.kind, block.label, block.line) == (f"block:{UUID}", "block", "# Intro", 6)
    assert [(edge.type, end(edge.source), end(edge.target), edge.line, edge.count) for edge in reading.facts.edges] == [
        ("namespace", "page:my/page", "page:my", 1, 1),
        ("type", "page:my/page", "page:feature", 1, 1),
        ("tag", "page:my/page", "page:a", 3, 1),
        ("tag", "page:my/page", "page:b c", 3, 1),
        ("part_of", f"block:{UUID}", "page:my/page", 6, 1),
        ("hasPart", "page:my/page", "page:part", 8, 2),
        ("link", "page:my/page", "page:other page", 9, 2),
        ("tag", "page:my/page", "page:t", 9, 1),
    ]
    assert reading.edge("link").properties == {"text": "that"}
    assert reading.edge("hasPart").properties == {"key": "has-part"}
    assert reading.edge("link").target.text == "Other Page"


PROPERTIES = [
    ("key:: v", {"key": "v"}),
    ("Has_Part:: v", {"has-part": "v"}),
    ("k:: a\nK:: b", {"k": "b"}),
    ("k::", {"k": ""}),
    ("t:: 10:30:: late", {"t": "10:30:: late"}),
    ("a:: true\nb:: True\nc:: 007\nd:: 1.5", {"a": True, "b": "True", "c": 7, "d": "1.5"}),
    ("- public:: true\n  k:: v\n- text", {"public": True, "k": "v"}),
    ("- k:: v\n  text", {}),
    ("# T\nk:: v", {}),
    ("text\nk:: v", {}),
    ("k::v", {}),
    ("key :: v", {}),
    ("a b:: v", {}),
    ("> k:: v", {}),
    ("- [ ] k:: v", {}),
    ("k::\tv", {}),
    ("#k:: v", {}),
    ("owl:class:: mv:X", {}),
    ("```\nk:: v\n```", {}),
    ("---\ntitle: T\nk: yaml\n---\nk:: line", {"title": "T", "k": "line"}),
]


@pytest.mark.parametrize(("text", "expected"), PROPERTIES)
def test_page_properties(text: str, expected: dict[str, object]) -> None:
    assert logseq_page(text).page.properties == expected


VALUES = [
    ("parent:: [[A]], B", [("parent", "page:a")]),
    ("has_part:: [[A]] or [[B]] (both)", [("hasPart", "page:a"), ("hasPart", "page:b")]),
    ('note:: "see [[A]], ok"', []),
    ("k:: [[x]] `[[y]]`", [("k", "page:x"), ("k", "page:y")]),
    ("k:: #x", [("k", "page:x")]),
    ("tags:: #x, [[y, z]]，w", [("tag", "page:x"), ("tag", "page:y, z"), ("tag", "page:w")]),
    ("alias:: [[x]]", []),
    ("icon:: [[x]]\nquery-table:: [[x]]\ntemplate:: [[x]]", []),
    ("authors:: Ann, Bob", [("authors", "page:ann"), ("authors", "page:bob")]),
    ("secret:: [[x]]", []),
    ("k:: {{query [[x]]}}", []),
    (f"k:: (({UUID}))", [("k", f"block:{UUID}")]),
    ("k::", []),
]


@pytest.mark.parametrize("place", ["{}", "- text\n  {}", "- {}\n- text", "# T\n{}"])
@pytest.mark.parametrize(("line", "expected"), VALUES)
def test_a_property_gives_edges_wherever_it_stands(line: str, expected: list[tuple[str, str]], place: str) -> None:
    text = place.format(line.replace("\n", "\n  ")) if place.startswith("-") else place.format(line)
    reading = logseq_page(text, comma_keys=["authors"], no_reference_keys=["secret"])
    assert reading.edges() == expected


def test_a_value_that_is_more_than_links_stays_with_its_edges() -> None:
    edge = logseq_page("- has-part:: [[A]] (half)").edge("hasPart")
    assert edge.properties == {"key": "has-part", "value": "[[A]] (half)"}


def test_aliases_are_answers_and_a_page_says_its_title_first() -> None:
    page = logseq_page("alias:: X, [[Y Z]]，w").page
    ranks = {answer.name.text: answer.rank for answer in page.answers if answer.name.scope == "vault:"}
    assert ranks == {"page": 0, "x": 1, "y z": 1, "w": 1}


def test_yaml_keeps_the_spelling_of_titles_and_aliases() -> None:
    page = logseq_page("---\ntitle: 2024\naliases: [1.10, yes, 12:30]\n---\n- x").page
    assert page.label == "2024"
    assert {answer.name.text for answer in page.answers} >= {"1.10", "yes", "12:30"}


NAMESPACES = [
    ("[[A/B/C]]", [("page:a/b/c", "page:a/b"), ("page:a/b", "page:a")]),
    ("[[../x]] [[./x]] [[https://a/b]]", []),
    ("[[/x/]]", []),
    ("[[a//b]]", [("page:a/b", "page:a")]),
    ("#a/b", [("page:a/b", "page:a")]),
]


@pytest.mark.parametrize(("text", "expected"), NAMESPACES)
def test_a_name_with_levels_implies_the_pages_above_it(text: str, expected: list[tuple[str, str]]) -> None:
    edges = logseq_page(text).facts.edges
    assert [(end(edge.source), end(edge.target)) for edge in edges if edge.type == "namespace"] == expected


FILES = [
    ("[l](../pages/My%20Page.md)", "page:my page", "pages/My Page.md", {"text": "l"}),
    ("[l](Other.markdown#Head%20ing)", "page:other", "journals/Other.markdown", {"text": "l", "heading": "Head ing"}),
    ("[l](/pages/A.md)", "page:a", "pages/A.md", {"text": "l"}),
]


@pytest.mark.parametrize(("text", "stub", "path", "properties"), FILES)
def test_a_link_to_a_file_is_a_link_to_its_page(text: str, stub: str, path: str, properties: dict[str, str]) -> None:
    edge = logseq_page(text, "journals/2024_01_02.md").edge("link")
    assert end(edge.target) == stub
    assert [name.text for name in edge.target.names][:2] == [path, path.lower()]
    assert edge.properties == properties


@pytest.mark.parametrize(
    "address",
    ["../assets/a.png", "../assets/a.md", "https://x/y.md", "a.pdf", "#here", "../../../up.md", "mailto:a.md"],
)
def test_what_is_no_page_of_the_repository_is_no_link(address: str) -> None:
    assert logseq_page(f"[l]({address})", "pages/x.md").edges() == []


def test_blocks() -> None:
    other = UUID.replace("6", "7")
    reading = logseq_page(
        f"- first line\n  id:: {UUID.upper()}\n- id:: {other}\n  collapsed:: true\n- id:: not-a-uuid\n"
        f"- again\n  id:: {UUID}\n"
        f"- (({UUID.upper()})) {{{{embed (({other}))}}}}"
    )
    assert [(node.id, node.label, node.line) for node in reading.facts.nodes[1:]] == [
        (f"block:{UUID}", "first line", 1),
        (f"block:{other}", None, 3),
    ]
    assert reading.edges() == [
        ("part_of", "page:page"),
        ("part_of", "page:page"),
        ("block", f"block:{UUID}"),
        ("embed", f"block:{other}"),
    ]


def test_ids_name_a_vault_below_the_top() -> None:
    from ghsync_core import Vault

    reading = read(f"- [[A]]\n  id:: {UUID}", "sub/pages/P.md", Vault("sub", "logseq"))
    assert [node.id for node in reading.facts.nodes] == ["page:sub//p", f"block:sub//{UUID}"]
    assert reading.targets() == ["sub//a"]
    assert reading.edge("link").target.names[0].scope == "vault:sub"


@pytest.mark.parametrize("text", ["", "\ufeff", " \n\t\n", "\n"])
def test_an_empty_page_is_a_page(text: str) -> None:
    assert logseq_page(text).page.id == "page:page"
    assert read(text, "a/b.md").page.id == "page:a/b.md"


def test_a_link_may_lead_out_of_its_vault_but_not_of_the_repository() -> None:
    from ghsync_core import Vault

    reading = read("- [l](../../docs/A.md) [m](../../../up.md)", "sub/pages/P.md", Vault("sub", "logseq"))
    assert reading.edges() == [("link", "page:docs/A.md")]


def test_names_that_fold_alike_are_one() -> None:
    assert logseq_page("[[Café]] [[Cafe\u0301]] [[straße]] [[STRASSE]]").targets() == ["café", "straße", "strasse"]


def test_lines_end_with_lf_crlf_or_cr_and_nothing_else() -> None:
    text = "k:: v\n\n- a [[x]]\n\t- ```\n\t  [[no]]\n\t  ```\n    - b [[y]]\n  - t:: [[z]]\n"
    facts = logseq_page(text).facts
    assert logseq_page(text.replace("\n", "\r\n")).facts == facts
    assert logseq_page(text.replace("\n", "\r")).facts == facts
    assert logseq_page("k:: a\u2028l:: b\x0cm:: c").page.properties == {"k": "a\u2028l:: b\x0cm:: c"}


OUTLINE = st.lists(
    st.sampled_from(
        [
            "- [[A]]",
            "\t- k:: [[B]]",
            "  - `[[x]]` #tag",
            "```",
            "id:: x",
            "text [[C]] $a$",
            "<!-- [[D]] -->",
            "",
            "    - [[E|e]]",
            "# H",
        ]
    ),
    max_size=25,
)


@given(OUTLINE)
def test_any_outline_means_the_same_with_any_line_end(lines: list[str]) -> None:
    facts = logseq_page("\n".join(lines)).facts
    assert logseq_page("\r\n".join(lines)).facts == facts
    for edge in facts.edges:
        assert edge.target.text in lines[edge.line - 1]


MARKERS = [
    ("public:: true", True),
    ("public:: True", True),
    ("Public:: true", True),
    ("- public:: true", True),
    ("\ufeffpublic:: true", True),
    ("---\npublic: true\n---\n- k:: v", True),
    ("---\npublic: 'true'\n---\n- k:: v", True),
    ("---\npublic: yes\n---\n- k:: v", True),
    ('k:: v\n```json-ld\n{"@type": "Page", "vc:public": true}\n```', True),
    ("k:: v", False),
    ("public:: false", False),
    ("k:: v\n```\npublic:: true\n```", False),
    ("k:: v\n> public:: true", False),
    ("k:: v\n<!--\npublic:: true\n-->", False),
    ("k:: v\nthis is public:: true", False),
    ("k:: v\npublic::true", False),
    ("public:: true\n- public:: false", False),
]


@pytest.mark.parametrize(("text", "public"), MARKERS)
def test_only_public_keeps_what_is_marked(text: str, public: bool) -> None:
    assert read(text).reason is None
    marked = read(text, only_public=True)
    assert (marked.parsers, marked.reason) == ((("logseq",), None) if public else ((), "not-public"))


def test_a_public_graph_keeps_all_but_what_says_no() -> None:
    from ghsync_core import Vault

    graph = Vault("", "logseq", {"all_public": True})
    assert read("x", "pages/a.md", graph, only_public=True).parsers == ("logseq",)
    assert read("public:: false", "pages/a.md", graph, only_public=True).reason == "not-public"


FLAVOURS = [
    ("k:: v\n\n# T", "logseq"),
    ("# T\n\nk:: v\n\n- item", "logseq"),
    ("# T\n\n- k:: v", "logseq"),
    ("\n- text\n\t- k:: [[v]]", "logseq"),
    ("- ### T\n\t- owl:class:: mv:X", "logseq"),
    ("- item\n  id:: 64b6f1a0-0000-4000-8000-000000000001\n", "logseq"),
    ("- item\n  id:: 64b6f1a0", "markdown"),
    ("- item\n\nk:: v", "markdown"),
    ("# T\n\n```\n- k:: v\n```", "markdown"),
    ("text with a k:: v", "markdown"),
    ("# T\n\n- item", "markdown"),
    ("std::vector", "markdown"),
    ("", "markdown"),
]


@pytest.mark.parametrize(("text", "flavour"), FLAVOURS)
def test_outside_vaults_the_content_says_how_a_page_is_read(text: str, flavour: str) -> None:
    assert read(text).parsers == (flavour,)
