"""Logseq against mldoc, its own parser, run by node."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest
from support.oracles import Difference, Sets, corpus, hold
from support.pages import GRAPH, PARSERS

from ghsync_core import Document, FileRef
from ghsync_plugins.formats import pages
from ghsync_plugins.formats.logseq.titles import page_key
from ghsync_plugins.formats.sections import ontology_sections

SCRIPT = Path(__file__).with_name("mldoc.js")
UUID = "650f1a2b-1c2d-4e3f-8a9b-0123456789ab"

OWN = {
    "outline": "- see [[A]] and [[a b]] #t #[[c d]]\n\t- deeper [[B]], **[[C]]**\n\t  [[D]]\n- > [[E]]\n- # H [[F]]\n",
    "nested": "- [[a [[b]] c]] [[P|shown]] [l]([[Q]])\n",
    "properties": "title:: T\ntype:: [[Feature]]\npublic:: true\n\n- block\n  has-part:: [[X]], #y\n- k:: [[Z]]\n",
    "code": "- `[[no]]` [[yes]]\n- ```clojure\n  [[no]] #no\n  ```\n- [[after]]\n",
    "macros": f"- {{{{embed [[P]]}}}} {{{{embed (({UUID}))}}}} {{{{query [[no]]}}}}\n- (({UUID})) ((note))\n",
    "not-links": "- https://a.b/c#no http://a/[[no]] [t](https://a/#no) \\[[no]] $[[no]]$ [[yes]]\n",
    "tags": "- #a.b #c, #x#y #1 (see #d) C# text#no #f;\n- TODO [#A] call #now\n",
    "html": "<div>[[no]]</div>\n\n- text <br> [[yes]] <!-- [[no]] -->\n",
}

# A title, an alias and housekeeping name no other page (Logseq's list of built-in properties).
_BUILT_IN = re.compile(r"^[ \t]*(?:- )?(?:title|alias|aliases|icon|template|id|created-at|updated-at)::", re.MULTILINE)
_LINK = re.compile(r"\[\[([^\[\]\n]+)\]\]")


def _in_lines(pattern: re.Pattern[str], found: Difference) -> bool:
    lines = (
        found.text[m.start() : found.text.find("\n", m.end()) % (len(found.text) + 1)]
        for m in pattern.finditer(found.text)
    )
    return any(found.name in line.lower() for line in lines)


def _in_front_matter(found: Difference) -> bool:
    return found.text.startswith("---") and found.name in found.text.partition("\n---")[0].lower()


def _in_block(found: Difference) -> bool:
    document = Document(FileRef(found.path, "0" * 40, 1), found.text.encode(), GRAPH)
    facts = (fact for section in ontology_sections(document) for fact in section.facts(found.text))
    return any(found.name in map(page_key, _LINK.findall(fact["value"] or "")) for fact in facts)


REASONS = {
    "mldoc takes aliases and titles for references": lambda d: (
        d.sort == "values" and d.side == "theirs" and _in_lines(_BUILT_IN, d)
    ),
    "mldoc gives no references of front matter": lambda d: (
        d.sort in ("values", "tags") and d.side == "ours" and _in_front_matter(d)
    ),
    "keys of an OntologyBlock are facts of the class, not of the page": lambda d: (
        d.sort == "values" and d.side == "theirs" and _in_block(d)
    ),
    "a block reference is a UUID": lambda d: d.sort == "blocks" and d.side == "theirs" and len(d.name) != len(UUID),
    "a link in a link's name counts too": lambda d: (
        d.sort == "links"
        and d.side == "ours"
        and re.search(rf"\[\[[^\]\n]*\[\[{re.escape(d.name)}\]\]", d.text.lower()) is not None
    ),
    "a bracket or a quote at the end of a tag closes what was opened before it": lambda d: (
        d.sort == "tags" and (d.side == "ours" or not d.name[-1:].isalnum())
    ),
    "mldoc reads a query below an empty bullet as text": lambda d: (
        d.side == "theirs"
        and "#+begin_query" in d.text.lower()
        and re.search(r"^\s*-\s*\n\s*#\+BEGIN_", d.text, re.M) is not None
    ),
}


def ours(path: str, text: str) -> Sets:
    """What ghsync reads: edges with a key come from property values."""
    found: dict[str, set[str]] = defaultdict(set)
    data = text.encode()
    facts = PARSERS["logseq"].parse(Document(FileRef(path, "0" * 40, len(data)), data, GRAPH))
    sorts = {"link": "links", "tag": "tags", "block": "blocks", "embed": "embeds"}
    for edge in facts.edges:
        sort = "values" if "key" in edge.properties else sorts.get(edge.type)
        by_path = not isinstance(edge.target, str) and edge.target.names[0].scope.startswith("path")
        if sort and not by_path:
            found[sort].add(edge.target.stub.partition(":")[2])
    return found


def theirs(said: dict[str, list[str]]) -> Sets:
    """What mldoc reads, with titles in the form in which they are compared."""
    keyed = {sort: {_key(name) for name in said[sort]} - {""} for sort in ("links", "tags", "values", "embeds")}
    return keyed | {"blocks": {name.lower() for name in said["blocks"]}}


def _key(name: str) -> str:
    name = name.strip().rstrip("} ").removeprefix("((").removesuffix("))")
    name = name[2:-2] if name.startswith("[[") and name.endswith("]]") and "[[" not in name[2:] else name
    return page_key(name.partition("|")[0].removesuffix("\\"))


def mldoc(files: list[tuple[str, str]]) -> dict[str, dict[str, list[str]]]:
    """What mldoc finds in *files*. Skips the test where it can't be run."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node, to run mldoc")
    found = subprocess.run([node, str(SCRIPT)], input=json.dumps(files), capture_output=True, text=True, env=os.environ)
    if "Cannot find module 'mldoc'" in found.stderr:
        pytest.skip("needs mldoc: npm install mldoc, and NODE_PATH where it is not in this folder or above")
    assert found.returncode == 0, found.stderr[-500:]
    said: dict[str, dict[str, list[str]]] = json.loads(found.stdout)
    return said


def compared(files: list[tuple[str, str]]) -> str:
    """Assert that both read the same."""
    said = mldoc(files)
    return hold([(path, text, ours(path, text), theirs(said[path])) for path, text in files], REASONS)


def test_own_pages() -> None:
    print(compared(list(OWN.items())))


def test_own_page_properties() -> None:
    said = mldoc(list(OWN.items()))["properties"]["properties"]
    facts = PARSERS["logseq"].parse(Document(FileRef("a.md", "0" * 40, 1), OWN["properties"].encode(), GRAPH))
    mine = {key: str(value).lower() if value is True else value for key, value in facts.nodes[0].properties.items()}
    assert mine == dict(said[:3])


@pytest.mark.timeout(600)
def test_corpus() -> None:
    files = corpus("logseq")
    files += [
        (path, text)
        for path, text in corpus("ontology-pages")
        if pages.flavour(Document(FileRef(path, "0" * 40, 1), text.encode())) == pages.LOGSEQ
    ]
    if not files:
        pytest.skip("GHSYNC_CORPORA names no folder with Logseq graphs")
    print(compared(files))
