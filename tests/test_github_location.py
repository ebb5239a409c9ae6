"""How repositories on GitHub are named."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.github_reading import never_wait

from ghsync_core.errors import UsageError
from ghsync_core.interfaces import SourceContext
from ghsync_plugins.sources.github import GitHubSource
from ghsync_plugins.sources.github.location import Location, accepts, api_url, location_key, parse, web_host

SHA = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("text", "location"),
    [
        ("octo/garden", Location("octo", "garden")),
        ("octo/garden.git", Location("octo", "garden")),
        ("Octo_corp/the.garden-2", Location("Octo_corp", "the.garden-2")),
        ("octo/.github", Location("octo", ".github")),
        ("octo/garden@v1.2", Location("octo", "garden", "v1.2")),
        ("octo/garden@feature/new-beds", Location("octo", "garden", "feature/new-beds")),
        (f"octo/garden@{SHA}", Location("octo", "garden", SHA)),
        ("octo/garden@main:docs/pages", Location("octo", "garden", "main", "docs/pages")),
        ("octo/garden:docs", Location("octo", "garden", None, "docs")),
        ("https://github.com/octo/garden", Location("octo", "garden", web="https://github.com")),
        ("https://www.GitHub.com/octo/garden.git/", Location("octo", "garden", web="https://github.com")),
        ("https://github.com/octo/garden?tab=readme#top", Location("octo", "garden", web="https://github.com")),
        ("https://github.com/octo/garden/tree/main", Location("octo", "garden", "main", web="https://github.com")),
        (
            "https://github.com/octo/garden/tree/main/a%20b/c%23/",
            Location("octo", "garden", "main", "a b/c#", "https://github.com"),
        ),
        ("https://git.corp.example:8443/o/r", Location("o", "r", web="https://git.corp.example:8443")),
        ("http://127.0.0.1:8080/o/r", Location("o", "r", web="http://127.0.0.1:8080")),
        ("git@github.com:octo/garden.git", Location("octo", "garden", web="https://github.com")),
        ("ssh://git@git.corp.example/o/r.git", Location("o", "r", web="https://git.corp.example")),
    ],
)
def test_understands(text: str, location: Location) -> None:
    assert accepts(text)
    assert parse(text) == location


@pytest.mark.parametrize(
    "text",
    [
        "octo/garden@",
        "octo/garden@a..b",
        "octo/garden@-x",
        "octo/garden@a b",
        "octo/garden:../up",
        "octo/garden:a//b",
        "octo/..",
        "https://github.com/octo",
        "https://github.com/octo/garden/blob/main/a.md",
        "https://github.com/octo/garden/tree",
        "https://github.com/octo/garden/tree/main/%2e%2e/x",
        "https://github.com/octo/gar den",
        "https:///octo/garden",
        "https://[::1/octo/garden",
        "https://github.com:port/octo/garden",
        "git@github.com:garden.git",
    ],
)
def test_refuses_what_names_no_repository(text: str) -> None:
    assert accepts(text)
    with pytest.raises(UsageError) as caught:
        parse(text)
    assert repr(text) in str(caught.value)


def test_refuses_a_password_in_an_address_without_showing_it() -> None:
    with pytest.raises(UsageError, match="GITHUB_TOKEN") as caught:
        parse("https://me:ghp_hush@github.com/octo/garden")
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [".", "./octo/garden", "../garden", "/srv/garden", "~/garden", "garden", "a/b/c", "C:\\garden", ""],
)
def test_leaves_paths_to_others(text: str) -> None:
    assert not accepts(text)


def test_leaves_folders_that_exist_to_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert accepts("octo/garden")
    (tmp_path / "octo" / "garden").mkdir(parents=True)
    assert not accepts("octo/garden")
    assert not accepts("octo/garden@main")


def test_accepts_asks_about_names_too_long_for_the_file_system() -> None:
    assert accepts("o" * 5000 + "/r")


@given(st.text() | st.text().map("octo/garden@{}".format) | st.text().map("https://github.com/octo/{}".format))
def test_any_text_is_taken_or_refused(text: str) -> None:
    if accepts(text):
        with suppress(UsageError):
            assert location_key(parse(text), "https://api.github.com").startswith("github.com/")


@pytest.mark.parametrize(
    ("text", "asked", "environ", "api"),
    [
        ("o/r", None, {}, "https://api.github.com"),
        ("https://github.com/o/r", None, {}, "https://api.github.com"),
        ("o/r", None, {"GITHUB_API_URL": ""}, "https://api.github.com"),
        ("o/r", None, {"GITHUB_API_URL": "https://ghe.example/api/v3/"}, "https://ghe.example/api/v3"),
        ("o/r", "https://one.example/api/v3", {"GITHUB_API_URL": "https://two.example"}, "https://one.example/api/v3"),
        ("https://ghe.example/o/r", None, {}, "https://ghe.example/api/v3"),
        ("https://ghe.example/o/r", None, {"GITHUB_API_URL": "https://api.github.com"}, "https://ghe.example/api/v3"),
        ("git@ghe.example:o/r.git", None, {}, "https://ghe.example/api/v3"),
        ("https://octo.ghe.com/o/r", None, {}, "https://api.octo.ghe.com"),
    ],
)
def test_finds_the_api(text: str, asked: str | None, environ: dict[str, str], api: str) -> None:
    assert api_url(parse(text), asked, environ) == api


@pytest.mark.parametrize("asked", ["ftp://ghe.example", "ghe.example", "https://", "https://ghe.example?x=1"])
def test_refuses_an_api_that_is_no_web_address(asked: str) -> None:
    with pytest.raises(UsageError):
        api_url(parse("o/r"), asked, {})


def test_the_key_ignores_case_where_github_does() -> None:
    api = "https://api.github.com"
    assert location_key(parse("Octo/Garden@Main:Docs"), api) == "github.com/octo/garden@Main:Docs"
    assert location_key(parse("https://github.com/OCTO/garden"), api) == location_key(parse("octo/garden"), api)
    assert web_host("https://ghe.example:8443/api/v3") == "ghe.example:8443"


def test_opening_asks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "unused")
    repository = GitHubSource().open("Octo/garden", SourceContext({"api_url": "https://192.0.2.1"}, never_wait))
    assert repository.location == "192.0.2.1/octo/garden"
    assert dict(repository.requests) == {}
    repository.close()
