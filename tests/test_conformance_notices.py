"""The suites notice: plugins with one fault each, and the promise that they are told to have broken."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ghsync_core import ContentError, Document, Edge, FileRef, Node, ParsedFile, Saved, hookimpl
from ghsync_core.testing import BackendSuite, ParserSuite, SourceSuite
from ghsync_core.testing.places import write_files
from ghsync_core.testing.promises import Broken
from ghsync_plugins.backends.sqlite import SqliteBackend
from ghsync_plugins.sources.local import LocalSource

# --- backends -------------------------------------------------------------------------------------------------------


class Altered:
    """*inner*, but for the methods that are given: each is called with what it stands for, and the arguments."""

    def __init__(self, inner: Any, **methods: Callable[..., Any]) -> None:
        self._inner = inner
        self._methods = methods

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name not in self._methods:
            return found
        return lambda *arguments, **how: self._methods[name](found, *arguments, **how)


class Faulty(SqliteBackend):
    """SQLite with a fault."""

    name, schemes = "faulty", ("faulty",)

    def __init__(self, *, store: dict[str, Any] | None = None, writer: Any = None, reader: Any = None) -> None:
        self.methods = {**(store or {})}
        for name, altered in (("writer", writer), ("reader", reader)):
            if altered:
                self.methods[name] = lambda make, *arguments, altered=altered: Altered(make(*arguments), **altered)

    @hookimpl
    def register_backends(self) -> list[Faulty]:
        return [self]

    def open(self, url: str, options: Any, *, create: bool) -> Any:
        return Altered(super().open(url.replace("faulty:", "sqlite:"), options, create=create), **self.methods)


def lose_an_edge(write, files):
    return write(
        [replace(each, facts=each.facts and replace(each.facts, edges=each.facts.edges[1:])) for each in files]
    )


def skip_deletions(delete, paths):
    return delete(paths[1:])


def answer_for_one(write, files):
    return write(files)[:1]


def raise_all_away(write, files):
    saved = write(files)
    return [Saved(failure=next((each.failure for each in saved if each.failure), None))] * len(saved)


def backwards(rows, *arguments, **how):
    return reversed(list(rows(*arguments, **how)))


def any_path(rows, view, source=None, *, where=None, ordered=False):
    where = {key: value for key, value in (where or {}).items() if key != "path"}
    return rows(view, source, where=where, ordered=ordered)


def forget_commit(record, run):
    return record(replace(run, state=run.state and replace(run.state, commit=None)))


@contextmanager
def lock_nothing(lock, holder, wait) -> Iterator[None]:
    yield


FAULTS = [
    ({"writer": {"write": lose_an_edge}}, "what_is_written_is_read_back", "what was saved of each file"),
    ({"writer": {"delete": skip_deletions}}, "a_file_that_is_deleted_takes_along_all_that_it_said", "settle counts"),
    ({"writer": {"write": answer_for_one}}, "what_is_written_is_read_back", "answers for every file"),
    ({"writer": {"record": forget_commit}}, "what_is_written_is_read_back", "what is remembered of"),
    ({"reader": {"rows": backwards}}, "what_is_written_is_read_back", "another order"),
    ({"reader": {"rows": any_path}}, "rows_are_chosen_by_any_column_that_holds_no_json", "the rows of files where"),
    ({"store": {"forget": lambda forget, source: 0}}, "forgetting_a_stranger_is_wrong_usage", "promised: UsageError"),
]


def suite(fault: dict[str, Any]) -> BackendSuite:
    class Suite(BackendSuite):
        plugins = (Faulty(**fault),)

    return Suite()


@pytest.mark.parametrize(("fault", "test", "told"), FAULTS, ids=[fault[1][:30] for fault in FAULTS])
def test_a_backend_with_a_fault_is_told_which_promise_it_broke(
    tmp_path: Path, fault: dict[str, Any], test: str, told: str
) -> None:
    faulty = suite(fault)
    twins = faulty.twins_at(f"faulty:{tmp_path}/ours.db", tmp_path / "reference.db")
    with pytest.raises(Broken, match=told):
        getattr(faulty, f"test_{test}")(twins)
    twins.close()


def test_a_refusal_that_fails_its_neighbours_is_noticed(tmp_path: Path) -> None:
    faulty = suite({"writer": {"write": raise_all_away}})
    twins = faulty.twins_at(f"faulty:{tmp_path}/ours.db", tmp_path / "reference.db")
    facts = ParsedFile((Node("page:x", "page", "x", 1, {"k": float("nan")}),))
    with pytest.raises(Broken, match="what was saved of each file"):
        faulty.test_a_file_that_is_refused_harms_no_other(twins, facts)
    twins.close()


def test_a_lock_that_locks_nothing_is_noticed(tmp_path: Path) -> None:
    faulty = suite({"store": {"lock": lock_nothing}})
    with pytest.raises(Broken, match="is told who holds it"):
        faulty.test_one_sync_at_a_time_holds_it_and_the_other_is_told_who(lambda: f"faulty:{tmp_path}/ours.db")


def test_a_settle_that_forgets_what_moved_is_noticed_by_a_history(tmp_path: Path) -> None:
    faulty = suite({"writer": {"delete": lambda delete, paths: delete(sorted(paths)[:1])}})
    faulty.histories = 30
    with pytest.raises(Broken):
        faulty.test_any_history_ends_in_the_graph_of_its_last_state(lambda: f"faulty:{tmp_path}/ours.db", tmp_path)


# --- parsers --------------------------------------------------------------------------------------------------------


class Lines:
    """Each line is a node; whatever *wrong* says is wrong with it."""

    name, version = "lines", "1"

    def __init__(self, wrong: str = "") -> None:
        self.wrong = wrong
        self.count = 0

    @hookimpl
    def register_parsers(self) -> list[Lines]:
        return [self]

    def parse(self, document: Document) -> ParsedFile:
        self.count += self.wrong == "state"
        lines = document.text.splitlines() if self.wrong != "bytes" else document.data.decode().splitlines()
        if self.wrong == "slow":
            end = time.thread_time() + (len(document.data) / 20_000) ** 2
            while time.thread_time() < end:
                pass
        if self.wrong == "reason" and not lines:
            raise ContentError("nothing", reason="because")
        ahead = 10 if self.wrong == "line" else 1
        properties = {"at": {1, 2}} if self.wrong == "json" else {"seen": self.count}
        nodes = tuple(Node(f"line:{at}", "line", text, at, properties) for at, text in enumerate(lines, ahead))
        edges = (Edge("line:1", "" if self.wrong == "end" else "line:2", "next", 1),) if lines else ()
        return ParsedFile(nodes, edges)


@pytest.mark.parametrize(
    ("wrong", "test", "told"),
    [
        ("state", "it_gives_the_same_facts_each_time_whoever_else_parses", "eight threads get what one gets"),
        ("bytes", "an_empty_file_and_a_single_line_do_no_harm", "UnicodeDecodeError"),
        ("bytes", "any_bytes_give_facts_that_make_sense_or_a_refusal", "UnicodeDecodeError"),
        ("line", "every_sample_says_something", "one of the file's, from 1 to"),
        ("json", "every_sample_says_something", "properties are JSON"),
        ("end", "every_sample_says_something", "an end is an id or a reference"),
        ("reason", "an_empty_file_and_a_single_line_do_no_harm", "closed list"),
        ("slow", "time_grows_no_faster_than_the_file", "time grows as the file does"),
    ],
)
def test_a_parser_with_a_fault_is_told_which_promise_it_broke(wrong: str, test: str, told: str) -> None:
    with pytest.raises(Broken, match=told):
        getattr(lines_suite(wrong), f"test_{test}")()


def lines_suite(wrong: str) -> ParserSuite:
    class Suite(ParserSuite):
        plugins = (Lines(wrong),)
        parser = "lines"
        samples = {"a.lines": "one\ntwo\n"}

    found = Suite()
    found.load()
    return found


def test_a_parser_without_fault_passes() -> None:
    good = lines_suite("")
    for name in dir(good):
        if name.startswith("test_"):
            getattr(good, name)()


# --- sources --------------------------------------------------------------------------------------------------------


class Wrong(LocalSource):
    """A folder with a fault, told by altered methods of its snapshots."""

    name, priority = "wrong", 300

    def __init__(self, **methods: Callable[..., Any]) -> None:
        self.methods = methods

    @hookimpl
    def register_sources(self) -> list[Wrong]:
        return [self]

    def open(self, location: str, context: Any) -> Any:
        def snapshot(take: Callable[..., Any], *arguments: Any, **how: Any) -> Any:
            taken = take(*arguments, **how)
            if "files" in self.methods:
                taken.files = self.methods["files"](taken.files)
            return Altered(taken, **{name: each for name, each in self.methods.items() if name != "files"})

        return Altered(super().open(location, context), snapshot=snapshot)


def short_listing(files):
    return files[1:]


def other_ids(files):
    return tuple(FileRef(file.path, "0" * 40, file.size) for file in files)


@pytest.mark.parametrize(
    ("methods", "test", "told"),
    [
        ({"files": short_listing}, "all_files_are_listed_with_git_s_ids_and_sizes", "every file is listed once"),
        ({"files": other_ids}, "all_files_are_listed_with_git_s_ids_and_sizes", "git's id of its content"),
        ({"read": lambda read, file: b"x"}, "every_wanted_file_is_given_once_with_its_bytes", "what is read is what"),
        (
            {"fetch": lambda fetch, wanted: fetch(list(wanted)[1:])},
            "every_wanted_file_is_given_once_with_its_bytes",
            "what is read is what",
        ),
        ({"cost": lambda cost, wanted: 3}, "cost_and_requests_are_counted", "nothing costs nothing"),
    ],
)
def test_a_source_with_a_fault_is_told_which_promise_it_broke(
    tmp_path: Path, methods: dict[str, Any], test: str, told: str
) -> None:
    class Suite(SourceSuite):
        plugins = (Wrong(**methods),)

    with pytest.raises(Broken, match=told):
        getattr(Suite(), f"test_{test}")(lambda files: str(write_files(tmp_path / "notes", files)))
