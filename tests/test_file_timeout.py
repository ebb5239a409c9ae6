"""Files that take for ever: named, given up, and nobody waits for them."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command_line import Workplace
from support.toy import ToyPlugin, rows, write_tree

from ghsync_core import Document, FileRef, ParsedFile, Syncer, SyncStatistics, hookimpl
from ghsync_core.deadlines import Deadlines
from ghsync_core.workers import Workers

SECONDS = 0.3


class Hanging(ToyPlugin):
    """The toy format; a file that holds ``hang`` is not read before `go` is set."""

    name = "hanging"

    def __init__(self) -> None:
        self.go = threading.Event()

    @hookimpl
    def register_parsers(self):
        [toy] = super().register_parsers()
        parse = toy.parse

        def parse_or_hang(document: Document) -> ParsedFile:
            if "hang" in document.text:
                assert self.go.wait(60)
            return parse(document)

        toy.parse = parse_or_hang
        return [toy]


@pytest.fixture
def plugin() -> Iterator[Hanging]:
    plugin = Hanging()
    yield plugin
    plugin.go.set()


def sync(folder: Path, database: Path, plugin: Hanging, **options: object) -> SyncStatistics:
    settings = {"file_timeout": SECONDS}
    return Syncer(folder, to=f"sqlite:{database}", plugins=[plugin], settings=settings, **options).run()


@pytest.mark.parametrize(("workers", "hanging"), [(1, 1), (1, 3), (2, 2), (4, 1)])
def test_the_run_goes_on_without_files_that_hang(tmp_path, plugin, workers, hanging):
    pages = {f"p{number}.toy": f"-> p{number + 1}" for number in range(300)}
    folder = write_tree(tmp_path / "source", {**pages, **{f"a{number}.toy": "hang" for number in range(hanging)}})
    done = sync(folder, tmp_path / "graph.db", plugin, workers=workers)
    assert (done.status, done.kg_files_processed, done.failed_files) == ("partial", 300, hanging)
    assert [(error.path, error.stage, error.reason) for error in done.errors] == [
        (f"a{number}.toy", "parse", "timeout") for number in range(hanging)
    ]
    assert done.errors[0].message == "a plugin's parser took longer than file_timeout, 0.3 seconds, and was given up"


def test_it_keeps_what_it_said_and_is_tried_again_at_every_run(tmp_path, plugin):
    folder, database = tmp_path / "source", tmp_path / "graph.db"
    sync(write_tree(folder, {"a.toy": "-> b", "c.toy": ""}), database, plugin)
    write_tree(folder, {"a.toy": "hang\n-> new", "c.toy": ""})
    for _ in range(2):
        assert sync(folder, database, plugin).status == "partial"
        assert [row["to_id"] for row in rows(database, "edges")] == ["page:b"]
    plugin.go.set()
    assert sync(folder, database, plugin).status == "complete"
    assert [row["to_id"] for row in rows(database, "edges")] == ["page:new"]


def test_one_that_comes_back_late_changes_nothing_any_more(tmp_path, plugin):
    folder, database = write_tree(tmp_path / "source", {"a.toy": "hang", "b.toy": ""}), tmp_path / "graph.db"
    before = set(threading.enumerate())
    sync(folder, database, plugin)
    left = set(threading.enumerate()) - before
    assert len(left) == 1
    plugin.go.set()
    for thread in left:
        thread.join(30)
        assert not thread.is_alive()
    assert {row["path"]: row["status"] for row in rows(database, "files")} == {"a.toy": "failed", "b.toy": "stored"}


def test_the_process_ends_though_a_thread_hangs(tmp_path):
    place = Workplace.at(tmp_path)
    place.write(good="fine", hangs="wait")
    go = tmp_path / "go"  # nobody ever writes into this pipe
    os.mkfifo(go)
    begun = time.monotonic()
    done = place.run(
        "./notes", "--json", GHSYNC_FILE_TIMEOUT="0.5", TOY_STARTED=str(tmp_path / "started"), TOY_GO=str(go)
    )
    assert time.monotonic() - begun < 60
    statistics = json.loads(done.stdout)
    assert (done.returncode, statistics["status"], statistics["other_files_processed"]) == (3, "partial", 1)
    assert [(error["path"], error["reason"]) for error in statistics["errors"]] == [("hangs.toy", "timeout")]


# --- parts ---


def job_of(deadlines: Deadlines):
    return deadlines.begin(FileRef("a", "", 1), 0)


def test_time_begins_anew_behind_reading_and_only_there():
    deadlines = Deadlines(5, lambda thread: False)
    job = job_of(deadlines)
    job.since -= 4
    job.reach("detect")
    job.since -= 4
    assert list(deadlines.late()) == []
    job.reach("parse")
    job.since -= 2
    assert list(deadlines.late()) == [job]
    assert not deadlines.end(job)
    assert list(deadlines.late()) == []


def test_time_does_not_count_while_a_host_asks_for_patience():
    waits = True
    deadlines = Deadlines(5, lambda thread: waits)
    job = job_of(deadlines)
    job.since -= 100
    assert list(deadlines.late()) == []
    waits = False
    assert list(deadlines.late()) == []
    job.since -= 6
    assert list(deadlines.late()) == [job]


def test_a_job_that_is_done_is_never_late():
    deadlines = Deadlines(5, lambda thread: False)
    job = job_of(deadlines)
    assert deadlines.end(job)
    job.since -= 100
    assert list(deadlines.late()) == []


def test_workers_do_each_task_once_and_no_more_threads_than_needed():
    workers, done, at_once = Workers(3), [], threading.Barrier(3)
    for _ in range(3):
        workers.submit(at_once.wait, 30)
    for number in range(200):
        workers.submit(done.append, number)
    ended = threading.Event()
    workers.submit(ended.set)
    assert ended.wait(30)
    workers.shutdown(wait=True)
    assert sorted(done) == list(range(200))


def test_tasks_that_are_left_are_dropped_at_the_end():
    workers, begun, go, done = Workers(1), threading.Event(), threading.Event(), []

    def hold() -> None:
        begun.set()
        go.wait(30)

    workers.submit(hold)
    assert begun.wait(30)
    workers.submit(done.append, 1)
    workers.shutdown(wait=False)
    go.set()
    workers.shutdown(wait=True)
    assert done == []
