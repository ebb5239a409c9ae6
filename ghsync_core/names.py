"""How a reference finds its node: the one definition, which every backend translates into its own language.

A *name* is a folded text inside a scope:

- ``""``: the whole source: IRIs and other node ids.
- ``path`` and ``path~``: repository paths, as written and folded.
- ``vault:ROOT``: titles, aliases, tags, block ids and base names of the vault at ROOT.
- ``classes:ROOT``: title, aliases and preferred term of the pages in that vault that define a class.

A *reference* holds names, best first, and means the node that answers to the first name that any node answers to. Of
several nodes that answer to one name, `preference` says which; if no node answers to any, the reference means its stub.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

from ghsync_core.models import Answer, Name, Reference

SOURCE_SCOPE = ""
PATH_SCOPE = "path"
FOLDED_PATH_SCOPE = "path~"


def fold(text: str) -> str:
    """Lower case, then NFC: two spellings that fold alike are one name."""
    lowered = text.lower()
    return lowered if lowered.isascii() else unicodedata.normalize("NFC", lowered)


def vault_scope(root: str) -> str:
    """The scope of titles and aliases in the vault at *root* (``""`` for the source's top)."""
    return f"vault:{root}"


def class_scope(root: str) -> str:
    """The scope of class titles in the vault at *root*."""
    return f"classes:{root}"


def in_vault(root: str, key: str) -> str:
    """*key* as ids write it: ``ROOT//key`` inside a vault below the top, else as it is."""
    return f"{root}//{key}" if root else key


def path_answers(path: str) -> tuple[Answer, ...]:
    """What a node that stands for the file at *path* answers to, so that links by path find it."""
    return tuple(Answer(name) for name in path_names(path))


def path_names(path: str) -> tuple[Name, Name]:
    """The names of a repository path, best first: exactly as written, then in any case."""
    return Name(PATH_SCOPE, path), Name(FOLDED_PATH_SCOPE, fold(path))


def preference(reference: Reference, answer: Answer, file_path: str) -> tuple[object, ...]:
    """Sort key among the answers to one name; the smallest wins.

    *file_path* is the repository path of the file that gave the answer. For base names: the exact vault path, then a
    note inside the reference's folder; then rank, the shorter path, and code points.
    """
    inside = bool(reference.folder) and answer.path.startswith(reference.folder + "/")
    return (
        bool(answer.path) and answer.path != reference.path,
        bool(answer.path) and not inside,
        answer.rank,
        len(answer.path),
        answer.path,
        file_path,
    )


def matches(reference: Reference, answer: Answer) -> bool:
    """Whether *answer* may stand for *reference*, once their names agree: its path ends with the one asked for."""
    if not answer.path or not reference.path:
        return True
    return f"/{answer.path}".endswith(f"/{reference.path}")


def resolve(reference: Reference, answers: Mapping[Name, Iterable[tuple[Answer, str, str]]]) -> str | None:
    """The id of the node that *reference* means, None where there is none and no stub shall stand in.

    *answers* gives for each name the ``(answer, node id, file path)`` triples that declare it.
    """
    for name in reference.names:
        found = [row for row in answers.get(name, ()) if matches(reference, row[0])]
        if found:
            return min(found, key=lambda row: (*preference(reference, row[0], row[2]), row[1]))[1]
    return reference.stub
