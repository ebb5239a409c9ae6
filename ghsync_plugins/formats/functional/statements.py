"""Reads a text of functional syntax statement by statement, so that one that can't be read costs itself alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from ghsync_core import FileWarning, axioms
from ghsync_plugins.formats.functional.canonical import Canonical, Mention, Unreadable
from ghsync_plugins.formats.functional.forms import ONTOLOGY, Broken, Form, Item, forms
from ghsync_plugins.formats.functional.grammar import (
    ANNOTATION,
    AXIOMS,
    DECLARATION,
    ENTITIES,
    IMPORT,
    PREFIX,
    RULE,
    Shape,
)

MAX_WARNINGS: Final = 100
"""How many warnings one text may give; what is beyond them is counted."""

_ASSERTION: Final = "AnnotationAssertion"
_WITH_VALUE: Final = frozenset({_ASSERTION, "DataPropertyAssertion"})


class Statement(NamedTuple):
    """An axiom in canonical text; or, by their keywords, a declaration, an ontology and its imports and annotations.

    ``arguments`` of a declaration are the kind and the name. ``value`` is the last argument as JSON, where that is the
    value of an annotation or of a data property.
    """

    kind: str
    arguments: tuple[str, ...]
    line: int
    annotations: dict[str, list[Any]]
    mentions: tuple[Mention, ...] = ()
    value: Any = None


class Unclosed(NamedTuple):
    """The line of something that nothing closes, so that the rest of the text is lost; and what that is."""

    line: int
    why: str


def statements(text: str, first_line: int, canonical: Canonical) -> Iterator[Statement | FileWarning | Unclosed]:
    """What *text* says, which begins at *first_line* of its file; and what can't be read of it."""
    line, counted, lisp, warnings = first_line, 0, False, 0
    for form in forms(text):
        if form.start < counted:  # an Ontology( that nothing closes is told last
            line, counted = first_line, 0
        line += text.count("\n", counted, form.start)
        counted = form.start
        if isinstance(form, Broken) and form.open:
            yield Unclosed(line, form.why)
            continue
        if isinstance(form, Form) and form.lisp and not lisp:
            lisp = True
            yield FileWarning(line, "owl-lisp", "This OWL is written as Lisp lists; it is read as Keyword(…).")
        for said in _read(form, line, canonical):
            warnings += isinstance(said, FileWarning)
            if warnings <= MAX_WARNINGS or not isinstance(said, FileWarning):
                yield said
    if warnings > MAX_WARNINGS:
        yield FileWarning(line, "owl-syntax", f"And {warnings - MAX_WARNINGS} more that can't be read.")


def _read(form: Form | Broken, line: int, canonical: Canonical) -> Iterator[Statement | FileWarning]:
    if isinstance(form, Broken):
        yield FileWarning(line, "owl-syntax", f"Left out: {form.why}.")
        return
    canonical.line = line
    canonical.mentions = []
    try:
        yield from _understood(form, line, canonical)
    except Unreadable as trouble:
        yield FileWarning(line, "owl-syntax", f"{_named(form)} was left out: {trouble}.")


def _understood(form: Form, line: int, canonical: Canonical) -> Iterator[Statement | FileWarning]:
    if form.head in AXIOMS:
        yield _axiom(form, line, canonical)
    elif form.head == DECLARATION:
        yield _declaration(form, line, canonical)
    elif form.head == ANNOTATION and len(_own(form)) == 3:
        message = "An Annotation( with three arguments is no axiom; it is read as an AnnotationAssertion(."
        yield _axiom(Form(_ASSERTION, form.start, form.items), line, canonical)
        yield FileWarning(line, "owl-annotation", message)
    elif form.head == ANNOTATION:
        pair = tuple(canonical.arguments(form, _PAIR))
        yield Statement(ANNOTATION, pair, line, {}, tuple(canonical.mentions), canonical.value(form.items[-1]))
    elif form.head in (IMPORT, ONTOLOGY):
        names = tuple(canonical.name(item) for item in form.items if isinstance(item, str))
        yield Statement(form.head, names, line, {})
    elif form.head == RULE:
        yield Statement(RULE, tuple(map(canonical.plain, form.items)), line, {})
    elif form.head != PREFIX:
        raise Unreadable("that is no keyword of OWL")


_PAIR: Final = Shape(("annotation", "value"))


def _axiom(form: Form, line: int, canonical: Canonical) -> Statement:
    arguments = axioms.canonical_arguments(form.head, canonical.arguments(form, AXIOMS[form.head]))
    if form.head in axioms.UNORDERED and len(arguments) < 2:
        raise Unreadable("it needs two different operands")
    annotations = canonical.annotations(form)
    value = canonical.value(form.items[-1]) if form.head in _WITH_VALUE else None
    return Statement(form.head, arguments, line, annotations, tuple(canonical.mentions), value)


def _declaration(form: Form, line: int, canonical: Canonical) -> Statement:
    (entity,) = _own(form) if len(_own(form)) == 1 else (None,)
    if not isinstance(entity, Form) or entity.head not in ENTITIES or len(entity.items) != 1:
        raise Unreadable(f"it takes one of {', '.join(sorted(ENTITIES))}, with one name")
    (name,) = canonical.arguments(entity, _NAME)
    return Statement(DECLARATION, (entity.head, name), line, canonical.annotations(form))


_NAME: Final = Shape(("name",))


def _own(form: Form) -> list[Item]:
    """The arguments without the annotations before them."""
    items = list(form.items)
    while items and isinstance(items[0], Form) and items[0].head == ANNOTATION:
        del items[0]
    return items


def _named(form: Form) -> str:
    return f"{form.head[:60]}(…)" if form.head else "(…)"
