"""``ghsync orphans``: the pages that nothing links to."""

import click

from ghsync_core import hookimpl, open_reader

ghsync_api = 1


@click.command("orphans")
@click.argument("source", required=False)
@click.option("--to", metavar="URL", help="The store.  [default: as of the settings]")
def orphans(source: str | None, to: str | None) -> int:
    """List the pages that nothing links to, of SOURCE or of all."""
    found = 0
    with open_reader(to) as reader:
        linked = {
            (edge["source"], edge["to_id"])
            for edge in reader.rows("edges", source)
            if edge["type"] in ("link", "embed") and edge["from_id"] != edge["to_id"]
        }
        for page in reader.rows("nodes", source, where={"kind": "page"}, ordered=True):
            if (page["source"], page["id"]) not in linked:
                click.echo(f"{page['path']}\t{page['label']}")
                found += 1
    return 3 if found else 0


@hookimpl
def register_commands():
    return [orphans]
