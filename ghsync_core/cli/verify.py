"""``ghsync verify``: whether the store holds what it should."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import click

from ghsync_core.cli import options
from ghsync_core.cli.errors import DONE, FAILED, SOME_FAILED, worst
from ghsync_core.cli.output import complain, say, say_json
from ghsync_core.cli.store import opened, source_names
from ghsync_core.cli.summary import SHOWN, at_commit, counted

if TYPE_CHECKING:
    from ghsync_core.interfaces import Difference, GraphReader, Store
    from ghsync_core.models import Json
    from ghsync_core.settings import Settings
    from ghsync_core.verify import Verification

_LONGEST: Final = 200
"""Characters of a value that are shown."""


@click.command("verify")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--fresh", is_flag=True, help="Also read each source again, and compare with what comes of that.")
@options.to
@options.plugins
@click.option("--include", multiple=True, metavar="GLOB", help="With --fresh: as it was synced with. Repeatable.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="With --fresh: as it was synced with. Repeatable.")
@click.option("--only-public", is_flag=True, default=None, help="With --fresh: as it was synced with.")
@click.option("--api-url", metavar="URL", help="With --fresh: the API of a GitHub Enterprise server.")
@options.config
@options.as_json
@options.verbose
def command(
    sources: tuple[str, ...],
    fresh: bool,
    config: str | None,
    as_json: bool,
    verbose: int,
    plugins: tuple[str, ...],
    **arguments: Any,
) -> int:
    """Prove that the store holds what it should of each SOURCE, or list what differs.

    Prints a digest of each graph, the same for the same commit in any store; derives again what spans files; with
    --fresh reads the source again at the commit that is stored. The store is never changed. Without SOURCE: all.
    """
    given = {name: value if value != () else None for name, value in arguments.items()}
    with opened(verbose, config, plugins, **given) as (store, settings, _), closing(store.reader()) as reader:
        names = source_names(store, reader, sources, settings)
        found = [_verify(store, reader, name, settings, fresh) for name in names]
    if as_json:
        say_json({"sources": [each.to_json() for each in found]})
    else:
        for each in found:
            _tell(each, verbose=bool(verbose))
        if not found:
            say("the store is empty")
    return worst([_status(each) for each in found])


def _verify(store: Store, reader: GraphReader, name: str, settings: Settings, fresh: bool) -> Verification:
    from ghsync_core.places import Setup
    from ghsync_core.reread import reread
    from ghsync_core.verify import verify

    verified = verify(reader, name)
    state = store.find_source(name=name) if fresh and not verified.undone else None
    return reread(verified, reader, state, Setup(settings)) if state else verified


def _status(verified: Verification) -> int:
    if verified.findings.count:
        return SOME_FAILED
    return FAILED if verified.undone else DONE


def _tell(verified: Verification, *, verbose: bool) -> None:
    say(at_commit(verified.source, verified.commit))
    if verified.digest:
        rows = ", ".join(f"{each.rows:,} {view}" for view, each in verified.digest.views.items() if each.rows)
        say(f"  digest  {verified.digest}")
        say(f"  rows    {rows or 'none'}")
    for line in _verdict(verified):
        say(f"  {line}")
    shown = verified.findings.listed if verbose else verified.findings.listed[:SHOWN]
    for each in shown:
        for line in _difference(each):
            say(f"    {line}")
    if len(shown) < verified.findings.count:
        rest = verified.findings.count - len(shown)
        say(f"    … and {rest:,} more{'' if verbose else '; -v lists them'}")
    complain(*(f"{verified.source}: {reason}" for reason in verified.undone))


def _verdict(verified: Verification) -> Iterator[str]:
    done = ["what spans files derived again"] if verified.derived else []
    done += ["the source read again"] if verified.fresh else []
    if done:
        count = verified.findings.count
        yield f"{' and '.join(done)}: {counted(count, 'difference') if count else 'nothing differs'}"
    yield from verified.notes
    if verified.excepted:
        yield f"{counted(len(verified.excepted), 'file')} failed, and not compared:"
        yield from (f"  {path}: {reason}" for path, reason in sorted(verified.excepted.items()))


def _difference(found: Difference) -> Iterator[str]:
    place = f"{found.path}:{found.line}" if found.path and found.line else found.path
    yield f"{f'{place}: ' if place else ''}{found.view}: {found.fact}"
    if found.stored is not None or found.expected is not None:
        yield f"  stored:   {_shown(found.stored)}"
        yield f"  expected: {_shown(found.expected)}"


def _shown(value: Json) -> str:
    if value is None:
        return "nothing"
    items = value.items() if isinstance(value, dict) else [("", value)]
    text = ", ".join(f"{f'{name} ' if name else ''}{item!r}" for name, item in items)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
