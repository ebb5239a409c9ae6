"""Whatever the history, the order and the number of workers: the stored graph is the graph of the last state."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.toy import ToyPlugin, graph, sync, write_tree

from ghsync_core import Syncer, hookimpl
from ghsync_core.facts import merge_json

PATHS = st.sampled_from(["A.toy", "b.toy", "c.toy", "dir/A.toy", "dir/d.toy", "B.toy", "x.png"])
WORDS = st.sampled_from(["A", "b", "B", "c", "d", "Zed"])
LINES = st.one_of(
    st.builds("-> {}".format, WORDS),
    st.builds("alias {}".format, WORDS),
    st.builds("title {}".format, WORDS),
    st.builds("tag {}".format, WORDS),
    st.builds("class urn:{}".format, WORDS),
    st.builds("sub urn:{} {}".format, WORDS, WORDS),
    st.builds("same urn:{} urn:{}".format, WORDS, WORDS),
    st.builds("set k{} {}".format, WORDS, WORDS),
)
BROKEN = st.sampled_from(["bad", "crash", "nan", "surrogate"])
CONTENT = st.lists(LINES, max_size=5).map("\n".join)
GOOD = st.dictionaries(PATHS, CONTENT, max_size=6)
ANY = st.dictionaries(PATHS, st.one_of(CONTENT, st.tuples(CONTENT, BROKEN).map("\n".join)), max_size=6)

slow = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


class Broken(ToyPlugin):
    """The toy format; the run is told to stop when the file number *after* is parsed."""

    @hookimpl
    def register_parsers(self):
        parser = super().register_parsers()[0]

        def parse(_, document):
            self.after -= 1
            if self.after == 0:
                self.syncer.cancel()
            return parser.parse(document)

        return [type("Parser", (), {"name": "toy", "version": "1", "parse": parse})()]


def broken_off(folder, database, after):
    """A sync that is cancelled at the file number *after*, if it comes to it."""
    plugin = Broken()
    plugin.after = after
    plugin.syncer = Syncer(folder, to=f"sqlite:{database}", plugins=[plugin], workers=1, max_delete="100%")
    plugin.syncer.run()


@slow
@given(history=st.lists(st.tuples(ANY, st.integers(0, 3)), max_size=4), last=GOOD)
def test_any_history_of_broken_off_runs_ends_in_the_graph_of_the_last_state(history, last):
    with tempfile.TemporaryDirectory() as home:
        folder, database = Path(home) / "source", Path(home) / "steps.db"
        for state, after in history:
            broken_off(write_tree(folder, state), database, after)
        sync(write_tree(folder, last), database, max_delete="100%")
        sync(folder, Path(home) / "fresh.db")
        assert graph(database) == graph(Path(home) / "fresh.db")


@slow
@given(history=st.lists(ANY, max_size=4), last=GOOD)
def test_any_history_ends_in_the_graph_of_the_last_state(history, last):
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "source"
        for state in [*history, last]:
            statistics = sync(write_tree(folder, state), Path(home) / "steps.db", max_delete="100%")
        sync(folder, Path(home) / "fresh.db")
        assert statistics.failed_files == 0
        assert graph(Path(home) / "steps.db") == graph(Path(home) / "fresh.db")
        assert list(vars_of(statistics.graph)) == [len(rows) for rows in graph(Path(home) / "fresh.db").values()]


def vars_of(counts):
    return (counts.nodes, counts.edges, counts.classes, counts.properties, counts.axioms)


@slow
@given(state=GOOD, workers=st.integers(1, 12), max_writes=st.integers(1, 6))
def test_any_number_of_workers_gives_the_same_graph(state, workers, max_writes):
    with tempfile.TemporaryDirectory() as home:
        folder = write_tree(Path(home) / "source", state)
        sync(folder, Path(home) / "one.db", workers=1, max_writes=1)
        sync(folder, Path(home) / "many.db", workers=workers, max_writes=max_writes)
        assert graph(Path(home) / "one.db") == graph(Path(home) / "many.db")


@slow
@given(state=ANY)
def test_a_second_run_changes_nothing(state):
    with tempfile.TemporaryDirectory() as home:
        folder, database = write_tree(Path(home) / "source", state), Path(home) / "graph.db"
        sync(folder, database)
        before = graph(database)
        again = sync(folder, database)
        assert again.status == "unchanged"
        assert graph(database) == before


@slow
@given(kept=GOOD, broken=st.dictionaries(PATHS.filter(lambda path: path != "x.png"), BROKEN, min_size=1, max_size=3))
def test_a_file_that_breaks_keeps_what_it_said(kept, broken):
    with tempfile.TemporaryDirectory() as home:
        folder, database = Path(home) / "source", Path(home) / "graph.db"
        sync(write_tree(folder, kept), database)
        before = graph(database)
        statistics = sync(write_tree(folder, {**kept, **broken}), database)
        assert {error.path for error in statistics.errors} == set(broken)
        assert graph(database) == before


JSON = st.recursive(
    st.one_of(st.none(), st.integers(), st.text(max_size=3)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=2), inner, max_size=3)),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=2), JSON, max_size=4), st.dictionaries(st.text(max_size=2), JSON, max_size=4))
def test_merged_json_holds_every_key_and_the_first_word(first, second):
    merged = merge_json(first, second)
    assert set(merged) == set(first) | set(second)
    for key, value in first.items():
        if value is not None and not isinstance(value, list | dict):
            assert merged[key] == value
