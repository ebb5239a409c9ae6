"""Cycles in the hierarchy of classes, which make all classes in them one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ghsync_core import Finding, SourceGraph
from ghsync_plugins.questions.check.stubs import title_of

_SHOWN = 6
"""Classes of a cycle that are named."""


class _Place(NamedTuple):
    path: str | None
    line: int | None


Hierarchy = Mapping[str, Mapping[str, _Place]]
"""The classes right above each class, and where that is written."""


class SubclassCycle:
    """A class that is a kind of itself, over however many others. One finding for all cycles that hang together."""

    name, level = "subclass-cycle", "error"
    summary = "A class is below itself, so that all classes on the way mean the same."

    def check(self, graph: SourceGraph) -> Iterator[Finding]:
        """See `Rule`."""
        above: dict[str, dict[str, _Place]] = {}
        for axiom in graph.rows("axioms", kind="SubClassOf"):
            start, end = axiom["subject"], axiom["object"]
            if start and end and "(" not in start and "(" not in end:
                above.setdefault(start, {})[end] = _Place(axiom["path"], axiom["line"])
        for group in _knots(above):
            cycle = _cycle(above, group)
            place = above[cycle[0]][cycle[1]]
            shown = " < ".join(_short(iri) for iri in cycle[:_SHOWN])
            rest = f" … ({len(group)} classes)" if len(cycle) > _SHOWN else ""
            yield Finding(f"cycle in SubClassOf: {shown}{rest}", place.path, place.line, cycle[0])


def _short(iri: str) -> str:
    return iri if len(iri) < 40 else title_of(iri.rpartition("/")[2].rpartition("#")[2]) or iri


def _knots(above: Hierarchy) -> Iterator[set[str]]:
    """The strongly connected components with a cycle in them: Tarjan's algorithm, without recursion."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_: dict[str, None] = {}
    for root in sorted(above):
        if root in order:
            continue
        trail = [(root, iter(above[root]))]
        order[root] = lowest[root] = len(order)
        open_[root] = None
        while trail:
            here, rest = trail[-1]
            onward = next(rest, None)
            if onward is None:
                trail.pop()
                if trail:
                    lowest[trail[-1][0]] = min(lowest[trail[-1][0]], lowest[here])
                if lowest[here] == order[here]:
                    group = _popped(open_, here)
                    if len(group) > 1 or here in above.get(here, ()):
                        yield group
            elif onward not in order:
                order[onward] = lowest[onward] = len(order)
                open_[onward] = None
                trail.append((onward, iter(above.get(onward, ()))))
            elif onward in open_:
                lowest[here] = min(lowest[here], order[onward])


def _popped(open_: dict[str, None], last: str) -> set[str]:
    group = set()
    while last not in group:
        group.add(open_.popitem()[0])
    return group


def _cycle(above: Hierarchy, group: set[str]) -> Sequence[str]:
    """A shortest cycle through the first class of *group*, which stands at both ends."""
    first = min(group)
    came_from: dict[str, str] = {}
    rim = [first]
    while rim and first not in came_from:
        reached = []
        for here in rim:
            for onward in sorted(above.get(here, ())):
                if onward in group and onward not in came_from:
                    came_from[onward] = here
                    reached.append(onward)
        rim = reached
    back = [first, came_from[first]]
    while back[-1] != first:
        back.append(came_from[back[-1]])
    return back[::-1]
