"""Long histories replayed step by step: at the end, and on the way, the graph is that of a fresh sync.

``GHSYNC_HISTORY=2000`` replays so many commits.
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.git_repos import GitRepo
from support.toy import graph, sync, write_tree

from ghsync_core import Syncer

COMMITS = int(os.environ.get("GHSYNC_HISTORY", "60"))
LOOKS = 4
"""How often the graph is compared on the way."""

WORDS = ("Alpha", "alpha", "Beta", "Gamma", "Delta", "Index", "Omega")
FOLDERS = ("", "one/", "one/deep/", "Two/", "two/")
NOTES = tuple(f"{folder}{word}.md" for folder in FOLDERS for word in WORDS)
MARKERS = {".obsidian/app.json": "{}", "one/.obsidian/app.json": "{}", "two/logseq/config.edn": "{}"}


def note(pick: random.Random) -> str:
    """A page with links, tags, and perhaps an alias, a property and a class of its own."""
    lines = [f"- [[{pick.choice(WORDS)}]] #{pick.choice(WORDS)}" for _ in range(pick.randrange(4))]
    lines += [f"- see [[{pick.choice(FOLDERS)}{pick.choice(WORDS)}|so]]"] * pick.randrange(2)
    front = [f"aliases: [{pick.choice(WORDS)}x]", "tags: [common]", f"title: {pick.choice(WORDS)}"]
    front = pick.sample(front, pick.randrange(4))
    if pick.random() < 0.3:
        word = pick.choice(WORDS)
        lines += ["```json-ld", f'{{"@id": "urn:ngm:class:{word}", "@type": "Class", "label": "{word}",']
        lines += [f'"subClassOf": [{{"@id": "urn:ngm:class:{pick.choice(WORDS)}"}}]}}', "```"]
    return "\n".join([*(["---", *front, "---"] if front else []), *lines, ""])


def step(state: dict[str, str], pick: random.Random) -> dict[str, str]:
    """The state after one commit: an edit, a new note, a removal, a move, a change of case, a vault's marker."""
    state = dict(state)
    there = sorted(path for path in state if path.endswith(".md") and not path.startswith("Swap"))
    kind = pick.choice(("edit", "edit", "edit", "new", "remove", "move", "case", "marker", "swap"))
    if kind == "marker":
        path = pick.choice(sorted(MARKERS))
        if state.pop(path, None) is None:
            state[path] = MARKERS[path]
    elif kind == "swap":  # a file takes the place of a folder, or a folder that of a file
        gone = [path for path in state if path == "Swap.md" or path.startswith("Swap.md/")]
        for path in gone:
            del state[path]
        state["Swap.md" if gone != ["Swap.md"] else "Swap.md/Inner.md"] = note(pick)
    elif kind in ("edit", "new") or not there:
        state[pick.choice(there) if kind == "edit" and there else pick.choice(NOTES)] = note(pick)
    else:
        text = state.pop(old := pick.choice(there))
        folder, _, name = old.rpartition("/")
        if kind == "move" and "/" not in old:
            state[pick.choice(NOTES)] = text
        elif kind == "case":
            state[f"{folder}/{name.swapcase()[:-3]}.md" if folder else f"{name.swapcase()[:-3]}.md"] = text
    return state


def synced(place: object, database: Path) -> dict[str, list[dict[str, object]]]:
    """The graph after one sync of *place* with ghsync's own formats."""
    statistics = Syncer(str(place), to=f"sqlite:{database}", max_delete="100%", name="garden").run()
    assert statistics.failed_files == 0
    return graph(database)


@pytest.mark.timeout(120 + COMMITS)
def test_a_git_history_replayed_ends_in_the_graph_of_its_last_commit(tmp_path: Path) -> None:
    pick = random.Random(COMMITS)
    repo = GitRepo(tmp_path / "garden")
    state: dict[str, str] = {}
    looks = {COMMITS - 1} | {COMMITS * look // LOOKS for look in range(1, LOOKS)}
    for number in range(COMMITS):
        state = step(state, pick)
        for each in repo.path.iterdir():
            if each.name != ".git":
                (shutil.rmtree if each.is_dir() else os.unlink)(each)
        repo.write(state)
        repo.commit()
        stepwise = synced(f"{repo.path}@HEAD", tmp_path / "steps.db")
        if number in looks:
            (tmp_path / "fresh.db").unlink(missing_ok=True)
            assert stepwise == synced(f"{repo.path}@HEAD", tmp_path / "fresh.db"), f"after commit {number}"


STATES = st.lists(st.integers(0, 2**32), min_size=2, max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(STATES)
def test_any_steps_of_a_folder_end_in_the_graph_of_the_last(seeds: list[int]) -> None:
    with tempfile.TemporaryDirectory() as home:
        folder, state = Path(home) / "notes", dict[str, str]()
        for seed in seeds:
            pick = random.Random(seed)
            for _ in range(1 + seed % 4):
                state = step(state, pick)
            shutil.rmtree(folder, ignore_errors=True)
            stepwise = synced(write_tree(folder, state), Path(home) / "steps.db")
        assert stepwise == synced(folder, Path(home) / "fresh.db")


SAID = st.lists(
    st.sampled_from(["alias Zed", "title Zed", "-> Zed", "tag Zed", "tag all", "class urn:Zed"]), max_size=4
)
FILES = st.dictionaries(
    st.sampled_from(["a.toy", "A.toy", "b.toy", "x.toy", "x.toy/y.toy"]), SAID.map("\n".join), max_size=4
).filter(lambda files: not {"x.toy", "x.toy/y.toy"} <= files.keys())


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(FILES, st.sampled_from([(), ("a.toy",), ("x.toy/**",)])), min_size=1, max_size=5))
def test_filters_that_change_between_runs_leave_no_trace(history) -> None:
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "source"
        for state, exclude in history:
            shutil.rmtree(folder, ignore_errors=True)
            write_tree(folder, state)
            sync(folder, Path(home) / "steps.db", max_delete="100%", exclude=exclude)
        sync(folder, Path(home) / "fresh.db", exclude=exclude)
        assert graph(Path(home) / "steps.db") == graph(Path(home) / "fresh.db")
