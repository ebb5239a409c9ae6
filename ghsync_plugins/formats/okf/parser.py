"""A file of a bundle: a concept with its type, sources, trust and relations; a listing, or a history."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from ghsync_core import Answer, Document, FileWarning, Name, Node, ParsedFile, Reference, names
from ghsync_plugins.formats.front_matter import Entry
from ghsync_plugins.formats.keys import camel_case
from ghsync_plugins.formats.links import PAGE_SUFFIXES, has_scheme, inside
from ghsync_plugins.formats.markdown.page import MarkdownPage
from ghsync_plugins.formats.markdown.properties import ALIAS_KEYS
from ghsync_plugins.formats.markdown.tags import KEYS as TAG_KEYS
from ghsync_plugins.formats.markdown.targets import alias_name
from ghsync_plugins.formats.okf.sources import SourceOf, cited, claims, listed, section
from ghsync_plugins.formats.okf.trust import trust_of
from ghsync_plugins.formats.okf.vault import INDEX, VERSION_KEY
from ghsync_plugins.formats.text import page_text

COMPUTATION: Final = "Attested Computation"
_NO_CONCEPTS: Final = (INDEX, "log.md")
_FIELDS: Final = {"computation": "", "executor": "resource", "attester": "resource"}
"""Keys that may lead to a concept, and where in their value the path stands."""

_OWN_KEYS: Final = frozenset(
    """
    type title description resource slug sources verified generated status stale_after timestamp runtime parameters
    computation executor attester
    """.split()
)


class OkfParser:
    """The `Parser` of what is in a bundle."""

    def parse(self, document: Document) -> ParsedFile:
        """The file's concept, or its page. Raises `ContentError` for a bad encoding."""
        page = MarkdownPage(document).read()
        if posixpath.basename(document.path) in _NO_CONCEPTS:
            return page.parsed(page.node(), *_index_warnings(page))
        if not page.matter.entries:
            message = "There is no front matter, so this is no concept; it is read as a plain page."
            return page.parsed(page.node(), FileWarning(1, "okf", message))
        return _Concept(page).parsed()


def _index_warnings(page: MarkdownPage) -> Iterator[FileWarning]:
    is_root = page.document.vault.inner(page.document.path) == INDEX
    rule = f"the bundle's {INDEX} has no key but {VERSION_KEY}" if is_root else "a listing or a history has no keys"
    for entry in page.matter.entries:
        if not (is_root and entry.key == VERSION_KEY):
            yield FileWarning(entry.line, "okf", f"{entry.key!r} means nothing here: {rule}.")
            return


class _Concept:
    """A concept while it is read."""

    def __init__(self, page: MarkdownPage) -> None:
        self.page, self.document, self.vault = page, page.document, page.document.vault
        self.entries = {entry.key: entry for entry in page.matter.entries}
        self.said = {key: entry.value for key, entry in self.entries.items()}
        self.text = page_text(self.document)

    def parsed(self) -> ParsedFile:
        """All that the file says."""
        sources = list(self._sources())
        counted = claims(sources, self.page.footnotes)
        for source in sources:
            about = {key: value for key, value in source.about.items() if isinstance(value, str | int | float)}
            about |= {"claims": counted[own]} if (own := str(source.about.get("id"))) in counted else {}
            self._edge(source.resource, "source", source.line, about)
        for key, path in _FIELDS.items():
            for text, line in self._texts(key, path):
                self._edge(text, key, line, {"key": key})
        if not has_scheme(str(self.said.get("resource") or "")):
            for text, line in self._texts("resource", ""):
                self._edge(text, "resource", line, {"key": "resource"})
        for entry in self.entries.values():
            self._relation(entry)
        return self.page.parsed(self._node(sources, counted), *self._warnings())

    def _node(self, sources: list[SourceOf], counted: dict[str, int]) -> Node:
        about = trust_of(self.said) | self._computation()
        about["concept_id"] = self.vault.inner(self.document.path).rpartition(".")[0]
        if sources:
            about["sources"] = [dict(source.about) for source in sources]
        if counted:
            about["claims"] = counted
        node = self.page.node("concept", **about)
        answers = (*node.answers, *self._answers())
        return replace(node, label=self.page.own.title, line=self._title_line(), answers=answers)

    def _title_line(self) -> int:
        entry = next((entry for entry in self.page.matter.entries if entry.key.lower() == "title"), None)
        return entry.line if entry else 1

    def _answers(self) -> Iterator[Answer]:
        """It also answers to the thing that it describes, and in the bundle to its title and slug."""
        resource = self.said.get("resource")
        if isinstance(resource, str) and has_scheme(resource):
            yield Answer(Name(names.SOURCE_SCOPE, resource), 1)
        for key in ("title", "slug"):
            for text, _ in self._texts(key, ""):
                yield Answer(alias_name(self.vault.root, text), 1)

    def _texts(self, key: str, path: str) -> list[tuple[str, int]]:
        """The texts at *path* in the value of *key*, each with its line; those of the value itself without a path."""
        entry = self.entries.get(key)
        if entry is None:
            return []
        return [field[1:] for field in entry.fields if field.path == path] if path else list(entry.texts)

    def _sources(self) -> Iterator[SourceOf]:
        if "sources" in self.entries:
            yield from listed(self.entries["sources"])
        else:
            yield from cited(self.text.text.split("\n"), self.page.headings, self.page.links)

    def _computation(self) -> dict[str, Any]:
        """The code under ``# Computation``, which is recorded and never run."""
        if self.said.get("type") != COMPUTATION or "computation" in self.said:
            return {}
        first, last = section(self.page.headings, "computation", self.text.text.count("\n") + 1)
        for fence in self.text.fences:
            if fence.closed and first < self.text.line(fence.start) <= last:
                return {"computation": {"language": fence.info, "code": fence.body(self.text.text)}}
        return {}

    def _relation(self, entry: Entry) -> None:
        """A list of nothing but IRIs and paths: an edge to each that some node answers to."""
        key = entry.key.lower()
        if not isinstance(entry.value, list) or key in _OWN_KEYS | ALIAS_KEYS | TAG_KEYS:
            return
        if all(_is_place(text) for text, _ in entry.texts) and len(entry.texts) == len(entry.value):
            for text, line in entry.texts:
                self._edge(text, camel_case(entry.key), line, {"key": entry.key})

    def _edge(self, place: str, kind: str, line: int, about: dict[str, Any]) -> None:
        """An edge to the concept at a path or of an IRI; there is none where no node answers to it."""
        target = self._reference(place.partition("#")[0] if not has_scheme(place) else place)
        if target:
            self.page.edges.add(self.page.own.id, target, kind, line, about)

    def _reference(self, place: str) -> Reference | None:
        if has_scheme(place):
            return Reference((Name(names.SOURCE_SCOPE, place),), None, place)
        path = inside(place, self.document.path, self.vault.root) if _is_place(place) else None
        return Reference(names.path_names(path), None, path) if path else None

    def _warnings(self) -> Iterator[FileWarning]:
        if not self.said.get("type"):
            yield FileWarning(2, "okf", "The concept has no 'type', which the format asks for.")
        if self.said.get("type") == COMPUTATION and not self.said.get("runtime"):
            yield FileWarning(self.entries["type"].line, "okf", "An attested computation needs a 'runtime'.")


def _is_place(text: str) -> bool:
    """Whether *text* is an IRI or a path: prose has spaces and no ``.md`` at its end."""
    if text.partition("#")[0].lower().endswith(PAGE_SUFFIXES):
        return True
    return has_scheme(text) and not any(character.isspace() for character in text)
