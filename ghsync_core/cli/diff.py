"""``ghsync diff``: what a change means for the graph."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ghsync_core.cli import options
from ghsync_core.cli.output import configure_logs, printable, say, say_json
from ghsync_core.cli.store import warn_half_synced
from ghsync_core.cli.summary import counted

if TYPE_CHECKING:
    from ghsync_core.diff import Diff, Side
    from ghsync_core.interfaces import Difference, Store
    from ghsync_core.models import Json
    from ghsync_core.places import Setup

_SHOWN: Final = 20
"""Changes of a view that are listed without ``-v``; in Markdown a few more, which are folded in."""
_IN_MARKDOWN: Final = 50
_LONGEST: Final = 80
_MARKS: Final = {"added": "+", "removed": "-", "changed": "~"}
_SINGULAR: Final = {"classes": "class", "properties": "property"}


@click.command("diff")
@click.argument("before", metavar="FROM")
@click.argument("after", required=False, metavar="[TO]")
@click.option("--source", metavar="SOURCE", help="Which source of the store.  [default: the only one]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    metavar="FORMAT",
    help="text, json, or markdown for a pull request.  [default: text]",
)
@options.to
@options.plugins
@options.config
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@options.verbose
def command(
    before: str,
    after: str | None,
    source: str | None,
    form: str,
    to: str | None,
    plugins: tuple[str, ...],
    config: str | None,
    as_json: bool,
    verbose: int,
) -> None:
    """Tell which facts are added, removed and changed from FROM to TO, and which links break.

    Each is a store (sqlite:PATH), a commit of the source as git names it (of a repository on GitHub its whole id), or a
    folder. Without TO: the store as it is. Commits and folders are read into a copy of the store, of which only what
    differs is new; the store itself is not changed.
    """
    from ghsync_core.diff import diff
    from ghsync_core.places import Setup

    configure_logs(verbose)
    setup = Setup(None if config is None else Path(config), {"to": to, "plugins": plugins})
    with ExitStack() as stack:
        sides, page = _sides(setup, before, after, source, stack)
        for side in sides:
            warn_half_synced(side.reader, [side.source])
        found = diff(*sides)
    if as_json or form == "json":
        say_json(found.to_json())
    elif form == "markdown":
        for line in markdown(found, sides, page):
            click.echo(line)
    else:
        for line in _text(found, None if verbose else _SHOWN):
            say(line)


def _sides(
    setup: Setup, before: str, after: str | None, source: str | None, stack: ExitStack
) -> tuple[tuple[Side, Side], str | None]:
    """The two states, and the page of the source's repository."""
    from ghsync_core import addresses
    from ghsync_core.diff import Side as OneSide
    from ghsync_core.permalinks import repository_page
    from ghsync_core.resources import Resources
    from ghsync_core.sides import Base, both, only_source

    open_store = partial(_open, setup)
    if after is None and _is_store(setup, before):
        after = _target(setup)
    urls = [each for each in (before, after) if each and _is_store(setup, each)]
    if len(urls) == 2:
        stores = [stack.enter_context(closing(open_store(url))) for url in urls]
        states = [only_source(store, source) for store in stores]
        first, second = (
            OneSide(stack.enter_context(closing(store.reader())), state.name, addresses.shown(url), state.commit)
            for store, state, url in zip(stores, states, urls, strict=True)
        )
        return (first, second), repository_page(states[1])
    store = stack.enter_context(closing(open_store(urls[0] if urls else _target(setup))))
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="ghsync-diff-"))
    resources = stack.enter_context(Resources("diff"))
    state = only_source(store, source)
    base = Base(store, state, setup, Path(folder), open_store, resources, stack)
    first, second = both(base, *(None if each in urls else each for each in (before, after)))
    return (first, second), repository_page(state)


def _is_store(setup: Setup, text: str) -> bool:
    scheme, colon, _ = text.partition(":")
    return bool(colon) and scheme in setup.registry.backends


def _target(setup: Setup) -> str:
    return setup.registry.target(setup.settings().to)


def _open(setup: Setup, url: str) -> Store:
    backend = setup.registry.backend_for(url)
    return backend.open(url, setup.settings().tables.get(backend.name, {}), create=False)


# --- in words ---


def summary(found: Diff) -> str:
    """``adds 12 classes, removes 1 edge; breaks 3 links``, or ``changes nothing``."""
    from ghsync_core.diff import WORDS

    parts = []
    for sort, verb in WORDS.items():
        counts = [
            counted(n, _one(view)) for (each, view), n in found.counts.items() if each == sort and view != "files"
        ]
        parts += [f"{verb} {', '.join(counts)}"] if counts else []
    parts += [f"breaks {counted(len(found.broken), 'link')}"] if found.broken else []
    parts += [f"mends {counted(len(found.mended), 'link')}"] if found.mended else []
    return "; ".join(parts) or "changes nothing in the graph"


def _text(found: Diff, most: int | None) -> Iterator[str]:
    yield f"{found.source}: {found.before} → {found.after}"
    yield summary(found)
    for title, lines in _sections(found):
        yield title
        yield from (f"  {line}" for line in lines[:most])
        if most is not None and len(lines) > most:
            yield f"  … and {len(lines) - most:,} more; -v lists them"
    if found.left_out:
        yield f"{counted(found.left_out, 'change')} more, which are only counted above"


def _sections(found: Diff) -> Iterator[tuple[str, list[str]]]:
    """What is listed under which title, in words."""
    for title, edges in (("links broken", found.broken), ("links mended", found.mended)):
        if edges:
            yield title, [f"{_at(edge)}{_edge(edge)}" for edge in edges]
    for view, changes in groupby(found.changes, lambda change: change.view):
        yield view, [f"{_MARKS[_sort(each)]} {_at(_row(each))}{_what(each)}" for each in changes]
    if found.moved:
        yield "moved", [f"{counted(found.moved, 'fact')} of which nothing but the line differs"]


def _sort(change: Difference) -> str:
    from ghsync_core.diff import sort_of

    return sort_of(change)


def _row(change: Difference) -> dict[str, Json]:
    return {"path": None if change.view == "files" else change.path, "line": change.line}  # a file is its own place


def _at(row: Mapping[str, Json]) -> str:
    if not row["path"]:
        return ""
    return f"{row['path']}:{row['line']}: " if row["line"] else f"{row['path']}: "


def _edge(edge: Mapping[str, Json]) -> str:
    return f"{edge['from_id']} –{edge['type']}→ {edge['to_id']}"


def _what(change: Difference) -> str:
    row = change.expected or change.stored or {}
    if _sort(change) == "changed":
        columns = (f"{each} {_cut(change.stored[each])} → {_cut(change.expected[each])}" for each in change.stored)
        return f"{change.fact}: {', '.join(columns)}"
    if change.view == "edges":
        return _edge(row)
    if change.view == "axioms":
        return str(row["text"])
    label, kind = row.get("label"), f" ({row['kind']})" if row.get("kind") else ""
    return f"{change.fact}{f' “{label}”' if label else ''}{kind}"


def _cut(value: Json) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _one(view: str) -> str:
    return _SINGULAR.get(view, view[:-1])


# --- for a pull request ---


def markdown(found: Diff, sides: tuple[Side, Side], page: str | None) -> Iterator[str]:
    """*found* for a pull request; *page* is that of the repository, for links to the lines."""
    yield f"### The graph of {_code(found.source)}\n"
    yield f"From {_code(found.before)} to {_code(found.after)}: **{summary(found)}**.\n"
    for title, rows in _linked(found, sides, page):
        yield f"<details{' open' if title == 'links broken' else ''}><summary>{title} ({len(rows):,})</summary>\n"
        yield from (f"- {row}" for row in rows[:_IN_MARKDOWN])
        if len(rows) > _IN_MARKDOWN:
            yield f"- … and {len(rows) - _IN_MARKDOWN:,} more"
        yield "\n</details>\n"
    if found.left_out:
        yield f"{counted(found.left_out, 'change')} more, which are only counted above.\n"


def _linked(found: Diff, sides: tuple[Side, Side], page: str | None) -> Iterator[tuple[str, list[str]]]:
    """As `_sections`, with a link to the line that each stands in: of what is removed, to where it stood."""
    old, new = (partial(_link, page, side.commit) for side in sides)
    for title, edges in (("links broken", found.broken), ("links mended", found.mended)):
        if edges:
            yield title, [f"{_code(_edge(edge))} {new(edge)}" for edge in edges]
    for view, changes in groupby(found.changes, lambda change: change.view):
        if view != "files":
            yield (
                view,
                [
                    f"{_sort(each)} {_code(_what(each))} {(old if each.expected is None else new)(_row(each))}"
                    for each in changes
                ],
            )


def _link(page: str | None, commit: str | None, row: Mapping[str, Json]) -> str:
    from ghsync_core.permalinks import permalink

    if not row["path"]:
        return ""
    place = _at(row)[:-2]
    address = permalink(page, commit, row["path"], row["line"])
    return f"([{_escaped(place)}]({address}))" if address else f"({_code(place)})"


def _code(text: str) -> str:
    """*text* as code, whatever it holds: the fence is longer than any row of backticks in it."""
    shown = printable(text)
    longest = max((len(run) for run in "".join(each if each == "`" else " " for each in shown).split()), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {shown} {fence}" if longest else f"`{shown}`"


def _escaped(text: str) -> str:
    return "".join(f"\\{each}" if each in r"\`*_[]<>()!#|" else each for each in printable(text))
