"""The one place that knows whether py-horned-owl is there, and what it says when it can't read a text."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module, metadata
from typing import Any, Final

from ghsync_core import ContentError

_POSITION: Final = re.compile(r"BytePosition\((\d+)\)")
_LINE: Final = re.compile(r"Pos\(\((\d+), \d+\)\)")
_EXPECTED: Final = re.compile(r"positives: \[([^\]]*)\]")
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')


@cache
def version() -> str:
    """The version of py-horned-owl, empty where it is not installed."""
    try:
        return metadata.version("py-horned-owl")
    except metadata.PackageNotFoundError:
        return ""


def functional_syntax(text: str, serialization: str, name: str) -> str:
    """*text* in OWL functional syntax. Raises `ContentError`.

    *text* must have been looked through: native code ends the process where it is nested some thousand levels deep.
    """
    library: Any = import_module("pyhornedowl")
    try:
        ontology = library.open_ontology_from_string(text, serialization)
        written: str = ontology.save_to_string("ofn")
    except BaseException as error:  # a panic of native code is no Exception
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise ContentError(
            f"not {name}: {_reason(str(error))}", reason="syntax", line=_line(str(error), text)
        ) from None
    return written


def _reason(said: str) -> str:
    expected = _EXPECTED.search(said)
    if expected:
        return f"expected {' or '.join(expected[1].split(', ')[:4]) or 'something else'}"
    quoted = _QUOTED.search(said)
    reason = quoted[1] if quoted else said.rpartition(": ")[2]
    return "".join(letter if letter.isprintable() else " " for letter in reason)[:200]


def _line(said: str, text: str) -> int | None:
    line = _LINE.search(said)
    if line:
        return int(line[1])
    position = _POSITION.search(said)
    return text.encode()[: int(position[1])].count(b"\n") + 1 if position else None
