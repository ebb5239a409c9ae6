"""Options that several commands share."""

from __future__ import annotations

from typing import Final

import click

to: Final = click.option("--to", metavar="URL", help="The store: sqlite:PATH and others.  [default: sqlite:ghsync.db]")
plugins: Final = click.option(
    "--plugin", "plugins", multiple=True, metavar="NAME", help="Load a plugin that is not on by default. Repeatable."
)
config: Final = click.option("--config", metavar="FILE", help="Read settings from FILE.  [default: ghsync.toml]")
wait: Final = click.option(
    "--wait", type=float, metavar="SECONDS", help="Wait for another sync that holds the store.  [default: 0]"
)
as_json: Final = click.option("--json", "as_json", is_flag=True, help="Write JSON to stdout, and nothing else there.")
verbose: Final = click.option("-v", "--verbose", count=True, help="Say more on stderr; twice: everything.")
