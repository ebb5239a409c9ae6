"""Several sources on the command line: one table, one status, one Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from support.command_line import Workplace
from support.git_repos import GitRepo
from support.github_faults import refusal
from support.github_server import TOKEN, GitHubServer

from ghsync_core.cli.bar import Bar, LinesOfSources, display
from ghsync_core.cli.main import main
from ghsync_core.cli.output import configure_logs
from ghsync_core.progress import SyncProgress


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """What ``-q`` says of logs holds for its process, which here is that of other tests as well."""
    yield
    configure_logs()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workplace:
    place = Workplace.at(tmp_path)
    monkeypatch.chdir(place.folder)
    monkeypatch.syspath_prepend(str(place.site))
    return place


@pytest.fixture
def octo(
    place: Workplace, git_repo: Callable[[str], GitRepo], github: GitHubServer, monkeypatch: pytest.MonkeyPatch
) -> GitHubServer:
    """An organisation with three repositories of one page, and one that is archived; asked with the token."""
    monkeypatch.setenv("GITHUB_API_URL", github.url)
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    for name in ("a", "b", "c", "old"):
        repo = git_repo(name).write({f"{name}.toy": "one two\n"})
        repo.commit()
        github.add(f"octo/{name}", repo.path)
    github.repos["octo/old"].archived = True
    return github


def run(*arguments: str, status: int = 0) -> list[list[str]]:
    """The words of each line of stdout."""
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == status, done.output
    return [line.split() for line in done.stdout.splitlines()]


def run_json(*arguments: str, status: int = 0) -> Any:
    done = CliRunner().invoke(main, [*arguments, "--json"])
    assert done.exit_code == status, done.output
    return json.loads(done.stdout)


def test_a_row_a_repository_and_the_totals(octo: GitHubServer) -> None:
    lines = run("octo/*", "--no-progress")
    head = {name: octo.repos[f"octo/{name}"].head()[:10] for name in "abc"}  # type: ignore[index]
    columns = "source status commit read unchanged skipped failed deleted nodes edges requests"
    assert lines[0] == columns.split()
    for name, line in zip("abc", lines[2:5], strict=True):
        assert line == [f"octo/{name}", "complete", head[name], *"1000020", "2"]
    assert lines[5] == ["3", "sources", "3", "complete", *"3000060", "7"]
    assert lines[6] == "octo/*: 3 listed in 1 request; left out: 1 archived".split()
    again = run("octo/*")
    assert again[2][1] == "unchanged"
    assert again[5] == ["3", "sources", "3", "unchanged", *"0300060", "1"]


def test_the_same_as_json(octo: GitHubServer) -> None:
    told = run_json("octo/*")
    assert (told["status"], [run["source"] for run in told["runs"]]) == ("complete", ["octo/a", "octo/b", "octo/c"])
    assert told["requests"] == {"listing": 1, "tree": 3, "blob": 3}
    assert told["listed"] == {"octo/*": {"found": 3, "left_out": {"archived": 1}, "requests": {"listing": 1}}}
    assert run_json("octo/a*")["status"] == "unchanged"


def test_one_that_fails_is_told_and_decides_the_status(octo: GitHubServer, place: Workplace) -> None:
    octo.faults.append(refusal("/b/", 404, "Not Found"))
    done = CliRunner().invoke(main, ["octo/*"])
    assert done.exit_code == 1
    assert "ghsync: octo/b: run failed: " in done.stderr
    assert [line.split()[:2] for line in done.stdout.splitlines() if "octo/b" in line] == [["octo/b", "failed"]]
    octo.faults.clear()
    GitRepo(octo.repos["octo/c"].folder).write({"x.toy": "broken"}).commit()
    assert run_json("octo/*", status=3)["status"] == "partial"


def test_a_reason_that_holds_for_all_is_told_once(place: Workplace) -> None:
    done = CliRunner().invoke(main, ["./no", "./no"])
    assert done.stderr.splitlines()[1:] == ["ghsync: 1 source more failed for a reason told above"]


def test_an_owner_that_is_unknown_is_one_line(octo: GitHubServer) -> None:
    done = CliRunner().invoke(main, ["nobody/*"])
    assert done.exit_code == 1
    assert done.stderr.startswith("ghsync: nobody/*: run failed: there is no organisation or user nobody on ")
    assert len(done.stderr.splitlines()) == 1


def test_the_settings_may_name_an_owner(octo: GitHubServer, place: Workplace) -> None:
    (place.folder / "ghsync.toml").write_text(
        '[github]\narchived = true\n\n[[source]]\nlocation = "octo/*"\nexclude = ["b.*"]\n'
    )
    assert {run["source"]: run["total_files"] for run in run_json()["runs"]} == {
        "octo/a": 1, "octo/b": 0, "octo/c": 1, "octo/old": 1,
    }  # fmt: skip


def test_a_dry_run_shows_each_with_its_requests_and_the_sum(octo: GitHubServer, place: Workplace) -> None:
    lines = run("octo/*", "--dry-run")
    assert lines[0] == "source commit read delete move skip leave requests".split()
    assert [[line[0], line[-1]] for line in lines[2:5]] == [["octo/a", "1"], ["octo/b", "1"], ["octo/c", "1"]]
    assert lines[5] == ["3", "sources", *"300003"]
    assert lines[6][:5] == ["octo/*:", "3", "listed", "in", "1"]
    assert ["read", "a.toy"] in run("octo/*", "--dry-run", "-v")
    told = run_json("octo/*", "--dry-run")
    assert (told["requests"], [plan["source"] for plan in told["plans"]]) == (3, ["octo/a", "octo/b", "octo/c"])
    octo.faults.append(refusal("/b/", 404, "Not Found"))
    assert [plan.get("status") for plan in run_json("octo/*", "--dry-run", status=1)["plans"]] == [None, "failed", None]
    assert not (place.folder / "ghsync.db").exists()


def test_warnings_are_counted_and_listed_with_v(place: Workplace) -> None:
    place.write(a="odd")
    (place.folder / "empty").mkdir()
    assert run("./notes", "./empty")[-1] == "1 warning; -v lists them".split()
    assert "a.toy:1: an odd line [odd]".split() in run("./notes", "./empty", "--full", "-v")


def test_quiet_says_nothing(place: Workplace) -> None:
    place.write(a="one")
    (place.folder / "empty").mkdir()
    assert run("./notes", "./empty", "-q") == []


def test_ctrl_c_ends_all(place: Workplace) -> None:
    place.write(a="wait")
    for name in ("second", "third"):
        (place.folder / name).mkdir()
    started, go = place.folder / "started", place.folder / "go"
    for path in (started, go):
        os.mkfifo(path)
    environment = {"TOY_STARTED": str(started), "TOY_GO": str(go)}
    with place.start("./notes", "./second", "./third", "--json", **environment) as process:
        started.read_text()
        process.send_signal(signal.SIGINT)
        assert process.stderr
        assert "finishing the files in hand" in process.stderr.readline() + process.stderr.readline()
        go.write_text("x")
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    told = json.loads(out)
    assert (told["status"], [run["status"] for run in told["runs"]]) == ("interrupted", ["interrupted"] * 3)
    assert "2 sources more not begun" in err
    assert err.count("interrupted") == 1


# --- progress --------------------------------------------------------------------------------------------------------


def test_lines_tell_of_sources_that_have_something_to_do() -> None:
    told: list[str] = []
    with LinesOfSources(told.append) as lines:
        for progress in (
            SyncProgress(source="octo/*", waiting_until=60.0),
            SyncProgress(source="a"),
            SyncProgress("reading", 3, 3, files_skipped=3, source="a"),
            SyncProgress("done", 3, 3, source="a"),
            SyncProgress(source="b"),
            SyncProgress("reading", 4, 1, source="b"),
            SyncProgress("reading", 4, 2, source="b"),
            SyncProgress("done", 4, 4, source="b"),
            SyncProgress("reading", 1, source="c"),
        ):
            lines(progress)
    assert told[0].startswith("waiting until ")
    assert told[1:] == ["b: reading: 1 of 4 files", "c: reading: 0 of 1 files"]


def test_the_bar_says_which_source_it_is() -> None:
    with Bar(several=True) as bar:
        bar(SyncProgress("reading", 4, source="octo/\x1b"))
        assert bar._bar.tasks[0].description == "octo/\\x1b: reading"


def test_several_sources_have_lines_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert type(display(as_json=False, off=False, several=True)) is LinesOfSources
