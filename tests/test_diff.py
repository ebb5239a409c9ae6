"""``ghsync diff``: what a change means for the graph."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from support.git_repos import GitRepo

from ghsync_core import Difference, Syncer
from ghsync_core.cli.diff import markdown
from ghsync_core.cli.main import main
from ghsync_core.diff import Diff, Side, diff
from ghsync_plugins.backends.sqlite import SqliteBackend

FIRST = {
    "logseq/config.edn": "{}",
    "pages/A.md": "- [[B]] and [[Bee]]\n- [[Gone]]\n",
    "pages/B.md": "alias:: Bee\n\n- text\n",
    "pages/C.md": "- [[B]]\n- #tag\n",
    "onto.ttl": "@prefix : <urn:x:> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n:K a owl:Class .\n",
}


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitRepo:
    repo = GitRepo(tmp_path / "garden").write(FIRST)
    repo.git("remote", "add", "origin", "https://github.com/octo/garden")
    repo.commit("first")
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, ["./garden", "-q"]).exit_code == 0
    return repo


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["diff", *arguments])


def told(*arguments: str) -> Any:
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def facts(found: Any, sort: str, view: str) -> list[str]:
    return sorted(each["fact"] for each in found["changes"] if (each["sort"], each["view"]) == (sort, view))


def test_a_page_that_goes_breaks_the_links_to_it(repo: GitRepo) -> None:
    repo.delete("pages/B.md").commit("without B")
    before = Path("ghsync.db").read_bytes()
    found = told("HEAD~1", "HEAD")
    assert Path("ghsync.db").read_bytes() == before
    assert facts(found, "removed", "files") == ["pages/B.md"]
    assert facts(found, "changed", "nodes") == ["page:b"]
    assert [(edge["path"], edge["line"], edge["name"]) for edge in found["broken"]] == [
        ("pages/A.md", 1, "b"),
        ("pages/A.md", 1, "bee"),
        ("pages/C.md", 1, "b"),
    ]
    back = told("HEAD", "HEAD~1")
    assert len(back["mended"]) >= 2
    assert back["broken"] == []


def test_what_is_added_is_told_with_its_place_and_summed_up(repo: GitRepo) -> None:
    repo.write(
        {
            "onto.ttl": FIRST["onto.ttl"] + "".join(f":New{at} a owl:Class .\n" for at in range(12)),
            "pages/D.md": "- [[A]]\n- [[Nowhere]]\n",
        }
    )
    repo.commit("more")
    said = run("HEAD~1", "HEAD").stdout.splitlines()
    assert said[0] == "octo/garden: HEAD~1 → HEAD"
    assert said[1].startswith("adds ")
    assert "12 classes" in said[1]
    assert said[1].endswith("breaks 1 link")
    assert "  pages/D.md:2: page:d –link→ page:nowhere" in said
    assert "  + pages/D.md:1: page:d –link→ page:a" in said


def test_the_store_is_what_is_meant_where_nothing_is(repo: GitRepo) -> None:
    repo.write({"pages/E.md": "- new\n"}).commit("E")
    assert facts(told("HEAD"), "removed", "nodes") == ["page:e"]
    assert told("HEAD~1")["changes"] == []
    assert run("HEAD~1").stdout.splitlines()[1] == "changes nothing in the graph"


def test_a_folder_is_compared_as_it_lies_there(repo: GitRepo) -> None:
    repo.write({"pages/A.md": "- [[B]] and [[Bee]]\n"})
    found = told("HEAD", "./garden")
    assert (facts(found, "removed", "nodes"), facts(found, "changed", "files")) == (["page:gone"], ["pages/A.md"])
    assert told("sqlite:ghsync.db", "./garden")["changes"] == found["changes"]


def test_two_stores_are_compared_row_by_row(repo: GitRepo) -> None:
    repo.write({"pages/A.md": "- [[C]]\n"}).commit("other")
    assert CliRunner().invoke(main, ["./garden", "-q", "--to", "sqlite:other.db", "--name", "mine"]).exit_code == 0
    found = told("sqlite:ghsync.db", "sqlite:other.db")
    quick = told("HEAD~1", "HEAD")
    assert _told(found) == _told(quick)


def test_one_store_is_compared_with_the_store_as_it_is(repo: GitRepo) -> None:
    Path("ghsync.db").rename("yesterday.db")
    repo.write({"pages/D.md": "- new\n"}).commit("more")
    assert CliRunner().invoke(main, ["./garden", "-q"]).exit_code == 0
    assert facts(told("sqlite:yesterday.db"), "added", "nodes") == ["page:d"]
    assert facts(told("sqlite:ghsync.db", "--to", "sqlite:yesterday.db"), "removed", "nodes") == ["page:d"]


def test_links_are_followed_beyond_what_is_listed(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ghsync_core.diff.MOST", 1)
    repo.delete("pages/B.md").write({"pages/D.md": "- [[Nowhere]] [[C]]\n"}).commit("more")
    for few in (1_000, 0):
        monkeypatch.setattr("ghsync_core.diff._FEW", few)
        found = told("HEAD~1", "HEAD")
        assert [edge["name"] for edge in found["broken"]] == ["b", "bee", "b", "nowhere"]
        assert (len(found["changes"]), found["left_out"] > 3) == (1, True)
    assert f"{found['left_out']} changes more, which are only counted above" in run("HEAD~1", "HEAD").stdout


def _told(found: Any) -> set[tuple[str, str, str]]:
    return {(each["sort"], each["view"], each["fact"]) for each in found["changes"]}


def test_facts_that_only_moved_are_counted(repo: GitRepo) -> None:
    repo.write({"pages/C.md": "- above\n- [[B]]\n- #tag\n"}).commit("moved")
    found = told("HEAD~1", "HEAD")
    assert {each["view"] for each in found["changes"]} == {"files"}
    assert found["moved"] >= 2
    assert "nothing but the line differs" in run("HEAD~1", "HEAD").stdout


def test_markdown_links_to_the_lines_and_can_t_be_broken_out_of(repo: GitRepo) -> None:
    repo.write({"pages/D.md": "- [[x`](http://evil) <b>]]\n", "pages/B.md": "alias:: Bee, Bi\n\n- text\n"})
    commit = repo.commit("odd")
    said = run("HEAD~1", "HEAD", "--format", "markdown").stdout
    assert f"([pages/D.md:1](https://github.com/octo/garden/blob/{commit}/pages/D.md#L1))" in said
    with (
        closing(SqliteBackend().open("sqlite:ghsync.db", {}, create=False)) as store,
        closing(store.reader()) as reader,
    ):
        side = Side(reader, "octo/garden", "x", commit)
        found = Diff("octo/garden", "HEAD~1", "HEAD")
        for edge in reader.rows("edges", where={"path": "pages/A.md"}):
            found.add(Difference("edges", "x", None, dict(edge), edge["path"], edge["line"]))
        said += "\n".join(markdown(found, (side, side), "https://github.com/octo/garden"))
    assert f"https://github.com/octo/garden/blob/{commit}/pages/A.md#L1" in said
    assert "`` page:d –link→ page:x`](http:/evil) <b> ``" in said
    assert "<details open><summary>links broken (1)</summary>" in said


@pytest.mark.parametrize("ref", ["nowhere", "-x", "0" * 40, "HEAD~99"])
def test_an_unknown_commit_is_told(repo: GitRepo, ref: str) -> None:
    done = run("--", ref, "HEAD")
    assert done.exit_code == 1
    assert f"no branch, tag or commit {ref!r}" in done.stderr


def test_wrong_usage_is_told(repo: GitRepo, tmp_path: Path) -> None:
    assert run("HEAD", "--source", "nobody").exit_code == 2
    assert "no source 'nobody'" in run("HEAD", "--source", "nobody").stderr
    assert run("HEAD", "--to", "sqlite:missing.db").exit_code == 1
    Path("ghsync.toml").write_text('exclude = ["pages/"]\n')
    done = run("HEAD")
    assert (done.exit_code, "other filters" in done.stderr) == (2, True)


def test_a_folder_without_git_has_no_commits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    GitRepo(tmp_path / "x").write(FIRST)
    (tmp_path / "x" / ".git").rename(tmp_path / "away")
    assert CliRunner().invoke(main, ["./x", "-q"]).exit_code == 0
    done = run("HEAD")
    assert (done.exit_code, "has no commits" in done.stderr) == (2, True)
    assert told("./x")["changes"] == []


def test_a_half_synced_store_is_told(repo: GitRepo) -> None:
    with closing(sqlite3.connect("ghsync.db")) as connection, connection:
        connection.execute("UPDATE sources SET unsettled = 1")
    assert "half synced" in run("sqlite:ghsync.db", "sqlite:ghsync.db").stderr


PAGES = st.dictionaries(
    st.sampled_from(["pages/A.md", "pages/B.md", "pages/C.md", "pages/sub/A.md"]),
    st.sampled_from(
        [
            "- [[A]] [[Bee]] #t\n",
            "alias:: Bee\n\n- [[C]]\n- [[A]]\n",
            "alias:: A\nkey:: [[Bee]]\n\n- [[Nowhere]]\n",
            "- ### OntologyBlock\n  - term-id:: 1\n  - preferred-term:: Bee\n  - is-subclass-of:: [[A]]\n",
            "- plain\n",
        ]
    ),
)


@settings(deadline=None, max_examples=12)
@given(PAGES, PAGES)
def test_a_copy_that_is_synced_on_differs_as_two_stores_do(
    tmp_path_factory: pytest.TempPathFactory, first: dict[str, str], second: dict[str, str]
) -> None:
    base = tmp_path_factory.mktemp("diff")
    folder = GitRepo(base / "x").write({"logseq/config.edn": "{}", **first})
    backend = SqliteBackend()
    Syncer(folder.path, to=f"sqlite:{base}/one.db", name="x").run()
    with closing(backend.open(f"sqlite:{base}/one.db", {}, create=False)) as store:
        old = store.copy_to(base / "old.db")
    with closing(backend.open(old, {}, create=False)) as store:
        new = store.copy_to(base / "new.db")
    folder.delete(*first).write(second)
    for to in (new, f"sqlite:{base}/fresh.db"):
        Syncer(folder.path, to=to, name="x", max_delete="100%").run()
    with (
        closing(backend.open(old, {}, create=False)) as before,
        closing(backend.open(new, {}, create=False)) as after,
        closing(backend.open(f"sqlite:{base}/fresh.db", {}, create=False)) as fresh,
        closing(before.reader()) as was,
        closing(after.reader()) as now,
        closing(fresh.reader()) as anew,
    ):
        assert now.changes_since(was, "x") is not None
        assert anew.changes_since(was, "x") is None
        quick = diff(Side(was, "x", "a"), Side(now, "x", "b"))
        slow = diff(Side(was, "x", "a"), Side(anew, "x", "b"))
    key = lambda each: json.dumps([each.view, each.fact, each.stored, each.expected], sort_keys=True)  # noqa: E731
    assert sorted(map(key, quick.changes)) == sorted(map(key, slow.changes))
    assert (quick.counts, quick.moved, quick.broken, quick.mended) == (
        slow.counts, slow.moved, slow.broken, slow.mended,
    )  # fmt: skip
