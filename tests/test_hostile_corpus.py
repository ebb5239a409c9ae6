"""A sync in a process of its own over every kind of hostile RDF file, and over the folder that GHSYNC_CORPORA names.

None ends the process, holds it up, or touches what stands beside it.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.documents import ROOT
from support.toy import graph
from test_cases_rdf import REFUSED
from test_hostile_run import write_good
from test_rdf_hostile import FINE, LIMITS

SECONDS_A_FILE = 2.0
"""On average, on a machine that may be busy; the largest have some megabytes."""


def sync(folder: Path, database: Path) -> dict[str, object]:
    """The ``--json`` answer of a sync in its own process."""
    command = [
        sys.executable,
        "-m",
        "ghsync_core",
        str(folder),
        "--to",
        f"sqlite:{database}",
        "--json",
        "--max-delete",
        "100%",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=database.parent, check=False)
    assert done.returncode in (0, 3), (done.returncode, done.stderr[-2000:])
    assert "Traceback" not in done.stderr
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def check(good: Path, hostile: Path, home: Path) -> dict[str, tuple[str, str | None]]:
    """Sync *good* alone, with *hostile* beside it, and alone again; how each hostile file ended."""
    source, database = home / "source", home / "graph.db"
    shutil.copytree(good, source)
    sync(source, database)
    before = graph(database)
    shutil.copytree(hostile, source / "hostile", symlinks=True)
    count = sum(path.is_file() for path in (source / "hostile").rglob("*"))
    began = time.monotonic()
    answer = sync(source, database)
    assert time.monotonic() - began < 10 + count * SECONDS_A_FILE
    assert answer["status"] in ("complete", "partial")
    connection = sqlite3.connect(database)
    rows = connection.execute("SELECT path, status, reason FROM files WHERE path LIKE 'hostile/%'").fetchall()
    connection.close()
    with_them = graph(database)
    for view in ("nodes", "classes", "properties", "axioms", "edges"):
        own = [row for row in before[view] if row.get("path")]
        assert [row for row in own if row not in with_them[view]] == [], view
    shutil.rmtree(source / "hostile")
    sync(source, database)
    assert graph(database) == before
    assert len(rows) == count
    assert not [row for row in rows if row[2] == "crash"]
    return {path.removeprefix("hostile/"): (status, reason) for path, status, reason in rows}


@pytest.mark.timeout(300)
def test_every_kind_of_hostile_rdf_file(tmp_path: Path) -> None:
    good, hostile = write_good(tmp_path / "good"), tmp_path / "hostile"
    hostile.mkdir()
    expected: dict[str, tuple[str, str | None]] = {}
    for number, (name, text, reason) in enumerate([case[1:] for case in REFUSED]):
        (hostile / f"refused-{number}-{name}").write_text(text)
        expected[f"refused-{number}-{name}"] = ("failed", reason)
    for number, (name, make, reason) in enumerate(LIMITS.values()):
        (hostile / f"limit-{number}-{name}").write_text(make())
        expected[f"limit-{number}-{name}"] = ("failed", reason)
    for number, (name, text) in enumerate(FINE.values()):
        (hostile / f"fine-{number}-{name}").write_text(text)
        expected[f"fine-{number}-{name}"] = ("stored", None)
    assert check(good, hostile, tmp_path) == expected


RDF_ENDS = {
    "entity-bomb.rdf": "security",
    "entity-quadratic.rdf": "security",
    "entity-external.rdf": "security",
    "entity-parameter.rdf": "security",
    "dtd-remote.rdf": "security",
    "entity-plain.rdf": None,
    "truncated.rdf": "syntax",
    "truncated.nt": "syntax",
    "truncated.jsonld": "syntax",
    "one-bad-line.nt": "syntax",
    "deep.rdf": "limit",
    "deep.ttl": "limit",
    "deep.jsonld": "limit",
    "remote-context.jsonld": "remote-context",
    "remote-context-known.jsonld": "remote-context",
    "remote-context-import.jsonld": "remote-context",
    "file-context.jsonld": "remote-context",
    "relative-context.jsonld": "remote-context",
    "utf16.ttl": "encoding",
    "utf16.rdf": None,
    "latin1.rdf": "encoding",
    "latin1-undeclared.rdf": "encoding",
    "named-graphs.nq": None,
    "named-graphs.trig": None,
    "html-error.owl": "syntax",
    "xml-not-rdf.owl": "syntax",
    "functional-in.owl": None,
    "lfs-pointer.owl": "lfs",
    "long-literal.ttl": None,
}
"""How files of the corpus must end: the reason, or None for those that are stored."""


@pytest.mark.skipif(not os.environ.get("GHSYNC_CORPORA"), reason="GHSYNC_CORPORA names no folder")
@pytest.mark.timeout(600)
def test_the_whole_hostile_corpus(tmp_path: Path) -> None:
    ends = check(write_good(tmp_path / "good"), Path(os.environ["GHSYNC_CORPORA"]) / "hostile", tmp_path)
    found = {name: ends[f"rdf/{name}"][1] for name in RDF_ENDS if f"rdf/{name}" in ends}
    assert found == {name: RDF_ENDS[name] for name in found}
    assert len(found) > 20
