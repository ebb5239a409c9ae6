"""``ghsync explain``: how one file is read, and every fact that it gives; or why the store holds a node or a fact."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ghsync_core.cli import options
from ghsync_core.cli.output import configure_logs, say, say_json
from ghsync_core.cli.summary import at_commit

if TYPE_CHECKING:
    from ghsync_core.explain import Explanation
    from ghsync_core.file_job import Look
    from ghsync_core.models import Json

NODES: Final = "a node of the store is named by its id, as in `ghsync explain page:tomato`; --to takes any id"


@click.command("explain")
@click.argument("what", nargs=-1, required=True, metavar="PATH | ID | FROM TYPE TO")
@click.option(
    "--source",
    metavar="SOURCE",
    help="Where PATH lies.  [default: its git clone, or the folder here]  Of a node or a fact: only this source.",
)
@options.to
@options.plugins
@click.option("--only-public", is_flag=True, default=None, help="As with sync: only pages with the public marker.")
@options.config
@options.as_json
@options.verbose
def command(
    what: tuple[str, ...],
    source: str | None,
    to: str | None,
    plugins: tuple[str, ...],
    only_public: bool | None,
    config: str | None,
    as_json: bool,
    verbose: int,
) -> None:
    """Show how a file is read; or of a node or a fact in the store: who says it, and how its names were resolved.

    PATH is a file here, or with --source the path of one in that repository: how it is detected and read, and every
    fact that it gives, by line. No store is looked at or changed.

    ID is a node's, such as page:tomato; FROM TYPE TO is an edge: a node's id, the type, a node's id. Of these: every
    place that says it, the names that lead there, and what else those could have meant. What has a colon, and is no
    file here, is an ID; with --to everything is.
    """
    if len(what) not in (1, 3):
        raise click.UsageError("say one PATH, one ID, or FROM TYPE TO; quote what holds spaces")
    if len(what) == 1 and to is None and _is_file(what[0], source):
        _explain_file(what[0], source, plugins, only_public, config, as_json=as_json, verbose=verbose)
        return
    if only_public:
        raise click.UsageError("--only-public is for a file; the store holds what was synced")
    from ghsync_core.cli.explain_graph import explain_stored
    from ghsync_core.cli.store import opened
    from ghsync_core.errors import StoreMissing

    try:
        with opened(verbose, config, plugins, to=to) as (store, settings, _):
            explain_stored(store, settings, what, source, as_json=as_json, verbose=bool(verbose))
    except StoreMissing as error:
        if to is not None or len(what) > 1:
            raise
        raise StoreMissing(f"{what[0]!r} is no file here, and no node could be looked for: {error}") from None


def _is_file(what: str, source: str | None) -> bool:
    """Whether the one word is a path: it names a file here or in the folder *source*, or has no colon as ids do."""
    here = Path(what) if source is None else Path(source, what)
    return ":" not in what or os.path.lexists(here)


def _explain_file(
    path: str,
    source: str | None,
    plugins: tuple[str, ...],
    only_public: bool | None,
    config: str | None,
    *,
    as_json: bool,
    verbose: int,
) -> None:
    from ghsync_core.errors import UsageError
    from ghsync_core.settings import load_settings
    from ghsync_core.syncer import Syncer

    configure_logs(verbose)
    there = source is not None or os.path.lexists(path)
    if source is None:
        source, path = _place(Path(path))
    settings = load_settings({"plugins": plugins or None, "only_public": only_public}, config=config)
    try:
        found = Syncer(source, settings=settings).explain(path)
    except UsageError as error:
        if there:
            raise
        raise UsageError(f"{error}\n{NODES}") from None
    if as_json:
        say_json(_as_json(found))
        return
    for line in _lines(found):
        say(line)


def _place(path: Path) -> tuple[str, str]:
    """The source that the file at *path* belongs to, and its path there: its git clone, the folder here, or its own."""
    file = path.absolute().parent.resolve() / path.name
    here = Path.cwd().resolve()
    clone = next((folder for folder in file.parents if (folder / ".git").exists()), None)
    top = clone or (here if file.is_relative_to(here) else file.parent)
    return str(top), file.relative_to(top).as_posix()


def _lines(found: Explanation) -> Iterator[str]:
    vault = f"{found.vault.flavour} vault at {found.vault.root or 'the top'}" if found.vault.flavour else "in no vault"
    yield f"{found.file.path}, {found.file.size:,} bytes, {vault}"
    yield f"  of {at_commit(found.source, found.commit)}"
    if not found.included:
        yield "  include and exclude leave it out: a run would not read it"
    yield "detectors"
    for look in found.looks:
        yield f"  {look.detector.name} ({look.detector.kind}, priority {look.detector.priority}): {_verdict(look)}"
    yield from _outcome(found)
    for warning in found.warnings:
        yield f"  warning, line {warning.line or '?'}: {warning.message} [{warning.code}]"
    if found.facts:
        width = len(str(found.facts[-1].line or ""))
        yield "facts, by line"
        for fact in found.facts:
            yield f"  {fact.line or '':>{width}}  {fact.sort:<8}  {fact.text}"


def _verdict(look: Look) -> str:
    if look.by_path == "type":
        return "not mine, by its path"
    if look.by_path is not None:
        return f"no, by its path: {_reason(look.by_path)}"
    if look.by_content is None:
        return "not mine, by its content"
    if isinstance(look.by_content, str):
        return f"to be skipped, by its content: {_reason(look.by_content)}"
    return f"mine, for the parser {look.by_content.parser}" + (
        ", and nobody else's" if look.by_content.exclusive else ""
    )


def _outcome(found: Explanation) -> Iterator[str]:
    outcome = found.outcome
    if outcome is None or outcome.status == "skipped":
        yield f"skipped: {_reason(found.reason or 'type')}"
    elif outcome.failure is not None:
        failure = outcome.failure
        place = f", line {failure.line}" if failure.line else ""
        yield f"failed: {failure.stage}{place}: {failure.message} [{failure.reason}]"
    else:
        yield f"read as {outcome.kind} by {', '.join(found.parsers)}"


def _reason(reason: str) -> str:
    from ghsync_core.models import SKIP_REASONS

    return f"{SKIP_REASONS[reason]} [{reason}]" if reason in SKIP_REASONS else reason


def _as_json(found: Explanation) -> Json:
    outcome = found.outcome
    return {
        "source": found.source,
        "commit": found.commit,
        "path": found.file.path,
        "blob_id": found.file.blob_id,
        "size": found.file.size,
        "vault": {"root": found.vault.root, "flavour": found.vault.flavour} if found.vault.flavour else None,
        "included": found.included,
        "detectors": [_look_json(look) for look in found.looks],
        "status": outcome.status if outcome else "skipped",
        "kind": outcome.kind if outcome else None,
        "reason": found.reason,
        "error": asdict(outcome.failure) if outcome and outcome.failure else None,
        "parsers": list(found.parsers),
        "warnings": [asdict(warning) for warning in found.warnings],
        "facts": [asdict(fact) for fact in found.facts],
    }


def _look_json(look: Look) -> Json:
    claim = look.by_content if look.by_content is None or isinstance(look.by_content, str) else asdict(look.by_content)
    return {
        "name": look.detector.name,
        "kind": look.detector.kind,
        "priority": look.detector.priority,
        "by_path": look.by_path,
        "by_content": claim,
    }
