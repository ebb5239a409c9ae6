"""What is imported before the first file is read: nothing that only files need."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ghsync_core import ContentError, Document, FileRef, ParsedFile
from ghsync_core.plugins import PluginHost
from ghsync_core.registry import Registry

REGISTRY = Registry.of(PluginHost())
OF_FILES = """
yaml pyromark pyoxigraph pyhornedowl requests rich structlog ghsync_plugins.formats.pages
ghsync_plugins.formats.front_matter ghsync_plugins.formats.text ghsync_plugins.formats.functional.canonical
ghsync_plugins.formats.rdf.reading
""".split()


def test_what_only_files_need_is_not_imported_at_the_start() -> None:
    code = (
        "import sys, ghsync_core.cli.main; from ghsync_core.plugins import PluginHost; "
        "from ghsync_core.registry import Registry; Registry.of(PluginHost()); print(*sys.modules)"
    )
    imported = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "ghsync_plugins.formats.rdf" in imported
    assert not {*OF_FILES} & {*imported}


@pytest.mark.parametrize("name", REGISTRY.parsers)
def test_each_parser_is_there_when_a_file_needs_it(name: str) -> None:
    parser = REGISTRY.parsers[name]
    if name in ("owl-xml", "manchester", "obo"):
        pytest.importorskip("pyhornedowl")
    try:
        facts = parser.parse(Document(FileRef("a.txt", "0" * 40, 0), b""))
    except ContentError:
        return
    assert isinstance(facts, ParsedFile)
