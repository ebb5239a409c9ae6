"""The engine over real folders and a real store: workers, the write guard, failures, progress, cancelling."""

from __future__ import annotations

import threading
from itertools import pairwise

import pytest
from support.toy import ToyPlugin, graph, rows, sync, write_tree

from ghsync_core import DeletionsRefused, GhsyncError, StoreError, Syncer, hookimpl, sync_many
from ghsync_core.progress import SyncProgress
from ghsync_plugins.backends.sqlite import SqliteBackend


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "source"


@pytest.fixture
def database(tmp_path):
    return tmp_path / "graph.db"


def pages(count, content="-> page0"):
    return {f"page{number}.toy": content for number in range(count)}


class Watched:
    """A backend plugin over SQLite that counts who writes at once, and does to each group what it is told to."""

    name = "watched"
    schemes = ("watched",)

    def __init__(self, bears=8, before_write=lambda files: None):
        self.bears, self.before_write = bears, before_write
        self.now = self.most = self.groups = 0
        self.lock, self.sqlite_lock = threading.Lock(), threading.Lock()

    @hookimpl
    def register_backends(self):
        return [self]

    def files(self, url):
        return []

    def open(self, url, options, *, create):
        store = SqliteBackend().open(url.replace("watched:", "sqlite:"), options, create=create)
        make = store.writer
        store.writer = lambda source, commit: WatchedWriter(make(source, commit), self)
        return store


class WatchedWriter:
    def __init__(self, inner, watched):
        self.inner, self.watched, self.max_writes = inner, watched, watched.bears

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def write(self, files):
        watched = self.watched
        with watched.lock:
            watched.now += 1
            watched.groups += 1
            watched.most = max(watched.most, watched.now)
        try:
            watched.before_write(files)
            with watched.sqlite_lock:
                return self.inner.write(files)
        finally:
            with watched.lock:
                watched.now -= 1


class Hooked(ToyPlugin):
    """The toy format, whose parser first calls *act* with the document's path."""

    def __init__(self, act):
        self.act = act

    @hookimpl
    def register_parsers(self):
        parser, act = super().register_parsers()[0], self.act

        class Parser:
            name, version = "toy", "1"

            def parse(self, document):
                act(document.path)
                return parser.parse(document)

        return [Parser()]


def run(folder, database, plugin, on_progress=None, **options):
    return Syncer(folder, to=f"sqlite:{database}", plugins=[plugin], **options).run(on_progress)


# --- concurrent workers ---


def test_as_many_files_are_parsed_at_once_as_there_are_workers(folder, database):
    together = threading.Barrier(5, timeout=30)
    write_tree(folder, pages(10))
    statistics = run(folder, database, Hooked(lambda path: together.wait()), workers=5)
    assert statistics.kg_files_processed == 10


# --- the semaphore's limit ---


@pytest.mark.parametrize(("max_writes", "bears", "limit"), [(4, 8, 4), (8, 3, 3), (1, 8, 1)])
def test_never_more_writes_at_once_than_allowed(folder, tmp_path, max_writes, bears, limit):
    gathered = threading.Barrier(limit)

    def before_write(files):
        try:
            gathered.wait(timeout=0.2)  # the limit is reached where so many meet here
        except threading.BrokenBarrierError:
            gathered.reset()

    watched = Watched(bears, before_write)
    write_tree(folder, pages(60))
    syncer = Syncer(
        folder, to=f"watched:{tmp_path}/x.db", plugins=[ToyPlugin(), watched], workers=16, max_writes=max_writes
    )
    assert syncer.run().kg_files_processed == 60
    assert watched.most == limit


def test_results_that_queue_while_a_write_goes_on_share_the_next_one(folder, tmp_path):
    parsed = threading.Semaphore(0)

    def wait_for_the_rest(files):
        if len(files) == 1:
            for _ in range(20):
                parsed.acquire(timeout=30)

    watched = Watched(1, wait_for_the_rest)
    write_tree(folder, pages(20))
    hooked = Hooked(lambda path: parsed.release())
    run_ = Syncer(folder, to=f"watched:{tmp_path}/x.db", plugins=[hooked, watched], workers=4)
    assert run_.run().kg_files_processed == 20
    assert watched.groups < 20


# --- failures ---


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("bad", "syntax"),
        ("crash", "crash"),
        ("deep", "limit"),
        ("memory", "limit"),
        ("exit", "crash"),
        ("nan", "store"),
    ],
)
def test_a_file_that_fails_harms_no_other(folder, database, word, reason):
    statistics = sync(write_tree(folder, {**pages(5), "bad.toy": word}), database)
    assert statistics.status == "partial"
    assert statistics.kg_files_processed == 5
    assert [(error.path, error.reason) for error in statistics.errors] == [("bad.toy", reason)]
    assert statistics.total_files == 6
    (failed,) = [row for row in rows(database, "files") if row["status"] == "failed"]
    assert (failed["path"], failed["reason"]) == ("bad.toy", reason)


def test_what_a_failed_file_said_before_stays_until_it_is_mended(folder, database):
    sync(write_tree(folder, {"a.toy": "-> b"}), database)
    before = graph(database)
    assert sync(write_tree(folder, {"a.toy": "-> c\ncrash"}), database).status == "partial"
    assert graph(database) == before
    assert sync(write_tree(folder, {"a.toy": "-> c"}), database).status == "complete"
    assert [row["to_id"] for row in rows(database, "edges")] == ["page:c"]
    assert rows(database, "files")[0]["reason"] is None


def test_a_failing_file_is_told_again_but_not_read_again(folder, database):
    write_tree(folder, {"a.toy": "crash", "b.toy": ""})
    sync(folder, database)
    read = []
    again = run(folder, database, Hooked(read.append))
    assert read == []
    assert (again.status, again.failed_files, again.unchanged_files) == ("unchanged", 1, 1)
    assert again.errors[0].message == "ZeroDivisionError: crash"


def test_a_store_that_fails_stops_the_run_and_keeps_what_it_has(folder, tmp_path):
    def fail_later(files):
        if any(file.file.path == "page30.toy" for file in files):
            raise StoreError("the store is on fire")

    write_tree(folder, pages(60))
    watched = Watched(1, fail_later)
    syncer = Syncer(folder, to=f"watched:{tmp_path}/x.db", plugins=[ToyPlugin(), watched], workers=2)
    with pytest.raises(StoreError, match="on fire"):
        syncer.run()
    stored = rows(tmp_path / "x.db", "files")
    assert all(row["status"] == "stored" for row in stored)
    assert len(stored) < 60
    assert sync(folder, tmp_path / "x.db").kg_files_processed == 60 - len(stored)


def test_a_listing_that_fails_stops_the_run_and_makes_no_store(folder, database):
    with pytest.raises(GhsyncError):
        sync(folder / "missing", database)
    assert not database.exists()


def test_one_failing_source_stops_no_other(folder, tmp_path):
    write_tree(folder, pages(1))
    first, second = sync_many([tmp_path / "missing", folder], to=f"sqlite:{tmp_path}/x.db", plugins=[ToyPlugin()])
    assert (first.status, second.status) == ("failed", "complete")
    assert "missing" in first.errors[0].message


# --- deletions ---


def test_too_many_deletions_stop_before_the_first(folder, database):
    sync(write_tree(folder, {name: f"-> {name}" for name in pages(30)}), database)
    before = graph(database)
    write_tree(folder, {"page0.toy": "-> page0.toy"})
    with pytest.raises(DeletionsRefused, match="29 of 30"):
        sync(folder, database)
    assert graph(database) == before
    assert sync(folder, database, max_delete=29).deleted_files == 29


def test_a_move_is_no_deletion(folder, database):
    content = {f"page{number}.toy": f"-> {number}" for number in range(30)}
    sync(write_tree(folder, content), database)
    statistics = sync(write_tree(folder, {f"moved/{path}": text for path, text in content.items()}), database)
    assert (statistics.deleted_files, statistics.kg_files_processed) == (0, 30)
    assert len(rows(database, "files")) == 30


def test_files_outside_new_filters_are_deleted(folder, database):
    sync(write_tree(folder, {"a/x.toy": "", "b/y.toy": ""}), database)
    assert sync(folder, database, exclude=["b/"]).deleted_files == 1
    assert [row["path"] for row in rows(database, "files")] == ["a/x.toy"]


# --- progress ---


def test_progress_only_rises_and_ends_at_the_total(folder, database):
    told: list[SyncProgress] = []
    write_tree(folder, {**pages(40), "bad.toy": "bad", "image.png": ""})
    thread = threading.current_thread()
    threads = set()

    def on_progress(progress):
        told.append(progress)
        threads.add(threading.current_thread())

    statistics = run(folder, database, ToyPlugin(), on_progress)
    assert threads == {thread}
    for earlier, later in pairwise(told):
        for column in ("files_total", "files_processed", "files_succeeded", "files_failed", "kg_edges_saved"):
            assert getattr(earlier, column) <= getattr(later, column)
    last = told[-1]
    assert last.phase == "done"
    assert last.files_processed == last.files_total == last.files_succeeded + last.files_failed + last.files_skipped
    assert (last.kg_nodes_saved, last.kg_edges_saved) == (statistics.total_nodes, statistics.total_edges)
    assert [error.path for error in last.errors] == ["bad.toy"]
    assert (last.files_total, last.files_skipped) == (42, 1)


def test_an_observer_that_raises_is_dropped(folder, database):
    calls = []

    def raising(progress):
        calls.append(progress)
        raise RuntimeError("observer")

    assert run(write_tree(folder, pages(3)), database, ToyPlugin(), raising).status == "complete"
    assert len(calls) == 1


# --- cancelling ---


def test_cancel_stores_the_files_in_hand_and_the_next_run_takes_the_rest(folder, database):
    write_tree(folder, pages(100))
    read = []

    def cancel_at_ten(path):
        read.append(path)
        if len(read) == 10:
            syncer.cancel()

    syncer = Syncer(folder, to=f"sqlite:{database}", plugins=[Hooked(cancel_at_ten)], workers=2)
    statistics = syncer.run()
    assert statistics.status == "interrupted"
    assert 10 <= statistics.kg_files_processed == len(read) < 100
    assert rows(database, "runs")[0]["status"] == "interrupted"
    rest = sync(folder, database)
    assert rest.kg_files_processed == 100 - len(read)
    assert rest.status == "complete"


def test_cancel_before_the_run_begins_nothing(folder, database):
    syncer = Syncer(write_tree(folder, pages(3)), to=f"sqlite:{database}", plugins=[ToyPlugin()])
    syncer.cancel()
    assert syncer.run().status == "interrupted"
    assert not database.exists()


# --- planning ---


def test_a_store_inside_the_folder_is_no_part_of_it(folder, monkeypatch):
    write_tree(folder, pages(2))
    monkeypatch.chdir(folder)
    for status in ("complete", "unchanged"):
        statistics = Syncer(".", plugins=[ToyPlugin()]).run()
        assert (statistics.status, statistics.total_files) == (status, 2)


def test_a_plan_tells_and_changes_nothing(folder, database):
    sync(write_tree(folder, {"a.toy": "", "b.toy": "", "c.toy": "x"}), database)
    write_tree(folder, {"a.toy": "-> b", "d.toy": "x", "e.png": ""})
    before = database.read_bytes()
    plan = Syncer(folder, to=f"sqlite:{database}", plugins=[ToyPlugin()]).plan()
    assert [file.path for file in plan.read] == ["a.toy", "d.toy"]
    assert (plan.deleted, plan.moved, plan.unchanged_files, plan.skipped_files) == (("b.toy",), ("c.toy",), 0, 1)
    assert database.read_bytes() == before


@pytest.mark.parametrize(
    "options", [{"full": True}, {"settings": {"max_file_size": 5_000_000}}, {"only_public": True}], ids=str
)
def test_what_changes_the_meaning_reads_everything_again(folder, database, options):
    sync(write_tree(folder, pages(3)), database)
    assert sync(folder, database, **options).kg_files_processed == 3


def test_files_over_the_size_limit_are_skipped_unread(folder, database):
    write_tree(folder, {"small.toy": "", "large.toy": "x" * 100})
    statistics = sync(folder, database, settings={"max_file_size": 50})
    assert (statistics.skipped_files, statistics.kg_files_processed) == (1, 1)
    assert [row["reason"] for row in rows(database, "files")] == ["size", None]


def test_an_lfs_pointer_is_skipped(folder, database):
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n"
    assert sync(write_tree(folder, {"a.toy": pointer}), database).skipped_files == 1
    assert rows(database, "files")[0]["reason"] == "lfs"


def test_two_sources_in_one_store_are_apart(tmp_path):
    database = tmp_path / "graph.db"
    one = write_tree(tmp_path / "one", {"a.toy": "-> b"})
    two = write_tree(tmp_path / "two", {"b.toy": ""})
    assert sync(one, database).graph.nodes == 2
    assert sync(two, database).graph.nodes == 1
    assert [row["kind"] for row in rows(database, "nodes") if row["id"] == "page:b"] == ["stub", "page"]
