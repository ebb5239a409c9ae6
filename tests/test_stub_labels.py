"""A page that is missing is called as its first referrer spells it."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.toy import rows, write_tree

from ghsync_core import Syncer


@pytest.mark.parametrize(
    ("files", "labels"),
    [
        # The namespaces above are ends that edges start from, too, where nobody spells them.
        ({"pages/One.md": "- [[Aa/Bb/Cc]]\n"}, {"page:aa/bb/cc": "Aa/Bb/Cc", "page:aa/bb": "Aa/Bb", "page:aa": "Aa"}),
        ({"pages/One.md": "- [[NOWHERE]]\n", "pages/Two.md": "- [[Nowhere]]\n"}, {"page:nowhere": "NOWHERE"}),
        ({"pages/One.md": "- [[nowhere]]\n", "pages/Two.md": "- [[Nowhere]]\n"}, {"page:nowhere": "nowhere"}),
    ],
)
def test_a_stub_is_labelled_as_it_is_first_spelled(
    tmp_path: Path, files: dict[str, str], labels: dict[str, str]
) -> None:
    write_tree(tmp_path / "notes", {"logseq/config.edn": "{}", **files})
    Syncer(tmp_path / "notes", to=f"sqlite:{tmp_path}/graph.db").run()
    stubs = {row["id"]: row["label"] for row in rows(tmp_path / "graph.db", "nodes") if row["kind"] == "stub"}
    assert stubs == labels
