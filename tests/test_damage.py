"""A damaged database, or a file that is none: every command ends with a sentence or a right result."""

from __future__ import annotations

import contextlib
import io
import os
import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from support.toy import write_tree

from ghsync_core.cli.main import main

NOTES = {
    "logseq/config.edn": "{}",
    **{f"pages/p{n}.md": f"alias:: a{n}\n- see [[p{n + 1}]] and [[A{n - 1}]] #t{n % 3}\n" for n in range(12)},
    "o.ttl": "@prefix : <urn:x#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    ":A a owl:Class ; rdfs:subClassOf :B ; rdfs:label 'A' . :p a owl:ObjectProperty ; rdfs:domain :A .",
    "broken.md": "---\na: [\n---\n- text\n",
}
QUERY = "SELECT e.*, n.properties FROM edges e JOIN nodes n ON n.id = e.to_id LIMIT 20"
EXAMPLES = 15 * int(os.environ.get("TORTURE", "1"))


def ghsync(*arguments):
    """The exit status, and all that was said."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said), pytest.raises(SystemExit) as ended:
        main.main([*map(str, arguments), "-v"])
    return ended.value.code, said.getvalue()


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("damage")
    write_tree(home / "notes", NOTES)
    status, said = ghsync(home / "notes", "--to", f"sqlite:{home}/good.db", "--name", "notes")
    assert status == 0, said
    return home


def lay_down(home: Path, data: bytes) -> str:
    """A database of these bytes, with nothing beside it; its address."""
    for left in home.glob("x.db*"):
        left.unlink()
    (home / "x.db").write_bytes(data)
    return f"sqlite:{home}/x.db"


def commands(home):
    """Each command, as it is given to an untouched copy."""
    notes = home / "notes"
    yield ("status",)
    yield ("query", QUERY)
    yield (notes, "--name", "notes")
    yield (notes, "--name", "notes", "--full")
    yield (notes, "--name", "notes", "--dry-run")
    yield ("forget", "notes")


def check_every_command(home, data):
    for command in commands(home):
        status, said = ghsync(*command, "--to", lay_down(home, data))
        assert "Traceback" not in said, said
        assert "bug in ghsync" not in said, said
        assert status in (0, 1, 2, 3), said


PLACES = st.floats(0, 1, exclude_max=True)
FLIPS = st.lists(st.tuples(PLACES, st.integers(1, 255)), min_size=1, max_size=30)
hard = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


@hard
@given(flips=FLIPS)
def test_flipped_bytes(home, flips):
    data = bytearray((home / "good.db").read_bytes())
    for place, mask in flips:
        data[int(place * len(data))] ^= mask
    check_every_command(home, bytes(data))


@hard
@given(page=PLACES, other=PLACES, kind=st.sampled_from(["zeros", "another page", "cut"]))
def test_pages_lost_and_mixed_up(home, page, other, kind):
    data = (home / "good.db").read_bytes()
    at, from_ = (int(place * len(data)) // 4096 * 4096 for place in (page, other))
    if kind == "cut":
        check_every_command(home, data[: int(page * len(data))])
        return
    put = bytes(4096) if kind == "zeros" else data[from_ : from_ + 4096]
    check_every_command(home, data[:at] + put + data[at + 4096 :])


@hard
@example(table="sources", row=0.0, column=8, value=0)  # the counts
@example(table="sources", row=0.0, column=8, value='"a"')
@given(
    table=st.sampled_from(["sources", "files_", "issues", "runs_"]),
    row=PLACES,
    column=st.integers(0, 20),
    value=st.one_of(st.binary(max_size=4), st.integers(), st.text(max_size=3)),
)
def test_values_that_we_never_wrote(home, table, row, column, value):
    """What no check of the file's structure can find."""
    url = lay_down(home, (home / "good.db").read_bytes())
    connection = sqlite3.connect(url.removeprefix("sqlite:"))
    columns = [found[1] for found in connection.execute(f"PRAGMA table_info({table})")]
    (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    name = columns[column % len(columns)]
    text = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
    with contextlib.suppress(sqlite3.IntegrityError, OverflowError), connection:
        change = f"UPDATE OR IGNORE {table} SET {name} = ? WHERE rowid = (SELECT rowid FROM {table} LIMIT 1 OFFSET ?)"
        connection.execute(change, (text, int(row * count)))
    connection.close()
    check_every_command(home, (home / "x.db").read_bytes())


@pytest.mark.parametrize(
    ("data", "status", "says"),
    [
        (b"", 0, ""),
        (b"dear diary\n" * 500, 1, "no SQLite database"),
        (b"SQLite format 3\x00", 1, "x.db"),
        (os.urandom(8192), 1, "no SQLite database"),
    ],
    ids=["an empty file", "a text", "a header alone", "noise"],
)
def test_files_that_are_no_database(home, data, status, says):
    for command in commands(home):
        if command[0] in ("query", "forget") and not data:
            continue  # an empty file is a store without tables
        ended, said = ghsync(*command, "--to", lay_down(home, data))
        assert ended == status, said
        assert says in said
        assert not data or (home / "x.db").read_bytes() == data
