"""YAML front matter, read so that nothing in it can do harm or lose its spelling.

Only the syntax tree of YAML 1.1 is used, never its constructors: no Python object is made, aliases and merge keys are
refused (they can grow without bound), and a scalar keeps its source text where YAML would change it (``12:30``, dates,
``010``, ``yes``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from ghsync_core import Document, FileWarning
from ghsync_plugins.formats.text import page_text

MAX_DEPTH: Final = 32
"""How deep values may be nested."""

MAX_LENGTH: Final = 262_144
"""How many characters a block may have: YAML is parsed at a few MB/s."""

_CLOSER = r"(?:---|\.\.\.)[ \t]*+(?:\n|\Z)"
_BLOCK = re.compile(rf"---[ \t]*+\n(?P<yaml>(?:(?!{_CLOSER})[^\n]*+\n)*+){_CLOSER}")
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?")
_NOT_TEXT: Final = {"true": True, "false": False, "null": None, "~": None, "": None}


class Field(NamedTuple):
    """A scalar inside a mapping: its keys from the entry's value on, joined by dots, its source text, and its line."""

    path: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of the block: its line, its value as JSON, and the source text of each scalar in it, with its line.

    ``fields`` are those inside mappings; ``unquoted`` are the links that YAML took for lists, for want of quotes.
    """

    key: str
    line: int
    value: Any
    texts: tuple[tuple[str, int], ...]
    unquoted: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The entries in the order of the block, and ``end``, the offset of the text after it (0 without a block)."""

    entries: tuple[Entry, ...] = ()
    end: int = 0
    warnings: tuple[FileWarning, ...] = ()


class _Refused(ValueError):
    def __init__(self, why: str, line: int) -> None:
        super().__init__(why)
        self.line = line


def front_matter(document: Document) -> FrontMatter:
    """The block at the very start of the document; a bad one is reported, and the text after it is kept."""
    return document.once(FrontMatter, lambda document: _read(page_text(document).text))


def _read(text: str) -> FrontMatter:
    block = _BLOCK.match(text) if text.startswith("---") else None
    if block is None or not _like_yaml(block["yaml"]):
        return FrontMatter()
    if len(block["yaml"]) > MAX_LENGTH:
        return _bad(block, 1, f"is longer than {MAX_LENGTH:,} characters")
    import yaml

    try:
        warnings: list[FileWarning] = []
        return FrontMatter(tuple(_entries(block["yaml"], warnings)), block.end(), tuple(warnings))
    except _Refused as refused:
        return _bad(block, refused.line, str(refused))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        return _bad(block, mark.line + 1 if mark else 1, error.problem or "it is no YAML")
    except yaml.YAMLError as error:  # characters that YAML does not allow
        return _bad(block, 1, str(error).partition("\n")[0])


def _like_yaml(block: str) -> bool:
    """Whether it is meant as front matter: prose between two thematic breaks has a blank line first, and no key."""
    return not block or ":" in block or not block.startswith("\n")


def _bad(block: re.Match[str], line: int, why: str) -> FrontMatter:
    message = f"The front matter was left out: {why}."
    return FrontMatter((), block.end(), (FileWarning(line + 1, "front-matter", message),))


def _entries(text: str, warnings: list[FileWarning]) -> Iterator[Entry]:
    """Each key with its value. One with a key that is no text, as in ``title: {{title}}``, is left out with a warning,
    which is added to *warnings*: JSON has no such keys."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    _check(text, loader)
    root = yaml.compose(text, Loader=loader)
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        raise _Refused("it is no mapping of keys to values", root.start_mark.line + 1)
    for key, value in root.value:
        if not (isinstance(key, yaml.ScalarNode) and _has_text_keys(value)):
            message = "A value was left out: a key in it is no text. If it is a template's {{…}}, put it in quotes."
            warnings.append(FileWarning(key.start_mark.line + 2, "front-matter", message))
            continue
        unquoted: list[str] = []
        texts = tuple(_texts(value, unquoted))
        fields = tuple(_fields(value, ""))
        yield Entry(key.value, key.start_mark.line + 2, _value(value), texts, tuple(unquoted), fields)


def _has_text_keys(node: Any) -> bool:
    import yaml

    if isinstance(node, yaml.MappingNode):
        return all(isinstance(key, yaml.ScalarNode) and _has_text_keys(value) for key, value in node.value)
    return not isinstance(node, yaml.SequenceNode) or all(map(_has_text_keys, node.value))


def _check(text: str, loader: Any) -> None:
    """Refuse what is nested too deep, what refers back, and what names a type, before anything is built."""
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise _Refused("it uses aliases (*), which can grow without bound", line)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise _Refused(f"it is nested more than {MAX_DEPTH} deep", line)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.ScalarEvent) and _NOT_STORABLE.search(event.value):
            raise _Refused("it holds a character that no store can keep", line)
        tag = getattr(event, "tag", None)
        if tag and (not tag.startswith("tag:yaml.org,2002:") or "python" in tag):
            raise _Refused(f"it asks for the type {tag}", line)


def _value(node: Any) -> Any:
    """The node as JSON; the nesting was checked."""
    import yaml

    if isinstance(node, yaml.MappingNode):
        return {key.value: _value(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    text: str = node.value
    return text if node.style else _plain(text)


def _plain(text: str) -> Any:
    """A scalar without quotes: null, a boolean, a number that JSON writes in the same way, or its own text."""
    if text.lower() in _NOT_TEXT:
        return _NOT_TEXT[text.lower()]
    if _NUMBER.fullmatch(text):
        number = float(text) if "." in text else int(text)
        return number if str(number) == text else text
    return text


def _texts(node: Any, unquoted: list[str]) -> Iterator[tuple[str, int]]:
    """The source text and line of every scalar in reading order. ``[[A]]`` without quotes is a list in a list: it is
    written back as a link, and listed as *unquoted*."""
    import yaml

    if isinstance(node, yaml.ScalarNode):
        if node.style or node.value.lower() not in ("", "~", "null"):
            yield node.value, node.start_mark.line + 2
    elif isinstance(node, yaml.SequenceNode):
        link = _unquoted_link(node)
        if link:
            unquoted.append(link)
            yield link, node.start_mark.line + 2
        else:
            for item in node.value:
                yield from _texts(item, unquoted)


def _fields(node: Any, path: str) -> Iterator[Field]:
    import yaml

    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _fields(item, path)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _fields(value, f"{path}.{key.value}" if path else key.value)
    elif path and node.value:
        yield Field(path, node.value, node.start_mark.line + 2)


def _unquoted_link(node: Any) -> str | None:
    import yaml

    for _ in range(2):
        if not (isinstance(node, yaml.SequenceNode) and node.flow_style and len(node.value) == 1):
            return None
        (node,) = node.value
    return f"[[{node.value}]]" if isinstance(node, yaml.ScalarNode) else None
