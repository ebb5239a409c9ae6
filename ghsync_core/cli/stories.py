"""Why a node or an edge is in the graph, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

from ghsync_core.cli.summary import SHOWN, at_commit, counted
from ghsync_core.explain_graph import Asked, Candidate, EdgeStory, NodeStory, Place, Resolution
from ghsync_core.models import Name
from ghsync_core.names import FOLDED_PATH_SCOPE, PATH_SCOPE, SOURCE_SCOPE

T = TypeVar("T")

NOT_KEPT: Final = "how names were resolved is not kept by this kind of store; sync into sqlite:PATH to see it"

_SCOPES: Final = {
    SOURCE_SCOPE: "as an id",
    PATH_SCOPE: "as a path",
    FOLDED_PATH_SCOPE: "as a path in any case",
}


class Telling:
    """Tells stories line by line; long lists are cut unless *verbose*."""

    def __init__(self, *, verbose: bool) -> None:
        self._verbose = verbose

    def story(self, story: NodeStory | EdgeStory) -> Iterator[str]:
        """All of *story*."""
        yield _title(story)
        yield f"  of {at_commit(story.source, story.commit)}"
        yield from self._places("said by", story.places)
        if isinstance(story, NodeStory):
            yield from self._answers(story)
            yield from self._places("referred to by", story.referrers)
        if story.references is None:
            yield NOT_KEPT
        elif story.references:
            yield "how names lead here"
            for each in self._some(story.references):
                yield from self._resolution(each)
            yield from self._more(story.references, "  ")

    def _places(self, title: str, places: Sequence[Place]) -> Iterator[str]:
        yield title if places else f"{title} nobody"
        for place in self._some(places):
            yield f"  {place.path}:{place.line}: {place.text}" if place.line else f"  {place.path}: {place.text}"
            if place.permalink:
                yield f"    {place.permalink}"
        yield from self._more(places, "  ")

    def _answers(self, story: NodeStory) -> Iterator[str]:
        """The names that a node answers to, and who else does."""
        if story.answers:
            yield "answers to"
        for asked in self._some(story.answers or ()):
            if {each.id for each in asked.candidates} == {story.row["id"]}:
                yield f"  {_name(asked.name)}, {_rank(asked.candidates[0])}"
            else:
                yield f"  {_name(asked.name)}"
                yield from self._candidates(asked, "first")
        yield from self._more(story.answers or (), "  ")

    def _resolution(self, each: Resolution) -> Iterator[str]:
        reference, uses = each.reference, counted(each.uses, "time")
        if each.by_id:
            yield f"  {reference.text}, {uses}: by its id"
            return
        yield f"  [{reference.text}], {uses}, means {each.meaning or 'nothing'}"
        if "/" in reference.path:
            yield f"    only a note whose path ends with {reference.path}"
        if reference.folder:
            yield f"    one in the folder {reference.folder} goes first"
        best = "meant"
        for asked in each.asked:
            yield f"    {_name(asked.name)}{'' if asked.candidates else ': nobody answers'}"
            yield from self._candidates(asked, best, "  ")
            if any(candidate.fits for candidate in asked.candidates):
                best = ""
        yield from _stub(each)

    def _candidates(self, asked: Asked, best: str, indent: str = "") -> Iterator[str]:
        """Who answers to a name: *best* says what the first of them is, nothing where the name is asked no more."""
        for place, each in enumerate(self._some(asked.candidates)):
            verdict = "at another path" if not each.fits else "then" if best and place else best or "not asked any more"
            yield f"{indent}    {verdict}: {each.id}, {_rank(each)}"
        yield from self._more(asked.candidates, f"{indent}    ")

    def _some(self, things: Sequence[T]) -> Sequence[T]:
        return things if self._verbose else things[:SHOWN]

    def _more(self, things: Sequence[object], indent: str) -> Iterator[str]:
        if len(things) > len(self._some(things)):
            yield f"{indent}… and {len(things) - SHOWN:,} more; -v lists them"


def _title(story: NodeStory | EdgeStory) -> str:
    if isinstance(story, EdgeStory):
        from_id, type_, to_id = story.key
        return f"{from_id} –{type_}→ {to_id}"
    label = f", “{story.row['label']}”" if story.row["label"] else ""
    return f"{story.row['id']}  ({story.row['kind']}{label})"


def _name(name: Name) -> str:
    """A name and its scope; beyond those of the whole source, scopes are written ``KIND:ROOT OF THE VAULT``."""
    kind, colon, root = name.scope.partition(":")
    vault = f"the vault at {root or 'the top'}"
    where = f"in {vault}" if kind == "vault" else f"among the {kind} of {vault}" if colon else f"in {kind}"
    return f"“{name.text}” {_SCOPES.get(name.scope, where)}"


def _rank(candidate: Candidate) -> str:
    return f"rank {candidate.rank}, by {candidate.path}"


def _stub(each: Resolution) -> Iterator[str]:
    """What it is where nobody answers, or would have been."""
    stub = each.reference.stub
    if stub is None:
        return
    if not each.answered:
        yield f"    so it is {'the stub' if each.stub_kind == 'stub' else 'the node of the id'} {stub}"
    elif stub == each.meaning:
        yield "    else it would have been a stub of the same id"
    else:
        yield f"    else it would have been {'the node' if each.stub_kind else 'the stub'} {stub}"
