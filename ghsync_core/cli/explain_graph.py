"""What ``ghsync explain`` says of a node or an edge of the store."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING

from ghsync_core.cli.output import say, say_json
from ghsync_core.cli.store import stored_state, warn_half_synced
from ghsync_core.cli.stories import Telling
from ghsync_core.errors import UsageError
from ghsync_core.explain_graph import Asked, EdgeKey, EdgeStory, Explainer, NodeStory, Resolution
from ghsync_core.interfaces import SourceState
from ghsync_core.nearest import nearest

if TYPE_CHECKING:
    from ghsync_core.interfaces import GraphReader, Store
    from ghsync_core.models import Json
    from ghsync_core.settings import Settings


def explain_stored(
    store: Store, settings: Settings, what: Sequence[str], source: str | None, *, as_json: bool, verbose: bool
) -> None:
    """Explain the node whose id is *what*, or the edge, in each source that has it. Raises `UsageError` for neither."""
    with closing(store.reader()) as reader:
        name = stored_state(store, source, settings).name if source else None
        found = _nodes(store, reader, what[0], name) if len(what) == 1 else _edges(store, reader, what, name)
        warn_half_synced(reader, [story.source for story in found])
    if as_json:
        named = {"node": what[0]} if len(what) == 1 else {"edge": list(what)}
        say_json({**named, "sources": [_story_json(story) for story in found]})
        return
    for story in found:
        for line in Telling(verbose=verbose).story(story):
            say(line)


def _nodes(store: Store, reader: GraphReader, id_: str, source: str | None) -> list[NodeStory]:
    rows = sorted(reader.rows("nodes", source, where={"id": id_}), key=lambda row: str(row["source"]))
    if not rows:
        raise UsageError(_no_node(reader, source, id_))
    return [_explainer(store, reader, row["source"]).node(row) for row in rows]


def _edges(store: Store, reader: GraphReader, what: Sequence[str], source: str | None) -> list[EdgeStory]:
    key = (what[0], what[1], what[2])
    where = dict(zip(("from_id", "type", "to_id"), key, strict=True))
    names = sorted({str(row["source"]) for row in reader.rows("edges", source, where=where)})
    if not names:
        raise UsageError(_no_edge(reader, source, key))
    return [_explainer(store, reader, name).edge(key) for name in names]


def _explainer(store: Store, reader: GraphReader, source: str) -> Explainer:
    return Explainer(reader, store.find_source(name=source) or SourceState(source, ""))  # a first sync has no state yet


def _no_node(reader: GraphReader, source: str | None, id_: str) -> str:
    what = f"{id_!r} is no node of {source or 'the store'}"
    if os.path.lexists(id_):
        return f"{what}; without --to, the file of that name is explained"
    return f"{what}, and no file here; {_hint(reader, source, id_)}"


def _no_edge(reader: GraphReader, source: str | None, key: EdgeKey) -> str:
    """Which end is not there; where both are, what else leads from one to the other."""
    from_id, type_, to_id = key
    for end in (from_id, to_id):
        if not any(True for _ in reader.rows("nodes", source, where={"id": end})):
            return f"{end!r} is no node of {source or 'the store'}; {_hint(reader, source, end)}"
    others = sorted({row["type"] for row in reader.rows("edges", source, where={"from_id": from_id, "to_id": to_id})})
    hint = f"other edges between them: {', '.join(others)}" if others else "nor does any other edge"
    return f"no edge {type_!r} leads from {from_id} to {to_id}; {hint}"


def _hint(reader: GraphReader, source: str | None, id_: str) -> str:
    near = nearest(reader, source, id_)
    return f"did you mean {' or '.join(near)}?" if near else "`ghsync search WORDS` finds nodes"


def _story_json(story: NodeStory | EdgeStory) -> Json:
    told: dict[str, Json] = {
        "source": story.source,
        "commit": story.commit,
        "places": [asdict(place) for place in story.places],
        "references": _references_json(story.references),
    }
    if isinstance(story, NodeStory):
        answers = None if story.answers is None else [_asked_json(each) for each in story.answers]
        referrers = [asdict(place) for place in story.referrers]
        told |= {"kind": story.row["kind"], "label": story.row["label"], "answers": answers, "referrers": referrers}
    return told


def _references_json(references: Sequence[Resolution] | None) -> Json:
    return None if references is None else [_resolution_json(each) for each in references]


def _resolution_json(each: Resolution) -> Json:
    return {
        "text": each.reference.text,
        "path": each.reference.path,
        "folder": each.reference.folder,
        "stub": each.reference.stub,
        "stub_kind": each.stub_kind,
        "uses": each.uses,
        "meaning": each.meaning,
        "names": [_asked_json(asked) for asked in each.asked],
    }


def _asked_json(asked: Asked) -> Json:
    candidates = [asdict(candidate) for candidate in asked.candidates]
    return {"scope": asked.name.scope, "text": asked.name.text, "candidates": candidates}
