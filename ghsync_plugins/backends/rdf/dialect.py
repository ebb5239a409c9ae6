"""What a query in SPARQL asks for that Oxigraph can't be told to refuse or to heed: other servers, and a dataset."""

from __future__ import annotations

import re
from typing import Final

from ghsync_core import UsageError

_GAP: Final = r"(?:\s|#[^\r\n]*+)*+"

_SERVICE: Final = re.compile(
    rf"(?<![:?$])service{_GAP}(?:silent{_GAP})?+(?:<[^<>]*+>|[?$]\w++|[^\s:<>{{}}]*+:[^\s<>{{}}]*+){_GAP}\{{",
    re.IGNORECASE,
)
"""A clause SERVICE, wherever it stands: so nothing that looks like a text or a comment can hide one."""

_APART: Final = re.compile(
    r'''"""(?:[^"\\]|\\.|"(?!""))*+"""|\'\'\'(?:[^'\\]|\\.|'(?!''))*+\'\'\''''
    r"""|"(?:[^"\\\r\n]|\\.)*+"|'(?:[^'\\\r\n]|\\.)*+'|<[^<>"{}|^`\x00-\x20]*+>|\#[^\r\n]*+|\\.""",
    re.DOTALL,
)
"""Texts, IRIs, comments and escapes of names: what may hold a keyword that is none."""

_FROM: Final = re.compile(r"(?<![\w:?$@.-])from(?![\w:-])", re.IGNORECASE)


def refuse_service(text: str) -> None:
    """Raise `UsageError` where *text* would ask another server: a query reads this store, and tells nobody of it."""
    if _SERVICE.search(text):
        raise UsageError("the query can't be run: SERVICE would ask another server. Ask only what is in this store.")


def has_dataset(text: str) -> bool:
    """Whether *text* says by FROM which graphs it is about."""
    return _FROM.search(_APART.sub(" ", text)) is not None
