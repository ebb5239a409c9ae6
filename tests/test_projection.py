"""A projected store: whatever happens, the target ends with the ledger's graph, and is given no more than it needs."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.memory_target import MemoryPlugin, MemoryTarget
from support.toy import ToyPlugin, write_tree

from ghsync_core import StoreError, Syncer, SyncStatistics, UsageError, views

PATHS = st.sampled_from(["A.toy", "b.toy", "c.toy", "dir/A.toy", "dir/d.toy", "B.toy", "x.png"])
WORDS = st.sampled_from(["A", "b", "B", "c", "d", "Zed", "A > b"])
LINES = st.one_of(
    st.builds("{} {}".format, st.sampled_from(["->", "alias", "title", "tag"]), WORDS),
    st.builds("{} urn:{}".format, st.sampled_from(["class", "property"]), WORDS),
    st.builds("{} urn:{} {}".format, st.sampled_from(["sub", "domain"]), WORDS, WORDS),
    st.builds("same urn:{} urn:{}".format, WORDS, WORDS),
    st.builds("set k{} {}".format, WORDS, WORDS),
    st.just("bad"),
)
STATES = st.dictionaries(PATHS, st.lists(LINES, max_size=5).map("\n".join), max_size=6)

slow = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


class Place:
    """A folder, a target in memory and the ledger between them."""

    def __init__(self, home: Path) -> None:
        self.folder, self.ledger = home / "source", home / "ledger.db"
        self.target = MemoryTarget()

    def sync(self, state: Mapping[str, str] | None = None, **options: Any) -> SyncStatistics:
        if state is not None:
            write_tree(self.folder, state)
        plugins = [MemoryPlugin(self.target), ToyPlugin()]
        to = f"memory:{self.ledger}"
        return Syncer(self.folder, to=to, plugins=plugins, **{"name": "here", "max_delete": "100%", **options}).run()

    @property
    def held(self) -> dict[str, list[dict[str, Any]]]:
        """What the target holds."""
        reader = self.target.reader()
        return {view: [dict(row) for row in reader.rows(view, ordered=True)] for view in views.COLUMNS}

    @property
    def settled(self) -> dict[str, list[dict[str, Any]]]:
        """What the ledger says."""
        with closing(sqlite3.connect(self.ledger)) as connection:
            connection.row_factory = sqlite3.Row
            found = {}
            for view, keys in views.KEYS.items():
                query = f"SELECT * FROM {view} ORDER BY source, {', '.join(keys)}"
                found[view] = [dict(row) for row in connection.execute(query)]
            return found


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@slow
@given(history=st.lists(STATES, min_size=1, max_size=5))
def test_after_any_run_of_any_history_the_target_holds_what_the_ledger_says(history: list[dict[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as home:
        place = Place(Path(home))
        for state in history:
            place.sync(state)
            assert place.held == place.settled


class Crash(BaseException):
    """The process dies."""


@slow
@given(
    history=st.lists(st.tuples(STATES, st.sampled_from(["never", "before", "after"])), min_size=1, max_size=5),
    last=STATES,
)
def test_it_does_so_too_where_runs_die_before_or_after_the_target_took_them_in(
    history: list[tuple[dict[str, str], str]], last: dict[str, str]
) -> None:
    with tempfile.TemporaryDirectory() as home:
        place = Place(Path(home))
        for state, moment in history:
            place.target.fail = dies_at(moment)
            try:
                place.sync(state)
            except Crash:
                continue
        place.target.fail = dies_at("never")
        place.sync(last)
        assert place.held == place.settled


def dies_at(wanted: str) -> Any:
    def fail(moment: str) -> None:
        if moment == wanted:
            raise Crash

    return fail


GARDEN = {
    "bean.toy": "alias Legume\n-> Soil\ntag crop",
    "pea.toy": "-> Legume\ntag crop",
    "soil.toy": "-> Compost\nclass urn:soil",
    "shed.toy": "-> Pea",
}


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        ({"shed.toy": "-> Pea\n-> Pea"}, [("shed.toy", None)]),
        ({"shed.toy": "-> Pea\ntag crop"}, [("shed.toy", None)]),
        ({"shed.toy": "-> Pea\ntag wood"}, [("shed.toy", None), (None, "tag:wood")]),
        # Who links to the alias is pointed elsewhere.
        ({"shed.toy": "title Legume"}, [("pea.toy", None), ("shed.toy", None)]),
        ({"bean.toy": "-> Soil\ntag crop"}, [("bean.toy", None), ("pea.toy", None), (None, "page:legume")]),
        ({"compost.toy": ""}, [("compost.toy", None), (None, "page:compost")]),
    ],
)
def test_a_target_is_given_no_more_than_what_changed(
    place: Place, change: dict[str, str], parts: list[tuple[str | None, str | None]]
) -> None:
    place.sync(GARDEN)
    place.sync({**GARDEN, **change})
    assert place.target.applied == parts
    assert place.held == place.settled


def test_an_unchanged_run_touches_nothing_but_the_runs(place: Place) -> None:
    place.sync(GARDEN)
    mark = place.target.marks["here"]
    assert place.sync().status == "unchanged"
    assert place.target.applied == []
    assert place.target.marks["here"] == mark
    assert [run[3] for run in place.target.runs["here"]] == ["complete", "unchanged"]


def test_a_target_that_was_emptied_is_filled_by_an_unchanged_run(place: Place) -> None:
    place.sync(GARDEN)
    place.target = MemoryTarget()
    assert place.sync().status == "unchanged"
    assert place.held == place.settled


def test_a_ledger_that_was_lost_is_made_anew_and_so_is_the_graph(place: Place) -> None:
    place.sync(GARDEN)
    for path in place.ledger.parent.glob("ledger.db*"):
        path.unlink()
    place.sync({"bean.toy": "-> Peat"})
    assert place.held == place.settled
    assert {node["path"] for node in place.held["nodes"]} == {"bean.toy", None}


def test_sources_are_kept_apart_and_one_is_forgotten_alone(place: Place) -> None:
    place.sync(GARDEN)
    place.sync(name="there")
    store = MemoryPlugin(place.target).open(f"memory:{place.ledger}", {}, create=False)
    with closing(store), store.lock("a test", 0):
        assert store.forget("here") == len(GARDEN)
        with pytest.raises(UsageError, match="no source 'here'"):
            store.forget("here")
    assert set(place.target.marks) == {"there"}
    assert place.held == place.settled


def test_a_source_that_is_renamed_goes_in_under_its_new_name_alone(place: Place) -> None:
    place.sync(GARDEN, name=None)
    moved = place.folder.with_name("elsewhere")
    place.folder.rename(moved)
    place.folder = moved
    place.sync(name=None)
    assert place.held == place.settled
    assert len(place.target.marks) == len({row["source"] for row in place.settled["files"]})


def test_what_the_target_fails_of_fails_the_run_and_the_next_one_mends_it(place: Place) -> None:
    place.sync(GARDEN)

    def down(moment: str) -> None:
        raise StoreError("the server is down")

    place.target.fail = down
    with pytest.raises(StoreError, match="the server is down"):
        place.sync({**GARDEN, "shed.toy": "-> Bean"})
    place.target.fail = dies_at("never")
    place.sync()
    assert place.target.applied == [("shed.toy", None)]
    assert place.held == place.settled
