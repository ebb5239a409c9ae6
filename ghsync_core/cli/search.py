"""``ghsync search``: finds words in labels, aliases, definitions and comments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from ghsync_core.cli import options
from ghsync_core.cli.output import say, say_json_list
from ghsync_core.cli.store import opened, stored_state
from ghsync_core.cli.summary import counted

if TYPE_CHECKING:
    from ghsync_core.models import Json


@click.command("search")
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@click.option("--kind", metavar="KIND", help="Only nodes of this kind: page, class, property, tag …")
@click.option("--source", metavar="SOURCE", help="Only this source.  [default: all]")
@click.option("--limit", type=click.IntRange(min=1), default=20, metavar="ROWS", help="At most so many.  [default: 20]")
@options.to
@options.plugins
@options.config
@options.as_json
@options.verbose
def command(
    words: tuple[str, ...],
    kind: str | None,
    source: str | None,
    limit: int,
    to: str | None,
    plugins: tuple[str, ...],
    config: str | None,
    as_json: bool,
    verbose: int,
) -> None:
    """Find the nodes whose label, aliases, definitions or comments hold all WORDS, best first.

    A word also finds longer ones that begin with it; case and accents make no difference.
    """
    from contextlib import closing

    from ghsync_core.errors import UsageError
    from ghsync_core.interfaces import Searches

    with opened(verbose, config, plugins, to=to) as (store, settings, _), closing(store.reader()) as reader:
        if not isinstance(reader, Searches):
            raise UsageError("this kind of store can't search. Ask it with `ghsync query`, or sync into sqlite:PATH.")
        name = stored_state(store, source, settings).name if source else None
        found = list(reader.search(" ".join(words), name, kind=kind, limit=limit))
    if as_json:
        say_json_list(found)
        return
    for row in found:
        for line in _lines(row):
            say(line)
    if len(found) in (0, limit):
        say(f"the first {counted(limit, 'node')}; --limit gives more" if found else "nothing found")


def _lines(row: Mapping[str, Json]) -> Sequence[str]:
    place = f"{row['path']}:{row['line']}" if row["path"] and row["line"] else row["path"] or "mentioned only"
    lines = [f"{row['label'] or row['id']}  ({row['kind']}, {row['source']}, {place})", f"    {row['id']}"]
    return lines if row["text"] in ("", row["label"]) else [*lines, f"    {row['text']}"]
