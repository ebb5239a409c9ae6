"""The reference of the command line, written from the commands themselves.

``PYTHONPATH=.:tests python -m support.cli_reference`` brings docs/reference/cli.md up to date.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import click

from ghsync_core.cli.main import main
from ghsync_core.commands import COMMANDS

PAGE = Path(__file__).parents[2] / "docs/reference/cli.md"
BEGIN, END = "<!-- generated: begin -->\n", "<!-- generated: end -->\n"
REGENERATE = "PYTHONPATH=.:tests python -m support.cli_reference"


def render() -> str:
    """All commands of ghsync itself, with their arguments and options."""
    return "\n".join(line for name in COMMANDS for line in _command(name)) + "\n"


def with_reference(page: str) -> str:
    """*page* with the commands between its two marks."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n{render()}\n{END}{rest.partition(END)[2]}"


def _command(name: str) -> Iterator[str]:
    context = click.Context(main, info_name="ghsync")
    command = main.get_command(context, name)
    assert command is not None
    arguments = " ".join(str(each.metavar) for each in command.params if isinstance(each, click.Argument))
    yield f"## `ghsync {name}`\n"
    yield f"```text\nghsync {name} [OPTIONS] {arguments}".rstrip() + "\n```\n"
    yield f"{inspect.cleandoc(command.help or '')}\n"
    yield from (_option(each) for each in command.params if isinstance(each, click.Option))
    yield "- `-h`, `--help`: Show a short help and leave.\n"


def _option(option: click.Option) -> str:
    value = "" if option.is_flag or option.count else f" {option.metavar or option.type.name.upper()}"
    *others, last = option.opts
    names = ", ".join([*(f"`{each}`" for each in others), f"`{last}{value}`"])
    return f"- {names}: {' '.join((option.help or '').split())}"


if __name__ == "__main__":
    PAGE.write_text(with_reference(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
