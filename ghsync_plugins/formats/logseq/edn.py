"""A reader for EDN, the notation of Logseq's settings: data only, nothing is ever evaluated.

After the EDN specification (github.com/edn-format/edn): keywords stay text with their colon, sets and lists become
lists, a tagged value loses its tag, and a discarded form is left out.
"""

from __future__ import annotations

import re
from typing import Any, Final

from ghsync_core import ContentError

MAX_DEPTH: Final = 64

_TOKEN = re.compile(
    r"[\s,]++|;[^\n]*+"
    r'|(?P<string>\#?"(?:[^"\\]|\\.)*+")'
    r"|(?P<open>\#?\{|\[|\(|\#\()|(?P<close>[\]})])"
    r"|(?P<discard>\#_)|(?P<tag>\#[A-Za-z][^\s,;\"(){}\[\]]*+|\^|'|`|~@?|@)"
    r"|(?P<character>\\(?:\w+|.))"
    r"|(?P<atom>[^\s,;\"(){}\[\]]++)",
    re.DOTALL,
)
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r"}
_CONSTANTS: Final = {"true": True, "false": False, "nil": None}
_CLOSERS: Final = {"{": "}", "[": "]", "(": ")"}


def read_edn(text: str) -> Any:
    """The first form of *text* as dicts, lists, texts, numbers, booleans and None.

    Raises `ContentError` where it is cut off, unbalanced, or nested more than `MAX_DEPTH` deep.
    """
    stack: list[tuple[str, int, list[Any]]] = [("", 0, [])]
    skipped: list[int] = []
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise _error("a text is not closed", text, position)
        position = token.end()
        if token["discard"]:
            skipped.append(len(stack))
        elif token["open"]:
            if len(stack) > MAX_DEPTH:
                raise _error(f"nested more than {MAX_DEPTH} deep", text, position)
            stack.append((token["open"], token.start(), []))
        elif token["close"]:
            opening, _, items = stack.pop()
            if not stack or _CLOSERS[opening[-1]] != token["close"]:
                raise _error(f"unexpected {token['close']}", text, token.start())
            _add(stack[-1][2], _collection(opening, items), skipped, len(stack))
        elif token.lastgroup and token.lastgroup != "tag":
            _add(stack[-1][2], _scalar(token), skipped, len(stack))
    if len(stack) > 1:
        raise _error(f"{stack[-1][0]} is not closed", text, stack[-1][1])
    return stack[0][2][0] if stack[0][2] else None


def _add(items: list[Any], value: Any, skipped: list[int], depth: int) -> None:
    if skipped and skipped[-1] == depth:
        skipped.pop()
    else:
        items.append(value)


def _collection(opening: str, items: list[Any]) -> Any:
    if opening == "{":
        return {str(key): value for key, value in zip(items[::2], items[1::2], strict=False)}
    return items


def _scalar(token: re.Match[str]) -> Any:
    if token["string"]:
        body = token["string"].lstrip("#")[1:-1]
        return re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[1]), body, flags=re.DOTALL)
    atom = token["atom"] or token["character"]
    if atom in _CONSTANTS:
        return _CONSTANTS[atom]
    return int(atom) if re.fullmatch(r"[+-]?\d{1,15}", atom, re.ASCII) else atom


def _error(what: str, text: str, offset: int) -> ContentError:
    line = text.count("\n", 0, offset) + 1
    return ContentError(f"line {line}: {what}", reason="syntax", line=line)
