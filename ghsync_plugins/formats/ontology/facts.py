"""Collects what one file says of its ontology."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from ghsync_core import (
    Answer,
    Axiom,
    Document,
    FileWarning,
    Name,
    Node,
    OwlClass,
    OwlProperty,
    Reference,
    names,
)
from ghsync_plugins.formats import page_files, pages
from ghsync_plugins.formats.edges import Edges
from ghsync_plugins.formats.logseq import titles
from ghsync_plugins.formats.markdown.targets import Targets, base_name

_NONE: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(slots=True)
class Facts:
    """The facts of one file while it is read. ``page`` is the page that stands in it."""

    document: Document
    page: pages.PageName
    nodes: list[Node] = field(default_factory=list)
    classes: list[OwlClass] = field(default_factory=list)
    properties: list[OwlProperty] = field(default_factory=list)
    axioms: list[Axiom] = field(default_factory=list)
    edges: Edges = field(default_factory=Edges)
    warnings: list[FileWarning] = field(default_factory=list)

    def warn(self, line: int, code: str, message: str) -> None:
        """Report a part that was left out."""
        self.warnings.append(FileWarning(line, code, message))

    def defines(self, iri: str, line: int) -> None:
        """The page defines what has this IRI; a page that isn't kept defines nothing."""
        if pages.is_kept(self.document):
            self.edges.add(self.page.id, iri, "defines", line)

    def mention(self, iri: str, label: str | None, line: int) -> None:
        """A class that this file only mentions."""
        self.classes.append(OwlClass(iri, label, line=line, declared=False))

    def subclass(self, iri: str, parent: str | Reference, line: int, annotations: Mapping[str, Any] = _NONE) -> None:
        """The class is a kind of *parent*."""
        self.axioms.append(Axiom("SubClassOf", (f"<{iri}>", argument(parent)), line, annotations))

    def target(self, title: str) -> Reference | None:
        """What an ontology means by a page's title: the class of that page, else the page."""
        page = self.page_reference(title)
        if page is None:
            return None
        vault = self.document.vault
        named = title if self._in_logseq() else base_name(vault.root, page.text or title)[1]
        key = titles.page_key(named, titles.title_format(vault))
        return page._replace(names=(Name(names.class_scope(vault.root), key), *page.names))

    def page_reference(self, title: str) -> Reference | None:
        """The page that ``[[title]]`` leads to, by the rules of the page that it stands on."""
        if self._in_logseq():
            vault = self.document.vault
            return titles.page_reference(vault.root, title, titles.title_format(vault))
        target = self.document.once(Targets, Targets).wikilink(title)
        return target.note if target else None

    def _in_logseq(self) -> bool:
        return pages.flavour(self.document) == page_files.LOGSEQ

    def answers(self, term: str | None) -> tuple[Answer, ...]:
        """What this file's next class answers to: its *term*, and for the first class the page's title and aliases."""
        scope = names.class_scope(self.document.vault.root)
        form = titles.title_format(self.document.vault)
        own = () if any(item.declared for item in self.classes) else pages.title_answers(scope, self.page, form)
        key = titles.page_key(term, form) if term else ""
        if not key or any(answer.name.text == key for answer in own):
            return own
        return (*own, Answer(Name(scope, key), 1))


def argument(end: str | Reference) -> str | Reference:
    """An end as an axiom writes it: an IRI in ``<>``, or a reference."""
    return f"<{end}>" if isinstance(end, str) else end


@lru_cache(maxsize=8192)
def iri_reference(iri: str, label: str) -> Reference:
    """A reference to what has this IRI, with the label that it is mentioned by."""
    return Reference((Name(names.SOURCE_SCOPE, iri),), iri, label)
