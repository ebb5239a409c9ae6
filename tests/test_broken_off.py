"""Runs that are broken off, and sources and plugins that do not keep their word: nothing false is called right."""

from __future__ import annotations

import threading

import pytest
from support.git_repos import GitRepo
from support.toy import ToyPlugin, graph, rows, sync, write_tree

from ghsync_core import (
    Answer,
    Edge,
    FileRef,
    Name,
    Node,
    ParsedFile,
    Reference,
    SourceError,
    SuffixDetector,
    Syncer,
    git_blob_id,
    hookimpl,
    sync_many,
)
from ghsync_plugins.backends.sqlite.writer import SqliteWriter


class Given(ToyPlugin):
    """The toy format, with a source ``given:`` that lists and gives what it is told to, and remembers its commit."""

    name = "given"
    priority = 200
    location = "given:"
    source = "given"
    identity = None
    requests = {}  # noqa: RUF012
    memory = {}  # noqa: RUF012

    def __init__(self, files, commit="1", gives=None):
        self.contents, self.commit, self.gives = files, commit, gives

    @hookimpl
    def register_sources(self):
        return [self]

    @property
    def files(self):
        return [FileRef(path, git_blob_id(text.encode()), len(text)) for path, text in self.contents.items()]

    def accepts(self, location):
        return location.startswith("given:")

    def open(self, location, context):
        self.location, self.context = location, context
        return self

    def snapshot(self, known, *, conditional):
        return None if conditional and known.commit == self.commit else self

    def fetch(self, wanted):
        for file in wanted[: self.gives]:
            yield file, None

    def read(self, file):
        return self.contents[file.path].encode()

    def cost(self, wanted):
        return len(wanted)

    def close(self):
        pass


def run(plugin, database, **options):
    return Syncer("given:", to=f"sqlite:{database}", plugins=[plugin], **options).run()


@pytest.fixture
def database(tmp_path):
    return tmp_path / "graph.db"


PAGES = {f"page{number}.toy": f"-> page{number}" for number in range(30)}


def test_an_interrupted_run_is_not_unchanged_afterwards(database):
    run(Given(PAGES), database)
    before = graph(database)
    changed = Given(dict.fromkeys(PAGES, "-> elsewhere"), "2")
    syncer = Syncer("given:", to=f"sqlite:{database}", plugins=[changed], workers=1)
    read = changed.read

    def read_then_cancel(file):
        syncer.cancel()
        return read(file)

    changed.read = read_then_cancel
    assert syncer.run().status == "interrupted"
    assert graph(database) != before
    again = run(Given(PAGES, "1"), database)  # the branch was rewound to what the store last held
    assert again.status == "complete"
    assert graph(database) == before


def test_a_name_given_to_another_place_holds_that_place(tmp_path, database):
    one = write_tree(tmp_path / "one", {"a.toy": "-> b"})
    two = GitRepo(tmp_path / "two")
    two.write({"c.toy": "-> d"})
    two.commit("first")
    two.write({"e/f.toy": "-> g"})
    two.commit("second")
    sync(one, database, name="notes")
    assert sync(two.path, database, name="notes", max_delete="100%").status == "complete"
    assert [row["path"] for row in rows(database, "files")] == ["c.toy", "e/f.toy"]
    for ref in ("HEAD~1", "HEAD"):
        Syncer(f"{two.path}@{ref}", to=f"sqlite:{database}", name="notes", plugins=[ToyPlugin()]).run()
    assert [row["path"] for row in rows(database, "files")] == ["c.toy", "e/f.toy"]


def test_one_place_under_two_names_is_two_sources(database):
    for name in ("mine", None, "mine", None):
        plugin = Given({"a.toy": "-> b"})
        plugin.identity = "given:1"
        statistics = run(plugin, database, name=name)
    assert statistics.status == "unchanged"
    assert sorted(row["source"] for row in rows(database, "files")) == ["given", "mine"]


def test_a_source_that_was_renamed_is_known_by_its_identity(database):
    for name in ("old", "new"):
        plugin = Given({"a.toy": "-> b"}, commit=name)
        plugin.identity, plugin.source = "given:1", name
        statistics = Syncer(f"given:{name}", to=f"sqlite:{database}", plugins=[plugin]).run()
    assert (statistics.source, statistics.kg_files_processed, statistics.deleted_files) == ("new", 1, 0)
    assert {row["source"] for view in ("files", "nodes", "runs") for row in rows(database, view)} == {"new"}


def test_a_commit_of_a_clone_is_unchanged_until_the_commit_changes(tmp_path, database):
    repo = GitRepo(tmp_path / "repo")
    repo.write({"a.toy": "-> b"})
    repo.commit("one")
    place = f"{repo.path}@HEAD"
    states = [Syncer(place, to=f"sqlite:{database}", plugins=[ToyPlugin()]).run().status for _ in range(2)]
    assert states == ["complete", "unchanged"]
    excluded = Syncer(place, to=f"sqlite:{database}", plugins=[ToyPlugin()], exclude=["*.toy"], max_delete=1).run()
    assert (excluded.status, excluded.deleted_files) == ("complete", 1)


def test_a_source_that_gives_less_than_it_listed_fails_the_run(database):
    with pytest.raises(SourceError, match="gave 3 of the 30 files"):
        run(Given(PAGES, gives=3), database)
    assert run(Given(PAGES), database).kg_files_processed == 27


def test_a_move_broken_off_before_the_old_paths_are_out_is_still_a_move(tmp_path, database, monkeypatch):
    folder = tmp_path / "source"
    content = {f"page{number}.toy": f"-> {number}" for number in range(40)}
    sync(write_tree(folder, content), database)
    write_tree(folder, {f"moved/{path}": text for path, text in content.items()})

    def die(self, paths):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(SqliteWriter, "delete", die)
        with pytest.raises(KeyboardInterrupt):
            sync(folder, database)
    statistics = sync(folder, database)
    assert (statistics.deleted_files, statistics.unchanged_files) == (0, 40)
    assert len(rows(database, "files")) == 40


def test_a_first_sync_that_was_overtaken_looks_again(tmp_path, database):
    files = {"a.toy": "-> b"}
    slow = Given({"old.toy": "-> gone"})
    snapshot = slow.snapshot

    def overtaken(known, *, conditional):
        if not database.exists():
            run(Given(files, "2"), database)
            return snapshot(known, conditional=conditional)
        slow.contents, slow.commit = files, "2"
        return snapshot(known, conditional=conditional)

    slow.snapshot = overtaken
    run(slow, database)
    assert [row["path"] for row in rows(database, "files")] == ["a.toy"]


def test_notes_of_one_base_name_asked_for_by_different_paths_are_two_edges(tmp_path, database):
    def note(path):
        return Answer(Name("vault:", "note"), path=path)

    def reference(text, folder=""):
        return Reference((Name("vault:", "note"),), f"page:{text}", text, text if "/" in text else "", folder)

    facts = {
        "a/note.toy": ParsedFile((Node("page:a/note", "page", answers=(note("a/note"),)),)),
        "b/note.toy": ParsedFile((Node("page:b/note", "page", answers=(note("b/note"),)),)),
        "b/x.toy": ParsedFile(
            (Node("page:x", "page"),),
            tuple(Edge("page:x", reference(text, "b"), "link", 1) for text in ("a/note", "b/note", "note", "c/note")),
        ),
    }

    class Facts(ToyPlugin):
        @hookimpl
        def register_parsers(self):
            return [type("P", (), {"name": "toy", "version": "1", "parse": lambda self, doc: facts[doc.path]})()]

    folder = write_tree(tmp_path / "source", dict.fromkeys(facts, ""))
    Syncer(folder, to=f"sqlite:{database}", plugins=[Facts()]).run()
    found = {row["name"]: row["to_id"] for row in rows(database, "edges")}
    assert found == {"a/note": "page:a/note", "b/note": "page:b/note", "note": "page:b/note", "c/note": "page:c/note"}


def test_a_reference_without_a_stub_is_an_edge_only_where_something_answers(tmp_path, database):
    maybe = Reference((Name("vault:", "later"),), None, "later")

    class Facts(ToyPlugin):
        @hookimpl
        def register_parsers(self):
            def parse(self, document):
                if document.path == "later.toy":
                    return ParsedFile((Node("page:later", "page", answers=(Answer(Name("vault:", "later")),)),))
                return ParsedFile((Node("page:a", "page"),), (Edge("page:a", maybe, "source", 1),))

            return [type("P", (), {"name": "toy", "version": "1", "parse": parse})()]

    def go(files):
        folder = write_tree(tmp_path / "source", files)
        return Syncer(folder, to=f"sqlite:{database}", plugins=[Facts()]).run().graph

    assert (go({"a.toy": ""}).edges, rows(database, "edges")) == (0, [])
    assert go({"a.toy": "", "later.toy": ""}).edges == 1
    assert [row["to_id"] for row in rows(database, "edges")] == ["page:later"]
    assert (go({"a.toy": ""}).edges, rows(database, "edges")) == (0, [])


class Unspeakable(Exception):
    def __str__(self):
        raise RuntimeError("not even this")


def facts_of(parse):
    """The toy format with this for a parser's ``parse``."""

    class Plugin(ToyPlugin):
        @hookimpl
        def register_parsers(self):
            return [type("P", (), {"name": "toy", "version": "1", "parse": parse})()]

    return Plugin()


def unspeakable(self, document):
    raise Unspeakable


@pytest.mark.parametrize(
    ("parse", "message"),
    [
        (unspeakable, "Unspeakable"),
        (lambda self, document: None, "returned NoneType"),
        (lambda self, document: ParsedFile((Node("page:a", "page", answers=(Answer("a"),)),)), "AttributeError"),
        (lambda self, document: ParsedFile((Node(None, "page"),)), "NOT NULL"),
        (lambda self, document: ParsedFile((Node("page:a", "page", label=object()),)), "can't hold"),
        (lambda self, document: ParsedFile(edges=(Edge("page:a", None, "link"),)), "NoneType"),
    ],
)
def test_a_parser_that_makes_no_sense_fails_its_files_and_nothing_else(tmp_path, database, parse, message):
    folder = write_tree(tmp_path / "source", {"a.toy": "", "b.toy": ""})
    statistics = Syncer(folder, to=f"sqlite:{database}", plugins=[facts_of(parse)]).run()
    assert (statistics.status, statistics.failed_files) == ("partial", 2)
    assert all(message in error.message for error in statistics.errors)


def test_a_detector_that_raises_at_its_first_look_fails_its_files(tmp_path, database):
    class Blind(SuffixDetector):
        def look(self, file, vault):
            raise KeyError("look")

    class Plugin(ToyPlugin):
        @hookimpl
        def register_detectors(self):
            return [Blind("blind", (".toy",), parser="toy")]

    folder = write_tree(tmp_path / "source", {"a.toy": ""})
    (error,) = Syncer(folder, to=f"sqlite:{database}", plugins=[Plugin()]).run().errors
    assert (error.stage, error.reason) == ("detect", "crash")


def test_a_kind_of_vault_that_raises_costs_its_own_vaults_only(tmp_path, database):
    class Broken:
        name, version = "broken", "1"

        def root(self, path):
            raise KeyError(path)

        governing = configure = root

    class Plugin(ToyPlugin):
        @hookimpl
        def register_vault_kinds(self):
            return [Broken()]

    folder = write_tree(tmp_path / "source", {"a.toy": "-> b"})
    assert Syncer(folder, to=f"sqlite:{database}", plugins=[Plugin()]).run().status == "complete"


def test_a_backend_that_answers_for_too_few_files_stops_the_run(tmp_path, database, monkeypatch):
    write = SqliteWriter.write
    monkeypatch.setattr(SqliteWriter, "write", lambda self, files: write(self, files)[1:])
    with pytest.raises(Exception, match="answers for"):
        sync(write_tree(tmp_path / "source", PAGES), database)


def test_one_source_that_crashes_stops_no_other(tmp_path, database):
    class Crashing(Given):
        def snapshot(self, known, *, conditional):
            raise ZeroDivisionError("listing")

    folder = write_tree(tmp_path / "source", {"a.toy": ""})
    plugin = Crashing({})
    first, second = sync_many(["given:", folder], to=f"sqlite:{database}", plugins=[plugin])
    assert (first.status, second.status) == ("failed", "complete")
    assert "ZeroDivisionError: listing" in first.errors[0].message


def test_a_wait_is_shown_while_it_lasts_and_ends_at_once_when_cancelled(database):
    class Waiting(Given):
        def read(self, file):
            self.context.wait(3600, "the host asks for patience")

    plugin = Waiting({"a.toy": ""})
    syncer = Syncer("given:", to=f"sqlite:{database}", plugins=[plugin])
    waits = []

    def watch(progress):
        waits.append(progress.waiting_until)
        if progress.waiting_until:
            threading.Thread(target=syncer.cancel).start()

    statistics = syncer.run(watch)
    assert statistics.status == "interrupted"
    assert any(waits)
    assert waits[-1] is None
    assert statistics.duration < 60


def test_a_wait_while_listing_is_shown_beforehand(database):
    class Waiting(Given):
        def snapshot(self, known, *, conditional):
            self.context.wait(3600, "the host asks for patience")

    syncer = Syncer("given:", to=f"sqlite:{database}", plugins=[Waiting({})])
    waits = []

    def watch(progress):
        waits.append(progress.waiting_until)
        if progress.waiting_until:
            syncer.cancel()

    assert syncer.run(watch).status == "interrupted"
    assert any(waits)
    assert not database.exists()


def test_nothing_of_a_run_is_kept_after_it(tmp_path, database):
    folder = write_tree(tmp_path / "source", PAGES)
    syncer = Syncer(folder, to=f"sqlite:{database}", plugins=[ToyPlugin()], full=True)
    for _ in range(3):
        syncer.run()
    assert syncer._stop._listeners == []
    assert syncer._stop._waits == {}


def test_a_cancelled_syncer_can_run_again(tmp_path, database):
    syncer = Syncer(write_tree(tmp_path / "source", PAGES), to=f"sqlite:{database}", plugins=[ToyPlugin()])
    syncer.cancel()
    assert syncer.run().status == "interrupted"
    assert syncer.run().status == "complete"


def test_the_counts_of_an_interrupted_run_add_up(tmp_path, database):
    def cancel(self, document):
        syncer.cancel()
        return ParsedFile()

    folder = write_tree(tmp_path / "source", PAGES)
    syncer = Syncer(folder, to=f"sqlite:{database}", plugins=[facts_of(cancel)], workers=1)
    told = syncer.run()
    assert told.status == "interrupted"
    assert told.total_files == told.kg_files_processed == len(rows(database, "files"))
    assert told.left_files == len(PAGES) - told.total_files > 0


def test_what_an_observers_frames_hold_is_not_logged(tmp_path, database, capsys):
    def observe(progress):
        secret = "TOKEN-123"  # noqa: F841
        raise ValueError("no")

    folder = write_tree(tmp_path / "source", PAGES)
    Syncer(folder, to=f"sqlite:{database}", plugins=[ToyPlugin()]).run(observe)
    out, err = capsys.readouterr()
    assert "ValueError: no" in out + err
    assert "TOKEN" not in out + err
    assert "Traceback" not in out + err
