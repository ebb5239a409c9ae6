"""Plain Markdown: title and relative links."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.pages import Reading, read

from ghsync_core import Vault
from ghsync_plugins.formats.markdown.detector import MarkdownDetector


def test_a_page_is_known_by_its_path() -> None:
    reading = read("# The *Garden* `gate`\n\nSee [the pond](Pond.md#Depth) and [again](./Pond.md).\n", "docs/Garden.md")
    page = reading.page
    assert (page.id, page.kind, page.label, page.line) == ("page:docs/Garden.md", "page", "The Garden gate", 1)
    assert [(a.name.scope, a.name.text, a.path) for a in page.answers] == [
        ("path", "docs/Garden.md", ""),
        ("path~", "docs/garden.md", ""),
        ("vault:", "garden", "docs/garden"),
    ]
    edge = reading.edge("link")
    assert (edge.target.stub, edge.line, edge.count, edge.properties) == (
        "page:docs/Pond.md",
        3,
        2,
        {"heading": "Depth", "text": "the pond"},
    )
    assert [(name.scope, name.text) for name in edge.target.names] == [
        ("path", "docs/Pond.md"),
        ("path~", "docs/pond.md"),
    ]


TITLES = [
    ("---\ntitle: Given\n---\n# H1", "Given", 2),
    ("text\n\n# H1\n\n# H2", "H1", 3),
    ("H1\n==", "H1", 1),
    ("## H2", "Page", 1),
    ("```\n# code\n```", "Page", 1),
    ("<!-- # no -->", "Page", 1),
    ("# \n\n# Second", "Second", 3),
    ("", "Page", 1),
    ("---\ntitle:\n---\n# H1", "H1", 4),
    ("été\n\n# Été [x](y.md)", "Été x", 3),
]


@pytest.mark.parametrize(("text", "title", "line"), TITLES)
def test_title(text: str, title: str, line: int) -> None:
    page = read(text).page
    assert (page.label, page.line) == (title, line)


LINKS = [
    ("[t](B.md)", ["a/B.md"]),
    ("[t](../B.md) [u](./c/../B.md)", ["B.md", "a/B.md"]),
    ("[t](/docs/B.md)", ["docs/B.md"]),
    ("[t](My%20Note.md) [u](<My Other.md>)", ["a/My Note.md", "a/My Other.md"]),
    ("[t][r]\n\n[r]: B.md 'title'", ["a/B.md"]),
    ("[t](B.MD#H) [u](b.markdown?x=1)", ["a/B.MD", "a/b.markdown"]),
    ("[t](#H) [u](https://x.y/B.md) [v](mailto:a@b.md) [w](//host/B.md)", []),
    ("[t](a.png) [u](b.pdf) [v](c.py) [w](d.tar.gz)", []),
    ("[v](c) [w](../d/) [x](.) [y](../..)", ["?a/c/readme.md", "?d/readme.md", "?a/readme.md"]),
    ("[t](../../out.md) [u](%00.md)", []),
    ("`[t](B.md)`\n\n```\n[t](B.md)\n```\n\n    [t](B.md)\n", []),
    ("<!-- [t](B.md) -->", []),
    ("![t](B.md)", []),
    ("```\n[t](B.md)", []),
    ("| [t](B.md) |\n|---|\n| [u](C.md) |", ["a/B.md", "a/C.md"]),
    (r"\[t](B.md)", []),
]


@pytest.mark.parametrize(("text", "targets"), LINKS)
def test_relative_links(text: str, targets: list[str]) -> None:
    assert read(text, "a/Page.md").targets() == targets


def test_links_in_a_vault_below_the_top() -> None:
    vault = Vault("sub", "obsidian")
    text = "[t](/sub/x.md) [u](y.md) [v](../../out.md) [[../z]] [[/w#H]] [[../../../up]] [[name]]"
    reading = read(text, "sub/n/p.md", vault)
    assert reading.page.id == "page:sub//n/p.md"
    expected = ["sub//sub/x.md", "sub//y.md", "out.md", "sub//z.md", "sub//w.md", "sub//name.md"]
    assert reading.targets() == expected


def test_no_file_is_claimed_twice() -> None:
    file = read("# T", "pages/a.md", Vault("", "logseq"))
    assert file.parsers == ("logseq",)
    assert read("# T", "pages/a.md").parsers == ("markdown",)
    assert MarkdownDetector().look(_ref("pages/a.md"), Vault("", "logseq")) == "type"


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("# T", Reading(reason="not-public")),
        ("---\npublic: false\n---\n", Reading(reason="not-public")),
    ],
)
def test_only_public_skips_the_unmarked(text: str, reading: Reading) -> None:
    assert read(text, only_public=True) == reading
    assert read("---\npublic: true\n---\n", only_public=True).parsers == ("markdown",)


WORD = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)


@given(st.lists(st.tuples(WORD, WORD), max_size=12))
def test_the_line_of_a_link_holds_it(links: list[tuple[str, str]]) -> None:
    lines = [f"{text} [{text}]({target}.md)" for text, target in links]
    for edge in read("\n\n".join(lines), "P.md").facts.edges:
        assert edge.line % 2 == 1
        assert f"({edge.target.text})" in lines[edge.line // 2]


@given(st.text(max_size=300))
def test_any_text_is_a_page(text: str) -> None:
    if "\x00" not in text and "::" not in text:
        assert read(text.encode("utf-8", "ignore")).page.id == "page:notes/Page.md"


@given(st.lists(st.sampled_from(["# T", "[a](b.md)", "```", "", "> [c](d.md)", "- x", "é [e](f.md)"]), max_size=20))
def test_line_ends_make_no_difference(lines: list[str]) -> None:
    assert read("\r\n".join(lines)).facts == read("\n".join(lines)).facts


def _ref(path: str) -> object:
    from ghsync_core import FileRef

    return FileRef(path, "0" * 40, 1)


WIKILINKS = [
    ("[[Note]] [[note]]", [("link", "page:note.md", "note")]),
    ("[[Note|shown]]", [("link", "page:note.md", "note")]),
    ("[[dir/Note#Head]]", [("link", "page:dir/note.md", "dir/note")]),
    ("[[Note.md]]", [("link", "page:note.md", "note")]),
    ("![[Note]]", [("embed", "page:note.md", "note")]),
    ("[[v1.2 plan]]", [("link", "page:v1.2 plan.md", "v1.2 plan")]),
    ("[[#Own]] ![[a.png]] ![[a.png|100]] [[b.PDF]] [[]]", []),
    ("`[[no]]`\n\n```\n[[no]]\n```", []),
]


@pytest.mark.parametrize(("text", "expected"), WIKILINKS)
def test_wikilinks_ask_for_a_base_name(text: str, expected: list[tuple[str, str, str]]) -> None:
    edges = read(text, "a/B/Page.md").facts.edges
    assert [(e.type, e.target.stub, e.target.path) for e in edges] == expected
    assert [edge.properties for edge in edges if "|" in text] == [{"text": "shown"}] * ("|shown" in text)
    for edge in edges:
        assert edge.target.folder == "a/b"
        assert edge.target.names[0].text == edge.target.path.rpartition("/")[2]
