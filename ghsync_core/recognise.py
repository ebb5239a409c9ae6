"""Which source of the store a listing belongs to, and what that is to be called."""

from __future__ import annotations

from typing import NamedTuple

from ghsync_core.errors import SourceError
from ghsync_core.interfaces import Snapshot, SourceState, Store


class Recognised(NamedTuple):
    """``known`` is what the store remembers, None of a new source; ``name`` is the name that the source gets."""

    known: SourceState | None
    name: str


def recognise(store: Store | None, snapshot: Snapshot, here: SourceState | None, own_name: str | None) -> Recognised:
    """The source that *snapshot* is the next state of.

    *here* is the one that was read at this place before. Else it is the one of the same identity, which is then renamed
    to what it is called now, or else the one of the same name, as of a repository and a clone of it. Under *own_name*,
    given by the user, a source is nothing but that name. Raises `SourceError` where two sources claim to be it.
    """
    if store is None:
        return Recognised(None, own_name or snapshot.source)
    if own_name:
        return Recognised(here or store.find_source(name=own_name), own_name)
    same = store.find_source(identity=snapshot.identity) if snapshot.identity else None
    if here and same and here.name != same.name:
        raise _claimed_twice(snapshot.source, here, same)
    known = here or same
    namesake = store.find_source(name=snapshot.source)
    if namesake is None or (known and known.name == namesake.name):
        return Recognised(known, snapshot.source)
    if known is None and not (namesake.identity and snapshot.identity):
        return Recognised(namesake, snapshot.source)
    if known and not snapshot.identity:
        return Recognised(known, known.name)
    raise _name_taken(snapshot.source, known, namesake)


def _claimed_twice(name: str, here: SourceState, same: SourceState) -> SourceError:
    return SourceError(
        f"{name} is the repository that the store holds as {same.name!r}, but what was read here before is held as "
        f"{here.name!r}: take one out, such as `ghsync forget {here.name}`, and run again"
    )


def _name_taken(name: str, known: SourceState | None, namesake: SourceState) -> SourceError:
    was = f"{known.name!r} is called {name!r} now" if known else f"this is called {name!r}"
    return SourceError(
        f"{was}, but the store holds another source of that name, from {namesake.location}: take that out with "
        f"`ghsync forget {namesake.name}`, or give a name with --name"
    )
