"""``ghsync plugins``: what is loaded, where it is from, and what became of it."""

from __future__ import annotations

from dataclasses import asdict

import click

from ghsync_core.cli import options
from ghsync_core.cli.output import configure_logs, say_json, say_table

COLUMNS = ("name", "version", "from", "state", "brings", "why")


@click.command("plugins")
@options.plugins
@options.config
@options.as_json
@options.verbose
def command(plugins: tuple[str, ...], config: str | None, as_json: bool, verbose: int) -> None:
    """List plugins: on, off, blocked or broken, and why."""
    from ghsync_core.plugins import PluginHost
    from ghsync_core.settings import load_settings

    configure_logs(verbose)
    settings = load_settings({"plugins": plugins}, config=config)
    listing = PluginHost(settings.plugins, settings.block).listing
    if as_json:
        say_json([asdict(info) for info in listing])
        return
    say_table(
        COLUMNS,
        ((info.name, info.version, info.origin, info.state, ", ".join(info.brings), info.reason) for info in listing),
    )
