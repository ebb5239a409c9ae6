"""Files as parsers leave them, made by hand: short to write in a test, and rich enough to go wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ghsync_core import names
from ghsync_core.facts import join
from ghsync_core.models import (
    KNOWLEDGE_GRAPH,
    Answer,
    Axiom,
    Edge,
    End,
    FileFailure,
    FileRef,
    FileResult,
    FileWarning,
    Name,
    Node,
    OwlClass,
    OwlProperty,
    ParsedFile,
    Reference,
    git_blob_id,
)

VAULT = names.vault_scope("")
CLASSES = names.class_scope("")
FINGERPRINT = "as the suite reads"


def to(title: str, *, stub: bool = True) -> Reference:
    """A link to the page of that title; without *stub* there is no edge where no page answers."""
    key = names.fold(title)
    return Reference((Name(VAULT, key),), f"page:{key}" if stub else None, title)


def to_note(path: str, folder: str = "") -> Reference:
    """A link to a note by its path or base name, from within *folder*."""
    key = names.fold(path)
    asked = (*names.path_names(f"{path}.md"), Name(VAULT, key.rpartition("/")[2]))
    return Reference(asked, f"page:{key}", path, key, names.fold(folder))


def to_class(title: str) -> Reference:
    """A class by the title of its page, else a page."""
    key = names.fold(title)
    return Reference((Name(CLASSES, key), Name(VAULT, key)), f"page:{key}", title)


def page(
    title: str,
    path: str,
    links: Sequence[End] = (),
    *,
    aliases: Sequence[str] = (),
    tags: Sequence[str] = (),
    properties: Mapping[str, Any] | None = None,
) -> ParsedFile:
    """What a page of that *title* at *path* says: links, one a line from line 2, and tags, which it only mentions."""
    key = names.fold(title)
    id_ = f"page:{key}"
    stem = names.fold(path.removesuffix(".md"))
    answers = (
        Answer(Name(VAULT, key)),
        *names.path_answers(path),
        Answer(Name(VAULT, stem.rpartition("/")[2]), 0, stem),
        *(Answer(Name(VAULT, names.fold(alias)), 1) for alias in aliases),
    )
    node = Node(id_, "page", title, 1, properties or {}, answers)
    mentioned = tuple(Node(f"tag:{names.fold(tag)}", "tag", tag, declared=False) for tag in tags)
    edges = [Edge(id_, target, "link", line) for line, target in enumerate(links, 2)]
    edges += [Edge(id_, tag.id, "tag", 1) for tag in mentioned]
    return ParsedFile((node, *mentioned), tuple(edges))


def ontology(title: str, iri: str, *parents: End, comment: str | None = None, by: str = "") -> ParsedFile:
    """What defines a class that answers to *title*: it, what it is a subclass of, and a property of it."""
    named = (Answer(Name(CLASSES, names.fold(title))),)
    owl = OwlClass(iri, title, comment, 1, {"by": [by]} if by else {}, named)
    about = OwlProperty(f"{iri}.about", "object", f"about {title}", 2, (iri,), (), ("FunctionalObjectProperty",))
    axioms = tuple(Axiom("SubClassOf", (f"<{iri}>", parent), 3, {"by": [by]} if by else {}) for parent in parents)
    return ParsedFile(classes=(owl,), properties=(about,), axioms=axioms)


def warned(message: str) -> ParsedFile:
    """Nothing but a warning."""
    return ParsedFile(warnings=(FileWarning(1, "sample", message),))


def stored(path: str, *parts: ParsedFile, kind: str = KNOWLEDGE_GRAPH) -> FileResult:
    """The file at *path*, which says all that *parts* say."""
    facts = join(parts)
    return FileResult(_ref(path, repr(facts)), "stored", FINGERPRINT, kind=kind, facts=facts)


def skipped(path: str, reason: str = "size") -> FileResult:
    """The file at *path*, not read."""
    return FileResult(_ref(path, reason), "skipped", FINGERPRINT, reason=reason)


def failed(path: str, reason: str = "syntax", message: str = "no sense in it") -> FileResult:
    """The file at *path*, not understood."""
    failure = FileFailure(path, "parse", message, reason, 3)
    return FileResult(_ref(path, message), "failed", FINGERPRINT, reason=reason, failure=failure)


def _ref(path: str, content: str) -> FileRef:
    data = content.encode("utf-8", "backslashreplace")
    return FileRef(path, git_blob_id(data), len(data))


GARDEN = (
    stored(
        "pages/Tomato.md",
        page(
            "Tomato", "pages/Tomato.md", [to("Basil"), to("Compost"), to("basil")], tags=["Red"], aliases=["Pomodoro"]
        ),
        ontology("Tomato", "urn:x:Tomato", to_class("Vegetable"), "<urn:x:Plant>", comment="red", by="tomato"),
    ),
    stored(
        "pages/Basil.md", page("Basil", "pages/Basil.md", [to("pomodoro"), to("Nowhere", stub=False)], tags=["red"])
    ),
    stored("pages/Vegetable.md", page("Vegetable", "pages/Vegetable.md"), ontology("Vegetable", "urn:x:Vegetable")),
    stored("a/note.md", page("note", "a/note.md", [to_note("b/note"), to_note("note", "a")])),
    stored("b/note.md", page("b note", "b/note.md", [to_note("note", "b"), "urn:x:Unheard", "urn:x:Tomato"])),
    stored("c.md", warned("an odd line"), page("C", "c.md", properties={"k": [1, None, {"z": "ä", "a": True}]})),
    skipped("big.md"),
    failed("broken.md"),
)
"""A small graph with stubs, aliases, base names, classes, a file not read and one not understood."""
