"""Encodings: UTF-8, or UTF-16 with a byte order mark; anything else is a failure with a name, in every text format."""

from __future__ import annotations

import pytest
from support.pages import GRAPH, OBSIDIAN, outcome, read

TEXT = "see [[Café]]\n"
READ = [
    TEXT.encode(),
    TEXT.encode("utf-8-sig"),
    b"\xff\xfe" + TEXT.encode("utf-16-le"),
    b"\xfe\xff" + TEXT.encode("utf-16-be"),
]
FAILS = [
    (TEXT.encode("latin-1"), "encoding"),
    (b"a \xc0\xaf b", "encoding"),
    (b"a \xed\xa0\x80 b", "encoding"),
    (b"a \xe2\x82", "encoding"),
    (b"\xff\xfe" + TEXT.encode("utf-16-le")[:-1], "encoding"),
    (TEXT.encode("utf-16-le"), "encoding"),
    (b"[[A]]".decode().encode("utf-16-le"), "binary"),
    (b"\xff\xfe\x00\x00" + b"[[A]]".decode().encode("utf-32-le"), "binary"),
    (b"a \x00 b", "binary"),
    (b"\x89PNG\r\n\x1a\n\x00", "encoding"),
]


@pytest.mark.parametrize("vault", [GRAPH, OBSIDIAN], ids=["logseq", "obsidian"])
@pytest.mark.parametrize("data", READ)
def test_what_is_read(data: bytes, vault: object) -> None:
    assert [edge.target.text for edge in read(data, "pages/P.md", vault).facts.edges] == ["Café"]


@pytest.mark.parametrize("vault", [GRAPH, OBSIDIAN], ids=["logseq", "obsidian"])
@pytest.mark.parametrize(("data", "reason"), FAILS)
def test_what_fails(data: bytes, reason: str, vault: object) -> None:
    assert outcome(data, "pages/P.md", vault) == reason


@pytest.mark.parametrize("path", ["P.md", "P.canvas"])
def test_a_mark_is_no_part_of_the_text(path: str) -> None:
    text = "---\ntitle: T\n---\n" if path == "P.md" else "{}"
    page = read(b"\xef\xbb\xbf" + text.encode(), path, OBSIDIAN).page
    assert page.label == ("T" if path == "P.md" else "P")
