"""What the commands print, in words and as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from support.command_line import Workplace

from ghsync_core.cli.bar import Bar, Lines, Quiet, display
from ghsync_core.cli.errors import worst
from ghsync_core.cli.main import main
from ghsync_core.cli.output import printable, say_table
from ghsync_core.cli.summary import exit_status_of, failures, summary
from ghsync_core.errors import (
    AccessDenied,
    Cancelled,
    DeletionsRefused,
    GhsyncError,
    SettingsError,
    SourceNotFound,
    StoreLocked,
)
from ghsync_core.models import Counts, FileFailure
from ghsync_core.progress import SyncProgress, SyncStatistics, WarningAt


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workplace:
    place = Workplace.at(tmp_path)
    monkeypatch.chdir(place.folder)
    monkeypatch.syspath_prepend(str(place.site))
    return place


def run(*arguments: str, status: int = 0) -> str:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == status, done.output
    return done.stdout


def run_json(*arguments: str, status: int = 0) -> Any:
    return json.loads(run(*arguments, "--json", status=status))


# --- sync -----------------------------------------------------------------------------------------------------------


def test_a_sync_tells_its_phases_and_a_summary(place: Workplace) -> None:
    place.write(a="one two", b="odd")
    lines = run("./notes").splitlines()
    assert lines[:3] == ["listing", "reading: 0 of 2 files", "settling: 2 of 2 files"]
    assert lines[-4].endswith("notes: complete, " + lines[-4].rpartition(", ")[2])
    assert lines[-3:] == ["  files   2 other", "  graph   3 nodes", "  1 warning; -v lists them"]
    assert "    b.toy:1: an odd line [odd]" in run("./notes", "--full", "-v").splitlines()


@pytest.mark.parametrize("arguments", [("sync", "./notes", "-q"), ("-q", "./notes"), ("./notes", "-q")])
def test_sync_is_the_default_and_options_may_stand_before_and_after(place: Workplace, arguments: tuple[str]) -> None:
    place.write(a="one")
    assert run(*arguments) == ""
    assert run_json("query", "select count(*) as n from nodes") == [{"n": 1}]


def test_no_progress_leaves_the_summary(place: Workplace) -> None:
    place.write(a="one")
    assert run("./notes", "--no-progress").splitlines()[1:] == ["  files   1 other", "  graph   1 node"]


def test_json_is_one_object_and_nothing_else(place: Workplace) -> None:
    place.write(a="one", b="broken")
    statistics = run_json("./notes", status=3)
    assert (statistics["status"], statistics["total_files"], statistics["failed_files"]) == ("partial", 2, 1)
    assert statistics["errors"][0]["path"] == "b.toy"


def test_several_sources_are_told_together_with_the_worst_status(place: Workplace) -> None:
    place.write(a="one")
    (place.folder / "other").mkdir()
    (place.folder / "other" / "x.toy").write_text("broken")
    told = run_json("./notes", "./other", status=3)
    assert (told["status"], [run["status"] for run in told["runs"]]) == ("partial", ["complete", "partial"])
    table = [line.split() for line in run("./notes", "./nowhere", status=1).splitlines()]
    assert ["./nowhere", "failed", *"0000000", "0"] in table
    assert table[-1][:6] == ["2", "sources", "1", "failed,", "1", "unchanged"]
    told = run_json("./notes", "./nowhere", status=1)
    assert (told["status"], [run["status"] for run in told["runs"]]) == ("failed", ["unchanged", "failed"])


def test_a_run_that_can_t_be_done_is_told_as_json_too(place: Workplace) -> None:
    statistics = run_json("./nowhere", status=1)
    assert (statistics["status"], statistics["source"]) == ("failed", "./nowhere")
    assert statistics["errors"][0]["message"].startswith("no such folder")


def test_without_source_every_source_of_the_settings_is_synced(place: Workplace) -> None:
    place.write(a="one")
    (place.folder / "ghsync.toml").write_text('[[source]]\nlocation = "./notes"\nname = "mine"\n')
    assert run_json()["source"] == "mine"
    assert run_json("mine")["status"] == "unchanged"


@pytest.mark.parametrize("folder", ["status", "plugin", "sync"])
def test_a_folder_may_have_the_name_of_a_command(place: Workplace, folder: str) -> None:
    (place.folder / folder).mkdir()
    assert run_json("sync", folder, "--dry-run")["read"] == []


@pytest.mark.parametrize("location", ["sync/x", "plugins/status"])
def test_a_repository_may_have_the_name_of_a_command(place: Workplace, location: str) -> None:
    done = CliRunner().invoke(main, [location, "--to", "nowhere"])
    assert "no backend is registered for the store 'nowhere'" in done.stderr


def test_a_dry_run_shows_what_would_be_done_and_makes_no_store(place: Workplace) -> None:
    place.write(a="one", b="two")
    plan = run_json("./notes", "--dry-run")
    assert (plan["read"], plan["deleted"], plan["requests"]) == (["a.toy", "b.toy"], [], 0)
    shown = run("./notes", "--dry-run", "--exclude", "b.*")
    assert "  read 1, delete 0, move 0, skip 0, leave 0 files; 0 more API requests" in shown
    assert "    read a.toy" in shown
    assert not (place.folder / "ghsync.db").exists()


def test_too_many_deletions_are_refused_until_they_are_allowed(place: Workplace) -> None:
    place.write(**{f"n{at}": f"node{at}" for at in range(12)})
    run("./notes")
    for file in (place.folder / "notes").glob("*.toy"):
        file.unlink()
    assert run_json("./notes", status=1)["status"] == "failed"
    assert run_json("./notes", "--max-delete", "11", status=1)["status"] == "failed"
    assert run_json("./notes", "--max-delete", "100%")["deleted_files"] == 12


# --- the other commands ---------------------------------------------------------------------------------------------


def test_plugins_are_listed_with_what_they_bring(place: Workplace) -> None:
    toy = next(info for info in run_json("plugins") if info["name"] == "toy")
    assert toy == {
        "name": "toy",
        "version": "2.0",
        "origin": "ghsync-toy",
        "state": "on",
        "brings": ["detector toy", "parser toy", "command toys"],
        "reason": None,
    }
    row = next(line for line in run("plugins").splitlines() if line.startswith("toy"))
    assert "detector toy, parser toy, command toys" in row


def test_a_blocked_plugin_is_listed_as_blocked_and_reads_no_file(place: Workplace) -> None:
    place.write(a="one")
    (place.folder / "ghsync.toml").write_text('[plugins]\nblock = ["toy"]\n')
    toy = next(info for info in run_json("plugins") if info["name"] == "toy")
    assert (toy["state"], toy["reason"]) == ("blocked", "blocked by the settings")
    assert run_json("./notes")["skipped_files"] == 1


def test_status_tells_files_the_last_run_and_what_failed(place: Workplace) -> None:
    place.write(a="one", b="broken")
    run("./notes", "--name", "mine", status=3)
    [source] = run_json("status")["sources"]
    assert (source["source"], source["commit"], source["files"]) == ("mine", None, {"stored": 1, "failed": 1})
    assert source["last_run"]["status"] == "partial"
    failure = {"path": "b.toy", "reason": "syntax", "commit_id": None, "message": "it is broken"}
    assert source["failures"] == [failure]
    lines = run("status").splitlines()
    assert lines[0] == "mine"
    assert lines[2:-1] == [
        "  2 files: 1 stored, 1 failed",
        "  graph: 1 nodes",
        "    b.toy: syntax (it is broken)",
    ]


def test_forget_takes_a_source_out_and_leaves_the_others(place: Workplace) -> None:
    place.write(a="one")
    run("./notes", "--name", "mine")
    run("./notes", "--name", "yours")
    assert run("forget", "mine") == "mine: forgotten, with 1 files\n"
    assert run_json("query", "select source from files") == [{"source": "yours"}]
    done = CliRunner().invoke(main, ["forget", "mine"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("ghsync: the store holds no source 'mine'; it holds: ")


def test_a_query_is_a_table_or_json_or_comes_from_stdin(place: Workplace) -> None:
    place.write(a="one two")
    run("./notes")
    sql = "select id, line, null as empty from nodes order by id"
    assert run_json("query", sql) == [
        {"id": "toy:one", "line": 1, "empty": None},
        {"id": "toy:two", "line": 2, "empty": None},
    ]
    head, rule, *rows = run("query", sql).splitlines()
    assert head.split() == ["id", "line", "empty"]
    assert set(rule) == {"─"}
    assert [row.split() for row in rows] == [["toy:one", "1"], ["toy:two", "2"]]
    assert CliRunner().invoke(main, ["query", "-"], input=sql).stdout == run("query", sql)


@pytest.mark.parametrize(
    "sql", ["delete from files", "drop view nodes", "no sql", "attach 'x' as y", "pragma user_version=9"]
)
def test_a_query_can_t_change_anything(place: Workplace, sql: str) -> None:
    place.write(a="one")
    run("./notes")
    before = (place.folder / "ghsync.db").read_bytes()
    done = CliRunner().invoke(main, ["query", sql])
    assert (done.exit_code, done.stdout) == (2, "")
    assert (place.folder / "ghsync.db").read_bytes() == before


# --- what an exit status is made of ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "failed", "expected"),
    [
        ("complete", 0, 0),
        ("unchanged", 0, 0),
        ("unchanged", 1, 3),
        ("partial", 1, 3),
        ("interrupted", 1, 130),
        ("failed", 0, 1),
    ],
)
def test_the_exit_status_of_a_run(status: Any, failed: int, expected: int) -> None:
    assert exit_status_of(SyncStatistics("x", None, status, failed_files=failed)) == expected


@given(st.lists(st.sampled_from([0, 1, 3, 130])))
def test_the_worst_status_of_several_is_130_before_1_before_3(statuses: list[int]) -> None:
    order = [130, 1, 3, 0]
    assert worst(statuses) == next((each for each in order if each in statuses), 0)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (SettingsError("x"), 2),
        (SourceNotFound("x"), 1),
        (AccessDenied("x"), 1),
        (StoreLocked("x"), 1),
        (DeletionsRefused("x"), 1),
        (Cancelled("x"), 130),
        (GhsyncError("x"), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_the_exit_status_of_an_error(monkeypatch: pytest.MonkeyPatch, error: BaseException, expected: int) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("ghsync_core.cli.sync._places", fail)
    assert CliRunner().invoke(main, ["a/b"]).exit_code == expected


# --- what may reach a terminal --------------------------------------------------------------------------------------


@given(st.text(st.characters(codec=None)))
def test_whatever_is_shown_is_printable_and_can_be_written(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    assert shown.encode().decode() == shown


@given(st.text())
def test_printable_text_is_shown_as_it_is(text: str) -> None:
    assert printable(text) == text or not text.isprintable()


def test_names_can_t_steer_the_terminal(place: Workplace) -> None:
    place.write(**{"evil\x1b[2J\u202e": "broken"})
    done = CliRunner().invoke(main, ["./notes"])
    for shown in (
        done.output,
        run("status"),
        run("query", "select path from files"),
        run("./notes", "--json", status=3),
    ):
        assert "\x1b" not in shown
        assert "\u202e" not in shown
    assert "evil\\x1b[2J\\u202e.toy:1: parse failed" in done.stderr


def test_markup_in_cells_is_shown_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    say_table(["[bold]x[/bold]"], [["[red]y[/red]"], ["z" * 300]])
    head, _, first, second = capsys.readouterr().out.splitlines()
    assert (head.strip(), first.strip(), second) == ("[bold]x[/bold]", "[red]y[/red]", "z" * 300)


# --- progress -------------------------------------------------------------------------------------------------------


def test_lines_tell_each_phase_and_each_wait_once() -> None:
    told: list[str] = []
    with Lines(told.append) as lines:
        for progress in (
            SyncProgress(),
            SyncProgress(),
            SyncProgress(waiting_until=60.0),
            SyncProgress(waiting_until=60.0),
            SyncProgress("reading", 4),
            SyncProgress("reading", 4, 2, 1, 1),
            SyncProgress("done", 4, 4, 3, 1),
        ):
            lines(progress)
    assert told[0] == "listing"
    assert told[1].startswith("waiting until ")
    assert told[2:] == ["reading: 0 of 4 files", "done: 4 of 4 files, 1 failed"]


def test_the_bar_shows_phase_files_failures_and_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    with Bar() as bar:
        bar(SyncProgress("reading", 40, 2, 1, 1, current_file="evil\x1b.md", waiting_until=60.0))
        [task] = bar._bar.tasks
        assert (task.description, task.total, task.completed) == ("reading", 40, 2)
        assert "1 failed" in task.fields["detail"]
        assert "waiting until" in task.fields["detail"]
        assert "evil\\x1b.md" in task.fields["detail"]


@pytest.mark.parametrize(
    ("terminal", "as_json", "off", "kind"),
    [
        (True, False, False, Bar),
        (True, True, False, Bar),
        (True, False, True, Quiet),
        (False, False, False, Lines),
        (False, True, False, Quiet),
        (False, False, True, Quiet),
    ],
)
def test_progress_is_a_bar_on_a_terminal_and_never_on_stdout_beside_json(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, as_json: bool, off: bool, kind: type
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: terminal)
    assert type(display(as_json=as_json, off=off)) is kind


def test_long_lists_are_cut_unless_v_asks_for_all() -> None:
    errors = tuple(FileFailure(f"{at}.md", "parse", "bad") for at in range(25))
    warnings = tuple(WarningAt(f"{at}.md", None, "odd", "odd") for at in range(25))
    statistics = SyncStatistics("x", "c0ffee", "partial", 25, failed_files=25, errors=errors, warnings=warnings)
    assert len(list(failures(statistics))) == 11
    assert list(failures(statistics))[-1] == "… and 15 more: `ghsync status` lists all"
    assert len(list(failures(statistics, verbose=True))) == 25
    assert len(list(summary(statistics, verbose=True))) - len(list(summary(statistics))) == 25


def test_figures_of_zero_are_left_out_of_the_summary() -> None:
    statistics = SyncStatistics("x", "c0ffee", "complete", 1200, 1200, requests={"tree": 1}, graph=Counts(5, 0, 1))
    assert list(summary(statistics)) == [
        "x at c0ffee: complete, 0.0 s",
        "  files   1,200 knowledge graph",
        "  graph   5 nodes, 1 class",
        "  asked   1 tree",
    ]
