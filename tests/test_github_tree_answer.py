"""A tree's JSON is read entry by entry: in little memory, and in whatever pieces it arrives."""

from __future__ import annotations

import hashlib
import json
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.github_faults import Fault
from support.github_reading import never_wait
from support.github_server import GitHubServer

from ghsync_core.errors import SourceError
from ghsync_plugins.sources.github.client import Client
from ghsync_plugins.sources.github.tree import TreeLister
from ghsync_plugins.sources.github.tree_answer import read_tree
from ghsync_plugins.sources.github.tree_memory import TreeMemory

FILES = 20_000
COMMIT = "c" * 40

texts = st.text(st.characters(codec=None, categories=None), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
)
others = st.dictionaries(texts.filter(lambda key: key not in ("tree", "truncated")), values, max_size=3)


def entry(number: int) -> dict[str, Any]:
    """A file as GitHub lists it, in about 250 bytes of JSON."""
    sha = hashlib.sha1(b"%d" % number, usedforsecurity=False).hexdigest()
    url = f"https://api.github.com/repos/octo/garden/git/blobs/{sha}"
    path = f"pages/{number // 100:03}/The title of page {number}.md"
    return {"path": path, "mode": "100644", "type": "blob", "sha": sha, "size": 1000 + number, "url": url}


def in_pieces(body: bytes, size: int) -> Iterator[bytes]:
    return (body[start : start + size] for start in range(0, len(body), size))


def entries(body: bytes, size: int = 1 << 16) -> tuple[list[object], bool]:
    found: list[object] = []
    return found, read_tree(in_pieces(body, size), found.append)


def test_a_large_listing_takes_less_than_500_bytes_a_file() -> None:
    body = json.dumps({"sha": COMMIT, "tree": [entry(number) for number in range(FILES)], "truncated": False}).encode()
    with GitHubServer() as server:
        server.faults.append(Fault("/trees/", status=200, body=body))
        client = Client(server.url, None, never_wait)
        TreeLister(client, "/repos/octo/garden", "", TreeMemory()).list(
            COMMIT
        )  # so that what is imported late is not counted
        tracemalloc.start()
        listing = TreeLister(client, "/repos/octo/garden", "", TreeMemory()).list(COMMIT)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        client.close()
    assert len(listing.files) == FILES
    assert peak / FILES <= 500


@given(
    tree=st.lists(values, max_size=4),
    truncated=st.booleans(),
    others=others,
    size=st.integers(1, 40),
    order=st.randoms(use_true_random=False),
    indent=st.none() | st.just(1),
)
def test_reads_any_order_of_keys_in_any_pieces(
    tree: Any, truncated: bool, others: Any, size: int, order: Any, indent: int | None
) -> None:
    members = [("tree", tree), ("truncated", truncated), *others.items()]
    order.shuffle(members)
    body = json.dumps(dict(members), indent=indent).encode()
    assert entries(body, size) == (tree, truncated)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"tree"',
        b"{}",
        b'{"tree": []',
        b'{"tree": [], "truncated": false',
        b'{"tree": [], "truncated": false}}',
        b'{"tree": [], "truncated": false} {}',
        b'{"tree": [,], "truncated": false}',
        b'{"tree": [{}{}], "truncated": false}',
        b'{"tree": [{},], "truncated": false}',
        b'{"tree": {"a": 1}, "truncated": false}',
        b'{"tree": [], "truncated": 0}',
        b'{"tree": []}',
        b'{"truncated": false}',
        b'{"tree": [], "tree": [], "truncated": false}',
        b'{"tree": [], "truncated": true, "truncated": false}',
        b'{"tree": [], 1: 2, "truncated": false}',
        b'{"tree": ["\xff"], "truncated": false}',
        b'{"tree": ["\xc3',
        b'{"tree": [' + b"[" * 100_000,
        b'{"tree": [' + b"9" * 100_000 + b'], "truncated": false}',
    ],
    ids=lambda body: repr(body[:40]),
)
def test_what_is_no_tree_is_an_error(body: bytes) -> None:
    for size in (1, 1 << 16):
        with pytest.raises(SourceError):
            entries(body, size)


@pytest.mark.parametrize("start", [b'{"tree": ["', b'{"tree": [[1,', b'{"', b'{"sha": "'])
def test_an_entry_without_end_is_given_up_early(start: bytes) -> None:
    body = start + b"a, " * 15_000_000
    began = time.process_time()
    tracemalloc.start()
    with pytest.raises(SourceError, match="can't be read"):
        entries(body)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3_000_000
    assert time.process_time() - began < 2


def test_tiny_pieces_cost_no_more_than_their_sum() -> None:
    body = json.dumps({"tree": ["x" * 100_000], "truncated": False}).encode()
    began = time.process_time()
    assert entries(body, 1) == (["x" * 100_000], False)
    assert time.process_time() - began < 1
