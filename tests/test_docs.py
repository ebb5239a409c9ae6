"""The documentation says what the code does, and its commands work."""

from __future__ import annotations

import inspect
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from contextlib import closing
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest
from support import cli_reference
from support.documents import (
    PAGES,
    ROOT,
    Fence,
    anchors,
    fences,
    first_cells,
    headings,
    links,
    name_of,
    section,
    text_of,
)
from support.git_repos import run_git

import ghsync_core
from ghsync_core import Setting, SyncProgress, SyncStatistics, hookspecs
from ghsync_core.commands import COMMANDS
from ghsync_core.errors import GhsyncError
from ghsync_core.models import FAIL_REASONS, SKIP_REASONS
from ghsync_core.plugins import PluginHost
from ghsync_core.registry import Registry
from ghsync_core.setting_values import environment_name
from ghsync_core.settings import CORE, PLUGINS, SOURCE_KEYS, load_settings
from ghsync_core.views import COLUMNS
from ghsync_plugins.backends.sqlite import SqliteBackend

GRAPH = "docs/reference/graph.md"
PYTHON = "docs/reference/python.md"
MARKS = {"run", "parse", "unchecked", "make", "output", "settings", ""}
TYPES = {str: "text", int: "whole number", float: "number", bool: "true or false", list: "list of texts"}

every_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


# --- the reference holds what the code has ---


def hooks() -> list[str]:
    specs = [each for name, each in vars(hookspecs).items() if name.startswith("register_")]
    return [f"{each.__name__}{inspect.signature(each)}".replace("'", "") for each in specs]


@pytest.mark.parametrize("signature", hooks())
def test_every_hook_has_its_signature_as_heading(signature: str) -> None:
    assert signature in headings(text_of("docs/reference/hooks.md"))


def settings() -> list[Setting]:
    registered = Registry.of(PluginHost()).settings
    return [*CORE, *PLUGINS, *registered]


@pytest.mark.parametrize("setting", settings(), ids=environment_name)
def test_every_setting_is_documented_with_type_default_and_variable(setting: Setting) -> None:
    plugin = setting.table not in ("", "plugins")
    name = f"{setting.table}.{setting.name}" if plugin else setting.name
    default = f"`{_toml(setting.default)}`" if setting.default is not None else "none"
    row = f"| `{name}` | {TYPES[setting.type]} | {default} | `{environment_name(setting)}` | "
    assert row in text_of("docs/reference/settings.md")


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(list(value)) if isinstance(value, tuple | list) else repr(value).replace("'", '"')


def test_every_key_of_a_source_is_documented() -> None:
    assert first_cells(section(text_of("docs/reference/settings.md"), "Sources")) == list(SOURCE_KEYS)


def test_the_reference_of_the_command_line_is_up_to_date() -> None:
    page = text_of("docs/reference/cli.md")
    assert page == cli_reference.with_reference(page), f"run: {cli_reference.REGENERATE}"


def test_the_reference_of_the_command_line_has_every_command() -> None:
    found = [title for title in headings(text_of("docs/reference/cli.md")) if title.startswith("ghsync ")]
    assert found == [f"ghsync {name}" for name in COMMANDS]


def test_every_view_is_documented() -> None:
    between = text_of(GRAPH).partition("## Views\n")[2].partition("\n## ")[0]
    assert headings(between) == list(COLUMNS)


@pytest.mark.parametrize("view", COLUMNS)
def test_every_column_is_documented_in_its_order(view: str, tmp_path: Path) -> None:
    store = SqliteBackend().open(f"sqlite:{tmp_path / 'empty.db'}", {}, create=True)
    with closing(store), closing(store.reader()) as reader:
        columns, _ = reader.query(f"SELECT * FROM {view}")
    assert first_cells(section(text_of(GRAPH), f"`{view}`")) == list(columns)


@pytest.mark.parametrize(
    ("title", "reasons"), [("Why a file is skipped", SKIP_REASONS), ("Why a file fails", FAIL_REASONS)]
)
def test_every_reason_is_documented(title: str, reasons: dict[str, str]) -> None:
    rows = re.findall(r"^\| `.*\|$", section(text_of(GRAPH), title), re.MULTILINE)
    assert rows == [f"| `{reason}` | {meaning} |" for reason, meaning in reasons.items()]


@pytest.mark.parametrize("name", ghsync_core.__all__)
def test_every_public_name_is_documented(name: str) -> None:
    assert re.search(rf"`{name}[`(]", text_of(PYTHON))


def test_every_error_is_documented_under_the_one_it_is_a_kind_of() -> None:
    public = (getattr(ghsync_core, name) for name in ghsync_core.__all__)
    errors = {each for each in public if isinstance(each, type) and issubclass(each, GhsyncError)}
    rows = re.findall(r"^\| `(\w+)` \| (?:`(\w+)`)? ?\|", section(text_of(PYTHON), "Errors"), re.MULTILINE)
    assert set(rows) == {
        (each.__name__, "" if each is GhsyncError else each.__base__.__name__) for each in errors if each.__base__
    }


@pytest.mark.parametrize("documented", [SyncProgress, SyncStatistics])
def test_every_field_of_a_result_is_documented(documented: type) -> None:
    cells = re.findall(r"^\| (`.*?) \|", section(text_of(PYTHON), f"`{documented.__name__}`"), re.MULTILINE)
    found = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    assert found == [field.name for field in fields(documented)]


def test_the_signature_of_syncer_is_that_of_the_code() -> None:
    written = re.search(r"^`Syncer\((.*)\)`$", text_of(PYTHON), re.MULTILINE)
    parameters = list(inspect.signature(ghsync_core.Syncer).parameters.values())
    code = [f"{each.name}={each.default}" if each.default is not each.empty else each.name for each in parameters]
    assert written
    assert written[1].split(", ") == [code[0], "*", *code[1:]]


# --- the pages hang together ---


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for address in links(page.read_text(encoding="utf-8")):
        path, _, anchor = address.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), address
        assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), address


def test_every_page_is_linked_from_the_readme() -> None:
    linked = {(ROOT / address.partition("#")[0]).resolve() for address in links(text_of("README.md"))}
    assert [name_of(page) for page in PAGES if page not in linked and page.name != "README.md"] == []


@every_page
def test_every_command_says_whether_it_is_run(page: Path) -> None:
    for fence in fences(page.read_text(encoding="utf-8")):
        known = fence.mark in MARKS or fence.mark.startswith(("exit=", "file="))
        assert known, f"line {fence.line}: {fence.mark}"
        assert fence.language != "sh" or fence.mark, f"line {fence.line}: a command without a mark"


# --- what the pages show works ---


def with_fences(*marks: str) -> list[Path]:
    """The pages that hold a fence with one of *marks*."""
    return [page for page in PAGES if any(fence.mark in marks for fence in fences(page.read_text(encoding="utf-8")))]


@pytest.fixture
def shell(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A folder as a reader of the docs has it, a clone with the examples in it, and an environment with ghsync."""
    folder = tmp_path / "clone"
    shutil.copytree(ROOT / "examples", folder / "examples")
    run_git(folder, "init", "--quiet")
    ghsync = tmp_path / "bin/ghsync"
    ghsync.parent.mkdir()
    ghsync.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ghsync_core "$@"\n')
    ghsync.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GHSYNC_", "GIT", "GH_"))}
    path = os.pathsep.join([str(ghsync.parent), str(Path(sys.executable).parent), kept.get("PATH", "")])
    return folder, {**kept, "PATH": path, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", "COLUMNS": "200"}


@pytest.mark.parametrize("page", with_fences("run", "exit=3"), ids=name_of)
def test_what_a_page_runs_works(page: Path, shell: tuple[Path, dict[str, str]]) -> None:
    said = ""
    for fence in fences(page.read_text(encoding="utf-8")):
        where = f"{name_of(page)}, line {fence.line}"
        if fence.mark == "output":
            missing = [line for line in fence.body.splitlines() if not _says(said, line)]
            assert missing == [], f"{where}: not in the output:\n{said}"
        elif fence.mark == "run" or fence.mark.startswith("exit="):
            wanted = int(fence.mark.removeprefix("exit=")) if fence.mark != "run" else 0
            done = _run(fence, *shell)
            said = done.stdout + done.stderr
            assert done.returncode == wanted, f"{where}: {said}"


def _run(fence: Fence, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = {
        "sh": ["sh", "-e", "-c", fence.body],
        "python": [sys.executable, "-c", fence.body],
        "sql": ["ghsync", "query", "--to", "sqlite:garden.db", fence.body],
    }[fence.language]
    return subprocess.run(command, cwd=folder, env=environment, text=True, capture_output=True, check=False)


def _says(output: str, line: str) -> bool:
    """Whether a line of *output* reads as *line*, but for white space and for what ``…`` stands for."""
    pattern = ".*".join(re.escape(part) for part in " ".join(line.split()).split("…"))
    return any(re.fullmatch(pattern, " ".join(said.split())) for said in output.splitlines())


@pytest.mark.parametrize("page", with_fences("parse"), ids=name_of)
def test_commands_for_the_network_have_options_that_exist(page: Path) -> None:
    for fence in fences(page.read_text(encoding="utf-8")):
        for line in fence.body.splitlines() if fence.mark == "parse" else ():
            program, *arguments = shlex.split(line)
            assert program == "ghsync"
            name = arguments.pop(0) if arguments[0] in COMMANDS else "sync"
            command = import_module(f"ghsync_core.cli.{name}").command
            with command.make_context(name, arguments) as context:
                assert context.params


@pytest.mark.parametrize("page", with_fences("make"), ids=name_of)
def test_targets_of_make_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))
    for fence in fences(page.read_text(encoding="utf-8")):
        if fence.mark == "make":
            assert {line.removeprefix("make ") for line in fence.body.splitlines()} <= targets


@pytest.mark.parametrize("page", with_fences("settings"), ids=name_of)
def test_shown_settings_are_valid(page: Path) -> None:
    registry = Registry.of(PluginHost())
    for fence in fences(page.read_text(encoding="utf-8")):
        if fence.mark == "settings":
            loaded = load_settings(config=tomllib.loads(fence.body), environ={})
            assert loaded.validated(registry.settings, registry.inactive, environ={}).sources


def test_shown_files_are_those_of_the_repository() -> None:
    for page in PAGES:
        for fence in fences(page.read_text(encoding="utf-8")):
            if fence.mark.startswith("file="):
                assert fence.body == text_of(fence.mark.removeprefix("file=")), name_of(page)
