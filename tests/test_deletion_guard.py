"""What counts as deleted, moved, or neither; and how much may go without being allowed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from support.toy import ToyPlugin, graph, rows, sync, write_tree

from ghsync_core import DeletionsRefused, Syncer

PAGES = {f"{number:03}.toy": f"-> {number}" for number in range(60)}


def without(count: int) -> dict[str, str]:
    """PAGES without the first *count*."""
    return dict(list(PAGES.items())[count:])


def moved(count: int, to: str = "moved/") -> dict[str, str]:
    """PAGES, of which the first *count* stand in another folder."""
    return {**without(count), **{to + path: text for path, text in list(PAGES.items())[:count]}}


@dataclass
class Case:
    """From *before* to *after*: how many files are deleted, or would be where that is refused."""

    name: str
    after: dict[str, str]
    deleted: int
    refused: bool = False
    before: dict[str, str] = field(default_factory=lambda: PAGES)
    options: dict[str, Any] = field(default_factory=dict)
    options_before: dict[str, Any] = field(default_factory=dict)
    stored: int | None = None  # where it is not what the folder holds afterwards


FEW = dict(list(PAGES.items())[:12])
CASES = [
    Case("nothing goes", PAGES, 0),
    # 20 %, and ten files
    Case("exactly 20 % of sixty", without(12), 12),
    Case("one more than 20 %", without(13), 13, refused=True),
    Case("ten of twelve: more than 20 %, and not more than ten", dict(list(FEW.items())[10:]), 10, before=FEW),
    Case("eleven of twelve", dict(list(FEW.items())[11:]), 11, refused=True, before=FEW),
    Case("all of ten", {}, 10, before=dict(list(PAGES.items())[:10])),
    Case("all of sixty", {}, 60, refused=True),
    # --max-delete
    Case("allowed by number", without(30), 30, options={"max_delete": 30}),
    Case("allowed by one too few", without(30), 30, refused=True, options={"max_delete": 29}),
    Case("allowed by share", without(30), 30, options={"max_delete": "50%"}),
    Case("allowed by too small a share", without(30), 30, refused=True, options={"max_delete": "49%"}),
    Case("all allowed", {}, 60, options={"max_delete": "100%"}),
    Case("none allowed, one goes", without(1), 1, refused=True, options={"max_delete": 0}),
    Case("none allowed, none goes", moved(30), 0, options={"max_delete": 0}),
    Case("no share allowed, one goes", without(1), 1, refused=True, options={"max_delete": "0%"}),
    Case("a number may be stricter than the rule", without(11), 11, refused=True, options={"max_delete": 10}),
    # moves
    Case("all moved", moved(60), 0),
    Case("half moved, a fifth gone", {k: v for k, v in moved(30).items() if k not in without(48)}, 12),
    Case("moved and changed is deleted", {f"m/{path}": text + " x" for path, text in PAGES.items()}, 60, refused=True),
    Case("a swap of two names", {**PAGES, "000.toy": PAGES["001.toy"], "001.toy": PAGES["000.toy"]}, 0),
    Case("moved onto a path that was there", {**without(30), "059.toy": PAGES["000.toy"]}, 30, refused=True),
    Case("a copy beside the original", {**PAGES, "copy.toy": PAGES["000.toy"]}, 0),
    Case("thirty equal files, of which one moves", {"m.toy": "x"}, 29, refused=True,
         before={f"{number}.toy": "x" for number in range(30)}),
    Case("thirty equal files, which all move", {f"m/{number}.toy": "x" for number in range(30)}, 0,
         before={f"{number}.toy": "x" for number in range(30)}),
    Case("equal files deleted beside one that stays", {"0.toy": "x"}, 29, refused=True,
         before={f"{number}.toy": "x" for number in range(30)}),
    Case("moved to where it is skipped", {f"{path}.png": text for path, text in PAGES.items()}, 60, refused=True),
    Case("only the case of the names changes", {path.upper().replace(".TOY", ".toy"): text for path, text in
         {f"a{path}": text for path, text in PAGES.items()}.items()}, 0,
         before={f"a{path}": text for path, text in PAGES.items()}),
    Case("files become folders", {f"{path}/x.toy": text for path, text in PAGES.items()}, 0),
    # filters
    Case("newly outside the filters", PAGES, 30, refused=True, options={"exclude": ["00*.toy", "01*.toy", "02*.toy"]}),
    Case("newly outside the filters, allowed", PAGES, 30, stored=30,
         options={"exclude": ["00*.toy", "01*.toy", "02*.toy"], "max_delete": 30}),
    Case("moved to outside the filters", moved(60), 60, refused=True, options={"exclude": ["moved/"]}),
    Case("moved to what the filters newly let in", moved(60), 0,
         options_before={"exclude": ["moved/"]}, before=PAGES),
    # skipped and failing files
    Case("turned skipped by size", dict.fromkeys(PAGES, "x" * 90), 0, options={"settings": {"max_file_size": 50}},
         options_before={"settings": {"max_file_size": 50}}, stored=0),
    Case("turned failing", dict.fromkeys(PAGES, "crash"), 0, stored=0),
    Case("skipped files that go are no loss", {}, 0, before={f"{path}.png": text for path, text in PAGES.items()}),
    Case("failing files that go held what they said before", {}, 60, refused=True,
         before=dict.fromkeys(PAGES, "crash")),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_guard(tmp_path, case):
    folder, database = tmp_path / "source", tmp_path / "graph.db"
    sync(write_tree(folder, case.before), database, **case.options_before)
    graph_before, files_before = graph(database), rows(database, "files")
    write_tree(folder, case.after)
    plan = Syncer(folder, to=f"sqlite:{database}", plugins=[ToyPlugin()], **case.options).plan()
    assert len(plan.deleted) == case.deleted
    if case.refused:
        with pytest.raises(DeletionsRefused, match=f"delete {case.deleted} of {len(case.before)} stored files"):
            sync(folder, database, **case.options)
        assert (graph(database), rows(database, "files")) == (graph_before, files_before)
        allowed = {**case.options, "max_delete": case.deleted}
        assert sync(folder, database, **allowed).deleted_files == case.deleted
    else:
        assert sync(folder, database, **case.options).deleted_files == case.deleted
        stored = [row for row in rows(database, "files") if row["status"] == "stored"]
        assert len(stored) == (len(case.after) if case.stored is None else case.stored)


def cancelled(folder, database, *, after, **options):
    """A sync that is cancelled when it has parsed so many files."""
    plugin = ToyPlugin()
    syncer = Syncer(folder, to=f"sqlite:{database}", plugins=[plugin], workers=1, **options)
    told = []

    def on_progress(progress):
        told.append(progress)
        if progress.files_processed >= after:
            syncer.cancel()

    return syncer.run(on_progress)


def test_a_run_broken_off_deletes_nothing_and_the_next_is_guarded_as_ever(tmp_path):
    folder, database = tmp_path / "source", tmp_path / "graph.db"
    sync(write_tree(folder, PAGES), database)
    write_tree(folder, {f"new{number}.toy": str(number) for number in range(90)})
    statistics = cancelled(folder, database, after=0, max_delete="100%")
    assert (statistics.status, statistics.deleted_files) == ("interrupted", 0)
    assert set(PAGES) <= {row["path"] for row in rows(database, "files")}
    stored = len(rows(database, "files"))
    with pytest.raises(DeletionsRefused, match=f"delete 60 of {stored} stored"):
        sync(folder, database)


def test_a_move_broken_off_is_still_a_move(tmp_path):
    folder, database = tmp_path / "source", tmp_path / "graph.db"
    sync(write_tree(folder, PAGES), database)
    write_tree(folder, moved(60))
    assert cancelled(folder, database, after=0).status == "interrupted"
    assert sync(folder, database, max_delete=0).deleted_files == 0
    assert len(rows(database, "files")) == 60
