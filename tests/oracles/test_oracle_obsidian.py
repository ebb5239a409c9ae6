"""Obsidian against obsidiantools, which reads links and embeds as Obsidian does, and tags nearly so."""

from __future__ import annotations

import re
import warnings
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from support.oracles import Difference, Sets, corpus, hold
from support.pages import OBSIDIAN, PARSERS

from ghsync_core import Document, FileRef
from ghsync_core.names import fold
from ghsync_plugins.formats.links import ATTACHMENT_SUFFIXES

OWN = {
    "links.md": "# H\n\n[[Note]] [[dir/Note|shown]] [[Other#Heading]] [[Other#^b]] [[#Own]] [[v1.2 plan]]\n\n"
    "> [[Quoted]]\n\n- [[Listed]]\n    - [[Deeper]]\n\n**[[Bold]]** [[100%]]\n",
    "embeds.md": "![[Note]] ![[Note#H]] ![[pic.png|100]]\n\ntext ![[Deep/Note]]\n",
    "code.md": "`[[no]]` [[yes]]\n\n```\n[[no]]\n```\n\n~~~\n[[no]]\n~~~\n",
    "table.md": "| a | b |\n|---|---|\n| [[A\\|x]] | [[B]] |\n",
    "tags.md": "#one #two/three text #four\n\n- #five\n",
    "front-matter.md": "---\ntitle: T\nn: 3\nlist: [a, b]\n---\n[[Body]] #tag\n",
}

_REFERENCE = re.compile(r"[()<>+%^\"]|#|\.\w")
REASONS = {
    "obsidiantools reads comments": lambda d: d.side == "theirs" and "%%" in d.text,
    "obsidiantools reads mathematics": lambda d: d.side == "theirs" and "$" in d.text,
    "obsidiantools takes fragments of addresses for tags": lambda d: (
        d.sort == "tags" and d.side == "theirs" and bool(_REFERENCE.search(d.name))
    ),
    "obsidiantools reads no tags of front matter": lambda d: (
        d.sort == "tags"
        and d.side == "ours"
        and d.text.startswith("---")
        and "tag" in d.text.partition("\n---")[0].lower()
    ),
    "obsidiantools knows no note by a Markdown link": lambda d: (
        d.sort in ("link", "embed") and d.side == "ours" and "](" in d.text and f"[[{d.name}" not in fold(d.text)
    ),
}


def ours(text: str) -> dict[str, set[str]]:
    """What ghsync reads."""
    data = text.encode()
    found: dict[str, set[str]] = defaultdict(set)
    document = Document(FileRef("Page.md", "0" * 40, len(data)), data, OBSIDIAN)
    for edge in PARSERS["markdown"].parse(document).edges:
        if edge.type == "tag":
            found["tags"].add(edge.target.removeprefix("tag:"))
        elif edge.type in ("link", "embed"):
            found[edge.type].add(edge.target.path or fold(edge.target.text).removesuffix(".md"))
    return found


def theirs(tool: Any, path: Path) -> Sets:
    """What obsidiantools reads."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of libraries under it
        links, embeds = tool.get_wikilinks(path), tool.get_embedded_files(path)
        tags = tool.get_tags(path, show_nested=True)
    return {"link": _notes(links), "embed": _notes(embeds), "tags": {fold(tag) for tag in tags}}


def _notes(targets: list[str]) -> set[str]:
    names = {fold(target.partition("#")[0].strip().rstrip("\\")) for target in targets}
    return {name.removesuffix(".md") for name in names if name and Path(name).suffix not in ATTACHMENT_SUFFIXES}


@pytest.fixture(scope="module")
def tool() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("obsidiantools.md_utils", reason="needs obsidiantools: pip install obsidiantools")


def test_own_notes(tool: Any, tmp_path: Path) -> None:
    for name, text in OWN.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    files = [(name, text, ours(text), theirs(tool, tmp_path / name)) for name, text in OWN.items()]
    print(hold(files, REASONS))


@pytest.mark.timeout(600)
def test_corpus(tool: Any) -> None:
    files = corpus("obsidian")
    if not files:
        pytest.skip("GHSYNC_CORPORA names no folder with Obsidian vaults")
    print(hold([(path, text, ours(text), theirs(tool, Path(path))) for path, text in files], REASONS))


def test_properties_are_those_of_the_tool(tool: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(OWN["front-matter.md"], encoding="utf-8")
    document = Document(FileRef("a.md", "0" * 40, 1), path.read_bytes(), OBSIDIAN)
    (page, *_) = PARSERS["markdown"].parse(document).nodes
    assert page.properties == tool.get_front_matter(path)


def test_a_difference_without_a_reason_is_told() -> None:
    with pytest.raises(AssertionError, match="lost"):
        hold([("a.md", "", {"link": set()}, {"link": {"lost"}})], REASONS)
    assert isinstance(Difference("", "", "", "", ""), tuple)
