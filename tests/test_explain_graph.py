"""``ghsync explain`` of a node and of a fact: who says it, how its names were resolved, what else they could mean."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from support.git_repos import GitRepo
from support.memory_target import MemoryPlugin, MemoryTarget

from ghsync_core import Explains, SourceState, Syncer, names
from ghsync_core.cli.explain_graph import explain_stored
from ghsync_core.cli.main import main
from ghsync_core.explain_graph import Explainer
from ghsync_core.settings import load_settings
from ghsync_plugins.backends.sqlite import SqliteBackend

LOGSEQ = {
    "logseq/config.edn": "{}",
    "pages/Water.md": "alias:: Aitch two O\n",
    "pages/Rain.md": "- [[Water]], [[Aitch two O]] and again [[Water]]\n- [[Gone]]\n",
    "pages/Snow.md": "- [[Water]]\n",
    "pages/Ice.md": "alias:: Water\n",
}
OBSIDIAN = {
    ".obsidian/app.json": "{}",
    "a/Note.md": "one\n",
    "b/Note.md": "two\n",
    "a/Other.md": "---\naliases: [Note, Notiz]\n---\n",
    "b/From.md": "[[Note]], [[Notiz]]\n\n[[a/Note]]\n",
}


def sync(folder: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    Syncer(folder, to="sqlite:graph.db", name=folder.name, max_delete="100%").run()


def explain(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["explain", "--to", "sqlite:graph.db", *arguments])


def told(*arguments: str) -> Any:
    """What one source has to say, as JSON."""
    done = explain(*arguments, "--json")
    assert done.exit_code == 0, done.output
    (source,) = json.loads(done.stdout)["sources"]
    return source


def lines_of(places: list[dict[str, Any]]) -> list[tuple[str, int, str]]:
    return [(place["path"], place["line"], place["text"]) for place in places]


def won(reference: dict[str, Any]) -> list[tuple[str, list[tuple[str, int, bool]]]]:
    """The names that a reference asks for, each with the nodes that answer to it."""
    return [
        (name["text"], [(each["id"], each["rank"], each["fits"]) for each in name["candidates"]])
        for name in reference["names"]
    ]


@pytest.fixture
def garden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    sync(tmp_path / "garden", LOGSEQ)
    return tmp_path


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    sync(tmp_path / "vault", OBSIDIAN)
    return tmp_path


def test_a_fact_said_by_two_names_has_both_places_and_how_each_was_resolved(garden: Path) -> None:
    found = told("page:rain", "link", "page:water")
    assert lines_of(found["places"]) == [
        ("pages/Rain.md", 1, "as [Aitch two O]"),
        ("pages/Rain.md", 1, "as [Water], 2 times"),
    ]
    by_text = {each["text"]: each for each in found["references"]}
    assert won(by_text["Aitch two O"]) == [("aitch two o", [("page:water", 1, True)])]
    assert by_text["Aitch two O"]["stub"] == "page:aitch two o"
    assert won(by_text["Water"]) == [("water", [("page:water", 0, True), ("page:ice", 1, True)])]
    assert by_text["Water"]["uses"] == 2
    assert {each["meaning"] for each in found["references"]} == {"page:water"}


def test_a_node_has_its_names_its_referrers_and_those_who_answer_to_the_same(garden: Path) -> None:
    found = told("page:water")
    assert lines_of(found["places"]) == [("pages/Water.md", 1, "defines the page “Water”")]
    answers = {name["text"]: [each["id"] for each in name["candidates"]] for name in found["answers"]}
    assert answers["water"] == ["page:water", "page:ice"]
    assert answers["aitch two o"] == ["page:water"]
    assert {place["path"] for place in found["referrers"]} == {"pages/Rain.md", "pages/Snow.md"}
    assert [(each["text"], each["uses"]) for each in found["references"]] == [("Water", 3), ("Aitch two O", 1)]


def test_a_person_reads_which_name_won_and_what_it_would_have_been(garden: Path) -> None:
    text = explain("page:rain", "link", "page:water").stdout
    assert text.startswith("page:rain –link→ page:water\n")
    assert "  pages/Rain.md:1: as [Water], 2 times\n" in text
    assert "      meant: page:water, rank 0, by pages/Water.md\n      then: page:ice, rank 1, by pages/Ice.md\n" in text
    assert "    else it would have been the stub page:aitch two o\n" in text
    assert "    else it would have been a stub of the same id\n" in text


def test_a_stub_is_said_by_nobody_and_asks_for_a_name_that_nobody_answers_to(garden: Path) -> None:
    found = told("page:gone")
    assert (found["kind"], found["places"], found["answers"]) == ("stub", [], [])
    assert lines_of(found["referrers"]) == [("pages/Rain.md", 2, "page:rain –link→ as [gone]")]
    (reference,) = found["references"]
    assert (won(reference), reference["meaning"], reference["stub_kind"]) == ([("gone", [])], "page:gone", "stub")
    text = explain("page:gone").stdout
    assert "said by nobody\n" in text
    assert "“gone” in the vault at the top: nobody answers\n    so it is the stub page:gone\n" in text


def test_of_namesakes_the_one_in_the_folder_wins_and_the_others_are_told_in_their_order(vault: Path) -> None:
    (reference,) = told("page:b/From.md", "link", "page:b/Note.md")["references"]
    (name, of_aliases) = won(reference)
    assert reference["folder"] == "b"
    assert name == ("note", [("page:b/Note.md", 0, True), ("page:a/Note.md", 0, True)])
    assert of_aliases == ("note", [("page:a/Other.md", 1, True)])
    text = explain("page:b/From.md", "link", "page:b/Note.md").stdout
    assert "    one in the folder b goes first\n" in text
    assert "“note” among the aliases of the vault at the top\n      not asked any more: page:a/Other.md" in text


def test_a_namesake_at_another_path_than_is_asked_for_is_told_to_be_there(vault: Path) -> None:
    found = told("page:b/From.md", "link", "page:a/Note.md")
    (reference,) = found["references"]
    candidates = {each: fits for _, found in won(reference) for each, _, fits in found}
    assert reference["path"] == "a/note"
    assert (candidates["page:a/Note.md"], candidates["page:b/Note.md"]) == (True, False)
    text = explain("page:b/From.md", "link", "page:a/Note.md").stdout
    assert "only a note whose path ends with a/note\n" in text
    assert "at another path: page:b/Note.md" in text


def test_an_id_that_is_not_there_names_those_that_are_called_alike(garden: Path) -> None:
    done = explain("page:watr")
    assert done.exit_code == 2
    assert "'page:watr' is no node of the store, and no file here; did you mean page:water?" in done.stderr
    assert "did you mean page:water?" in explain("Water").stderr
    assert "`ghsync search WORDS` finds nodes" in explain("page:zzzzzzzzzz").stderr


def test_a_fact_that_is_not_there_says_which_end_is_not_or_what_else_leads_there(garden: Path) -> None:
    for arguments, said in (
        (("page:rain", "links", "page:water"), "no edge 'links' leads from page:rain to page:water; other edges"),
        (("page:water", "link", "page:rain"), "nor does any other edge"),
        (("page:rain", "link", "page:wader"), "'page:wader' is no node of the store; did you mean page:water?"),
        (("page:rein", "link", "page:water"), "'page:rein' is no node of the store; did you mean page:rain?"),
    ):
        done = explain(*arguments)
        assert done.exit_code == 2
        assert said in done.stderr


def test_two_words_are_neither_a_file_nor_a_node_nor_a_fact(garden: Path) -> None:
    done = explain("page:rain", "page:water")
    assert done.exit_code == 2
    assert "one PATH, one ID, or FROM TYPE TO" in done.stderr


def test_a_word_is_a_file_if_one_is_here_or_else_an_id_if_it_has_a_colon(garden: Path) -> None:
    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["explain", *arguments])

    Path("page:water").write_text("a file\n")
    assert run("page:water").stdout.startswith("page:water, 7 bytes")
    assert explain("page:water").stdout.startswith("page:water  (page")
    assert "without --to, the file of that name is explained" in explain("garden/pages/Rain.md").stderr
    missing = run("page:rain")
    assert missing.exit_code == 1
    assert "'page:rain' is no file here, and no node could be looked for: ghsync.db does not exist" in missing.stderr
    absent = run("water")
    assert absent.exit_code == 2
    assert "a node of the store is named by its id" in absent.stderr
    assert "--only-public is for a file" in explain("page:rain", "--only-public").stderr


def test_each_source_that_has_it_is_told_and_one_can_be_chosen(garden: Path) -> None:
    sync(garden / "other", {"logseq/config.edn": "{}", "pages/Water.md": "- wet\n"})
    everywhere = json.loads(explain("page:water", "--json").stdout)
    assert [each["source"] for each in everywhere["sources"]] == ["garden", "other"]
    assert told("page:water", "--source", "other")["referrers"] == []
    assert explain("page:rain", "link", "page:water", "--source", "other").exit_code == 2


def test_places_have_permalinks_where_the_source_has_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    repo = GitRepo(tmp_path / "clone")
    repo.write(LOGSEQ)
    commit = repo.commit("pages")
    Syncer(tmp_path / "clone", to="sqlite:graph.db", name="clone").run()
    store = SqliteBackend().open("sqlite:graph.db", {}, create=False)
    state = SourceState("clone", "github.com/o/r", commit)
    with closing(store), closing(store.reader()) as reader:
        (place, _) = Explainer(reader, state).edge(("page:rain", "link", "page:water")).places
    assert place.permalink == f"https://github.com/o/r/blob/{commit}/pages/Rain.md#L1"


def test_a_store_that_keeps_no_names_still_has_the_places_and_says_what_it_lacks(
    garden: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plugin = MemoryPlugin(MemoryTarget())
    Syncer(garden / "garden", to="memory:ledger.db", name="garden", plugins=[plugin]).run()
    capsys.readouterr()
    with closing(plugin.open("memory:ledger.db", {}, create=False)) as store:
        for what in (("page:water",), ("page:rain", "link", "page:water")):
            explain_stored(store, load_settings(), what, None, as_json=False, verbose=False)
    told = capsys.readouterr().out
    assert told.count("how names were resolved is not kept by this kind of store") == 2
    assert "said by\n  pages/Water.md:1: defines the page “Water”\n" in told
    assert "said by\n  pages/Rain.md:1: as [aitch two o]\n  pages/Rain.md:1: as [water], 2 times\n" in told


def test_a_class_is_said_by_who_defines_it_by_who_mentions_it_and_by_axioms(garden: Path) -> None:
    block = (
        "- ### OntologyBlock\n  - owl:class:: https://example.org/{}\n  - is-subclass-of:: https://example.org/Plant\n"
    )
    ttl = "<https://example.org/Plant> a <http://www.w3.org/2002/07/owl#Class> .\n"
    sync(garden / "garden", {"pages/Tree.md": block.format("Tree"), "z.ttl": ttl})
    places = {(place["path"], place["text"]) for place in told("https://example.org/Plant")["places"]}
    axiom = "SubClassOf(<https://example.org/Tree> <https://example.org/Plant>)"
    assert places >= {("z.ttl", "defines the class"), ("pages/Tree.md", axiom)}


def test_long_lists_are_cut_but_with_v(garden: Path) -> None:
    sync(garden / "garden", {f"pages/P{n}.md": "- [[Water]]\n" for n in range(12)})
    assert "  … and 5 more; -v lists them\n" in explain("page:water").stdout
    assert "more; -v" not in explain("page:water", "-v").stdout


TEXTS = st.sampled_from(
    ["- [[A]] [[B]]\n", "alias:: B, C\n\n- [[C]]\n", "- [[a]] and [[A]] #C\n", "title:: C\n\n- [[Gone]]\n", "plain\n"]
)


@settings(deadline=None, max_examples=25)
@given(st.dictionaries(st.sampled_from(["pages/A.md", "pages/B.md", "pages/D.md"]), TEXTS, min_size=1))
def test_every_fact_is_explained_by_its_own_places_and_every_reference_means_what_the_store_says(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, str]
) -> None:
    base = tmp_path_factory.mktemp("any")
    for path, text in {"logseq/config.edn": "{}", **files}.items():
        (base / "v" / path).parent.mkdir(parents=True, exist_ok=True)
        (base / "v" / path).write_text(text)
    Syncer(base / "v", to=f"sqlite:{base}/graph.db", name="v").run()
    store = SqliteBackend().open(f"sqlite:{base}/graph.db", {}, create=False)
    with closing(store), closing(store.reader()) as reader:
        assert isinstance(reader, Explains)
        explainer = Explainer(reader, SourceState("v", ""))
        edges = list(reader.rows("edges"))
        for from_id, type_, to_id in {(row["from_id"], row["type"], row["to_id"]) for row in edges}:
            story = explainer.edge((from_id, type_, to_id))
            same = [row for row in edges if (row["from_id"], row["type"], row["to_id"]) == (from_id, type_, to_id)]
            assert sorted((each.path, each.line) for each in story.places) == sorted(
                (row["path"], row["line"]) for row in same
            )
            means = {each.meaning for each in story.references or ()}
            assert {to_id} <= means <= {from_id, to_id}
            for each in story.references or ():
                answers = {name: list(reader.answering("v", name)) for name in each.reference.names}
                assert each.meaning == names.resolve(each.reference, answers)
