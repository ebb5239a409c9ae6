"""Every hook, used by a plugin and seen to work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from support.toy import ToyParser, ToyPlugin, rows, write_tree

from ghsync_core import (
    Claim,
    Document,
    FileRef,
    Finding,
    GraphReader,
    Node,
    ParsedFile,
    Setting,
    SourceGraph,
    SuffixDetector,
    Syncer,
    SyncStatistics,
    git_blob_id,
    hookimpl,
    hookspecs,
)
from ghsync_core.plugins import PluginHost
from ghsync_core.registry import Registry
from ghsync_plugins.backends.sqlite import SqliteBackend


class Plugin:
    """A plugin with the hooks that it is made with; each returns a list."""

    name = "mine"

    def __init__(self, **hooks: list[Any]) -> None:
        for hook, objects in hooks.items():
            setattr(self, hook, hookimpl(lambda objects=objects: objects))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_tree(tmp_path / "source", {"a.toy": "-> b", "notes/b.toy": "title b"})


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "graph.db"


def sync(place: object, database: Path, plugin: object, **settings: Any) -> SyncStatistics:
    plugins = [plugin, ToyPlugin()]
    return Syncer(str(place), to=f"sqlite:{database}", name="mine", plugins=plugins, settings=settings).run()


class Shelf:
    """A source, repository and snapshot in one: a single page."""

    name, priority, location, source = "shelf", 50, "shelf:", "shelf"
    commit = identity = None
    requests, memory = {}, {}
    files = (FileRef("only.toy", git_blob_id(b"-> elsewhere"), 12),)

    def accepts(self, location):
        return location == "shelf:"

    def open(self, location, context):
        return self

    def snapshot(self, known, *, conditional):
        return self

    def read(self, file):
        return b"-> elsewhere"

    def fetch(self, wanted):
        return ((file, None) for file in wanted)

    def cost(self, wanted):
        return 0

    def close(self):
        pass


def test_hook_register_sources(database: Path) -> None:
    assert sync("shelf:", database, Plugin(register_sources=[Shelf()])).kg_files_processed == 1
    assert [row["to_id"] for row in rows(database, "edges")] == ["page:elsewhere"]


class ToyVault:
    name, version = "toys", "1"

    def root(self, path):
        return path.removesuffix("/b.toy") if path.endswith("/b.toy") else None

    def governing(self, root):
        return [f"{root}/b.toy"]

    def configure(self, root, files):
        return {path: len(data) for path, data in files.items()}


class Telling:
    """A parser that tells in which vault a file lies, and what it was told."""

    name, version = "telling", "1"

    def parse(self, document: Document) -> ParsedFile:
        vault = document.vault
        told = {"flavour": vault.flavour, "config": dict(vault.config), "options": dict(document.options["mine"])}
        return ParsedFile((Node(f"told:{document.path}", "told", None, 1, told),))


TELLING = {
    "register_parsers": [Telling()],
    "register_detectors": [SuffixDetector("telling", (".toy",), "telling", priority=300)],
    "register_settings": [Setting("mine", "depth", int, 3, "how deep", reading=True)],
}


def told(database: Path) -> dict[str, str]:
    return {str(row["path"]): str(row["properties"]) for row in rows(database, "nodes") if row["kind"] == "told"}


def test_hook_register_vault_kinds(folder: Path, database: Path) -> None:
    sync(folder, database, Plugin(register_vault_kinds=[ToyVault()], **TELLING))
    assert '"flavour":"toys"' in told(database)["notes/b.toy"]
    assert '"config":{"notes/b.toy":7}' in told(database)["notes/b.toy"]
    assert '"flavour":""' in told(database)["a.toy"]


@dataclass
class Picky:
    name: str = "picky"
    version: str = "1"
    kind: str = "pickings"
    priority: int = 150

    def look(self, file, vault):
        return None if file.path.startswith("notes/") else "hidden"

    def claim(self, document):
        return Claim("toy", exclusive=True)


def test_hook_register_detectors(folder: Path, database: Path) -> None:
    sync(folder, database, Plugin(register_detectors=[Picky()]))
    kinds = {row["path"]: row["kind"] for row in rows(database, "files")}
    assert kinds == {"a.toy": "knowledge_graph", "notes/b.toy": "pickings"}


def test_hook_register_parsers(folder: Path, database: Path) -> None:
    other = ToyParser()
    other.name = "other"
    picky = SuffixDetector("other", (".md",), "other")
    sync(write_tree(folder, {"a.md": "-> b"}), database, Plugin(register_parsers=[other], register_detectors=[picky]))
    assert ("page:a.md", "page:b") in {(row["from_id"], row["to_id"]) for row in rows(database, "edges")}


def test_hook_register_backends(folder: Path, tmp_path: Path) -> None:
    class Beside(SqliteBackend):
        name, schemes = "beside", ("beside",)

        def open(self, url, options, *, create):
            return super().open(f"sqlite:{tmp_path / 'beside.db'}", options, create=create)

        def files(self, url):
            return []

    Syncer(folder, plugins=[Plugin(register_backends=[Beside()]), ToyPlugin()]).run()
    assert len(rows(tmp_path / "beside.db", "edges")) == 1


class Bell:
    name = "mine"

    def __init__(self):
        self.heard = []

    def configure(self, options):
        self.heard.append(("configure", options["depth"]))

    def progress(self, progress):
        self.heard.append(("progress", progress.phase))

    def finished(self, statistics):
        self.heard.append(("finished", statistics.status))


def test_hook_register_observers(folder: Path, database: Path) -> None:
    bell = Bell()
    plugin = Plugin(register_observers=[bell], register_settings=TELLING["register_settings"])
    sync(folder, database, plugin, mine={"depth": 7})
    assert (bell.heard[0], bell.heard[-1]) == (("configure", 7), ("finished", "complete"))
    assert ("progress", "settling") in bell.heard


def test_an_observer_that_can_t_be_configured_is_dropped_and_stops_nothing(folder: Path, database: Path) -> None:
    bell = Bell()
    assert sync(folder, database, Plugin(register_observers=[bell])).status == "complete"  # it has no setting depth
    assert bell.heard == []


def test_hook_register_commands() -> None:
    @click.command("count")
    def count() -> None:
        click.echo("7")

    [command] = Registry.of(PluginHost([Plugin(register_commands=[count])])).commands
    assert CliRunner().invoke(command).output == "7\n"


@dataclass(frozen=True)
class NoLinks:
    """A rule: each page should refer to another."""

    name: str = "no-links"
    level: str = "error"
    summary: str = "A page refers to nothing."

    def check(self, graph: SourceGraph) -> Iterator[Finding]:
        for node in graph.rows("nodes", kind="page"):
            if not any(graph.rows("edges", from_id=node["id"])):
                yield Finding(f"{node['label']} refers to nothing", path=node["path"], id=node["id"])


def test_hook_register_rules(folder: Path, database: Path) -> None:
    plugin = Plugin(register_rules=[NoLinks()])
    sync(folder, database, plugin)
    [rule] = [rule for rule in Registry.of(PluginHost([plugin])).rules if rule.name == "no-links"]
    with (
        closing(SqliteBackend().open(f"sqlite:{database}", {}, create=False)) as store,
        closing(store.reader()) as reader,
    ):
        found = list(rule.check(SourceGraph("mine", reader, {}, date(2026, 1, 1))))
    assert [(each.message, each.path) for each in found] == [("b refers to nothing", "notes/b.toy")]


class Labels:
    """An exporter: the label of each node, a line each."""

    name = "labels"
    suffixes = (".labels",)

    def texts(self, reader: GraphReader, sources: Sequence[str]) -> Iterator[str]:
        for source in sources:
            for node in reader.rows("nodes", source, ordered=True):
                yield f"{node['label']}\n"


def test_hook_register_exporters(folder: Path, database: Path) -> None:
    plugin = Plugin(register_exporters=[Labels()])
    sync(folder, database, plugin)
    exporter = Registry.of(PluginHost([plugin])).exporters["labels"]
    with (
        closing(SqliteBackend().open(f"sqlite:{database}", {}, create=False)) as store,
        closing(store.reader()) as reader,
    ):
        assert "".join(exporter.texts(reader, ["mine"])) == "a\nb\n"


def test_hook_register_settings(folder: Path, database: Path) -> None:
    plugin = Plugin(**TELLING)
    sync(folder, database, plugin)
    assert '"options":{"depth":3}' in told(database)["a.toy"]
    again = sync(folder, database, plugin, mine={"depth": 4})
    assert (again.kg_files_processed + again.other_files_processed, again.unchanged_files) == (2, 0)
    assert '"options":{"depth":4}' in told(database)["a.toy"]


def test_every_hook_is_tested_here() -> None:
    hooks = {name for name in vars(hookspecs) if name.startswith("register_")}
    tested = {name.removeprefix("test_hook_") for name in globals() if name.startswith("test_hook_")}
    assert tested == hooks
