"""Logseq, case by case: what stands on a page, and what it says.

`L` stands for a link, `E` for an embed, `T` for a tag, `B` for a reference to a block; other edges go by their type.
"""

from __future__ import annotations

import pytest
from support.graphs import Graph
from support.pages import Reading, logseq_page, read

UUID = "650f1a2b-1c2d-4e3f-8a9b-0123456789ab"
SHORT = {"link": "L", "embed": "E", "tag": "T", "block": "B"}


def facts(reading: Reading) -> list[tuple[str, ...]]:
    """The edges of the page, in short: what kind, to what, and the text shown; levels of names are left out."""
    found = []
    for edge in reading.facts.edges:
        if edge.type not in ("namespace", "part_of"):
            text = edge.properties.get("text")
            found.append(
                (SHORT.get(edge.type, edge.type), edge.target.stub.partition(":")[2], *([text] if text else []))
            )
    return found


TEXT = [
    ("see [[a [[b]] c]]", [("L", "a [[b]] c"), ("L", "b")]),
    ("`[[x]] #y` ``[[x]]`` [[z]]", [("L", "z")]),
    ("\t\t- ```clojure\n\t\t  [[x]]\n\t\t  ```\n\t\t- [[z]]", [("L", "z")]),
    ("```\n[[x]]", [("L", "x")]),
    ("````\n```\n[[x]]\n````\n[[z]]", [("L", "z")]),
    ("<!-- [[x]] --> [[y]]", [("L", "y")]),
    ("<div>[[x]]</div>", []),
    ("text <br> [[y]]", [("L", "y")]),
    ("$a [[x]] b$ [[y]]", [("L", "y")]),
    ("cost $5 [[x]] and $6", [("L", "x")]),
    ("https://a.b/c#frag", []),
    ("http://a/[[z]]", []),
    ("[t](https://a/#f)", []),
    ("[l [[x]]](http://u)", []),
    ("C# F# x text#no a/#b (#t) -#a **#a**", []),
    ("#a.b", [("T", "a.b")]),
    ("#a.", [("T", "a")]),
    ("#a,b", [("T", "a,b")]),
    ("#x#y", [("T", "x#y")]),
    ("#1", [("T", "1")]),
    ("#[[a b]]", [("T", "a b")]),
    ("color: #fff;", [("T", "fff")]),
    ("(see #a)", [("T", "a")]),
    ("#a[[b]]", [("T", "a"), ("L", "b")]),
    ("# H #t", [("T", "t")]),
    ("## [[h]]", [("L", "h")]),
    ("**[[x]]**", [("L", "x")]),
    ("    [[i]]", [("L", "i")]),
    ("[[x]]s", [("L", "x")]),
    ("[[a]]]", [("L", "a")]),
    ("[[a]b]]", [("L", "a]b")]),
    (r"\[[x]]", []),
    ("[[]] [[ ]]", []),
    ("{{embed [[P]]}}", [("E", "p")]),
    ("{{{embed [[P]] }}}", [("E", "p")]),
    ("{{query [[P]]}} {{cloze [[P]]}} {{renderer [[P]]}}", []),
    (f"(({UUID})) ((note))", [("B", UUID)]),
    (f"[l]((({UUID})))", [("B", UUID, "l")]),
    ("[[A/B/C]]", [("L", "a/b/c")]),
    ("[[P|x]]", [("L", "p", "x")]),
    ("[[P#h]]", [("L", "p#h")]),
    ("[label](../pages/My%20Page.md)", [("L", "my page", "label")]),
    ("[label]([[P]])", [("L", "p", "label")]),
    ("- owl:class:: [[X]]", [("L", "x")]),
    ("- k:: [[X]]", [("k", "x")]),
    ("- k::[[X]]", [("L", "x")]),
    ("- k :: [[X]]", [("L", "x")]),
    ("- a b:: [[X]]", [("L", "x")]),
    ("> k:: [[X]]", [("L", "x")]),
    ("- [ ] k:: [[X]]", [("L", "x")]),
    ("- k::\t[[X]]", [("L", "x")]),
    ("- k::\u00a0[[X]]", [("L", "x")]),
    ("parent:: [[A]], B", [("parent", "a")]),
    ('note:: "see [[A]], ok"', []),
    ("k:: [[x]] `[[y]]`", [("k", "x"), ("k", "y")]),
    ("tag:: a, b", []),
    ("tags:: a, [[b c]], #d", [("T", "a"), ("T", "b c"), ("T", "d")]),
    ("- has-part:: [[A]] or [[B]] (both)", [("hasPart", "a"), ("hasPart", "b")]),
    ("- a [[x]]\r\n\t- b [[y]]\r\n    c [[z]]\r\n", [("L", "x"), ("L", "y"), ("L", "z")]),
]


@pytest.mark.parametrize(("text", "expected"), TEXT)
def test_text(text: str, expected: list[tuple[str, ...]]) -> None:
    assert facts(logseq_page(text)) == expected


PROPERTIES = [
    ("k::", {"k": ""}),
    ("t:: 10:30:: late", {"t": "10:30:: late"}),
    ("alias:: X, [[Y Z]]，w", {"alias": "X, [[Y Z]]，w"}),
    ("n:: 12\nb:: true\nf:: 1.5\nt:: True", {"n": 12, "b": True, "f": "1.5", "t": "True"}),
    ("Has_Part:: x", {"has-part": "x"}),
    ("k:: a\nk:: b", {"k": "b"}),
    ("# T\nk:: v", {}),
    ("- k:: v\n- x", {"k": "v"}),
]


@pytest.mark.parametrize(("text", "expected"), PROPERTIES)
def test_page_properties(text: str, expected: dict[str, object]) -> None:
    assert logseq_page(text).page.properties == expected


TITLES = [
    # text, file, settings, title
    ("# T\ntitle:: X", "pages/F.md", {}, "F"),
    ("title:: X", "pages/F.md", {}, "X"),
    ("---\ntitle: X\n---\n", "pages/F.md", {}, "X"),
    ("title:: X", "pages/contents.md", {}, "Contents"),
    ("", "pages/A___B.md", {"name_format": "triple-lowbar"}, "A/B"),
    ("", "pages/TCP%2FIP.md", {"name_format": "triple-lowbar"}, "TCP/IP"),
    ("", "pages/51% Attack.md", {"name_format": "triple-lowbar"}, "51% Attack"),
    ("", "pages/a.b.md", {"name_format": "triple-lowbar"}, "a.b"),
    ("", "pages/a.b.md", {"name_format": "legacy-dot"}, "a/b"),
    ("", "pages/a.b.md", {}, "a.b"),
    ("", "journals/2024_01_02.md", {}, "Jan 2nd, 2024"),
    ("", "journals/2024_01_02.md", {"title_format": "yyyy/MM/dd"}, "2024/01/02"),
]


@pytest.mark.parametrize(("text", "path", "config", "title"), TITLES)
def test_titles(text: str, path: str, config: dict[str, str], title: str) -> None:
    assert logseq_page(text, path, **config).page.label == title


GRAPHS = [
    # files of a graph, and what s.md leads to
    ({"pages/A.md": "", "s.md": "[[A]] [[a]]"}, ["page:a"]),
    ({"pages/Café.md": "", "s.md": "[[Cafe\u0301]]"}, ["page:café"]),
    ({"journals/2024_01_02.md": "", "s.md": "[[2024-01-02]] [[Jan 2nd, 2024]]"}, ["page:2024-01-02"]),
    ({"pages/A.md": "alias:: X, [[Y Z]]", "s.md": "[[x]] [[y z]]"}, ["page:a", "page:a"]),
    ({"pages/A.md": "alias:: B", "pages/B.md": "", "s.md": "[[b]]"}, ["page:b"]),
    ({"pages/a.md": "alias:: C", "pages/b.md": "alias:: C", "s.md": "[[c]]"}, ["page:a"]),
    ({"pages/A.md": f"- x\n  id:: {UUID}", "s.md": f"(({UUID}))"}, [f"block:{UUID}"]),
    ({"pages/A.md": f"id:: {UUID}", "s.md": f"(({UUID}))"}, ["page:a"]),
    ({"pages/Odd name.md": "title:: T", "s.md": "[l](pages/Odd%20name.md)"}, ["page:t"]),
]


@pytest.mark.parametrize(("files", "ends"), GRAPHS)
def test_graphs(files: dict[str, str], ends: list[str]) -> None:
    graph = Graph({"logseq/custom.css": "", **files})
    assert sorted({end for _, end in graph.of("page:s")}) == sorted(set(ends))
    assert set(ends) <= set(graph.nodes)


SKIPPED = [
    ('{:hidden ["script"]}', "scripted.md", "hidden"),
    ('{:hidden ["/script"]}', "script/a.md", "hidden"),
    ("{}", "logseq/bak/pages/a.md", "hidden"),
    ("{}", "whiteboards/a.edn", "whiteboard"),
    ("{}", "pages/a.org", "org-mode"),
    ("{}", "assets/a.md", "hidden"),
    ("{}", "pages/.a.md", "hidden"),
    ("{}", "pages/a.canvas", "type"),
]


@pytest.mark.parametrize(("config", "path", "reason"), SKIPPED)
def test_files_that_are_skipped(config: str, path: str, reason: str) -> None:
    assert Graph({"logseq/config.edn": config, path: ""}).readings[path].reason == reason


SETTINGS = [
    (":property/separated-by-commas #{:authors}", "authors:: Ann, Bob", [("authors", "ann"), ("authors", "bob")]),
    (":ignored-page-references-keywords #{:My_Author}", "my-author:: [[Ann]]", []),
    (':journal/page-title-format "dd.MM.yyyy"', "[[02.01.2024]]", [("L", "2024-01-02")]),
]


@pytest.mark.parametrize(("config", "text", "expected"), SETTINGS)
def test_settings_of_the_graph(config: str, text: str, expected: list[tuple[str, ...]]) -> None:
    graph = Graph({"logseq/config.edn": f"{{{config}}}", "pages/P.md": text})
    assert facts(graph.readings["pages/P.md"]) == expected


def test_a_database_graph_is_read_from_its_mirror() -> None:
    files = {"markdown-mirror/pages/A.md": "- [[B]]\n  k:: [[C]]", "markdown-mirror/journals/2024_01_02.md": ""}
    graph = Graph({**files, "db.sqlite": ""})
    assert graph.of("page:markdown-mirror//a") == [
        ("link", "page:markdown-mirror//b"),
        ("k", "page:markdown-mirror//c"),
    ]
    assert "page:markdown-mirror//2024-01-02" in graph.nodes


def test_the_public_marker_stands_outside_code() -> None:
    for text in ("```\npublic:: true\n```", "> public:: true", "<!--\npublic:: true\n-->", "public::true"):
        assert read(f"k:: v\n{text}", only_public=True).reason == "not-public"
    for text in ("public:: True", "Public:: true", "- public:: true", "\ufeffpublic:: true"):
        assert read(text, only_public=True).parsers == ("logseq",)
