"""Obsidian, case by case: what stands in a note, and what it says.

The rows are meant to be read. `L` stands for a link, `E` for an embed, `T` for a tag; a place in a note or the text
that is shown follows the target.
"""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.graphs import Graph
from support.pages import OBSIDIAN, Reading, outcome, read

from ghsync_core import ContentError, Vault
from ghsync_core.names import fold


def facts(reading: Reading) -> list[tuple[object, ...]]:
    """Links, embeds and other edges of the page in the order of their lines, in short."""
    short = {"link": "L", "embed": "E", "tag": "T"}
    found = []
    for edge in reading.facts.edges:
        if edge.type == "namespace":
            continue
        about = [value for key, value in sorted(edge.properties.items()) if key != "key"]
        end = edge.target if isinstance(edge.target, str) else edge.target.stub
        found.append((short.get(edge.type, edge.type), end.partition(":")[2], *about))
    return found


TEXT = [
    # links
    ("[[Note]]", [("L", "note.md")]),
    ("[[note.md]]", [("L", "note.md")]),
    ("[[dir/Note]]", [("L", "dir/note.md")]),
    ("[[Note|shown]]", [("L", "note.md", "shown")]),
    ("[[ Note | shown ]]", [("L", "note.md", "shown")]),
    ("[[Note#H]]", [("L", "note.md", "H")]),
    ("[[Note#H#Sub|t]]", [("L", "note.md", "H#Sub", "t")]),
    ("[[Note#^a1]]", [("L", "note.md", "a1")]),
    ("[[#Own]] [[#^own]]", []),
    ("![[Note]]", [("E", "note.md")]),
    ("![[Note#H]]", [("E", "note.md", "H")]),
    ("![[a.png|100]] [[b.pdf]] ![[c.MP4]] [[d.base]]", []),
    ("[[v1.2 plan]]", [("L", "v1.2 plan.md")]),
    ("[[Board.canvas]]", [("L", "board.canvas")]),
    ("[[x]]s", [("L", "x.md")]),
    ("[[a]]] [[a]b]]", [("L", "a.md"), ("L", "a]b.md")]),
    (r"\[[x]] [[]] [[ ]] [[|y]]", []),
    ("[[x\ny]]", []),
    ("[[a [[b]] c]]", [("L", "b.md")]),
    ("[[Café]] [[Cafe\u0301]]", [("L", "café.md")]),
    ("[[100%25]]", [("L", "100%25.md")]),
    # Markdown links
    ("[t](My%20Note.md) [u](<My Note.md>)", [("L", "my note.md", "t")]),
    ("[t](x) [u](y#H)", [("L", "x.md", "t"), ("L", "y.md", "H", "u")]),
    ("[t](./B.md#H)", [("L", "B.md", "H", "t")]),
    ("[t](https://a.b/c.md) [u](mailto:a@b.c) [v](obsidian://open?file=x) [w](//h/x.md)", []),
    ("[t](a.png) [u](b.py) [v](c.tar.gz) [w](d/)", []),
    ("![t](Note.md)", [("E", "note.md", "t")]),
    ("[t][r]\n\n[r]: B.md", [("L", "b.md", "t")]),
    ("[l [[x]]](http://u)", []),
    ("[^1]\n\n[^1]: see [[z]]", [("L", "z.md")]),
    # where links are
    ("# H [[h]]\n\n> q [[q]]\n\n- [ ] t [[t]]\n\n**[[b]]** ==[[m]]==", [("L", f"{x}.md") for x in "hqtbm"]),
    (
        "| [[b\\|bb]] | c |\n|---|---|\n| [[d]] | [[e#f\\|g]] |",
        [("L", "b.md", "bb"), ("L", "d.md"), ("L", "e.md", "f", "g")],
    ),
    # where they are not
    ("`[[x]] #y` ``[[x]] ` ``", []),
    ("```\n[[x]]\n```\n[[y]]", [("L", "y.md")]),
    ("- a\n\t```clojure\n\t[[x]]\n\t```\n- [[y]]", [("L", "y.md")]),
    ("```\n[[x]]", []),
    ("````\n```\n[[x]]\n````\n[[y]]", [("L", "y.md")]),
    ("    [[x]]\n\n[[y]]", [("L", "y.md")]),
    ("- a\n\n    [[in a list]]", [("L", "in a list.md")]),
    ("<!-- [[x]] --> [[y]]", [("L", "y.md")]),
    ("a <!-- [[x]]\n --> [[y]]", [("L", "y.md")]),
    ("<div>[[x]]</div>", []),
    ("text <br> [[y]]", [("L", "y.md")]),
    ("$a [[x]] b$ [[y]]", [("L", "y.md")]),
    ("$$\n[[x]]\n$$\n[[y]]", [("L", "y.md")]),
    ("cost $5 [[x]] and $6", [("L", "x.md")]),
    ("https://a.b/c#frag http://a/b#c", []),
    # comments
    ("%% [[x]] #y %% [[z]]", [("L", "z.md")]),
    ("%%\n[[x]]\n\n# no\n%%\n[[z]]", [("L", "z.md")]),
    ("[[a]] %% [[x]]\n[[y]]", [("L", "a.md")]),
    ("`%%` [[x]] `%%`", [("L", "x.md")]),
    ("```\n%% no\n```\n[[x]]", [("L", "x.md")]),
    ("%% c %%    [[x]]", [("L", "x.md")]),
    # tags
    ("#a #A", [("T", "a")]),
    ("#a/b", [("T", "a/b")]),
    ("#1984 #y1984", [("T", "y1984")]),
    ("#été/x", [("T", "été/x")]),
    ("#a:b #tag. (#p)", [("T", "a"), ("T", "tag")]),
    ("#日本 #🧠 #a_b-c", [("T", "日本"), ("T", "🧠"), ("T", "a_b-c")]),
    ("# H #t", [("T", "t")]),
    ("#a[[b]]", [("L", "b.md"), ("T", "a")]),
    ("C# F# x text#no a/#b [[#no]] [#no](x) \\#no", [("L", "x.md", "#no")]),
    ("color: #fff;", [("T", "fff")]),
    ("x <span>#in</span>#after a>#no", [("T", "in"), ("T", "after")]),
    ("[r]: x.md '#no'", []),
]


@pytest.mark.parametrize(("text", "expected"), TEXT)
def test_text(text: str, expected: list[tuple[object, ...]]) -> None:
    assert facts(read(text, "Page.md", OBSIDIAN)) == expected


FRONT_MATTER = [
    ('rel: "[[Z|zed]]"', [("rel", "z.md", "zed")], []),
    ("rel: [[Z]]", [("rel", "z.md")], ["front-matter"]),
    ('has-part: ["[[A]]", "[[B#H]]"]', [("hasPart", "a.md"), ("hasPart", "b.md", "H")], []),
    ('up:\n- "[[A]]"\n- plain\n', [("up", "a.md")], []),
    ('tags: [one, "#two", a/b]', [("T", "one"), ("T", "two"), ("T", "a/b")], []),
    ("tags: a, b", [("T", "a"), ("T", "b")], ["front-matter"]),
    ("tags: a b", [("T", "a"), ("T", "b")], []),
    ("tag: a", [("T", "a")], []),
    ("tags:\naliases:\ncssclasses:", [], []),
    ("tags: [2024, yes, null]", [("T", "2024"), ("T", "yes")], []),
    ("note: '#x in text'", [], []),
    ("a: [", [], ["front-matter"]),
    ('{"rel": "[[A]]", "tags": ["b"]}', [("rel", "a.md"), ("T", "b")], []),
]


@pytest.mark.parametrize(("yaml", "expected", "codes"), FRONT_MATTER)
def test_front_matter(yaml: str, expected: list[tuple[object, ...]], codes: list[str]) -> None:
    reading = read(f"---\n{yaml}\n---\n", "Page.md", OBSIDIAN)
    assert facts(reading) == expected
    assert reading.codes == codes


PROPERTIES = [
    ("n: 3\nf: 1.5\nb: true\nd: 2026-01-02\nt: 12:30\nv: 1.10\no: 010\ny: yes\n",
     {"n": 3, "f": 1.5, "b": True, "d": "2026-01-02", "t": "12:30", "v": "1.10", "o": "010", "y": "yes"}),
    ("l: [a, 1, false]\nm: {k: [x]}\ne:\n", {"l": ["a", 1, False], "m": {"k": ["x"]}, "e": None}),
]  # fmt: skip


@pytest.mark.parametrize(("yaml", "expected"), PROPERTIES)
def test_properties_keep_their_type_and_their_spelling(yaml: str, expected: dict[str, object]) -> None:
    assert read(f"---\n{yaml}---\n", "Page.md", OBSIDIAN).page.properties == expected


RESOLUTION = [
    # files, from, link, to
    (["sub/C.md", "sub/deep/C.md"], "s.md", "[[C]]", "sub/C.md"),
    (["N.md", "a/N.md"], "a/s.md", "[[N]]", "N.md"),
    (["b/N.md", "a/d/N.md"], "a/s.md", "[[N]]", "a/d/N.md"),
    (["z/N.md", "b/N.md"], "z/y/s.md", "[[N]]", "b/N.md"),
    (["a/N.md"], "s.md", "[[n]]", "a/N.md"),
    (["a/b/N.md", "c/b/N.md"], "c/s.md", "[[b/N]]", "c/b/N.md"),
    (["b.md"], "a/s.md", "[[../b]]", "b.md"),
    (["b.md", "a/b.md"], "a/s.md", "[[./b]]", "a/b.md"),
    (["b.md", "a/b.md"], "a/s.md", "[[/b]]", "b.md"),
    (["x/b.md"], "a/s.md", "[[./b]]", None),
    (["a/B.md"], "s.md", "[t](B.md)", "a/B.md"),
    (["Cafe\u0301.md"], "s.md", "[[Café]]", "Cafe\u0301.md"),
    (["a/Index.md", "b/Index.md"], "b/s.md", "[[Index]]", "b/Index.md"),
    (["a/x.canvas"], "s.md", "[[x.canvas]]", "a/x.canvas"),
    (["x.md"], "s.md", "[[xx]]", None),
    (["b/x.md"], "s.md", "[[ab/x]]", None),
]


@pytest.mark.parametrize(("files", "start", "link", "end"), RESOLUTION)
def test_resolution(files: list[str], start: str, link: str, end: str | None) -> None:
    graph = Graph({".obsidian/app.json": "{}", **dict.fromkeys(files, ""), start: link})
    ((_, target),) = graph.of(f"page:{start}")
    assert (target.partition(":")[2] if target in graph.nodes else None) == end


def test_an_alias_catches_what_would_end_in_a_stub() -> None:
    matter = "---\naliases: [Two, Other Name]\n---\n"
    graph = Graph({"One.md": matter, "Two.md": "", "s.md": "[[other name]] [[Two]] [[deep/two]] [[three]]"})
    assert [end for _, end in graph.of("page:s.md")] == [
        "page:One.md",
        "page:Two.md",
        "page:deep/two.md",
        "page:three.md",
    ]


def test_several_vaults_in_one_repository_keep_to_themselves() -> None:
    text = "[[N]] #t"
    files = {"a/.obsidian/x": "", "b/.obsidian/x": "", "a/N.md": "", "b/N.md": "", "N.md": ""}
    graph = Graph({**files, "a/s.md": text, "b/s.md": text, "s.md": text})
    assert graph.of("page:a//s.md") == [("link", "page:a//N.md"), ("tag", "tag:a//t")]
    assert graph.of("page:b//s.md") == [("link", "page:b//N.md"), ("tag", "tag:b//t")]
    assert graph.of("page:s.md") == [("link", "page:N.md"), ("tag", "tag:t")]


def test_a_tag_is_only_mentioned_and_lies_below_those_above_it() -> None:
    reading = read("#Été/x\n#été/X", "Page.md", Vault("v", "obsidian"))
    tags = {node.id: (node.label, node.declared) for node in reading.facts.nodes if node.kind == "tag"}
    assert tags == {"tag:v//été/x": ("Été/x", False), "tag:v//été": ("Été", False)}
    assert ("namespace", "tag:v//été") in reading.edges()


def test_what_a_note_says_of_itself() -> None:
    text = "# A *b* `c`\n\ntext ^block-1\n\n## D %% no %%\n\n- item ^two\n\n`no ^three`\n"
    assert read(text, "Page.md", OBSIDIAN).page.properties == {
        "blocks": ["block-1", "two"],
        "headings": [{"level": 1, "line": 1, "text": "A b c"}, {"level": 2, "line": 5, "text": "D"}],
    }


@pytest.mark.parametrize("path", ["a.base", ".trash/a.md", ".obsidian/a.canvas", "n/.x/a.md"])
def test_files_that_are_skipped(path: str) -> None:
    assert read("", path, OBSIDIAN).reason == ("bases" if path.endswith(".base") else "hidden")


# Canvases


def canvas(nodes: list[dict[str, object]], edges: list[dict[str, object]]) -> str:
    return json.dumps({"nodes": nodes, "edges": edges}, indent=1)


CARDS = [
    {"id": "1", "type": "file", "file": "A.md", "subpath": "#H"},
    {"id": "2", "type": "file", "file": "d/B.md"},
    {"id": "3", "type": "text", "text": "hi [[B]]\n#x ![[C|c]] [u](https://a.b)"},
    {"id": "4", "type": "link", "url": "https://example.org/"},
    {"id": "5", "type": "group", "label": "Group"},
    {"id": "6", "type": "file", "file": "a.png"},
    {"id": "7", "type": "file", "file": "../out.md"},
]
ARROWS = [
    {"id": "a", "fromNode": "1", "toNode": "2", "label": "why"},
    {"id": "b", "fromNode": "2", "toNode": "1"},
    {"id": "c", "fromNode": "1", "toNode": "3", "label": "no"},
    {"id": "d", "fromNode": "2", "toNode": "1", "label": "depends on"},
]


def test_a_canvas() -> None:
    graph = Graph({".obsidian/x": "", "m/M.canvas": canvas(CARDS, ARROWS), "A.md": "[[M.canvas]]", "d/B.md": ""})
    page = graph.readings["m/M.canvas"].page
    assert (page.id, page.kind, page.label, page.line) == ("canvas:m/M.canvas", "canvas", "M", 1)
    assert page.properties == {"groups": ["Group"], "urls": ["https://example.org/"]}
    assert graph.of("canvas:m/M.canvas") == [
        ("embed", "page:A.md"),
        ("embed", "page:d/B.md"),
        ("link", "page:d/B.md"),
        ("embed", "page:c.md"),
        ("tag", "tag:x"),
    ]
    assert graph.of("page:A.md") == [("why", "page:d/B.md"), ("link", "canvas:m/M.canvas")]
    assert graph.of("page:d/B.md") == [("canvas", "page:A.md"), ("dependsOn", "page:A.md")]
    first = graph.readings["m/M.canvas"].facts.edges[0]
    assert (first.line, first.properties) == (3, {"heading": "H"})


BROKEN = [
    ("{", "syntax"),
    ("[]", "syntax"),
    ('{"nodes": [', "syntax"),
    ('{"nodes": []} x', "syntax"),
    ('{"x": ' + "[" * 100_000, "limit"),
]


@pytest.mark.parametrize(("text", "reason"), BROKEN)
def test_a_broken_canvas_fails_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(ContentError) as caught:
        read(text, "a.canvas", OBSIDIAN)
    assert caught.value.reason == reason


@pytest.mark.parametrize("text", ["", "{}", '{"nodes": {}, "edges": 1}', '{"nodes": [1, null, {"type": 3, "id": []}]}'])
def test_an_empty_canvas_is_a_node(text: str) -> None:
    assert [node.kind for node in read(text, "a.canvas", OBSIDIAN).facts.nodes] == ["canvas"]


def test_texts_that_no_store_can_keep_are_left_out() -> None:
    text = '{"nodes": [{"type": "text", "text": "[[a\\ud800]]"}, {"type": "file", "file": "b\\u0000.md"}]}'
    assert read(text, "a.canvas", OBSIDIAN).facts.edges == ()


# Dataview

FIELDS = [
    ("up:: [[A]] and [[B]]", {"up": "[[A]] and [[B]]"}, [("up", "a.md"), ("up", "b.md")]),
    ("- **Due date**:: 2026-01-01", {"Due date": "2026-01-01"}, []),
    ("text [k:: v [[A]]] (l:: w) [[B]]", {"k": "v [[A]]", "l": "w"}, [("k", "a.md"), ("L", "b.md")]),
    ("`k:: v`\n\n```\nk:: v\n```", {}, []),
    ("k:: 1\n\nk:: 2", {"k": ["1", "2"]}, []),
    ("a::b\n\nstd::cout [x::y]", {"x": "y"}, []),
]


@pytest.mark.parametrize(("text", "properties", "edges"), FIELDS)
def test_inline_fields(text: str, properties: dict[str, object], edges: list[tuple[object, ...]]) -> None:
    on = read(text, "Page.md", OBSIDIAN, options={"obsidian": {"dataview": True}})
    assert on.page.properties == properties
    assert facts(on) == edges
    off = read(text, "Page.md", OBSIDIAN)
    assert off.page.properties == {}
    assert {fact[1] for fact in facts(off)} == {fact[1] for fact in edges}


# For any note

WORDS = st.text(st.characters(categories=["L"]), min_size=1, max_size=6)
PIECES = st.one_of(
    st.tuples(st.just("link"), WORDS), st.tuples(st.just("embed"), WORDS), st.tuples(st.just("tag"), WORDS),
    st.tuples(st.just("word"), WORDS), st.tuples(st.just("code"), WORDS), st.tuples(st.just("comment"), WORDS),
)  # fmt: skip
PRINTED = {
    "link": "[[{}]]",
    "embed": "![[{}]]",
    "tag": "#{}",
    "word": "{}",
    "code": "`[[{}]]`",
    "comment": "%%[[{}]]%%",
}


@given(st.lists(PIECES, max_size=15))
def test_what_is_printed_is_read_back_with_its_line(pieces: list[tuple[str, str]]) -> None:
    lines = [f"a {PRINTED[kind].format(word)} b" for kind, word in pieces]
    reading = read("\n\n".join(lines), "Page.md", OBSIDIAN)
    expected = {
        (kind, f"tag:{fold(word)}" if kind == "tag" else f"page:{fold(word)}.md")
        for kind, word in pieces
        if kind in ("link", "embed", "tag")
    }
    assert set(reading.edges()) == expected
    for edge in reading.facts.edges:
        word = edge.target[4:] if isinstance(edge.target, str) else edge.target.path
        assert edge.line % 2 == 1
        assert word in fold(lines[edge.line // 2])


MARKS = ["[[", "]]", "|", "#", "^", "%%", "`", "```", "\n", "<!--", "-->", "$", "$$", "a", " ", "é", "(", ")", "[", "]"]
MARKS += ["::", "---\n", "> ", "- ", "\x7f"]


@given(st.lists(st.sampled_from(MARKS), max_size=60).map("".join))
@settings(max_examples=300)
def test_any_marks_give_facts_whose_line_holds_them(text: str) -> None:
    reading = read(text, "Page.md", OBSIDIAN, options={"obsidian": {"dataview": True}})
    lines = text.replace("\r", "\n").split("\n")
    for edge in reading.facts.edges:
        if edge.type in ("link", "embed") and "---\n" not in text and not isinstance(edge.target, str):
            assert edge.target.names[0].text in fold("\n".join(lines[edge.line - 1 :]))


@given(st.binary(max_size=400))
def test_any_bytes_are_a_note_or_a_named_failure(data: bytes) -> None:
    for path in ("a.md", "a.canvas"):
        assert outcome(data, path, OBSIDIAN) in (path, "encoding", "binary", "syntax", "limit")


BOMBS = [
    "[[",
    "[[a|",
    "![",
    "%%",
    "%%a\n",
    "<!--",
    "<!-- a --> b ",
    "#a/",
    "#",
    "`",
    "$",
    "[a::",
    "(a::",
    "^a ",
    "a:: ",
]
BOMBS += ["|[[a\\|", "[^a]", "[x", "(", "[a](", "[[a]](", "%% a %% "]


@pytest.mark.parametrize("bomb", BOMBS)
def test_time_is_linear(bomb: str) -> None:
    from time import process_time

    text = bomb * (200_000 // len(bomb))
    start = process_time()
    read(text, "Page.md", OBSIDIAN, options={"obsidian": {"dataview": True}})
    assert process_time() - start < 3
