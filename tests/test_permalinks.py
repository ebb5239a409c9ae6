"""Permalinks: which sources have a page, and how an address is written."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghsync_core import SourceState
from ghsync_core.permalinks import permalink, repository_page

COMMIT = "ab" * 20
PAGE = "https://github.com/Owner/Repo"


@pytest.mark.parametrize(
    ("name", "location", "page"),
    [
        ("Owner/Repo", "github.com/owner/repo", PAGE),
        ("Owner/Repo@v1", "github.com/owner/repo@v1", PAGE),
        ("Owner/Repo@v1:a/b", "github.com/owner/repo@v1:a/b", PAGE),
        ("Owner/Repo.js:a", "github.com/owner/repo.js:a", f"{PAGE}.js"),
        ("mine", "mine=github.com/owner/repo", "https://github.com/owner/repo"),
        ("New/Name", "github.com/owner/repo", "https://github.com/owner/repo"),
        ("o/r", "git.example.org:8443/o/r", "https://git.example.org:8443/o/r"),
        ("/data/owner/repo", "/data/owner/repo", None),
        ("Owner/Repo", "/data/owner/repo@v1", None),
        ("mine", "mine=/github.com/owner/repo", None),
        ("odd", "", None),
    ],
)
def test_the_page_of_a_source(name: str, location: str, page: str | None) -> None:
    assert repository_page(SourceState(name, location)) == page


def test_what_the_source_noted_goes_before_its_location() -> None:
    assert repository_page(SourceState("o/r", "/data/r", memory={"web": PAGE})) == PAGE
    assert repository_page(SourceState("o/r", "/data/r", memory={"web": None})) is None


def test_an_address_names_commit_path_and_line() -> None:
    assert permalink(PAGE, COMMIT, "pages/A b.md", 7) == f"{PAGE}/blob/{COMMIT}/pages/A%20b.md#L7"
    assert permalink(PAGE, COMMIT, "pages/a.md") == f"{PAGE}/blob/{COMMIT}/pages/a.md"


@pytest.mark.parametrize("commit", [None, "", f"{COMMIT}+dirty", "main", COMMIT[:10]])
def test_there_is_none_for_what_is_no_commit(commit: str | None) -> None:
    assert permalink(PAGE, commit, "a.md", 1) is None


def test_there_is_none_without_a_page() -> None:
    assert permalink(None, COMMIT, "a.md", 1) is None


@given(path=st.text(st.characters(exclude_categories=["Cs"]), min_size=1), line=st.integers(1))
def test_any_path_comes_back_from_its_address(path: str, line: int) -> None:
    address = permalink(PAGE, COMMIT, path, line)
    assert address is not None
    parts = urlsplit(address)
    assert unquote(parts.path) == f"/Owner/Repo/blob/{COMMIT}/{path}"
    assert (parts.query, parts.fragment) == ("", f"L{line}")
