"""A toy format and ways to look at a store: what the engine is tested with, whatever real formats do.

A ``.toy`` file is read line by line: ``title T``, ``alias A``, ``-> P`` (a link to the page titled P), ``tag T``,
``class IRI`` (declared, named by the page's title), ``sub IRI P`` (SubClassOf, the parent named as a class or page),
``same IRI IRI``, ``property IRI``, ``domain IRI P`` (of a property, P a class or page), ``set KEY VALUE``, ``warn``,
and words that make trouble: ``bad``, ``crash``, ``deep``, ``memory``, ``exit``, ``nan``, ``surrogate``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from ghsync_core import (
    Answer,
    Axiom,
    Document,
    Edge,
    FileWarning,
    Name,
    Node,
    OwlClass,
    OwlProperty,
    ParsedFile,
    Reference,
    SuffixDetector,
    Syncer,
    SyncStatistics,
    hookimpl,
    names,
)
from ghsync_core import ContentError as Bad

VIEWS = ("nodes", "edges", "classes", "properties", "axioms")


def _deep() -> None:
    _deep()


def _trouble(word: str) -> None:
    if word == "bad":
        raise Bad("a bad word", reason="syntax", line=1)
    if word == "crash":
        raise ZeroDivisionError("crash")
    if word == "deep":
        _deep()
    if word == "memory":
        raise MemoryError
    if word == "exit":
        raise SystemExit(7)


class ToyParser:
    name = "toy"
    version = "1"

    def parse(self, document: Document) -> ParsedFile:
        stem = document.path.rpartition("/")[2].removesuffix(".toy")
        lines = [line.partition(" ") for line in document.text.splitlines()]
        title = next((rest for word, _, rest in lines if word == "title"), stem)
        scope = names.vault_scope("")
        page = f"page:{names.fold(title)}"
        answers = [Answer(Name(scope, names.fold(title))), *names.path_answers(document.path)]
        properties: dict[str, object] = {}
        edges, classes, owl_properties, axioms, warnings, tags = [], [], [], [], [], []
        for number, (word, _, rest) in enumerate(lines, 1):
            _trouble(word)
            if word == "alias":
                answers.append(Answer(Name(scope, names.fold(rest)), rank=1))
            elif word == "->":
                edges.append(Edge(page, _page(rest), "link", number))
            elif word == "tag":
                tags.append(Node(f"tag:{names.fold(rest)}", "tag", rest, number, declared=False))
                edges.append(Edge(page, f"tag:{names.fold(rest)}", "tag", number))
            elif word == "class":
                named = Answer(Name(names.class_scope(""), names.fold(title)))
                classes.append(OwlClass(rest, title, f"about {title}", number, {"from": [stem]}, (named,)))
            elif word == "sub":
                iri, _, parent = rest.partition(" ")
                axioms.append(Axiom("SubClassOf", (f"<{iri}>", _class(parent)), number, {"in": [stem]}))
            elif word == "same":
                axioms.append(Axiom("EquivalentClasses", tuple(f"<{iri}>" for iri in rest.split()), number))
            elif word == "property":
                owl_properties.append(OwlProperty(rest, "object", title, number))
            elif word == "domain":
                iri, _, name = rest.partition(" ")
                axioms.append(Axiom("ObjectPropertyDomain", (f"<{iri}>", _class(name)), number))
            elif word == "set":
                key, _, value = rest.partition(" ")
                properties[key] = value
            elif word == "warn":
                warnings.append(FileWarning(number, "toy", "a warning"))
            elif word in ("nan", "surrogate"):
                properties[word] = float("nan") if word == "nan" else "\ud800"
        node = Node(page, "page", title, 1, properties, tuple(answers))
        owl = (tuple(classes), tuple(owl_properties), tuple(axioms))
        return ParsedFile((node, *tags), tuple(edges), *owl, tuple(warnings))


def _page(text: str) -> Reference:
    key = names.fold(text)
    return Reference((Name(names.vault_scope(""), key),), f"page:{key}", text)


def _class(text: str) -> Reference:
    key = names.fold(text)
    return Reference((Name(names.class_scope(""), key), Name(names.vault_scope(""), key)), f"page:{key}", text)


class ToyPlugin:
    """Give this to ``Syncer(plugins=[...])``."""

    name = "toy"

    @hookimpl
    def register_detectors(self):
        return [SuffixDetector("toy", (".toy",), parser="toy", kind="knowledge_graph")]

    @hookimpl
    def register_parsers(self):
        return [ToyParser()]


def write_tree(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Make *folder* hold exactly *files* (its dot files aside)."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file() and path.relative_to(folder).as_posix() not in files:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def sync(folder: Path, database: Path, **options: object) -> SyncStatistics:
    """One sync of *folder* with the toy format."""
    plugins = [*options.pop("plugins", ()), ToyPlugin()]
    return Syncer(folder, to=f"sqlite:{database}", plugins=plugins, **options).run()


def rows(database: Path, view: str) -> list[dict[str, object]]:
    """The rows of one view, sorted."""
    connection = sqlite3.connect(database)
    try:
        connection.row_factory = sqlite3.Row
        return sorted((dict(row) for row in connection.execute(f"SELECT * FROM {view}")), key=repr)
    finally:
        connection.close()


def graph(database: Path) -> dict[str, list[dict[str, object]]]:
    """The five views that depend on the commit and the settings alone, without the source's name."""
    return {view: [{**row, "source": None} for row in rows(database, view)] for view in VIEWS}
