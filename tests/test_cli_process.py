"""The command line as a process: start-up, exit status, Ctrl-C, third-party commands."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.command_line import Workplace

OPTIONS = (
    "--to --plugin --workers --max-writes --include --exclude --only-public --full --dry-run --max-delete --name "
    "--api-url --config --wait --json -q, -v, --no-progress"
)
HEAVY = "pluggy rich structlog requests rdflib sqlite3 tomllib importlib.metadata ghsync_core.models ghsync_plugins"


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    return Workplace.at(tmp_path)


# --- start-up -------------------------------------------------------------------------------------------------------


def test_help_imports_nothing_heavy(place: Workplace) -> None:
    (place.site / "ghsync_toy-2.0.dist-info" / "entry_points.txt").unlink()
    code = "import sys\nfrom ghsync_core.cli.main import main\ntry: main(['--help'])\nfinally: print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], env=place.environment(), capture_output=True, text=True)
    imported = done.stdout.splitlines()[-1].split()
    assert "ghsync_core.cli.sync" in imported
    assert not [name for name in HEAVY.split() if any(f"{each}.".startswith(f"{name}.") for each in imported)]


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_lists_our_commands_and_those_of_plugins(place: Workplace, option: str) -> None:
    done = place.run(option)
    assert (done.returncode, done.stderr) == (0, "")
    listed = [line.split()[0] for line in done.stdout.partition("Commands:\n")[2].splitlines()]
    assert listed == ["sync", "explain", "verify", "check", "plugins", "status", "query", "forget", "toys"]


@pytest.mark.parametrize("code", ["raise SystemExit(7)", "import no_such_module", "print('loud'); 1 / 0"])
def test_a_broken_plugin_never_breaks_help(place: Workplace, code: str) -> None:
    (place.site / "toy_plugin.py").write_text(code)
    done = place.run("--help")
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: ghsync ")
    assert "toys" not in done.stdout


def test_a_broken_settings_file_never_breaks_help(place: Workplace) -> None:
    (place.folder / "ghsync.toml").write_text("a =")
    done = place.run("--help")
    assert (done.returncode, "query" in done.stdout) == (0, True)
    assert done.stderr.startswith("ghsync: the commands of plugins can't be listed: ghsync.toml is no valid TOML: ")


def test_every_option_of_the_contract_is_there(place: Workplace) -> None:
    shown = place.run("sync", "--help").stdout
    assert not [option for option in OPTIONS.split() if f"{option} " not in shown]


def test_a_blocked_plugin_brings_no_command(place: Workplace) -> None:
    (place.folder / "ghsync.toml").write_text('[plugins]\nblock = ["toy"]\n')
    assert "toys" not in place.run("--help").stdout


def test_the_version_is_shown(place: Workplace) -> None:
    done = place.run("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("ghsync ")


def test_a_plugin_s_command_runs_with_its_arguments_and_exit_status(place: Workplace) -> None:
    done = place.run("toys", "one", "two")
    assert (done.returncode, done.stdout, done.stderr) == (0, "2 toys\n", "")
    assert place.run("toys", "broken").returncode == 3


# --- exit status ----------------------------------------------------------------------------------------------------


def test_all_stored_is_0_a_failed_file_is_3_and_stays_3_while_it_stands(place: Workplace) -> None:
    place.write(a="one two")
    assert place.run("./notes").returncode == 0
    place.write(b="broken")
    first, again = place.run("./notes"), place.run("./notes")
    assert (first.returncode, again.returncode) == (3, 3)
    assert "notes" not in first.stdout.split()
    assert first.stderr == "ghsync: b.toy:1: parse failed: it is broken\n"


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        ((), 2, "ghsync: say what to sync: `ghsync OWNER/REPO` or `ghsync ./folder`"),
        (("--no-such",), 2, "ghsync: No such option '--no-such'"),
        (("./notes", "--workers", "many"), 2, "ghsync: Invalid value for '--workers'"),
        (("./notes", "--workers", "0"), 2, "ghsync: workers must be from 1 to 1000, not 0"),
        (("./notes", "--max-delete", "half"), 2, "ghsync: max_delete must be a number of files, or a share"),
        (("./notes", "--plugin", "toyy"), 2, "ghsync: there is no plugin 'toyy'; did you mean 'toy'?"),
        (("./notes", "--to", "graph.db"), 2, "ghsync: no backend is registered for the store 'graph.db'"),
        (("./notes", "--config", "none.toml"), 2, "ghsync: none.toml: the settings file can't be read"),
        (("./notes", "./notes", "--name", "x"), 2, "ghsync: --name is for one source, but there are 2"),
        (("statsu",), 2, "ghsync: there is no folder 'statsu'; for the command write `ghsync status`"),
        (("-v", "plugins"), 2, "ghsync: there is no folder 'plugins'; for the command write `ghsync plugins`"),
        (("./nowhere",), 1, "ghsync: no such folder: ./nowhere"),
        (("./notes", "--to", "sqlite:none/graph.db"), 1, "ghsync: "),
        (("status",), 1, "ghsync: ghsync.db does not exist yet"),
        (("query", "select 1", "--to", "sqlite:none.db"), 1, "ghsync: none.db does not exist yet"),
        (("forget", "notes"), 1, "ghsync: ghsync.db does not exist yet"),
        (("query",), 2, "ghsync: Missing argument 'SQL' (see ghsync query --help)"),
    ],
)
def test_bad_input_is_one_or_two_lines_and_an_exit_status(
    place: Workplace, arguments: tuple[str, ...], status: int, message: str
) -> None:
    place.write(a="one")
    done = place.run(*arguments)
    assert done.returncode == status, done.stderr
    assert done.stderr.startswith(message)
    assert len(done.stderr.splitlines()) <= 2
    assert done.stdout == ""
    assert sorted(each.name for each in place.folder.iterdir()) == ["notes"]


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("wokers = 3\n", "ghsync: ghsync.toml: there is no setting 'wokers'; did you mean 'workers'?\n"),
        ("[gihub]\n", "ghsync: ghsync.toml: there is no table or setting 'gihub'; did you mean 'github'?"),
        ("a = \n", "ghsync: ghsync.toml is no valid TOML: Invalid value (at line 1, column 5)\n"),
    ],
)
def test_a_wrong_settings_file_is_wrong_usage_and_changes_nothing(place: Workplace, toml: str, message: str) -> None:
    place.write(a="one")
    (place.folder / "ghsync.toml").write_text(toml)
    done = place.run("./notes")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(message)
    assert not (place.folder / "ghsync.db").exists()


def test_a_crash_of_a_command_is_told_in_two_lines_and_with_v_in_full(place: Workplace) -> None:
    (place.site / "toy_plugin.py").write_text(
        "import click\nfrom ghsync_core import hookimpl\n"
        "@click.command('toys')\n@click.option('-v', 'verbose', is_flag=True)\ndef toys(verbose): 1 / 0\n"
        "@hookimpl\ndef register_commands(): return [toys]\n"
    )
    short, full = place.run("toys"), place.run("toys", "-v")
    assert (short.returncode, full.returncode) == (1, 1)
    assert short.stderr == (
        "ghsync: ZeroDivisionError: division by zero\n"
        "ghsync: this is a bug in ghsync or in a plugin; run with -v for the traceback\n"
    )
    assert full.stderr.startswith("Traceback (most recent call last)")


def test_a_reader_that_goes_away_is_no_traceback(place: Workplace) -> None:
    place.write(a=" ".join(f"word{at}" for at in range(3_000)))
    assert place.run("./notes").returncode == 0
    with place.start("query", "--json", "select * from nodes") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()


def test_what_the_encoding_can_t_say_is_written_out(place: Workplace) -> None:
    place.write(łódka="broken")
    latin = {"PYTHONIOENCODING": "iso-8859-1"}
    assert "ghsync: \\u0142\xf3dka.toy:1: parse failed" in place.run("./notes", encoding="iso-8859-1", **latin).stderr
    assert "\\u0142\xf3dka.toy" in place.run("query", "select path from files", encoding="iso-8859-1", **latin).stdout


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_on_a_terminal_a_bar_moves_on_stderr_and_stdout_holds_the_result_alone(place: Workplace) -> None:
    place.write(a="one")
    ours, theirs = os.openpty()
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        done = subprocess.run(
            [sys.executable, "-m", "ghsync_core", "./notes", "--json"],
            cwd=place.folder,
            env=place.environment(TERM="xterm"),
            stdout=subprocess.PIPE,
            stderr=theirs,
            check=True,
        )
        shown = terminal.read(65536)
    os.close(theirs)
    assert json.loads(done.stdout)["status"] == "complete"
    assert b"listing" in shown
    assert b"\x1b[?25l" in shown


# --- stdout ---------------------------------------------------------------------------------------------------------


def test_json_has_stdout_for_itself_whatever_a_plugin_prints(place: Workplace) -> None:
    place.write(a="one noisy")
    done = place.run("./notes", "--json")
    assert json.loads(done.stdout)["status"] == "complete"
    assert "noise" in done.stderr
    assert "more noise" in done.stderr


# --- Ctrl-C ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def pipes(tmp_path: Path) -> dict[str, str]:
    """Two pipes: the parser writes to one when it has begun, and goes on when the other is written to."""
    names = {"TOY_STARTED": str(tmp_path / "started"), "TOY_GO": str(tmp_path / "go")}
    for name in names.values():
        os.mkfifo(name)
    return names


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes and SIGINT as on Unix")
def test_the_first_ctrl_c_finishes_the_files_in_hand_and_stores_them(place: Workplace, pipes: dict[str, str]) -> None:
    place.write(a="wait", b="wait", c="wait")
    with place.start("./notes", "--workers", "1", **pipes) as process:
        assert process.stderr is not None
        Path(pipes["TOY_STARTED"]).read_text()
        process.send_signal(signal.SIGINT)
        assert process.stderr.readline() == "\n"
        assert process.stderr.readline() == "ghsync: finishing the files in hand; Ctrl-C again to leave at once\n"
        Path(pipes["TOY_GO"]).write_text("x")
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in out
    assert "interrupted; 2 files left" in err
    [source] = json.loads(place.run("status", "--json").stdout)["sources"]
    assert source["files"] == {"stored": 1}


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes and SIGINT as on Unix")
def test_the_second_ctrl_c_leaves_at_once(place: Workplace, pipes: dict[str, str]) -> None:
    place.write(a="wait")
    with place.start("./notes", **pipes) as process:
        assert process.stderr is not None
        Path(pipes["TOY_STARTED"]).read_text()
        process.send_signal(signal.SIGINT)
        process.stderr.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
