"""Every hook, and when it is called.

A plugin is a module or an object with functions marked ``@hookimpl``. All hooks are called once, in the thread that
makes the `Syncer`, before any file is read; each returns small named objects and must not do any work of its own.
Worker threads never call a hook: what was registered is sorted and frozen first, so the order in which plugins are
loaded decides nothing. Of two plugins that bring objects of one sort and one name, the second is listed as broken.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    import click

    from ghsync_core.interfaces import Backend, Detector, Exporter, Parser, Rule, Setting, Source, VaultKind
    from ghsync_core.progress import Observer

PROJECT = "ghsync"

API_VERSION = 1
"""Counts up when a plugin that was right before no longer is. A plugin declares the one that it is written for by an
attribute ``ghsync_api``; without it, it is taken for one that fits."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def register_sources() -> Iterable[Source]:
    """Kinds of places that files come from. They are asked in the order (−priority, name); the first that accepts is
    taken. GitHub takes any https address, and has priority 0.

    Example::

        @hookimpl
        def register_sources():
            return [GitLab()]
    """
    return ()


@hookspec
def register_vault_kinds() -> Iterable[VaultKind]:
    """Flavours of vault: which paths mark one, and which files govern it.

    Example::

        @hookimpl
        def register_vault_kinds():
            return [LogseqVault()]
    """
    return ()


@hookspec
def register_detectors() -> Iterable[Detector]:
    """Detectors of kinds of files. They look in the order (−priority, name): 200 for ontologies, 100 for pages, 50
    for anyone else.

    Example::

        @hookimpl
        def register_detectors():
            return [SuffixDetector("csv", (".csv",), parser="csv")]
    """
    return ()


@hookspec
def register_parsers() -> Iterable[Parser]:
    """Parsers, which detectors name in their claims.

    Example::

        @hookimpl
        def register_parsers():
            return [CsvParser()]
    """
    return ()


@hookspec
def register_backends() -> Iterable[Backend]:
    """Kinds of stores, chosen by the scheme of ``--to``.

    Example::

        @hookimpl
        def register_backends():
            return [DuckDb()]
    """
    return ()


@hookspec
def register_observers() -> Iterable[Observer]:
    """Observers of every run, beside the caller's own ``on_progress``.

    Example::

        @hookimpl
        def register_observers():
            return [Webhook()]
    """
    return ()


@hookspec
def register_commands() -> Iterable[click.Command]:
    """Commands of the ``ghsync`` command line. A name that is taken is refused.

    Example::

        @hookimpl
        def register_commands():
            return [count_command]
    """
    return ()


@hookspec
def register_rules() -> Iterable[Rule]:
    """Rules of ``ghsync check``. Each gets a setting of its name in the table ``check``, which holds its level.

    Example::

        @hookimpl
        def register_rules():
            return [NoComment()]
    """
    return ()


@hookspec
def register_exporters() -> Iterable[Exporter]:
    """Formats that ``ghsync export`` writes.

    Example::

        @hookimpl
        def register_exporters():
            return [Gexf()]
    """
    return ()


@hookspec
def register_settings() -> Iterable[Setting]:
    """Settings that the plugin reads from its table in ghsync.toml; any other key there is an error for the user.

    Example::

        @hookimpl
        def register_settings():
            return [Setting("csv", "delimiter", str, ",", "what stands between two cells", reading=True)]
    """
    return ()
