"""Names for blank nodes that stay the same however the file is written.

A blank node that is used once is named by a hash of its owner, the predicate, and all that is said of it, so that an
unrelated edit changes nothing. One that nothing or several things refer to has the file's path in its name.
"""

from __future__ import annotations

import hashlib

from ghsync_plugins.formats.rdf.triples import Graph, Literal, Term, is_blank


def leaves_first(graph: Graph) -> list[str]:
    """The blank nodes, each after all those that its own triples refer to; those in or above a circle are left out."""
    waiting = dict.fromkeys(graph.blank, 0)
    for users in graph.uses.values():
        for user, _ in users:
            if user in waiting:
                waiting[user] += 1
    ready = [node for node, needed in waiting.items() if not needed]
    for node in ready:  # grows while it is walked
        for user, _ in graph.uses.get(node, ()):
            if user in waiting:
                waiting[user] -= 1
                if not waiting[user]:
                    ready.append(user)
    return ready


def digests(graph: Graph, order: list[str]) -> dict[str, str]:
    """For each node in *order* (`leaves_first`) a hash of all that is said of it and of the nodes below it."""
    found: dict[str, str] = {}
    for node in order:
        said = sorted(f"{predicate} {_content(term, found)}" for predicate, term in graph.about(node))
        found[node] = _hash(*said)
    return found


def _content(term: Term, known: dict[str, str]) -> str:
    if isinstance(term, Literal):
        return repr(tuple(term))
    return f"_:{known[term]}" if is_blank(term) else f"<{term}>"


def stable_names(graph: Graph, order: list[str], content: dict[str, str], path: str) -> dict[str, str]:
    """For each node in *order* its stable name, ``_:`` and 32 hex digits. *path* is the file's."""
    names: dict[str, str] = {}
    for node in reversed(order):  # owners before what they own
        owners = sorted(
            (names.get(user, "") if is_blank(user) else user, way) for user, way in graph.uses.get(node, ())
        )
        place = () if len(owners) == 1 else (path,)
        names[node] = "_:" + _hash(*place, *(part for owner in owners for part in owner), content[node])
    return names


def _hash(*parts: str) -> str:
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode()
        digest.update(b"%d:" % len(data) + data)
    return digest.hexdigest()[:32]
