"""``ghsync export``: writes graphs down for other tools."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ghsync_core.cli import options
from ghsync_core.cli.output import complain
from ghsync_core.cli.store import opened, source_names, warn_half_synced
from ghsync_core.errors import GhsyncError, UsageError
from ghsync_core.log import get_logger, named

if TYPE_CHECKING:
    from ghsync_core.interfaces import Exporter, GraphReader

DEFAULT: Final = "turtle"


@click.command("export")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "--format",
    "form",
    metavar="FORMAT",
    help="turtle, nquads, jsonld, graphml or jsonl.  [default: by the suffix of FILE; turtle where it has none]",
)
@click.option("-o", "--output", metavar="FILE", help="Write to FILE, when all is there.  [default: stdout]")
@options.to
@options.plugins
@options.config
@options.verbose
def command(
    sources: tuple[str, ...],
    form: str | None,
    output: str | None,
    to: str | None,
    plugins: tuple[str, ...],
    config: str | None,
    verbose: int,
) -> None:
    """Write the graph of each SOURCE, or of all, in a format that other tools read.

    The same graph gives the same bytes. nquads has a graph for each file, so that it tells where each thing was said.
    """
    with opened(verbose, config, plugins, to=to) as found, closing(found.store.reader()) as reader:
        exporter = chosen(found.registry.exporters, form, output)
        names = source_names(found.store, reader, sources, found.settings)
        warn_half_synced(reader, names)
        if not names:
            complain("the store is empty, and so is what is written")
        _write(_texts(exporter, reader, sorted(names)), output)


def chosen(exporters: Mapping[str, Exporter], form: str | None, output: str | None) -> Exporter:
    """The exporter of that name, else for that file. Raises `UsageError`."""
    if form is None:
        form = _by_suffix(exporters, Path(output or "").suffix.lower())
    if form not in exporters:
        raise UsageError(f"there is no format {form!r}; there are {', '.join(exporters)}")
    return exporters[form]


def _by_suffix(exporters: Mapping[str, Exporter], suffix: str) -> str:
    if not suffix:
        return DEFAULT
    form = next((each.name for each in exporters.values() if suffix in each.suffixes), None)
    if form is None:
        known = ", ".join(known for each in exporters.values() for known in each.suffixes)
        raise UsageError(f"no format has the suffix {suffix!r} (there are {known}); say which one with --format")
    return form


def _texts(exporter: Exporter, reader: GraphReader, names: Sequence[str]) -> Iterator[str]:
    """What *exporter* writes. Whatever it raises is told under its name, since it may be a plugin's."""
    try:
        yield from exporter.texts(reader, names)
    except GhsyncError:
        raise
    except Exception as error:
        get_logger().info("an exporter raised an error", exporter=exporter.name, exc_info=True)
        raise GhsyncError(f"the exporter {exporter.name} raised {named(error)}; -v shows where") from error


def _write(texts: Iterable[str], output: str | None) -> None:
    if output is None:
        for text in texts:
            sys.stdout.write(text)
        sys.stdout.flush()
        return
    try:
        _write_file(texts, Path(output))
    except OSError as error:
        raise GhsyncError(f"{output} can't be written: {error.strerror}. Name another file with -o.") from error


def _write_file(texts: Iterable[str], path: Path) -> None:
    """All of *texts* into a file beside *path*, which then takes its place: nobody finds half of it there."""
    if not path.parent.is_dir() or path.is_dir():
        os.close(os.open(path, os.O_WRONLY))  # tells what is wrong
    if path.exists() and not path.is_file():  # a pipe or a device
        with path.open("w", encoding="utf-8", newline="\n") as stream:
            stream.writelines(texts)
        return
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(number, "w", encoding="utf-8", newline="\n") as stream:  # noqa: PTH123  # a number, not a path
            stream.writelines(texts)
        Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
