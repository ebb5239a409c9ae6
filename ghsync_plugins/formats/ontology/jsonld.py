"""The ``json-ld`` fences of ontology pages, read as plain JSON.

Their ``@context`` is never fetched and no JSON-LD processor is used: the fences say Page, Class (or OntologyClass),
Individual, or an annotation, and their keys mean what the table in the module `jsonld_facts` says.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from ghsync_core import Document, FileWarning
from ghsync_plugins.formats.text import Fence, page_text

MAX_DEPTH: Final = 32
"""How deep the values of a fence may be nested."""

MAX_DIGITS: Final = 300
"""How many digits a whole number may have."""

CLASS_TYPES: Final = frozenset({"Class", "OntologyClass", "owl:Class"})
INDIVIDUAL_TYPES: Final = frozenset({"Individual", "owl:NamedIndividual"})
_INFOS: Final = ("json-ld", "jsonld")


@dataclass(frozen=True, slots=True)
class Block:
    """A fence that says something of an ontology: its object, its source text, and where that starts in the page."""

    data: Mapping[str, Any]
    start: int
    end: int
    is_class: bool


@dataclass(frozen=True, slots=True)
class Blocks:
    """A page's class and individual blocks, and a warning for each fence that could not be read."""

    blocks: tuple[Block, ...]
    warnings: tuple[FileWarning, ...]


def jsonld_blocks(document: Document) -> Blocks:
    """What the document's fences say, each read by itself."""
    return document.once(Blocks, _read)


def is_jsonld(fence: Fence) -> bool:
    """Whether the fence says that it is JSON-LD."""
    return fence.info.lower().startswith(_INFOS)


def _read(document: Document) -> Blocks:
    page = page_text(document)
    blocks: list[Block] = []
    warnings: list[FileWarning] = []
    for fence in page.fences:
        if not fence.closed or not is_jsonld(fence):
            continue
        try:
            blocks += _block(page.text, fence)
        except json.JSONDecodeError as error:
            line = page.line(min(fence.body_start + error.pos, fence.body_end))
            warnings.append(FileWarning(line, "json-syntax", f"The json-ld fence was left out: {error.msg}."))
        except (ValueError, RecursionError) as error:
            why = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
            message = f"The json-ld fence was left out: {why}."
            warnings.append(FileWarning(page.line(fence.start), "json-limit", message))
    return Blocks(tuple(blocks), tuple(warnings))


def _block(text: str, fence: Fence) -> Iterator[Block]:
    body = text[fence.body_start : fence.body_end]
    data = _DECODER.decode(body)
    if body.count("{") + body.count("[") > MAX_DEPTH:  # with fewer, nothing can be nested deeper
        _check_depth(data)
    if "\\" in body and "\\u" in body:
        _check_escapes(data)
    if isinstance(data, dict) and isinstance(data.get("@id"), str) and data["@id"].strip():
        named = data.get("@type")
        types = {item for item in (named if isinstance(named, list) else [named]) if isinstance(item, str)}
        if types & CLASS_TYPES or types & INDIVIDUAL_TYPES:
            yield Block(data, fence.body_start, fence.body_end, bool(types & CLASS_TYPES))


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _finite(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise ValueError(f"{written} is too large a number")
    return number


def _whole(written: str) -> int:
    if len(written) > MAX_DIGITS:
        raise ValueError(f"a number has more than {MAX_DIGITS} digits")
    return int(written)


_DECODER: Final = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite, parse_int=_whole)


def _check_depth(data: Any) -> None:
    """Refuse what is nested too deep, level by level."""
    level = [data]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for value in level
            for inner in (value.values() if type(value) is dict else value if type(value) is list else ())
            if type(inner) is dict or type(inner) is list
        ]
        if not level:
            return
    raise RecursionError


def _check_escapes(data: Any) -> None:
    written = json.dumps(data, ensure_ascii=False)
    if "\\u0000" in written.replace("\\\\", ""):
        raise ValueError("it holds a NUL character")
    try:
        written.encode()
    except UnicodeEncodeError:
        raise ValueError("it holds half of a surrogate pair") from None
