"""From forms to canonical text: single spaces, IRIs in ``<…>``, a datatype on every literal, sets sorted.

However an expression was written, its text is the same; also the same as `formats.rdf.expressions` makes of triples.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any, Final, Literal, NamedTuple

from ghsync_plugins.formats.functional.forms import Form, Item
from ghsync_plugins.formats.functional.grammar import ANNOTATION, EXPRESSIONS, Place, Shape
from ghsync_plugins.formats.functional.tokens import Quoted
from ghsync_plugins.formats.rdf import triples
from ghsync_plugins.formats.rdf.expressions import literal_text
from ghsync_plugins.formats.rdf.vocabulary import STRING

_BASE: Final = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_CHARACTER: Final = rf"{_BASE}_0-9\u00b7\u0300-\u036f\u203f-\u2040-"
_SHORT_NAME = re.compile(
    rf"(?:[{_BASE}](?:[{_CHARACTER}.]*+(?<!\.))?+)?+:(?:[{_BASE}_0-9:]|%[0-9A-Fa-f]{{2}})"
    rf"(?:[{_CHARACTER}:.]|%[0-9A-Fa-f]{{2}})*+(?<!\.)"
)
"""``prefix:local``: PNAME_LN of SPARQL 1.1 (W3C, 2013), section 19.8, without its escapes by backslash."""

_FULL_NAME = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*+:[^>]*+>")
_BARE_NAME = re.compile(rf"[{_CHARACTER}.]++")
_BLANK: Final = "_:"
_NUMBER = re.compile(r"[0-9]{1,18}")

Resolve = Callable[[str, int], str]
"""From a name as written, and its line, to an IRI."""


class Unreadable(Exception):
    """What is no functional syntax; the message says why."""


MentionKind = Literal["class", "object", "data", "annotation", "individual"]


class Mention(NamedTuple):
    """A name that stands where a class, a property of one of the three kinds, or an individual does."""

    kind: MentionKind
    iri: str


class Canonical:
    """Writes the forms of one file. ``mentions`` are the names that were written since they were last taken out."""

    def __init__(self, resolve: Resolve, path: str) -> None:
        self.line = 0
        self.mentions: list[Mention] = []
        self._resolve = resolve
        self._path = path
        self._known: dict[str, str] = {}

    def arguments(self, form: Form, shape: Shape) -> list[str]:
        """The texts of what stands in *form*, without its annotations. Raises `Unreadable`."""
        items = form.items
        while items and isinstance(items[0], Form) and items[0].head == ANNOTATION:
            items = items[1:]
        if not shape.fits(len(items)):
            raise Unreadable(f"{form.head}( does not take {_counted(len(items))}")
        texts = [self.text(item, shape.place(index)) for index, item in enumerate(items)]
        return self._ordered(texts, shape) if shape.more else texts

    def annotations(self, form: Form) -> dict[str, list[Any]]:
        """What the ``Annotation(…)`` that begin *form* say, by the IRI of the property. Raises `Unreadable`."""
        found: dict[str, list[Any]] = {}
        for item in form.items:
            if not isinstance(item, Form) or item.head != ANNOTATION:
                break
            own = [part for part in item.items if not isinstance(part, Form)]
            if len(own) != 2:
                raise Unreadable(f"Annotation( does not take {_counted(len(own))}")
            found.setdefault(self.text(own[0], "annotation")[1:-1], []).append(self.value(own[1]))
        return found

    def text(self, item: Item, place: Place) -> str:
        """The text of *item*, which stands in *place*. Raises `Unreadable`."""
        if isinstance(item, Form):
            return self._form(item, place)
        if isinstance(item, Quoted):
            if place not in ("literal", "value", "facet"):
                raise Unreadable(f'the literal "{_short(item.value)}" stands where {_WANTED[place]} should')
            return literal_text(self.literal(item))
        return self._leaf(item, place)

    def value(self, item: Item) -> Any:
        """The value of an annotation as JSON, as `formats.rdf.values` has it. Raises `Unreadable`."""
        if not isinstance(item, Quoted):
            return {"id": self.text(item, "value").removeprefix("<").removesuffix(">")}
        literal = self.literal(item)
        if literal.language:
            return {"value": literal.value, "language": literal.language}
        return literal.value if literal.datatype == STRING else {"value": literal.value, "datatype": literal.datatype}

    def literal(self, quoted: Quoted) -> triples.Literal:
        """A literal with its datatype in full. Raises `Unreadable`."""
        datatype = self.name(quoted.datatype)[1:-1] if quoted.datatype else STRING
        return triples.Literal(quoted.value, datatype, quoted.language)

    def name(self, written: str) -> str:
        """A name in full, in ``<>``. Raises `Unreadable`."""
        known = self._known.get(written)
        if known is None:
            known = self._known[written] = self._read_name(written)
        return known

    def _read_name(self, written: str) -> str:
        if written.startswith("<"):
            if not _FULL_NAME.fullmatch(written):
                raise Unreadable(f"{_short(written)} is no absolute IRI")
            return written
        if written.startswith(_BLANK) or not (_SHORT_NAME.fullmatch(written) or _BARE_NAME.fullmatch(written)):
            raise Unreadable(f"{_short(written)} is no name")
        return f"<{self._resolve(written, self.line)}>"

    def _leaf(self, item: str, place: Place) -> str:
        if place == "number":
            if not _NUMBER.fullmatch(item):
                raise Unreadable(f"{_short(item)} stands where {_WANTED[place]} should")
            return str(int(item))
        if place in ("literal", "objects", "datas"):
            raise Unreadable(f"{_short(item)} stands where {_WANTED[place]} should")
        if item.startswith(_BLANK) and place in ("individual", "subject", "value"):
            return self._blank(item)
        name = self.name(item)
        kind = _MENTIONS.get(place)
        if kind is not None:
            self.mentions.append(Mention(kind, name[1:-1]))
        return name

    def _blank(self, label: str) -> str:
        """The same label in another file is another thing, so the file's path is in the name."""
        return _BLANK + hashlib.sha256(f"{self._path}\n{label}".encode()).hexdigest()[:32]

    def _form(self, form: Form, place: Place) -> str:
        if place in ("objects", "datas") and not form.head:
            texts = [self.text(item, "object" if place == "objects" else "data") for item in form.items]
            return f"({' '.join(sorted(set(texts)))})"
        shape = EXPRESSIONS.get(place, {}).get(form.head)
        if shape is None:
            raise Unreadable(f"{_short(form.head)}( stands where {_WANTED[place]} should")
        return f"{form.head}({' '.join(self.arguments(form, shape))})"

    def plain(self, item: Item) -> str:
        """The text of *item*, whatever its keywords mean. Raises `Unreadable`."""
        if isinstance(item, Form):
            return f"{item.head}({' '.join(map(self.plain, item.items))})"
        return self.text(item, "value")

    def _ordered(self, texts: list[str], shape: Shape) -> list[str]:
        count = len(shape.fixed)
        if shape.more == "facet":
            if len(texts) % 2 == 0:
                raise Unreadable("a facet lacks its value")
            pairs = {f"{facet} {value}" for facet, value in zip(texts[1::2], texts[2::2], strict=True)}
            return [*texts[:1], *sorted(pairs)]
        return [*texts[:count], *sorted(set(texts[count:]))] if shape.unordered else texts


_MENTIONS: Final[dict[Place, MentionKind]] = {
    "class": "class",
    "class name": "class",
    "object": "object",
    "object name": "object",
    "chain": "object",
    "data": "data",
    "annotation": "annotation",
    "individual": "individual",
}
_WANTED: Final[dict[Place, str]] = {
    "class": "a class",
    "class name": "the name of a class",
    "range": "a datatype",
    "object": "an object property",
    "object name": "the name of an object property",
    "data": "a data property",
    "chain": "an object property",
    "individual": "an individual",
    "literal": "a literal",
    "number": "a whole number",
    "name": "a name",
    "annotation": "an annotation property",
    "subject": "a name",
    "value": "a name or a literal",
    "facet": "a facet or its value",
    "objects": "a list of object properties",
    "datas": "a list of data properties",
}


def _counted(count: int) -> str:
    return "1 argument" if count == 1 else f"{count} arguments"


def _short(written: str, most: int = 60) -> str:
    return written if len(written) <= most else f"{written[:most]}…"
