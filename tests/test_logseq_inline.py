"""What a line of a Logseq page refers to."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.pages import logseq_page

from ghsync_plugins.formats.logseq.inline import link, plain_links, references

UUID = "650f1a2b-1c2d-4e3f-8a9b-0123456789ab"

LINES = [
    # links
    ("see [[A]] and [[a]]", "link A, link a"),
    ("see [[a [[b]] c]]", "link a [[b]] c, link b"),
    ("[[x]]s, [[a]]], [[a]b]]", "link x, link a, link a]b"),
    ("[[[b]]", "link b"),
    ("[[foo [[bar]]", "link bar"),
    (r"\[[x]] [[y]]", "link y"),
    ("[[]] [[ ]] [[|x]]", ""),
    ("[[P|shown]] [[P#h]]", "link P (shown), link P#h"),
    (r"| [[P\|x]] |", "link P (x)"),
    ("## [[h]], **[[x]]**, > [[q]], ^^[[m]]^^", "link h, link x, link q, link m"),
    ("- [ ] task [[t]] [x]", "link t"),
    ("![[P]]", "link P"),
    ("[label]([[P]])", "link P (label)"),
    ("[[https://a.b/c]]", "link https://a.b/c"),
    ("[[C#]] [[a #b]] #c", "link C#, link a #b, tag c"),
    # code, math, HTML, addresses
    ("`[[x]] #y` ``[[x]] ` [[z]]`` [[v]] ` [[w]]", "link v, link w"),
    ("$a [[x]] b$ [[y]]", "link y"),
    ("cost $5 [[x]] and $6", "link x"),
    ("$$[[x]]$$ [[y]]", "link y"),
    (r"\([[x]]\) [[y]]", "link y"),
    ("<span>[[x]]</span> [[y]]", "link y"),
    ("text <br> [[y]]", "link y"),
    ("https://a.b/c#frag http://a/[[z]] [[y]]", "link y"),
    (
        "[t](https://a/#f) [l [[x]](http://u) [see [[x]] here](http://u)",
        "file https://a/#f (t), file http://u (l [[x]), file http://u (see [[x]] here)",
    ),
    ("[a](https://x.y/z),[[w]]", "file https://x.y/z (a), link w"),
    (
        "[l](../pages/My%20Page.md) [m](<b c.md>) [n](d.md 'title') ![i](e.png)",
        "file ../pages/My%20Page.md (l), file b c.md (m), file d.md (n), file e.png (i)",
    ),
    # tags
    ("C# F# x text#no a/#b (#t) -#a **#a** a)#b", ""),
    ("#a.b #a. #a,b #x#y #1 #[[a b]] color: #fff;", "tag a.b, tag a, tag a,b, tag x#y, tag 1, tag a b, tag fff"),
    ("(see #a) #f(x) #a[[b]]", "tag a, tag f(x), tag a, link b"),
    (
        "[#8654](https://x.y/pull/8654) [see #t here](z.md) [#a]",
        "file https://x.y/pull/8654 (#8654), file z.md (see #t here), tag a",
    ),
    ("# H #t", "tag t"),
    ("- TODO [#A] call #now!", "tag now"),
    (r"\#no **bold #no** #yes", "tag yes"),
    ("é#no #é", "tag é"),
    # blocks and macros
    (f"(({UUID})) ((note)) [l]((({UUID})))", f"block {UUID}, block {UUID} (l)"),
    ("{{embed [[P]]}} {{query [[P]]}} {{cloze [[P]]}} [[after]]", "embed P, link after"),
    (f"{{{{embed (({UUID}))}}}}", f"block_embed {UUID}"),
]


@pytest.mark.parametrize(("line", "expected"), LINES)
def test_a_line_refers_to(line: str, expected: str) -> None:
    found = references(line)
    assert ", ".join(f"{it.kind} {it.target}" + (f" ({it.text})" if it.text else "") for it in found) == expected


@given(st.lists(st.sampled_from(["[[", "]]", "a b", "|", "/", "]]]", "#", "::", "(", "{", "é", "[["])).map("".join))
def test_the_short_way_finds_what_the_whole_pass_finds(line: str) -> None:
    links = plain_links(line)
    assume(links is not None)
    found = [meant for written in links or () if (meant := link(written))]
    assert found == references(line) == references(line, code=False)


def test_backticks_hide_nothing_in_a_property() -> None:
    assert [found.target for found in references("[[x]] `[[y]]`", code=False)] == ["x", "y"]


PAGES = [
    ("```\n[[x]] #y\n```\n[[z]]", ["z"]),
    ("\t\t- ```clojure\n\t\t  [[x]]\n\t\t  ```\n\t\t- [[z]]", ["z"]),
    ("~~~\n[[x]]\n```\n[[x]]\n~~~\n[[z]]", ["z"]),
    ("````md\n```\n[[x]]\n```\n[[x]]\n````\n[[z]]", ["z"]),
    ("```\n[[x]]", ["x"]),
    ("``` a`b\n[[x]]", ["x"]),
    ("<!-- [[x]]\n[[x]] --> [[y]]", ["y"]),
    ("`<!--` [[x]] -->", ["x"]),
    ("<div>[[x]]</div>\n[[y]]", ["y"]),
    ("- #+BEGIN_QUERY\n  [[x]]\n  #+END_QUERY\n- [[y]]", ["y"]),
    ("#+BEGIN_QUOTE\n[[x]]\n#+END_QUOTE", ["x"]),
    (":LOGBOOK:\n[[x]]\n:END:\n[[y]]", ["y"]),
    ("$$\n[[x]]\n$$\n[[y]]", ["y"]),
    ("    [[indented]]", ["indented"]),
    ("| a | [[cell]] |", ["cell"]),
    ("`a\nb [[x]]`", ["x"]),
    ("[[a\nb]]", []),
    ("[[x]]\u2028[[y]]\x0b[[z]]\x85[[w]]", ["x", "y", "z", "w"]),
]


@pytest.mark.parametrize(("text", "targets"), PAGES)
def test_a_page_links_to(text: str, targets: list[str]) -> None:
    assert logseq_page(text).targets() == targets


@given(st.text(alphabet="[]()#`${}\\<>!|:/ab -*~_^=\n\t", max_size=200))
def test_any_marks_give_links_with_a_name_and_a_line_that_holds_it(text: str) -> None:
    lines = text.split("\n")
    for edge in logseq_page(text).facts.edges:
        if edge.type in ("link", "tag"):
            assert edge.target.text in lines[edge.line - 1]
            assert edge.target.text.strip("[] ")


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    if "\x00" not in text:
        text = text.encode("utf-8", "ignore").decode()
        assert logseq_page(text).page.id.startswith("page:")
