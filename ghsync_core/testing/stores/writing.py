"""Files go in and out whole: replace, delete, refuse, many at once."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest

from ghsync_core.models import Counts, FileFailure, FileResult, Node, ParsedFile, Saved
from ghsync_core.testing.promises import agree, hold
from ghsync_core.testing.stores.base import Stores
from ghsync_core.testing.stores.samples import GARDEN, failed, ontology, page, skipped, stored, to
from ghsync_core.testing.stores.twins import SOURCE, Twins
from ghsync_core.write_guard import WriteGuard

REFUSED = {
    "a number that JSON has not": ParsedFile((Node("page:x", "page", "x", 1, {"k": float("nan")}),)),
    "half a surrogate pair": ParsedFile((Node("page:x", "page", "\ud800", 1),)),
    "an id that is none": ParsedFile((Node(None, "page", "x", 1),)),  # type: ignore[arg-type]
}
"""What no store can hold."""


class Writing(Stores):
    """Promises of `BackendWriter.write` and `delete`."""

    def test_a_new_store_holds_nothing(self, twins: Twins) -> None:
        twins.check()
        agree("a source that was never synced is unknown", twins.ours.find_source(name=SOURCE), None)

    def test_what_is_written_is_read_back(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        twins.check()

    def test_a_file_is_replaced_with_all_that_it_said(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        twins.sync(stored("pages/Tomato.md", page("Love Apple", "pages/Tomato.md", [to("C")])), commit="2")
        twins.check()
        labels = [row["label"] for row in twins.rows("nodes", where={"path": "pages/Tomato.md"})]
        agree("a file's new facts take the place of all old ones", labels, ["Love Apple"])
        agree("a class whose file no longer says it is gone", twins.rows("classes", where={"iri": "urn:x:Tomato"}), [])

    def test_a_file_that_is_deleted_takes_along_all_that_it_said(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        twins.sync(delete=["pages/Tomato.md", "broken.md", "big.md"], commit="2")
        twins.check()
        hold("no row of a deleted file is left", not twins.rows("edges", where={"path": "pages/Tomato.md"}))

    def test_deleting_what_is_not_there_changes_nothing(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        before = twins.graph(SOURCE)
        twins.sync(delete=["no/such.md"])
        agree("deleting a path that is not stored changes nothing", twins.graph(SOURCE), before)
        twins.check()

    def test_deleting_everything_leaves_nothing(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        counts = twins.sync(delete=[each.file.path for each in GARDEN], commit="2")
        agree("an empty source has no facts", counts, Counts())
        agree("an empty source has no rows", [rows for rows in twins.graph(SOURCE).values() if rows], [])
        twins.check()

    def test_writing_the_same_again_changes_nothing(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        before = twins.graph(SOURCE)
        for _ in range(2):
            twins.sync(*GARDEN)
        agree("the same files give the same graph", twins.graph(SOURCE), before)
        twins.check()

    def test_a_skipped_file_loses_its_facts_and_a_failed_one_keeps_them(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        twins.sync(skipped("pages/Tomato.md", "not-public"), failed("pages/Basil.md"), commit="2")
        twins.check()
        agree("a skipped file has no facts", twins.rows("nodes", where={"path": "pages/Tomato.md"}), [])
        hold("a failed file keeps its facts", twins.rows("nodes", where={"path": "pages/Basil.md"}))
        [basil] = twins.rows("files", where={"path": "pages/Basil.md"})
        agree("a failed file's commit is that of what it says", (basil["commit_id"], basil["status"]), ("1", "failed"))

    def test_a_file_that_failed_is_well_again(self, twins: Twins) -> None:
        twins.sync(failed("a.md"), failed("b.md", "transport"))
        twins.sync(stored("a.md", page("A", "a.md", [to("b")])), commit="2")
        twins.check()

    def test_one_group_may_hold_files_of_every_status(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        again = [failed("c.md"), *GARDEN[:3], skipped("a/note.md"), stored("new.md", page("New", "new.md", [to("C")]))]
        twins.sync(*again, commit="2")
        twins.check()

    def test_nothing_to_write_is_no_error(self, twins: Twins) -> None:
        twins.sync()
        with twins.writing() as writer:
            writer.write([])
            writer.delete([])
            writer.end()
        twins.check()

    @pytest.mark.parametrize("facts", REFUSED.values(), ids=REFUSED.keys())
    def test_a_file_that_is_refused_harms_no_other(self, twins: Twins, facts: ParsedFile) -> None:
        twins.sync(*GARDEN)
        bad = replace(stored("pages/Basil.md"), facts=facts)
        good = stored("new.md", page("New", "new.md", [to("Basil")]))
        with twins.writing(commit="2") as writer:
            answers = writer.write([good, bad, stored("c.md", page("C", "c.md", [to("New")]))])
            writer.end(status="partial")
        agree("only the refused file fails", [each.failure is not None for each in answers], [False, True, False])
        self._check_refusal(answers[1].failure)
        twins.check()
        hold(
            "a refused file keeps what it said before", twins.rows("nodes", where={"id": "page:basil", "kind": "page"})
        )

    @staticmethod
    def _check_refusal(failure: FileFailure | None) -> None:
        assert failure is not None
        told = (failure.path, failure.stage, failure.reason)
        agree("a refusal names its file, stage and reason", told, ("pages/Basil.md", "write", "store"))
        hold("a refusal says why", failure.message)

    def test_a_refused_file_that_was_never_stored_says_nothing(self, twins: Twins) -> None:
        facts = REFUSED["a number that JSON has not"]
        twins.sync(replace(stored("new.md"), facts=facts))
        agree("a refused file leaves no facts", twins.rows("nodes"), [])
        twins.check()
        twins.sync(stored("new.md", page("New", "new.md")), commit="2")
        twins.check()

    def test_as_many_write_at_once_as_it_bears(self, twins: Twins) -> None:
        files = [stored(f"{n}.md", page(f"P{n}", f"{n}.md", links(n), tags=["t", f"t{n % 3}"])) for n in range(60)]
        files += [stored(f"c{n}.md", ontology(f"C{n}", "urn:x:Same", to(f"P{n}"), by=str(n))) for n in range(6)]
        for commit in ("1", "2"):
            with twins.writing(commit=commit) as writer:
                hold("max_writes is a number from 1", writer.ours.max_writes >= 1, writer.ours.max_writes)
                self._write_at_once(WriteGuard(writer.ours, 8), files)
                writer.reference.write(files)
                writer.end()
            twins.check()

    @staticmethod
    def _write_at_once(guard: WriteGuard, files: Sequence[FileResult]) -> None:
        """As a run does it: eight threads, each with results of its own."""
        told: list[Saved | None] = []

        def work(results: Iterable[FileResult]) -> None:
            for result in results:
                guard.submit(result, lambda _, saved: told.append(saved))

        threads = [threading.Thread(target=work, args=(files[start::8],)) for start in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        agree("writers at once do not hinder one another", guard.failure, None)
        failures = [each.failure for each in told if each and each.failure]
        agree("every file is answered for, and none fails", (len(told), failures), (len(files), []))


def links(number: int) -> list[str]:
    """Ends that many files share, so that writers meet."""
    return [f"page:p{(number + step) % 60}" for step in (1, 7, 59)] + [f"urn:x:{number % 4}"]
