"""The Open Knowledge Format, case by case: what a file in a bundle says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.graphs import Graph
from support.pages import BUNDLE, outcome, read

INDEX = '---\nokf_version: "0.2"\n---\n'


def bundle(files: dict[str, str], root: str = "") -> Graph:
    """A bundle at *root* with these files; each starts as a concept where it has no front matter of its own."""
    whole = {f"{root}{path}": text if text.startswith(("---", "#")) else concept(text) for path, text in files.items()}
    return Graph({f"{root}index.md": INDEX, **whole})


def concept(yaml: str, body: str = "") -> str:
    return f"---\ntype: Table\n{yaml}\n---\n{body}"


ROOTS = [
    # files, path, bundle that it lies in
    ({"index.md": INDEX}, "a/b.md", ""),
    ({"kb/index.md": INDEX}, "kb/a/b.md", "kb"),
    ({"kb/index.md": INDEX}, "b.md", None),
    ({"a/kb/index.md": INDEX}, "a/kb/b.md", None),
    ({"index.md": "# Title"}, "b.md", None),
    ({"index.md": "---\ntitle: x\n---\n"}, "b.md", None),
    ({"index.md": INDEX, ".obsidian/app.json": "{}"}, "b.md", ""),
    ({"index.md": "---\nokf_version: [\n---\n"}, "b.md", None),
]


@pytest.mark.parametrize(("files", "path", "root"), ROOTS)
def test_where_a_bundle_is(files: dict[str, str], path: str, root: str | None) -> None:
    vault = Graph({**files, path: concept("")}).vaults.of(path)
    assert (vault.root if vault.flavour == "okf" else None) == root


KINDS = [
    # path, text, kind, label, codes of the warnings
    ("t/c.md", concept("title: Cats"), "concept", "Cats", []),
    ("t/c.md", concept("", "# Heading"), "concept", "c", []),
    ("t/c.md", "---\ntitle: x\n---\n", "concept", "x", ["okf"]),
    ("t/c.md", "# Plain", "page", "Plain", ["okf"]),
    ("t/index.md", "# Tables", "page", "Tables", []),
    ("t/index.md", "---\ntype: x\n---\n", "page", "index", ["okf"]),
    ("index.md", "---\nokf_version: 0.2\ntitle: x\n---\n", "page", "x", ["okf"]),
    ("t/log.md", "# Log", "page", "Log", []),
    ("t/c.md", "---\ntype: Attested Computation\n---\n", "concept", "c", ["okf"]),
    ("t/c.md", "---\ntype: [\n---\n", "page", "c", ["front-matter", "okf"]),
]


@pytest.mark.parametrize(("path", "text", "kind", "label", "codes"), KINDS)
def test_what_a_file_is(path: str, text: str, kind: str, label: str, codes: list[str]) -> None:
    reading = read(text, path, BUNDLE)
    assert reading.parsers == ("okf",)
    assert (reading.page.kind, reading.page.label, reading.codes) == (kind, label, codes)


@pytest.mark.parametrize(
    ("path", "rule"), [("index.md", "okf_version"), ("log.md", "a history has"), ("t/index.md", "a listing or")]
)
def test_a_file_that_is_no_concept_is_told_why_its_keys_mean_nothing(path: str, rule: str) -> None:
    (warning,) = read("---\ntitle: x\n---\n", path, BUNDLE).facts.warnings
    assert warning.line == 2
    assert rule in warning.message


TRUST = [
    ("", "unverified", "stable"),
    ("verified: []", "unverified", "stable"),
    ("verified: {by: 'human:a', at: 2026-01-02}", "human-reviewed", "stable"),
    ("verified: [{by: bot/1.0, at: 2026-01-02}]", "machine-confirmed", "stable"),
    ("verified:\n- by: process:x\n- by: human:b\nstatus: draft", "human-reviewed", "draft"),
    ("verified: [{at: 2026-01-02}]\nstatus: deprecated", "unverified", "deprecated"),
]


@pytest.mark.parametrize(("yaml", "tier", "status"), TRUST)
def test_trust(yaml: str, tier: str, status: str) -> None:
    page = read(concept(yaml), "c.md", BUNDLE).page
    assert (page.properties["trust"], page.properties["status"]) == (tier, status)


PROPERTIES = [
    ("verified: {by: 'human:a', at: 2026-01-02}", "", {"verified": [{"by": "human:a", "at": "2026-01-02"}]}),
    ("stale_after: 2026-05-01", "", {"stale_after": "2026-05-01"}),
    ("generated: {by: p/1, at: 2026-01-01T00:00:00Z}", "", {"generated": {"by": "p/1", "at": "2026-01-01T00:00:00Z"}}),
    ("timestamp: 2025-01-01", "", {"generated": {"at": "2025-01-01"}, "timestamp": "2025-01-01"}),
    ("x-own: {a: [1]}", "", {"x-own": {"a": [1]}}),
    ("", "# Citations\n\n1. [A](https://a.b) said\n2. a book\n\n# Next\n\n- no\n",
     {"sources": [{"resource": "https://a.b", "title": "A"}, {"resource": "a book"}]}),
    ("sources: [{id: s, resource: https://a.b, usage_count: 3}]", "x[^s] y[^s] z[^t]\n",
     {"sources": [{"id": "s", "resource": "https://a.b", "usage_count": 3}], "claims": {"s": 2}}),
]  # fmt: skip


@pytest.mark.parametrize(("yaml", "body", "expected"), PROPERTIES)
def test_properties(yaml: str, body: str, expected: dict[str, object]) -> None:
    properties = dict(read(concept(yaml, body), "a/c.md", BUNDLE).page.properties)
    for known in ("type", "trust", "status", "headings"):
        properties.pop(known, None)
    assert properties.pop("concept_id") == "a/c"
    assert {key: properties.get(key) for key in expected} == expected


EDGES = [
    # front matter and text of a/b.md, beside tables/c.md (resource https://ex.org/c, title Cats), and its edges
    (concept("", "[x](/tables/c.md) [y](../tables/c.md#join)"), [("link", "c"), ("link", "c")][:1]),
    (concept("", "[x](/no.md)"), [("link", "no")]),
    (concept("sources: [{resource: all queries in project X}]"), []),
    (concept("sources: [{resource: /tables/c.md}, {resource: ../tables/c.md}, {resource: x.md}]"), [("source", "c")]),
    (concept("sources:\n- resource: https://ex.org/c\n"), [("source", "c")]),
    (concept("", "# Citations\n\n- [c](/tables/c.md)\n"), [("link", "c"), ("source", "c")]),
    (concept("computation: ../tables/c.md\nexecutor: {resource: /tables/c.md}\nattester: {resource: /tables/c.md}"),
     [("attester", "c"), ("computation", "c"), ("executor", "c")]),
    (concept("computation: run it"), []),
    (concept("resource: /tables/c.md"), [("resource", "c")]),
    (concept("resource: https://ex.org/c"), []),
    (concept("relatedTo: [https://ex.org/c, urn:x:y]"), [("relatedTo", "c")]),
    (concept("is-a: ['[[Cats]]', '[[c]]', '[[tables/c]]']"), [("isA", "c")] * 3),
    (concept("has_part: [/tables/c.md]"), [("hasPart", "c")]),
    (concept("has_part: [/tables/c.md, some words]"), []),
    (concept("tags: [x]"), [("tag", "x")]),
]  # fmt: skip


@pytest.mark.parametrize("root", ["", "kb/"])
@pytest.mark.parametrize(("text", "edges"), EDGES)
def test_edges(text: str, edges: list[tuple[str, str]], root: str) -> None:
    other = concept("resource: https://ex.org/c\ntitle: Cats\nslug: the-cats")
    graph = bundle({"a/b.md": text, "tables/c.md": other}, root)
    page = f"page:{root}{'/' if root else ''}a/b.md"
    short = {f"page:{root}{'/' if root else ''}{name}": name.split("/")[-1][:-3] for name in ("tables/c.md", "no.md")}
    assert sorted((kind, short.get(end, end[-1])) for kind, end in graph.of(page)) == edges


def test_a_source_edge_says_what_is_known_of_the_source_and_where() -> None:
    text = concept("sources:\n- id: c\n  resource: /tables/c.md\n  author: me\n", "x[^c]\n\n[^c]: see\n")
    edge = read(text, "a/b.md", BUNDLE).edge("source")
    assert (edge.line, edge.properties) == (5, {"id": "c", "resource": "/tables/c.md", "author": "me", "claims": 1})


def test_a_computation_is_recorded() -> None:
    matter = "---\ntype: Attested Computation\nruntime: sql\n---\n"
    text = "# Computation\n\n```sql\nSELECT 1\n```\n\n# X\n\n```\nno\n```\n"
    properties = read(matter + text, "a/b.md", BUNDLE).page.properties
    assert properties["computation"] == {"language": "sql", "code": "SELECT 1\n"}


def test_two_bundles_and_a_vault_keep_to_themselves() -> None:
    files = {"x/index.md": INDEX, "y/index.md": INDEX, "x/a.md": concept("tags: [t]", "[[b]]"), "y/b.md": concept("")}
    graph = Graph({**files, "b.md": ""})
    assert graph.of("page:x//a.md") == [("tag", "tag:x//t"), ("link", "page:x//b.md")]
    assert "page:x//b.md" not in graph.nodes


WORD = st.text("abcdefgh", min_size=1, max_size=5)


@given(st.dictionaries(WORD, WORD, max_size=5), st.lists(WORD, max_size=5), st.lists(WORD, unique=True, max_size=5))
def test_what_is_printed_is_read_back(own: dict[str, str], links: list[str], tags: list[str]) -> None:
    yaml = "".join(f"x-{key}: {value}-\n" for key, value in own.items()) + f"tags: [{', '.join(tags)}]\n"
    reading = read(concept(yaml, "\n\n".join(f"[t](/{link}.md)" for link in links)), "c.md", BUNDLE)
    assert {key[2:]: value[:-1] for key, value in reading.page.properties.items() if key.startswith("x-")} == own
    assert reading.tags == tags
    assert reading.targets() == [f"{link}.md" for link in dict.fromkeys(links)]


@given(st.binary(max_size=300))
def test_any_bytes_are_a_file_of_the_bundle_or_a_named_failure(data: bytes) -> None:
    for content in (data, b"---\ntype: x\n" + data, b"---\n" + data + b"\n---\n"):
        assert outcome(content, "c.md", BUNDLE) in ("c.md", "encoding", "binary")
