"""What a store remembers between runs, who holds it, and what becomes of runs that are broken off."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing

from ghsync_core.errors import StoreLocked, StoreMissing, UsageError
from ghsync_core.testing.promises import agree, hold, refusing
from ghsync_core.testing.stores.base import Stores
from ghsync_core.testing.stores.samples import GARDEN, page, stored, to
from ghsync_core.testing.stores.twins import SOURCE, Twins, state_of

PATIENCE = 30.0
"""Seconds that one waits for a lock which is sure to be given back: enough for the slowest machine."""


class Keeping(Stores):
    """Promises of `Store` and of `BackendWriter.record`."""

    # --- what is remembered ---

    def test_a_source_is_found_by_name_location_and_identity(self, twins: Twins) -> None:
        twins.sync(*GARDEN, memory={"etag": 'W/"1"', "deep": {"list": [1, None, "ä"]}})
        state = twins.ours.find_source(name=SOURCE)
        assert state is not None
        memory = {"etag": 'W/"1"', "deep": {"list": [1, None, "ä"]}}
        agree(
            "what is remembered is what was recorded",
            (state, dict(state.memory)),
            (state_of(SOURCE, "1", memory=state.memory), memory),
        )
        for key in (
            {"location": state.location},
            {"identity": state.identity},
            {"name": "?", "location": state.location},
        ):
            found = twins.ours.find_source(**key)
            agree(f"a source is found by {key}", found and found.name, SOURCE)
        agree("another is not", twins.ours.find_source(name="octo/gard", location="?", identity="?"), None)

    def test_what_a_source_is_not_known_by_finds_nothing(self, twins: Twins) -> None:
        twins.sync(*GARDEN, identity=None, commit="1")
        agree("no identity is none to be found by", twins.ours.find_source(identity="None"), None)
        agree("nothing asked, nothing found", twins.ours.find_source(), None)

    def test_all_is_there_when_the_store_is_opened_again(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        before = twins.graph(SOURCE)
        twins.reopen()
        agree("a store keeps what was recorded", twins.graph(SOURCE), before)
        twins.check()

    def test_a_renamed_source_keeps_all_that_it_is(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        before = twins.graph(SOURCE)
        twins.sync(commit="2", name="octo/park", identity=f"identity of {SOURCE}")
        agree("the old name is gone", twins.ours.find_source(name=SOURCE), None)
        agree("the graph stands under the new one", twins.graph("octo/park"), before)
        agree("and so do its runs", {row["source"] for row in twins.rows("runs")}, {"octo/park"})
        twins.check("octo/park")
        twins.sync(stored("new.md", page("New", "new.md", [to("C")])), source="octo/park", commit="3")
        twins.check("octo/park")

    def test_only_so_many_runs_stay_recorded(self, twins: Twins) -> None:
        for commit in range(5):
            twins.sync(commit=str(commit), keep_runs=3)
            twins.sync(source="other", commit=str(commit), keep_runs=2)
        runs = [row["commit_id"] for row in twins.rows("runs", SOURCE)]
        agree("the last three runs are left", sorted(runs), ["2", "3", "4"])
        twins.check(SOURCE, "other")

    def test_sources_are_apart(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        other = stored("pages/Tomato.md", page("Tomato", "pages/Tomato.md", [to("Basil")], tags=["red"]))
        twins.sync(other, GARDEN[2], source="other", commit="9")
        twins.check(SOURCE, "other")
        [link] = twins.rows("edges", "other", where={"type": "link"})
        [basil] = twins.rows("nodes", "other", where={"id": link["to_id"]})
        agree("nothing is resolved into another source", basil["kind"], "stub")
        twins.sync(delete=[each.file.path for each in GARDEN], commit="2")
        twins.check(SOURCE, "other")

    # --- forget ---

    def test_forgetting_a_source_takes_out_all_of_it_and_nothing_else(self, twins: Twins) -> None:
        twins.sync(*GARDEN, source="other")
        before = {view: twins.rows(view) for view in ("files", "nodes", "edges", "classes", "axioms", "runs")}
        twins.sync(*GARDEN)
        twins.forget()
        twins.check("other")
        for view, rows in before.items():
            agree(f"{view} of the other source stay as they were", twins.rows(view), rows)
        twins.sync(*GARDEN)
        twins.check(SOURCE, "other")

    def test_forgetting_a_stranger_is_wrong_usage(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        promise = "a source that is not there can't be forgotten, and those that are there are named"
        with twins.ours.lock("the suite", 0), refusing(promise, UsageError) as told:
            twins.ours.forget("no/such")
        hold(promise, SOURCE in told[0], told)

    # --- runs that are broken off ---

    def test_a_run_that_ends_without_a_record_leaves_its_source_unclean(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        with twins.writing(commit="2") as writer:
            writer.write([stored("c.md", page("C", "c.md", [to("New")])), stored("new.md", page("New", "new.md"))])
        twins.reopen()
        state = twins.ours.find_source(name=SOURCE)
        agree("its commit is not moved, and it is not clean", state and (state.commit, state.clean), ("1", False))
        twins.sync(stored("d.md", page("D", "d.md", [to("New")])), commit="2")
        twins.check()

    def test_a_settle_without_a_record_is_undone(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        with twins.writing(commit="2") as writer:
            writer.delete(["pages/Basil.md"])
            writer.settle()
        twins.reopen()
        state = twins.ours.find_source(name=SOURCE)
        agree("a run without a record is no run", state and (state.commit, state.clean), ("1", False))
        agree("and shows none", [row["commit_id"] for row in twins.rows("runs")], ["1"])
        twins.sync(commit="2")
        twins.check()

    def test_a_first_load_that_is_broken_off_is_taken_up_again(self, twins: Twins) -> None:
        with twins.writing() as writer:
            writer.write(GARDEN[:3])
        twins.reopen()
        with twins.writing() as writer:
            paths = [entry.path for entry in writer.ours.manifest() if entry.arrived]
            agree("what was stored is in the manifest", sorted(paths), sorted(each.file.path for each in GARDEN[:3]))
            writer.write(GARDEN[3:])
            writer.end()
        twins.check()
        with twins.writing(source="fresh") as writer:
            writer.write(GARDEN)
            writer.end()
        agree("it ends in the graph of a run in one go", twins.graph(SOURCE), twins.graph("fresh"))

    def test_an_interrupted_run_is_recorded_and_its_source_not_clean(self, twins: Twins) -> None:
        twins.sync(*GARDEN)
        twins.sync(stored("c.md", page("C", "c.md")), commit="2", status="interrupted", broken_off=True)
        state = twins.ours.find_source(name=SOURCE)
        agree("its commit is not moved, and it is not clean", state and (state.commit, state.clean), ("1", False))
        twins.check()
        twins.sync(commit="2")
        twins.check()

    # --- who holds it ---

    def test_one_sync_at_a_time_holds_it_and_the_other_is_told_who(self, new_store: Callable[[], str]) -> None:
        url = new_store()
        with closing(self.open_store(url)) as one, closing(self.open_store(url)) as other:
            promise = "who can't have the store is told who holds it"
            with one.lock("sync of octo/garden since noon", 0):
                with refusing(promise, StoreLocked) as told, other.lock("another", 0):
                    pass
                hold(promise, "sync of octo/garden since noon" in told[0], told)
            with other.lock("another", 0), refusing(promise, StoreLocked) as told, one.lock("the first", 0):
                pass
            hold(promise, "another" in told[0], told)

    def test_one_who_waits_gets_it_when_it_is_given_back(self, new_store: Callable[[], str]) -> None:
        url, got = new_store(), []
        with closing(self.open_store(url)) as one, closing(self.open_store(url)) as other:

            def wait() -> None:
                with other.lock("the one who waits", PATIENCE):
                    got.append(True)

            waiter = threading.Thread(target=wait)
            with one.lock("the first", 0):
                waiter.start()
                waiter.join(0.3)
                agree("nobody gets a store that is held", got, [])
            waiter.join(PATIENCE)
            agree("who waits gets the store", got, [True])

    def test_a_lock_is_given_back_by_an_error(self, twins: Twins) -> None:
        with refusing("an error goes through a lock", ZeroDivisionError), twins.ours.lock("one who fails", 0):
            raise ZeroDivisionError
        with twins.ours.lock("the next", 0):
            pass

    def test_a_store_that_is_not_there_is_missing_unless_it_is_made(self, new_store: Callable[[], str]) -> None:
        url = new_store()
        with refusing("a store that is not there is not made to be read", StoreMissing):
            self.open_store(url, create=False)
        self.open_store(url).close()
        self.open_store(url, create=False).close()
