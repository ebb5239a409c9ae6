"""The rules of ``ghsync check``: what each finds, and what it leaves alone."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.checks import Garden
from support.documents import section, text_of

from ghsync_plugins.questions import check
from ghsync_plugins.questions.check.cycles import _cycle, _knots, _Place

RULES = {rule.name: rule for rule in check.register_rules()}
PREFIXES = """@prefix : <https://example.org/garden#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
LOGSEQ = {"logseq/config.edn": "{}"}
BLOCK = "- ### OntologyBlock\n\t- owl:class:: gdn:Basil\n\t- definition:: {}\n"
BUNDLE = {"index.md": "---\nokf_version: '0.2'\n---\n"}

CASES: dict[str, tuple[dict[str, str], list[str]]] = {
    "broken-link": (
        {"notes/tomato.md": "# Tomato\n\nGrows beside [basil](basil.md).\n", "herbs/basil.md": "# Basil\n"},
        ["notes/tomato.md:3: link to notes/basil.md, which is not there; did you mean herbs/basil.md?"],
    ),
    "broken-embed": (
        {"tomato.md": "# Tomato\n\n![[Basil]]\n"},
        ["tomato.md:3: embeds basil.md, which is not there"],
    ),
    "broken-heading": (
        {
            "soil.md": "# Soil\n\n## Wood ash\n",
            "bean.md": "Likes [ash](soil.md#wood-ash).\n",
            "tomato.md": "Needs no [lime](soil.md#lime).\n",
        },
        ["tomato.md:1: link to the heading 'lime', which soil.md does not have"],
    ),
    "misspelled-title": (
        LOGSEQ | {"pages/Sweet Basil.md": "- A herb.\n", "pages/Tomato.md": "- Beside [[SweetBasil]].\n"},
        ["pages/Tomato.md:1: link to 'SweetBasil', which nobody wrote; did you mean pages/Sweet Basil.md?"],
    ),
    "orphan-page": (
        {"README.md": "[soil](soil.md)\n", "soil.md": "# Soil\n", "tomato.md": "Needs [soil](soil.md).\n"},
        ["tomato.md:1: no other page links here"],
    ),
    "wanted-page": (
        LOGSEQ | {f"pages/{name}.md": "- Beside [[Sweet Basil]].\n" for name in ("Aster", "Bean", "Tomato")},
        ["pages/Aster.md:1: 3 links to 'Sweet Basil', which nobody wrote"],
    ),
    "shared-title": (
        LOGSEQ | {"pages/Tomato.md": "- A [[Fruit]].\n", "pages/tomato 2.md": "title:: Tomato\n\n- A [[Berry]].\n"},
        ["pages/tomato 2.md:1: has the title 'Tomato', as pages/Tomato.md has"],
    ),
    "shared-alias": (
        {"basil.md": "---\naliases: [King's herb]\n---\n", "thyme.md": "---\naliases: [Basil, king's herb]\n---\n"},
        [
            'thyme.md:1: the alias "king\'s herb" is a name of basil.md too',
            "thyme.md:1: the alias 'Basil' is a name of basil.md too",
        ],
    ),
    "defined-twice": (
        {"basil.md": BLOCK.format("A herb."), "herbs.md": BLOCK.format("A plant.")},
        ["herbs.md:2: defines gdn:Basil, as basil.md does"],
    ),
    "conflicting-labels": (
        {"garden.ttl": f'{PREFIXES}:Basil a owl:Class ; rdfs:label "Basil"@en, "Sweet basil"@en, "Basilikum"@de .\n'},
        ["garden.ttl:4: https://example.org/garden#Basil has 2 labels in en: 'Basil', 'Sweet basil'"],
    ),
    "undefined-class": (
        {"garden.ttl": f"{PREFIXES}:Basil a owl:Class ; rdfs:subClassOf :herb .\n:Herb a owl:Class .\n"},
        [
            "garden.ttl:4: the class https://example.org/garden#herb is used and nowhere defined; "
            "did you mean https://example.org/garden#Herb?"
        ],
    ),
    "undefined-property": (
        {
            "garden.ttl": f"{PREFIXES}:Basil a owl:Class ; rdfs:subClassOf "
            "[ a owl:Restriction ; owl:onProperty :likes ; owl:someValuesFrom :Basil ] .\n"
        },
        ["garden.ttl:4: the property https://example.org/garden#likes is used and nowhere defined"],
    ),
    "undefined-term": (
        {"garden.ttl": f"{PREFIXES}:likes a owl:ObjectProperty .\n:myBasil :likes :sun .\n"},
        ["garden.ttl:5: 1 relation to https://example.org/garden#sun, which is nowhere defined"],
    ),
    "subclass-cycle": (
        {"garden.ttl": f"{PREFIXES}:Herb rdfs:subClassOf :Plant .\n:Plant rdfs:subClassOf :Herb .\n"},
        [
            "garden.ttl:4: cycle in SubClassOf: https://example.org/garden#Herb < https://example.org/garden#Plant "
            "< https://example.org/garden#Herb"
        ],
    ),
    "stale-concept": (
        BUNDLE | {"basil.md": "---\ntype: Plant\ntitle: Basil\nstale_after: 2026-05-31\n---\n"},
        ["basil.md:3: 'Basil' is stale since 2026-05-31"],
    ),
    "unverified-concept": (
        BUNDLE
        | {
            "basil.md": "---\ntype: Plant\ntitle: Basil\n---\n",
            "thyme.md": "---\ntype: Plant\nverified: {by: 'human:ann', at: 2026-01-01}\n---\n",
        },
        ["basil.md:3: nobody has verified 'Basil'"],
    ),
}
"""Files, and what the rule finds in them; the reference shows these."""


@pytest.fixture
def garden(tmp_path: Path) -> Garden:
    return Garden(tmp_path)


@pytest.mark.parametrize("name", RULES)
def test_each_rule_finds_what_it_is_for(name: str, garden: Garden) -> None:
    files, findings = CASES[name]
    assert garden.sync(files).found(name) == findings


@pytest.mark.parametrize("name", RULES)
def test_every_rule_is_documented_with_its_level_and_an_example(name: str) -> None:
    text = section(text_of("docs/reference/rules.md"), f"`{name}`")
    assert f"**{RULES[name].level}**" in text
    assert all(finding in text for finding in CASES[name][1])


def test_the_reference_has_no_rule_that_is_none() -> None:
    found = [line.strip("# `") for line in text_of("docs/reference/rules.md").splitlines() if line.startswith("### `")]
    assert found == list(RULES)


class TestLinks:
    def test_blocks_that_no_page_has(self, garden: Garden) -> None:
        block = "650f1a2b-1c2d-4e3f-8a9b-0123456789ab"
        garden.sync(LOGSEQ | {"pages/a.md": f"- (({block}))\n- {{{{embed (({block}))}}}}\n"})
        assert garden.found("broken-link") == [f"pages/a.md:1: link to the block {block}, which no page has"]
        assert garden.found("broken-embed") == [f"pages/a.md:2: embeds the block {block}, which no page has"]

    def test_an_embedded_page_that_nobody_wrote(self, garden: Garden) -> None:
        garden.sync(LOGSEQ | {"pages/a.md": "- {{embed [[Basil]]}}\n- [[Thyme]]\n"})
        assert garden.found("broken-embed") == ["pages/a.md:1: embeds the page 'basil', which is not there"]
        assert garden.found("broken-link") == []

    def test_a_page_that_is_there_and_not_read_breaks_no_link(self, garden: Garden) -> None:
        block = "650f1a2b-1c2d-4e3f-8a9b-0123456789ab"
        files = {"pages/Sweet Basil.org": "* Basil\n", "pages/a.md": f"- [[Sweet Basil]] (({block}))\n"}
        garden.sync(LOGSEQ | files)
        assert garden.found("broken-link") == []
        assert garden.found("wanted-page", wanted_links=1) == []

    def test_a_file_that_failed_breaks_no_link(self, garden: Garden) -> None:
        garden.sync({"a.md": "[b](b.md) [c](c.md)\n", "b.md": "\x00"})
        assert garden.found("broken-link") == ["a.md:1: link to c.md, which is not there"]

    @pytest.mark.parametrize(
        "address",
        [
            "soil.md#wood-ash",
            "soil.md#Wood%20ash",
            "soil.md#-wood-ash-",
            "soil.md#wood-ash-1",
            "soil.md",
            "soil.md#soil",
        ],
    )
    def test_headings_as_people_and_hosts_write_them(self, address: str, garden: Garden) -> None:
        garden.sync({"soil.md": "# Soil\n\n## *Wood* ash!\n\n## Wood ash\n", "a.md": f"[x]({address})\n"})
        assert garden.found("broken-heading") == []

    def test_headings_below_headings_and_named_blocks(self, garden: Garden) -> None:
        soil = "# Soil\n\n## Ash\n\nA line. ^named\n"
        places = {"a": "Soil#Ash", "b": "^named", "c": "^other", "d": "Soil#Lime"}
        garden.sync({"soil.md": soil} | {f"{name}.md": f"[[soil#{place}]]\n" for name, place in places.items()})
        assert garden.found("broken-heading") == [
            "c.md:1: link to the block ^other, which soil.md does not have",
            "d.md:1: link to the heading 'Soil#Lime', which soil.md does not have",
        ]


class TestPages:
    def test_what_counts_as_a_link_to_a_page(self, garden: Garden) -> None:
        block = "650f1a2b-1c2d-4e3f-8a9b-0123456789ab"
        pages = {
            "By block": f"- x\n  id:: {block}\n",
            "By tag": "- x\n",
            "Parent___Child": "- below its parent\n",
            "Parent": "- x\n",
            "By class": "- ### OntologyBlock\n\t- owl:class:: gdn:C\n\t- term-id:: C-1\n",
            "Links itself": "- [[Links itself]]\n",
            "Start": f"- (({block})) #[[By tag]] [[Start]]\n",
            "Other": "- ### OntologyBlock\n\t- owl:class:: gdn:O\n\t- is-subclass-of:: [[By class]]\n",
        }
        config = {"logseq/config.edn": "{:file/name-format :triple-lowbar}"}
        garden.sync(config | {f"pages/{name}.md": text for name, text in pages.items()})
        found = {line.partition(":")[0] for line in garden.found("orphan-page")}
        assert found == {"pages/Links itself.md", "pages/Start.md", "pages/Other.md"}

    def test_journals_entrances_and_templates_need_no_link(self, garden: Garden) -> None:
        files = {"journals/2026_01_02.md": "- x\n", "pages/contents.md": "- x\n", "templates/day.md": "- x\n"}
        assert garden.sync(LOGSEQ | files).found("orphan-page") == []

    def test_what_is_misspelled_is_not_wanted(self, garden: Garden) -> None:
        pages = {f"pages/{name}.md": "- [[Sweet Basil]]\n" for name in "abc"}
        garden.sync(LOGSEQ | pages | {"pages/sweet_basil.md": "- [[a]]\n"})
        assert garden.found("wanted-page") == []
        assert len(garden.found("misspelled-title")) == 3

    def test_a_few_letters_tell_nothing(self, garden: Garden) -> None:
        garden.sync(LOGSEQ | {"pages/C.md": "- [[C++]] [[C#]]\n"})
        assert garden.found("misspelled-title") == []

    def test_the_most_wanted_comes_first(self, garden: Garden) -> None:
        garden.sync(LOGSEQ | {"pages/a.md": "- [[Aster]] [[Bean]]\n", "pages/b.md": "- [[Bean]]\n"})
        assert [line.split("'")[1] for line in garden.found("wanted-page", wanted_links=1)] == ["Bean", "Aster"]


class TestNames:
    def test_a_link_into_a_namespace_does_not_make_a_page_another(self, garden: Garden) -> None:
        config = {"logseq/config.edn": "{:file/name-format :triple-lowbar}"}
        pages = {
            "pages/Herb___Basil.md": "- x\n",
            "pages/x.md": "- [[Herb/Basil]]\n",
            "pages/X 2.md": "title:: x\n\n- y\n",
        }
        assert garden.sync(config | pages).found("shared-title") == [
            "pages/x.md:1: has the title 'x', as pages/X 2.md has"
        ]

    def test_aliases_as_logseq_writes_them(self, garden: Garden) -> None:
        files = {"pages/a.md": "alias:: X, [[Y, Z]]\n\n- a\n", "pages/b.md": "alias:: [[y, z]]\n\n- b\n"}
        assert garden.sync(LOGSEQ | files).found("shared-alias") == [
            "pages/b.md:1: the alias 'y, z' is a name of pages/a.md too"
        ]

    def test_vaults_share_no_names(self, garden: Garden) -> None:
        note = "---\naliases: [King]\n---\n"
        garden.sync(
            {"one/.obsidian/app.json": "{}", "two/.obsidian/app.json": "{}", "one/a.md": note, "two/b.md": note}
        )
        assert garden.found("shared-alias") == []


class TestDefinitions:
    def test_terms_of_others_and_individuals_are_no_strangers(self, garden: Garden) -> None:
        text = (
            f"{PREFIXES}@prefix foaf: <http://xmlns.com/foaf/0.1/> .\n:Person a owl:Class ; rdfs:subClassOf foaf:Agent,"
            " <https://example.com/else#Being>, :Special .\nfoaf:Person a owl:Class .\n:Special a :Person .\n"
        )
        assert garden.sync({"garden.ttl": text}).found("undefined-class") == []

    def test_one_label_in_each_language_is_no_conflict(self, garden: Garden) -> None:
        text = f'{PREFIXES}:p a owl:ObjectProperty ; rdfs:label "a"@en, "b"@en-GB, "c" .\n'
        assert garden.sync({"garden.ttl": text}).found("conflicting-labels") == []

    def test_labels_of_properties_from_two_files(self, garden: Garden) -> None:
        files = {f"{label}.ttl": f'{PREFIXES}:p a owl:ObjectProperty ; rdfs:label "{label}" .\n' for label in "ab"}
        assert garden.sync(files).found("conflicting-labels") == [
            "a.ttl:4: https://example.org/garden#p has 2 labels: 'a', 'b'"
        ]


class TestTrust:
    def test_what_is_deprecated_or_still_good_is_left_alone(self, garden: Garden) -> None:
        old = "---\ntype: Plant\nstatus: deprecated\nstale_after: 2020-01-01\n---\n"
        good = "---\ntype: Plant\nstale_after: 2026-06-01\nverified: {by: 'process:x'}\n---\n"
        odd = "---\ntype: Plant\nstale_after: someday\nverified: {by: 'process:x'}\n---\n"
        garden.sync(BUNDLE | {"old.md": old, "good.md": good, "odd.md": odd})
        assert garden.found("stale-concept") + garden.found("unverified-concept") == []


names = st.sampled_from("abcdefg")


@given(st.dictionaries(names, st.sets(names)))
def test_any_hierarchy_has_the_knots_that_networkx_finds(above: dict[str, set[str]]) -> None:
    hierarchy = {low: {high: _Place("a.ttl", 1) for high in sorted(highs)} for low, highs in above.items()}
    graph = networkx.DiGraph([(low, high) for low, highs in above.items() for high in highs])
    knots = [
        group for group in networkx.strongly_connected_components(graph)
        if len(group) > 1 or any(graph.has_edge(each, each) for each in group)
    ]  # fmt: skip
    found = list(_knots(hierarchy))
    assert sorted(map(sorted, found)) == sorted(map(sorted, knots))
    for group in found:
        cycle = _cycle(hierarchy, group)
        assert cycle[0] == cycle[-1]
        assert all(high in above[low] for low, high in pairwise(cycle))


def test_a_hierarchy_may_be_deeper_than_the_stack() -> None:
    chain = {str(at): {str((at + 1) % 50_000): _Place("a.ttl", 1)} for at in range(50_000)}
    (group,) = _knots(chain)
    assert len(group) == 50_000
