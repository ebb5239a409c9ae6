"""From tokens to forms, ``Keyword(…)`` inside ``Keyword(…)``: the shape of the text, before anything is understood.

Forms as Lisp has them, ``(Keyword …)``, are read too. A form that is nested too deep, or holds what is no token, costs
itself alone. One that nothing closes costs all that follows, for nobody can say where it was meant to end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from ghsync_plugins.formats.functional.tokens import Quoted, Token, tokens

MAX_DEPTH: Final = 64
"""How deep forms may be nested."""

ONTOLOGY: Final = "Ontology"
_KEYWORD = re.compile(r"[A-Za-z]\w*+")
_WITH_LISTS: Final = "HasKey"
_QUOTE: Final = '"'
_NEVER: Final = "is never closed"


@dataclass(slots=True)
class Form:
    """``head(items …)``; a bare list has no head. ``start`` is an offset, ``lisp`` says how it was written."""

    head: str
    start: int
    items: list[Item] = field(default_factory=list)
    lisp: bool = False


Item = Form | Quoted | str
"""A form, a literal, or a name: an IRI in ``<>`` or a short one."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A place that can't be read. Where ``open`` is set, nothing closes what begins there."""

    start: int
    why: str
    open: bool = False


def forms(text: str) -> Iterator[Form | Broken]:
    """The outermost forms of *text*, in order. An ``Ontology(…)`` comes as its names alone, before what it holds."""
    stream = tokens(text)
    ontology: Form | None = None
    header, stray = False, False
    for token in stream:
        kind, start, said = token
        if kind in ("word", "iri") and header and ontology:
            ontology.items.append(said)
            continue
        if header and ontology:
            yield ontology
            header = False
        if kind == "open" and said == ONTOLOGY and not ontology:
            ontology, header = Form(ONTOLOGY, start), True
        elif kind == "open":
            form = _whole(stream, token)
            yield form
            if isinstance(form, Broken) and form.open:
                return
        elif kind == "close":
            if not ontology:
                yield Broken(start, "a ) closes nothing")
            ontology = None
        elif said == _QUOTE:
            yield Broken(start, f"a string {_NEVER}", open=True)
            return
        elif not stray:
            yield Broken(start, "text that is no axiom")
        stray = kind not in ("open", "close")
    if ontology:
        if header:
            yield ontology
        yield Broken(ontology.start, f"the parenthesis of Ontology( {_NEVER}", open=True)


def _whole(stream: Iterator[Token], opening: Token) -> Form | Broken:
    """The form that *opening* begins, to its end."""
    root = Form(str(opening[2]), opening[1])
    stack, deeper, trouble = [root], 0, ""
    for kind, start, said in stream:
        if kind == "word" or kind == "iri" or kind == "string":
            stack[-1].items.append(said)
        elif kind == "open":
            if said and _is_lisp(stack):
                stack[-1].head, stack[-1].lisp, said = str(said), True, ""
            if len(stack) < MAX_DEPTH:
                stack.append(Form(str(said), start))
            else:
                deeper, trouble = deeper + 1, f"it is nested deeper than {MAX_DEPTH}"
        elif kind == "close" and deeper:
            deeper -= 1
        elif kind == "close":
            form = _with_head(stack.pop())
            if not stack:
                return Broken(root.start, trouble) if trouble else form
            stack[-1].items.append(form)
        elif said == _QUOTE:
            return Broken(root.start, f"a string {_NEVER}", open=True)
        else:
            trouble = trouble or f"{said} stands where a name should"
    return Broken(root.start, f"a parenthesis {_NEVER}", open=True)


def _is_lisp(stack: list[Form]) -> bool:
    """Whether a keyword is the head of the list that has just been opened: ``(Keyword (…``, but not in HasKey's."""
    return not stack[-1].head and not stack[-1].items and not (len(stack) > 1 and stack[-2].head == _WITH_LISTS)


def _with_head(form: Form) -> Form:
    """A list that begins with a keyword is a form, as Lisp writes it."""
    if not form.head and form.items and isinstance(form.items[0], str) and _KEYWORD.fullmatch(form.items[0]):
        form.head, form.lisp = str(form.items.pop(0)), True
    return form
