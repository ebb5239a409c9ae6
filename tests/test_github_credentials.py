"""Which token is found, and where it may go."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from support.github_reading import never_wait

from ghsync_core.errors import UsageError
from ghsync_plugins.sources.github.client import Client
from ghsync_plugins.sources.github.credentials import find_token, may_carry_token

API = "https://api.github.com"


@pytest.fixture
def no_gh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.usefixtures("no_gh")
@pytest.mark.parametrize(
    ("environ", "token"),
    [
        ({}, None),
        ({"GITHUB_TOKEN": "one", "GH_TOKEN": "two"}, "one"),
        ({"GITHUB_TOKEN": "", "GH_TOKEN": "two"}, "two"),
        ({"GITHUB_TOKEN": " \n", "GH_TOKEN": ""}, None),
        ({"GITHUB_TOKEN": "one\n"}, "one"),
    ],
)
def test_takes_the_first_variable_that_is_set(environ: dict[str, str], token: str | None) -> None:
    assert find_token(API, environ) == token


@pytest.mark.parametrize("value", ["two words", "line\nbreak", "tökén"])
def test_refuses_what_is_no_token_without_showing_it(value: str) -> None:
    with pytest.raises(UsageError, match="GH_TOKEN holds characters") as caught:
        find_token(API, {"GH_TOKEN": value})
    assert value not in str(caught.value)


def fake_gh(folder: Path, script: str) -> str:
    """A `gh` that runs *script*; returns the PATH to find it."""
    program = folder / "gh"
    program.write_text(f"#!{sys.executable}\nimport sys\n{script}\n")
    program.chmod(0o755)
    return str(folder)


@pytest.mark.parametrize(
    ("script", "token"),
    [
        ("print('from-gh-for', *sys.argv[1:], sep='_')", "from-gh-for_auth_token_--hostname_github.com"),
        ("print('not logged in'); sys.exit(4)", None),
        ("print()", None),
        ("print('a sentence, not a token')", None),
    ],
)
def test_asks_gh_last(script: str, token: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", fake_gh(tmp_path, script))
    assert find_token(API, {}) == token
    assert find_token(API, {"GH_TOKEN": "set"}) == "set"


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://api.github.com", True),
        ("http://127.0.0.1:8080", True),
        ("http://[::1]:8080/api/v3", True),
        ("http://localhost", True),
        ("http://ghe.example/api/v3", False),
        ("http://localhost.example", False),
    ],
)
def test_sends_no_token_in_the_clear(url: str, safe: bool) -> None:
    assert may_carry_token(url) is safe
    assert find_token(url, {"GITHUB_TOKEN": "set"}) == ("set" if safe else None)


def test_shows_no_token_in_a_repr() -> None:
    client = Client(API, "ghp_hush", never_wait)
    shown = f"{client!r} {client._session.auth!r} {client._session!r}"
    client.close()
    assert "hush" not in shown
