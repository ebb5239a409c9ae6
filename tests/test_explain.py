"""``ghsync explain`` and `Syncer.explain`: why a file gives what it gives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from support.command_line import Workplace
from support.git_repos import GitRepo

from ghsync_core import Claim, Syncer, UsageError
from ghsync_core.cli.main import main

PAGE = """- ### OntologyBlock
\t- owl:class:: mv:Tree
\t- is-subclass-of:: [[Plant]]
- grows by [[Water]] and again [[Water]]
"""


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for path, text in {
        "logseq/config.edn": "{}",
        "pages/Tree.md": PAGE,
        "pages/Plain.md": "only words\n",
        "pages/cut.md": "caf\udce9",
        "map.org": "* head\n",
        "photo.png": "x",
    }.items():
        place = tmp_path / "notes" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8", errors="surrogateescape")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "notes"


def explained(*arguments: str) -> Any:
    done = CliRunner().invoke(main, ["explain", *arguments, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_every_detector_is_named_in_its_order_with_what_it_said(vault: Path) -> None:
    found = Syncer(vault).explain("pages/Tree.md")
    order = [(-look.detector.priority, look.detector.name) for look in found.looks]
    assert order == sorted(order)
    claims = {look.detector.name: look.by_content for look in found.looks if look.by_content is not None}
    assert claims == {"ontology": Claim("ontology"), "logseq": Claim("logseq")}
    assert found.parsers == ("ontology", "logseq")
    assert found.outcome is not None
    assert (found.outcome.status, found.outcome.kind) == ("stored", "ontology")


def test_every_fact_is_told_with_the_line_that_it_stands_on(vault: Path) -> None:
    facts = {(fact.sort, fact.line) for fact in Syncer(vault).explain("pages/Tree.md").facts}
    assert facts >= {("node", 1), ("class", 2), ("axiom", 3), ("edge", 3), ("edge", 4)}
    lines = [fact.line or 0 for fact in Syncer(vault).explain("pages/Tree.md").facts]
    assert lines == sorted(lines)


def test_a_person_reads_what_took_the_file_and_what_it_says(vault: Path) -> None:
    text = CliRunner().invoke(main, ["explain", "pages/Tree.md", "--source", str(vault)]).stdout
    assert "logseq vault at the top" in text
    assert "ontology (ontology, priority 200): mine, for the parser ontology" in text
    assert "read as ontology by ontology, logseq" in text
    assert "[Water] → page:water ×2" in text


@pytest.mark.parametrize(
    ("path", "status", "reason"),
    [
        ("pages/Plain.md", "stored", None),
        ("map.org", "skipped", "org-mode"),
        ("photo.png", "skipped", "type"),
        ("pages/cut.md", "failed", "encoding"),
    ],
)
def test_a_file_that_gives_nothing_says_why(vault: Path, path: str, status: str, reason: str | None) -> None:
    found = explained(path, "--source", str(vault))
    assert (found["status"], found["reason"]) == (status, reason)
    assert (found["error"] is not None) == (status == "failed")


def test_a_path_here_is_looked_for_in_its_clone_so_that_its_vault_is_known(tmp_path: Path, vault: Path) -> None:
    assert explained("notes/pages/Tree.md")["vault"] == {"root": "notes", "flavour": "logseq"}
    repo = GitRepo(tmp_path / "clone")
    repo.write({"wiki/logseq/config.edn": "{}", "wiki/pages/A.md": "[[B]]"})
    commit = repo.commit("pages")
    found = explained(str(tmp_path / "clone/wiki/pages/A.md"))
    assert (found["path"], found["vault"]["root"], found["commit"]) == ("wiki/pages/A.md", "wiki", commit)


def test_a_file_outside_the_filters_is_explained_and_said_to_be_left_out(vault: Path) -> None:
    Path("ghsync.toml").write_text('exclude = ["pages/"]\n', encoding="utf-8")
    assert explained("pages/Tree.md", "--source", str(vault))["included"] is False


def test_a_path_that_is_not_listed_names_the_nearest_one(vault: Path) -> None:
    with pytest.raises(UsageError, match=r"did you mean pages/Tree\.md\?"):
        Syncer(vault).explain("pages/Tre.md")
    done = CliRunner().invoke(main, ["explain", "pages/Tre.md", "--source", str(vault)])
    assert done.exit_code == 2


def test_a_detector_that_crashes_is_the_end_of_the_story_and_its_error_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Workplace.at(tmp_path)
    monkeypatch.chdir(place.folder)
    monkeypatch.syspath_prepend(str(place.site))
    place.write(a="broken")
    found = explained("notes/a.toy")
    assert (found["status"], found["error"]["stage"], found["error"]["line"]) == ("failed", "parse", 1)
