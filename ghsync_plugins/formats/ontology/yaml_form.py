"""Pages whose front matter says that they are a class, a property or an individual: ``type: Class``.

Its other keys mean what the lines of an OntologyBlock do, so they are read as such lines. The first paragraph of the
page is the definition.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ghsync_core import Answer, Axiom, Document, Name, Node, names
from ghsync_plugins.formats import pages
from ghsync_plugins.formats.front_matter import Entry, front_matter
from ghsync_plugins.formats.iri import Names
from ghsync_plugins.formats.keys import camel_case, fold_key
from ghsync_plugins.formats.ontology.classes import add_class, link_title
from ghsync_plugins.formats.ontology.entity import LINK, Entity, Line
from ghsync_plugins.formats.ontology.facts import Facts, argument
from ghsync_plugins.formats.ontology.properties import add_property
from ghsync_plugins.formats.text import page_text
from ghsync_plugins.formats.yaml_kind import yaml_kind

_SPACES: Final = {"class": "urn:ngm:class:", "unknown": "urn:ngm:property:", "individual": "urn:ngm:individual:"}
_OF_PAGE: Final = frozenset(
    {"type", "title", "resource", "public", "links", "alias", "aliases", "tag", "tags", "cssclasses"}
)
"""Keys that say nothing of the class besides what is read of them here."""

_TYPES: Final = frozenset({"is-a", "instance-of", "instanceof"})
_PARAGRAPH = re.compile(
    r"\s*+(?:^(?:#{1,6}[ \t][^\n]*+|[ \t]*+)(?:\n|\Z))*+(?P<text>[^\n]++(?:\n(?![ \t]*+(?:\n|\Z|#))[^\n]++)*+)",
    re.MULTILINE,
)
_NO_PROSE: Final = ("```", "~~~", "- ", "* ", "|", ">", "<", "![", "---")
_NOT_IN_SLUG = re.compile(r"[^\w]+")


def add_yaml_form(facts: Facts, document: Document, iris: Names) -> None:
    """Add what the front matter says of a class, property or individual to *facts*."""
    kind = yaml_kind(document)
    if kind is None:
        return
    title, line = next(iter(_texts(document, "title")), (facts.page.title, 1))
    slug = next((text for text, _ in _texts(document, "slug")), _slug(title))
    iri = next((text for text, _ in _texts(document, "resource") if ":" in text), _SPACES[kind] + slug)
    lines = [Line("title", "label", title, line), *_definition(document), *_lines(document)]
    if kind == "individual":
        _add_individual(facts, iri, title, line, lines)
    else:
        entity = Entity(kind, iri, line, lines)
        (add_class if kind == "class" else add_property)(facts, entity, iris)
    _answer(facts, iri, slug)
    _add_links(facts, document)


def _texts(document: Document, key: str) -> Iterator[tuple[str, int]]:
    for entry in front_matter(document).entries:
        if fold_key(entry.key) == key:
            yield from ((text.strip(), line) for text, line in entry.texts if text.strip())


def _slug(title: str) -> str:
    return _NOT_IN_SLUG.sub("-", title.lower()).strip("-")


def _definition(document: Document) -> Iterator[Line]:
    """The first paragraph, unless the page begins with something else."""
    page, start = page_text(document), front_matter(document).end
    found = _PARAGRAPH.match(page.text, start)
    if found and not found["text"].lstrip().startswith(_NO_PROSE):
        text = " ".join(found["text"].split())
        yield Line("definition", "definition", text, page.line(found.start("text")))


def _lines(document: Document) -> Iterator[Line]:
    """Each scalar of the other keys as a line of its own."""
    for entry in front_matter(document).entries:
        if fold_key(entry.key) not in _OF_PAGE:
            yield from _values(entry)


def _values(entry: Entry) -> Iterator[Line]:
    for text, line in entry.texts:
        if text.strip():
            yield Line(entry.key, fold_key(entry.key), text.strip(), line)


def _add_individual(facts: Facts, iri: str, title: str, number: int, lines: list[Line]) -> None:
    properties: dict[str, list[str]] = {}
    for line in lines[1:]:
        targets = [target for link in LINK.findall(line.value) if (target := facts.target(link_title(link)))]
        for target in targets:
            if line.folded in _TYPES:
                facts.axioms.append(Axiom("ClassAssertion", (argument(target), f"<{iri}>"), line.number))
            else:
                facts.edges.add(iri, target, camel_case(line.key), line.number, {"key": line.key})
        if not targets:
            properties.setdefault(line.key, []).append(line.value)
    said = {key: values[0] if len(values) == 1 else values for key, values in properties.items()}
    facts.nodes.append(Node(iri, "individual", title, number, said, facts.answers(None)))
    facts.defines(iri, number)


def _answer(facts: Facts, iri: str, slug: str) -> None:
    """The class answers to its slug and to the page's path too."""
    document = facts.document
    scope = names.class_scope(document.vault.root)
    path = posixpath.splitext(document.vault.inner(document.path))[0]
    more = tuple(Answer(Name(scope, names.fold(text)), 1) for text in dict.fromkeys((slug, path)))
    for index, item in enumerate(facts.classes):
        if item.iri == iri and item.declared:
            facts.classes[index] = replace(item, answers=tuple(dict.fromkeys((*item.answers, *more))))


def _add_links(facts: Facts, document: Document) -> None:
    """Curated links are links of the page, as those in its text are."""
    if not pages.is_kept(document):
        return
    for text, line in _texts(document, "links"):
        for link in LINK.findall(text):
            if target := facts.page_reference(link_title(link)):
                facts.edges.add(facts.page.id, target, "link", line)
