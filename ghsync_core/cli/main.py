"""``ghsync``: finds the command, runs it, and turns what it returns or raises into an exit status."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NoReturn

import click

from ghsync_core.cli.errors import exit_status
from ghsync_core.cli.output import complain, write_anything
from ghsync_core.commands import COMMANDS

DEFAULT: Final = "sync"
_OWN_OPTIONS: Final = ("-h", "--help", "--version")

HELP = """Keep a graph database in step with the knowledge that people write in GitHub repositories.

\b
ghsync OWNER/REPO            sync a repository into ghsync.db
ghsync 'OWNER/*'             sync all repositories of an organisation or a user
ghsync ./folder              sync a folder or a git clone
ghsync                       sync every [[source]] of ghsync.toml

`ghsync [OPTIONS] [SOURCE]...` is short for `ghsync sync`; `ghsync sync --help` lists its options.
"""


class CommandLine(click.Group):
    """The commands of ghsync and of plugins; whatever names none of them is what to ``sync``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, with ``sync`` put in front where no command is named."""
        named = bool(args) and (args[0] in _OWN_OPTIONS or self.get_command(ctx, args[0]) is not None)
        return super().parse_args(ctx, args if named else [DEFAULT, *args])

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Ours in their order, then those of plugins; whatever is wrong with those, ours are listed."""
        try:
            return [*COMMANDS, *sorted(self._of_plugins)]
        except Exception as error:
            complain(f"the commands of plugins can't be listed: {error}")
            return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name, imported now. Only a plain word can be one of a plugin: OWNER/REPO never is."""
        if cmd_name in COMMANDS:
            command: click.Command = import_module(f"ghsync_core.cli.{cmd_name}").command
            return command
        if cmd_name.replace("-", "_").isidentifier() and not cmd_name.startswith("-"):
            return self._of_plugins.get(cmd_name)
        return None

    @cached_property
    def _of_plugins(self) -> dict[str, click.Command]:
        if not _any_installed():
            return {}
        from ghsync_core.plugins import PluginHost
        from ghsync_core.registry import Registry
        from ghsync_core.settings import load_settings

        host = PluginHost(block=load_settings().block, built_ins=())
        return {str(command.name): command for command in Registry.of(host).commands}

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = "ghsync", **extra: Any) -> NoReturn:  # type: ignore[override]
        """Run the command line and leave the process with its exit status."""
        write_anything()
        arguments = list(sys.argv[1:] if args is None else args)
        extra["standalone_mode"] = False
        verbose = not {"-v", "-vv", "--verbose"}.isdisjoint(arguments)
        sys.exit(exit_status(lambda: super(CommandLine, self).main(arguments, prog_name, **extra), verbose=verbose))


def _any_installed() -> bool:
    """Whether any installed distribution has a plugin for us.

    `importlib.metadata` could say, but to load it takes a third of the time that ``--help`` may take.
    """
    found = (file for folder in sys.path for file in Path(folder).glob("*-info/entry_points.txt"))
    return any(b"[ghsync]" in file.read_bytes() for file in found)


def _show_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if not value:
        return
    from ghsync_core.plugins import distribution_version

    click.echo(f"ghsync {distribution_version() or '(not installed)'}")
    ctx.exit()


@click.group(cls=CommandLine, help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Show the version."
)
def main() -> None:
    """The group itself does nothing."""
