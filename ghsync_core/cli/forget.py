"""``ghsync forget``: takes a source out of a store, with all that its files said."""

from __future__ import annotations

import os

import click

from ghsync_core.cli import options
from ghsync_core.cli.output import say, say_json
from ghsync_core.cli.store import opened, stored_state


@click.command("forget")
@click.argument("source", metavar="SOURCE")
@options.to
@options.plugins
@options.config
@options.wait
@options.as_json
@options.verbose
def command(
    source: str,
    to: str | None,
    plugins: tuple[str, ...],
    config: str | None,
    wait: float | None,
    as_json: bool,
    verbose: int,
) -> None:
    """Take SOURCE out of the store.

    SOURCE is named as `ghsync status` names it. The place that it was read from stays untouched.
    """
    with (
        opened(verbose, config, plugins, to=to, wait=wait) as (store, settings, _),
        store.lock(f"ghsync forget, process {os.getpid()}", settings.wait),
    ):
        name = stored_state(store, source, settings).name
        files = store.forget(name)
    if as_json:
        say_json({"source": name, "deleted_files": files})
    else:
        say(f"{name}: forgotten, with {files:,} files")
