"""A run over ten hostile files, one of a kind: each ends as it should, and what stands beside them is untouched."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from support.toy import graph

from ghsync_core import Syncer

HOSTILE = Path(__file__).parent / "data" / "hostile" / "run"
"""Made by hand for such tests; CC0."""

ENDS = {
    "invalid-utf8.md": ("failed", "encoding"),
    "utf16le-no-bom.md": ("failed", "binary"),
    "yaml-alias-bomb.md": ("stored", None),
    "yaml-python-tag.md": ("stored", None),
    "ladder-nested-brackets.md": ("stored", None),
    "lfs-pointer.md": ("skipped", "lfs"),
    "jsonld-deep.md": ("stored", None),
    "owl-open-parens.md": ("stored", None),
    "deep.ttl": ("failed", "limit"),
    "truncated.ttl": ("failed", "syntax"),
}
WARNED = {"yaml-alias-bomb.md", "yaml-python-tag.md", "jsonld-deep.md", "owl-open-parens.md"}

GOOD = {
    "good/A.md": "tags:: kind\n\n- [[B]] and ((650f1a2b-1c2d-4e3f-8a9b-0123456789ab))\n",
    "good/B.md": "alias:: Bee\n\n- a block\n  id:: 650f1a2b-1c2d-4e3f-8a9b-0123456789ab\n",
    "good/c.ttl": "@prefix : <http://example.org/> .\n:C a <http://www.w3.org/2002/07/owl#Class> .\n",
}


def write_good(folder: Path) -> Path:
    for path, text in GOOD.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


@pytest.mark.timeout(60)
def test_ten_hostile_files_harm_nothing_but_themselves(tmp_path):
    alone = write_good(tmp_path / "alone")
    beside = write_good(tmp_path / "beside")
    shutil.copytree(HOSTILE, beside / "hostile")
    Syncer(alone, to=f"sqlite:{tmp_path}/alone.db").run()
    statistics = Syncer(beside, to=f"sqlite:{tmp_path}/beside.db").run()

    assert (statistics.status, statistics.total_files) == ("partial", len(ENDS) + len(GOOD))
    assert {Path(warning.path).name for warning in statistics.warnings} == WARNED
    connection = sqlite3.connect(tmp_path / "beside.db")
    ends = dict(connection.execute("SELECT path, status || coalesce(':' || reason, '') FROM files"))
    connection.close()
    for name, (status, reason) in ENDS.items():
        expected = f"{status}:{reason}" if reason else status
        assert ends[f"hostile/{name}"] == expected, name

    wanted, found = graph(tmp_path / "alone.db"), graph(tmp_path / "beside.db")
    for view, rows in wanted.items():
        assert [row for row in rows if row not in found[view]] == [], view


@pytest.mark.timeout(60)
def test_hostile_files_that_come_later_touch_no_other_files_facts(tmp_path):
    folder, database = write_good(tmp_path / "source"), tmp_path / "graph.db"
    Syncer(folder, to=f"sqlite:{database}").run()
    before = graph(database)
    shutil.copytree(HOSTILE, folder / "hostile")
    Syncer(folder, to=f"sqlite:{database}").run()
    shutil.rmtree(folder / "hostile")
    Syncer(folder, to=f"sqlite:{database}", max_delete="100%").run()
    assert graph(database) == before
