"""Parsers that are imported when the first file needs them: a run reads few formats, and most runs read no file."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from typing import Any

from ghsync_core import Document, ParsedFile


class LateParser:
    """The `Parser` called *name*: what *where*, such as ``package.module:Class``, makes of *arguments*.

    *version* is the parser's: it changes whenever the facts that a file gives may change.
    """

    def __init__(self, name: str, version: str, where: str, *arguments: str) -> None:
        self.name, self.version = name, version
        self._where, self._arguments = where, arguments

    @cached_property
    def _parser(self) -> Any:
        module, _, own = self._where.partition(":")
        return getattr(import_module(module), own)(*self._arguments)

    def parse(self, document: Document) -> ParsedFile:
        """All that *document* says. Raises `ContentError` where nothing of it can be saved."""
        facts: ParsedFile = self._parser.parse(document)
        return facts
