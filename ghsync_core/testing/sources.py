"""The suite for sources: what is listed is what is there, and what is read is what was listed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from ghsync_core.errors import FileError, GhsyncError, SourceError, UsageError
from ghsync_core.interfaces import ReadsCommits, Repository, Snapshot, SourceState
from ghsync_core.interfaces.sources import keep_nothing
from ghsync_core.models import FileRef, Json, git_blob_id
from ghsync_core.places import Place, Setup
from ghsync_core.syncer import Syncer
from ghsync_core.testing.promises import Broken, agree, hold

FILES: Final[Mapping[str, bytes]] = {
    "README.md": b"# Read me\n",
    "pages/Tomato.md": "- grows with [[Basil]] ä \U0001f331\r\n".encode(),
    "pages/a b%20c#d?e.md": b"- spaces and signs\n",
    "pages/sub/deep/Größe.md": b"no line end",
    "empty.md": b"",
    "bytes.bin": bytes(range(256)) * 40,
    "same.md": b"# Read me\n",
}
CHANGED: Final[Mapping[str, bytes]] = {
    **{path: data for path, data in FILES.items() if path != "empty.md"},
    "pages/Tomato.md": b"- changed\n",
    "new.md": b"- new\n",
}

Hosted = Callable[[Mapping[str, bytes]], str]


class SourceSuite:
    """Holds a source to what `Source`, `Repository` and `Snapshot` promise.

    Subclass it as ``Test…``, name the ``plugins`` that bring the source, and give a fixture ``hosted``: a function of
    which each call makes one and the same place hold exactly the files that it is given, as its newest commit where it
    has commits, and returns the location.
    """

    plugins: Sequence[object] = ()
    """The plugins that bring the source: names, modules or objects, as `Syncer` takes them."""

    settings: Mapping[str, Json] = {}
    """What stands in ghsync.toml; a fixture may set it on ``self``."""

    missing: str = ""
    """A location of this kind where nothing is, if one can be told beforehand."""

    @pytest.fixture
    def hosted(self) -> Hosted:
        """A function that makes the place hold these files, and gives its location. Give your own."""
        raise NotImplementedError(f"{type(self).__name__} needs a fixture hosted")

    def place(self, location: str) -> Place:
        """The place at *location*, with the plugins and settings of this suite."""
        return Setup(self.settings, {"plugins": tuple(self.plugins)}).place(location)

    @contextmanager
    def opened(self, location: str) -> Iterator[Repository]:
        """The repository at *location*, as a run opens it."""
        with closing(self.place(location).open(_no_wait, keep_nothing)) as repository:
            yield repository

    def listed(self, repository: Repository, known: SourceState | None = None) -> Snapshot:
        """Its files now. Raises `Broken` where it gives none though that was not allowed."""
        snapshot = repository.snapshot(known, conditional=False)
        if snapshot is None:
            raise Broken("a snapshot that is not conditional is never None")
        return snapshot

    # --- listing ---

    def test_all_files_are_listed_with_git_s_ids_and_sizes(self, hosted: Hosted) -> None:
        with self.opened(hosted(FILES)) as repository:
            files = self.listed(repository).files
        agree("every file is listed once", sorted(file.path for file in files), sorted(FILES))
        wanted = {path: (git_blob_id(data), len(data), "file") for path, data in FILES.items()}
        got = {file.path: (file.blob_id, file.size, file.entry) for file in files}
        agree("a file has git's id of its content, and its size in bytes", got, wanted)

    def test_the_listing_is_the_same_each_time(self, hosted: Hosted) -> None:
        location = hosted(FILES)
        with self.opened(location) as one, self.opened(location) as other:
            first, second, third = self.listed(one), self.listed(one), self.listed(other)
        for again in (second, third):
            agree("the same place gives the same listing", _summary(again), _summary(first))

    def test_a_change_is_seen(self, hosted: Hosted) -> None:
        with self.opened(hosted(FILES)) as repository:
            before = self.listed(repository)
        with self.opened(hosted(CHANGED)) as repository:
            after = self.listed(repository)
        agree("new, changed and deleted files are seen", sorted(file.path for file in after.files), sorted(CHANGED))
        agree("a source keeps its name and identity", (after.source, after.identity), (before.source, before.identity))
        if before.commit is not None:
            hold("another state is another commit", after.commit != before.commit, after.commit)

    def test_what_is_remembered_is_json(self, hosted: Hosted) -> None:
        with self.opened(hosted(FILES)) as repository:
            memory = dict(self.listed(repository).memory)
        agree("a source's memory comes back from JSON as it was", json.loads(json.dumps(memory)), memory)

    # --- unchanged ---

    def test_an_unchanged_place_is_known_again(self, hosted: Hosted) -> None:
        location = hosted(FILES)
        with self.opened(location) as repository:
            snapshot = self.listed(repository)
            known = _state(repository, snapshot)
        with self.opened(location) as repository:
            again = repository.snapshot(known, conditional=True)
            full = self.listed(repository, known)
        for each in (again, full):
            if each is not None:
                agree("an unchanged place has the same listing", _summary(each), _summary(snapshot))
        hold("only a place with commits may say that nothing has changed", again is not None or snapshot.commit)

    def test_a_changed_place_is_never_called_unchanged(self, hosted: Hosted) -> None:
        with self.opened(hosted(FILES)) as repository:
            known = _state(repository, self.listed(repository))
        with self.opened(hosted(CHANGED)) as repository:
            again = repository.snapshot(known, conditional=True)
        paths = again and sorted(file.path for file in again.files)
        agree("a place that changed is listed", paths, sorted(CHANGED))

    def test_it_goes_back_to_a_commit_where_it_says_that_it_can(self, hosted: Hosted) -> None:
        with self.opened(hosted(FILES)) as repository:
            known = _state(repository, self.listed(repository))
        with self.opened(hosted(CHANGED)) as repository:
            before = repository.at(known) if isinstance(repository, ReadsCommits) and known.commit else None
            if before is not None:
                agree("at gives the files of that commit", _contents(before), dict(FILES))

    # --- reading ---

    def test_every_wanted_file_is_given_once_with_its_bytes(self, hosted: Hosted) -> None:
        with self.opened(hosted(FILES)) as repository:
            agree("what is read is what is there", _contents(self.listed(repository)), dict(FILES))

    @pytest.mark.parametrize("count", [0, 1, 3])
    def test_nothing_else_is_given(self, hosted: Hosted, count: int) -> None:
        with self.opened(hosted(FILES)) as repository:
            snapshot = self.listed(repository)
            wanted = sorted(snapshot.files, key=lambda file: file.path)[:count]
            agree("fetch gives what is wanted", _contents(snapshot, wanted), {f.path: FILES[f.path] for f in wanted})

    def test_a_fetch_may_be_left_in_the_middle(self, hosted: Hosted) -> None:
        with self.opened(hosted(FILES)) as repository:
            snapshot = self.listed(repository)
            fetched = snapshot.fetch(snapshot.files)
            next(fetched)
            fetched.close()
            agree("after a fetch that was left, all can be had", _contents(snapshot), dict(FILES))

    def test_many_threads_read_at_once(self, hosted: Hosted) -> None:
        with self.opened(hosted(FILES)) as repository:
            snapshot = self.listed(repository)
            files = list(snapshot.files) * 6
            with ThreadPoolExecutor(8) as pool:
                got = list(pool.map(snapshot.read, files))
        agree("eight threads read what one reads", got, [FILES[file.path] for file in files])

    def test_bytes_that_are_not_those_listed_are_never_given(self, hosted: Hosted) -> None:
        with self.opened(hosted(FILES)) as repository:
            snapshot = self.listed(repository)
            hosted(CHANGED)
            for file in snapshot.files:
                try:
                    data = snapshot.read(file)
                except FileError:
                    continue  # it says so, and the next run takes what is there now
                agree(f"{file.path} is read as it was listed, or fails", git_blob_id(data), file.blob_id)

    def test_cost_and_requests_are_counted(self, hosted: Hosted) -> None:
        with self.opened(hosted(FILES)) as repository:
            snapshot = self.listed(repository)
            hold("a cost is a number from 0", snapshot.cost(snapshot.files) >= 0, snapshot.cost(snapshot.files))
            agree("nothing costs nothing", snapshot.cost([]), 0)
            before = sum(repository.requests.values())
            _contents(snapshot)
            hold("the count of requests never falls", sum(repository.requests.values()) >= before)

    # --- locations ---

    def test_its_location_and_name_are_the_same_each_time(self, hosted: Hosted) -> None:
        location = hosted(FILES)
        with self.opened(location) as one, self.opened(location) as other:
            agree("a place has one normalised location", other.location, one.location)
            name = self.listed(one).source
            hold("a source has a name, in one line of printable text", name and name.isprintable(), name)

    def test_what_it_accepts_is_told_without_a_look(self, hosted: Hosted) -> None:
        location = hosted(FILES)
        source = self.place(location).registry.source_for(location)
        for odd in ("", " ", "\x00", "a" * 5_000, "://", "@", "no:such:thing", "https://", "\u202e"):
            hold(f"whether {odd[:20]!r} is of its kind is yes or no", source.accepts(odd) in (True, False))

    def test_a_place_that_is_not_there_is_told(self) -> None:
        if not self.missing:
            pytest.skip("no location is named where nothing is")
        promise = "a place that is not there is told in at most two lines, before anything is deleted"
        try:
            with self.opened(self.missing) as repository:
                repository.snapshot(None, conditional=False)
        except (SourceError, UsageError) as error:
            hold(promise, str(error) and len(str(error).splitlines()) <= 2, str(error))
        else:
            raise Broken(promise)

    # --- a whole run ---

    def test_a_sync_stores_it_and_the_next_has_nothing_to_do(self, hosted: Hosted, tmp_path: Path) -> None:
        def sync(files: Mapping[str, bytes]) -> tuple[str, int, int]:
            to = f"sqlite:{tmp_path / 'graph.db'}"
            run = Syncer(hosted(files), to=to, plugins=self.plugins, settings=self.settings).run()
            return run.status, run.kg_files_processed, run.failed_files

        pages = sum(path.endswith(".md") for path in FILES)
        agree("a first run stores all pages", sync(FILES), ("complete", pages, 0))
        agree("a second one has nothing to do", self._status_again(tmp_path, hosted), "unchanged")
        agree("a third stores what changed", sync(CHANGED), ("complete", 2, 0))

    def _status_again(self, tmp_path: Path, hosted: Hosted) -> str:
        to = f"sqlite:{tmp_path / 'graph.db'}"
        return Syncer(hosted(FILES), to=to, plugins=self.plugins, settings=self.settings).run().status


def _no_wait(seconds: float, why: str) -> None:
    raise GhsyncError(f"the suite does not wait {seconds} seconds: {why}")


def _summary(snapshot: Snapshot) -> tuple[object, ...]:
    files = sorted((file.path, file.blob_id, file.size) for file in snapshot.files)
    return snapshot.source, snapshot.commit, snapshot.identity, files


def _contents(snapshot: Snapshot, wanted: Sequence[FileRef] | None = None) -> dict[str, bytes]:
    """What fetch gives, read where it is not in a stream."""
    got: dict[str, bytes] = {}
    for file, data in snapshot.fetch(snapshot.files if wanted is None else wanted):
        hold("fetch gives every file once", file.path not in got, file.path)
        got[file.path] = snapshot.read(file) if data is None else data
    return got


def _state(repository: Repository, snapshot: Snapshot) -> SourceState:
    state = SourceState(snapshot.source, repository.location, snapshot.commit, snapshot.identity, clean=True)
    return replace(state, memory=json.loads(json.dumps(dict(snapshot.memory))))
