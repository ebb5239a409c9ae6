"""Pages made to hurt: each is read in time that grows with its size, and says no more than it holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.pages import GRAPH, Reading, read

from ghsync_core import ContentError, Vault

DATA = Path(__file__).parent / "data" / "hostile"
OUTSIDE = Vault()

LADDERS = {
    "open brackets": "[[" * 20_000,
    "nested brackets": "[[" * 5_000 + "]]" * 5_000,
    "half links": "[[a" * 15_000,
    "closed half links": "[[a" * 15_000 + "]]" * 15_000,
    "backtick runs": " ".join("`" * length for length in range(1, 1_400)),
    "backtick runs, twice": " ".join("`" * length for length in [*range(1, 400), *range(1, 400)]),
    "open addresses": "[a](" * 15_000,
    "images": "![" * 20_000,
    "block references": "((" * 20_000,
    "hashes": "#" * 40_000,
    "tag brackets": "#[[" * 13_000,
    "tags of parentheses": "#a" + ")" * 40_000,
    "macros": "{{" * 20_000,
    "macros, closed": "{{" * 20_000 + "}}" * 20_000,
    "emphasis": "*a _b " * 16_000,
    "bold": "**a " * 20_000 + "#t",
    "comments": "<!--" * 10_000,
    "elements": "<div>" * 10_000,
    "inline elements": "a <b>" * 10_000,
    "unknown elements": " ".join(f"<x{number}>" for number in range(10_000)),
    "percent": "%%a" * 13_000,
    "dollars": "$a" * 20_000,
    "colons": "a:: " * 10_000,
    "colons without spaces": "a:" * 20_000,
    "quotes": ">" * 4_000 + " [[x]]",
    "brackets, then spaces": "[[" + " " * 40_000,
    "spaces": " " * 2_000_000,
    "dashes": "- " * 50_000,
    "fences, each longer": "\n".join("`" * length for length in range(3, 1_500)),
    "fences, each shorter": "\n".join("`" * length for length in range(1_500, 3, -1)),
    "fences with words": "```a\n" * 20_000,
    "schemes": "http://" * 20_000,
    "escapes": "\\" * 40_000,
    "front matter, never closed": "---\n" + "a: b\n" * 20_000,
    "headings of blocks": "- ### OntologyBlock\n" * 10_000,
    "nested blocks": "".join(f"{' ' * depth}- ### OntologyBlock\n" for depth in range(1_000)),
    "blocks and fences": "- ### OntologyBlock\n- ```\n- x\n- ```\n  ```\n" * 10_000,
    "unclosed OWL": "- ### OntologyBlock\n- owl:class:: a:X\n" + "- ```a\n" * 20_000,
    "spaces in an address": ("[a](b" + " " * 20_000 + ")") * 5,
    "quotes in an address": "[a](b" + ' "c"' * 10_000 + ")",
    "embeds": "{{embed [[" + "a]] " * 20_000 + "}}",
    "levels": "[[" + "a/" * 40_000 + "]]",
    "logbooks": ":LOGBOOK:\n" * 10_000,
    "queries": "#+BEGIN_QUERY\n" * 10_000,
    "display math": "$$ a\n" * 10_001,
}


@pytest.mark.parametrize("vault", [OUTSIDE, GRAPH], ids=["outside", "graph"])
@pytest.mark.parametrize("text", LADDERS.values(), ids=LADDERS)
@pytest.mark.timeout(20)
def test_a_ladder_is_read_in_linear_time(text: str, vault: Vault) -> None:
    assert len(read(text + "\n", vault=vault).targets()) <= 10


SIZES = {
    "10 MB of one link": ("[[a]] " * 1_747_627, ["a"]),
    "10 MB of brackets": ("[[" * 5_242_880, []),
    "5,000 links": (
        "".join(f"- [[Page {number}]]\n" for number in range(5_000)),
        [f"page {number}" for number in range(5_000)],
    ),
    "a name of 100,000 letters": ("[[" + "n" * 100_000 + "]] [[Target]]", ["n" * 100_000, "target"]),
    "400 levels": (
        "".join("\t" * depth + f"- [[L{depth}]]\n" for depth in range(400)),
        [f"l{depth}" for depth in range(400)],
    ),
}


@pytest.mark.parametrize(("text", "targets"), SIZES.values(), ids=SIZES)
@pytest.mark.timeout(60)
def test_a_large_page_is_read_whole(text: str, targets: list[str]) -> None:
    assert read(text, vault=GRAPH).targets() == targets


@pytest.mark.timeout(20)
def test_many_properties() -> None:
    reading = read("".join(f"key{number}:: [[v{number}]], w\n" for number in range(3_000)))
    assert len(reading.page.properties) == 3_000
    assert len(reading.facts.edges) == 3_000


FILES = {
    "fence-shapes.md": ["yes1", "yes2", "yes3", "yes4"],
    "code-spans.md": ["yes1", "yes2", "yes3", "no4"],
    "link-shapes.md": ["a", "a#b#c", "a#^blk", "spaced", "b", "g#h", "h", "i.md", "x/y", "abs", "f.png", "#h", "^b"],
    "injection.md": [
        'x"}) detach delete n',
        "`; match (n) delete n",
        "<script>alert(1)</script>",
        "$1",
        "%s",
        "{0}",
        "\\x00",
    ],
    "merge-conflict.md": ["before", "ours", "theirs"],
    "line-separators.md": ["a", "b"],
}


@pytest.mark.parametrize(("name", "targets"), FILES.items(), ids=FILES)
def test_odd_pages(name: str, targets: list[str]) -> None:
    assert sorted(read((DATA / name).read_bytes(), vault=GRAPH).targets()) == sorted(targets)


BAD_BYTES = [
    (b"\xffPage", "encoding"),
    (b"ends in \xe2\x82", "encoding"),
    (b"\xc0\xaf", "encoding"),
    (b"\xed\xa0\x80", "encoding"),
    (b"caf\xe9", "encoding"),
    (b"[\x00[\x00a\x00]\x00]\x00", "binary"),
    (b"a\x00b", "binary"),
    (b"\xff\xfe\x00", "encoding"),
]


@pytest.mark.parametrize(("data", "reason"), BAD_BYTES)
def test_what_is_no_text_is_a_content_error(data: bytes, reason: str) -> None:
    with pytest.raises(ContentError) as caught:
        read(data)
    assert caught.value.reason == reason


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_byte_order_mark_is_in_no_value(encoding: str) -> None:
    reading: Reading = read("title:: T\n\n- [[Target]]".encode(encoding))
    assert (reading.page.label, reading.targets()) == ("T", ["target"])
