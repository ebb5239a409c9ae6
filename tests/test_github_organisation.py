"""OWNER/*: which repositories are listed, at what cost, and what one run over all of them does."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.git_repos import GitRepo
from support.github_faults import Fault, rate_limit, refusal
from support.github_reading import never_wait
from support.github_server import TOKEN, GitHubServer
from support.toy import ToyPlugin, rows

from ghsync_core import Found, SourceContext, SourceError, SourceNotFound, Syncer, SyncStatistics, UsageError, sync_many
from ghsync_core.interfaces import Expands, Expansion
from ghsync_plugins.backends.sqlite import SqliteBackend
from ghsync_plugins.sources.github import GitHubSource
from ghsync_plugins.sources.github.organisation import PAGE, QUERY


@pytest.fixture
def make(git_repo: Callable[[str], GitRepo], github: GitHubServer) -> Callable[..., GitRepo]:
    """Hosts a repository of one page under a name."""

    def hosted(name: str, text: str = "-> b", **flags: bool) -> GitRepo:
        repo = git_repo(name.replace("/", "_"))
        if text:
            repo.write({"a.toy": text}).commit()
        for flag, value in flags.items():
            setattr(github.add(name, repo.path), flag, value)
        if not flags:
            github.add(name, repo.path)
        return repo

    return hosted


@pytest.fixture(params=[True, False], ids=["token", "no token"])
def token(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether there is a token."""
    if request.param:
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    else:
        monkeypatch.setenv("PATH", "/usr/bin:/bin")  # no gh
    return bool(request.param)


def expand(github: GitHubServer, location: str = "octo/*", **options: Any) -> Expansion:
    """What *location* stands for on the stand-in."""
    return GitHubSource().expand(location, SourceContext({"api_url": github.url, **options}, never_wait))


def names(expansion: Expansion) -> list[str]:
    return [found.location for found in expansion.found]


def sync_all(
    github: GitHubServer, database: Path, *locations: str, settings: dict[str, Any] | None = None, **options: Any
) -> list[SyncStatistics]:
    """One run over *locations*, with the toy format."""
    given_settings = {"api_url": github.url, "to": f"sqlite:{database}", **(settings or {})}
    github.log.clear()
    return sync_many(locations or ["octo/*"], settings=given_settings, plugins=[ToyPlugin()], **options)


def statuses(runs: list[SyncStatistics]) -> dict[str, str]:
    return {run.source: run.status for run in runs}


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "all.db"


# --- what is listed --------------------------------------------------------------------------------------------------


def test_lists_what_is_its_own_and_leaves_out_what_few_want(
    make: Callable[..., GitRepo], github: GitHubServer, token: bool
) -> None:
    for name in ("octo/Zoo", "octo/garden", "octopus/other"):
        make(name)
    make("octo/old", archived=True)
    make("octo/copy", fork=True)
    make("octo/void", text="")
    expansion = expand(github)
    assert names(expansion) == ["octo/garden", "octo/Zoo"]
    assert expansion.left_out == {"archived": 1, "forks": 1, "empty": 1}
    everything = expand(github, archived=True, forks=True, empty=True)
    assert names(everything) == ["octo/copy", "octo/garden", "octo/old", "octo/void", "octo/Zoo"]
    assert everything.left_out == {}


def test_hints_hold_number_name_and_commit(make: Callable[..., GitRepo], github: GitHubServer, token: bool) -> None:
    head = make("octo/garden").head
    [found] = expand(github).found
    assert found == Found("octo/garden", {"id": 1001, "full_name": "octo/garden", "head": head})


def test_a_repository_that_is_not_small_is_not_asked_for_its_commit(
    make: Callable[..., GitRepo], github: GitHubServer
) -> None:
    make("octo/garden", kilobytes=7)
    [found] = expand(github).found
    assert found.hint["head"] is None
    assert github.asked() == ["/orgs/octo/repos?type=all&sort=full_name&per_page=100"]


@pytest.mark.parametrize(
    ("glob", "expected"),
    [
        ("octo/docs-*", ["octo/docs-a", "octo/Docs-B"]),
        ("OCTO/*-[ab]", ["octo/docs-a", "octo/Docs-B"]),
        ("octo/docs-?", ["octo/docs-a", "octo/Docs-B"]),
        ("octo/*a*", ["octo/docs-a", "octo/garden"]),
    ],
)
def test_a_glob_chooses_by_name(
    make: Callable[..., GitRepo], github: GitHubServer, glob: str, expected: list[str]
) -> None:
    for name in ("octo/docs-a", "octo/Docs-B", "octo/garden"):
        make(name)
    assert names(expand(github, glob)) == expected


def test_users_have_repositories_too(make: Callable[..., GitRepo], github: GitHubServer, token: bool) -> None:
    make("octo/garden")
    github.users.add("octo")
    assert names(expand(github)) == ["octo/garden"]


def test_private_ones_are_listed_with_a_token_only(
    make: Callable[..., GitRepo], github: GitHubServer, token: bool
) -> None:
    make("octo/garden")
    make("octo/secret", private=True)
    assert names(expand(github)) == (["octo/garden", "octo/secret"] if token else ["octo/garden"])


@pytest.mark.parametrize("count", [1, 100, 101, 200, 250])
def test_a_hundred_repositories_cost_one_request(
    git_repo: Callable[[str], GitRepo], github: GitHubServer, token: bool, count: int
) -> None:
    repo = git_repo("one")
    repo.commit()
    for number in range(count):
        github.add(f"octo/r{number:03}", repo.path).kilobytes = 1
    expansion = expand(github)
    assert names(expansion) == [f"octo/r{number:03}" for number in range(count)]
    assert len(github.log) == sum(expansion.requests.values()) == -(-count // 100)


def test_an_enterprise_address_lists_there(make: Callable[..., GitRepo], github: GitHubServer, token: bool) -> None:
    make("octo/garden")
    location = f"{github.url}/octo/*"
    context = SourceContext({}, never_wait)
    assert names(GitHubSource().expand(location, context)) == [f"{github.url}/octo/garden"]
    assert all(path.startswith("/api/") for path in github.asked())


def test_without_graphql_rest_is_asked(
    make: Callable[..., GitRepo], github: GitHubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    make("octo/garden")
    github.faults.append(refusal("graphql", 403, "Resource not accessible by integration"))
    assert names(expand(github)) == ["octo/garden"]


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("nobody/*", "there is no organisation or user nobody"),
        ("octo/x*", "octo has no repository that matches octo/x*"),
        ("octo/o*", "octo/o* matches nothing but what is left out: 1 archived"),
    ],
)
def test_nothing_to_list_is_an_error(
    make: Callable[..., GitRepo], github: GitHubServer, token: bool, location: str, said: str
) -> None:
    make("octo/garden")
    make("octo/old", archived=True)
    with pytest.raises(SourceNotFound) as caught:
        expand(github, location)
    assert said in str(caught.value)


def test_a_list_of_which_a_page_is_missing_is_none(
    git_repo: Callable[[str], GitRepo], github: GitHubServer, token: bool
) -> None:
    repo = git_repo("one")
    repo.commit()
    for number in range(101):
        github.add(f"octo/r{number:03}", repo.path).kilobytes = 1
    github.faults += [refusal("graphql", 404, "Not Found", skip=1), refusal("page=2", 404, "Not Found")]
    with pytest.raises(SourceError):
        expand(github)


# --- how it is named -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["octo/*", "octo/docs-*", "octo/[a-m]*", "https://github.com/octo/*", "o/r?"])
def test_a_glob_stands_for_several(text: str) -> None:
    source = GitHubSource()
    assert isinstance(source, Expands)
    assert source.accepts(text)
    assert source.expands(text)
    with pytest.raises(UsageError, match="several repositories"):
        source.open(text, SourceContext({"api_url": "https://192.0.2.1"}, never_wait))


@pytest.mark.parametrize("text", ["octo/garden", "*/octo", "octo/*@main", "./octo/*", "/octo/*", "octo/*/x", "*"])
def test_nothing_else_does(text: str) -> None:
    assert not GitHubSource().expands(text)


def test_a_folder_of_that_name_goes_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "octo" / "[x]").mkdir(parents=True)
    assert not GitHubSource().expands("octo/[x]")


@given(st.text() | st.text(alphabet="octo/*?[]!-.@:").map("o/{}".format))
def test_any_text_is_one_several_or_none(text: str) -> None:
    source = GitHubSource()
    if source.expands(text):
        assert source.accepts(text)
        with pytest.raises(UsageError):
            source.open(text, SourceContext({"api_url": "https://192.0.2.1"}, never_wait))


# --- syncing all of them ---------------------------------------------------------------------------------------------


def test_unchanged_repositories_cost_nothing_with_a_token(
    make: Callable[..., GitRepo], github: GitHubServer, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    repos = [make(f"octo/r{number}") for number in range(5)]
    assert set(statuses(sync_all(github, database)).values()) == {"complete"}
    assert len(github.asked("api")) == 1 + 2 * len(repos)  # the list; then a tree and the file of each
    runs = sync_all(github, database)
    assert statuses(runs) == {f"octo/r{number}": "unchanged" for number in range(5)}
    assert github.asked() == ["/graphql"]
    repos[3].write({"b.toy": ""}).commit()
    runs = sync_all(github, database)
    assert [run.source for run in runs if run.status == "complete"] == ["octo/r3"]
    assert [dict(run.requests) for run in runs if run.requests] == [{"tree": 1, "blob": 1}]


def test_without_a_token_each_costs_its_conditional_request(
    make: Callable[..., GitRepo], github: GitHubServer, database: Path
) -> None:
    for number in range(3):
        make(f"octo/r{number}", kilobytes=1)
    sync_all(github, database)
    runs = sync_all(github, database)
    assert [dict(run.requests) for run in runs] == [{"commit": 1}] * 3
    assert [request.status for request in github.log] == [200, 304, 304, 304]


def test_a_list_and_a_name_find_the_same_source(
    make: Callable[..., GitRepo], github: GitHubServer, database: Path, token: bool
) -> None:
    make("octo/garden")
    sync_all(github, database)
    assert statuses(sync_all(github, database, "octo/garden")) == {"octo/garden": "unchanged"}
    assert statuses(sync_all(github, database)) == {"octo/garden": "unchanged"}


def test_other_filters_read_again_at_the_known_commit(
    make: Callable[..., GitRepo], github: GitHubServer, database: Path, token: bool
) -> None:
    make("octo/garden").write({"drafts/x.toy": ""}).commit()
    sync_all(github, database)
    [run] = sync_all(github, database, exclude=["drafts/"])
    assert (run.status, run.deleted_files) == ("complete", 1)


def test_one_that_fails_stops_no_other(
    make: Callable[..., GitRepo], github: GitHubServer, database: Path, token: bool
) -> None:
    for name in "abc":
        make(f"octo/{name}")
    github.faults.append(refusal("/b/", 404, "Not Found"))
    runs = sync_all(github, database)
    assert statuses(runs) == {"octo/a": "complete", "octo/b": "failed", "octo/c": "complete"}
    assert {row["source"] for row in rows(database, "files")} == {"octo/a", "octo/c"}


def test_a_list_that_fails_stops_no_other_source(
    make: Callable[..., GitRepo], github: GitHubServer, database: Path, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    runs = sync_all(github, database, "nobody/*", str(tmp_path / "folder"))
    assert [run.status for run in runs] == ["failed", "complete"]
    assert "there is no organisation or user nobody" in runs[0].errors[0].message


def test_empty_ones_fail_where_they_are_asked_for(
    make: Callable[..., GitRepo], github: GitHubServer, database: Path, token: bool
) -> None:
    make("octo/garden")
    make("octo/void", text="")
    runs = sync_all(github, database, settings={"github": {"empty": True}})
    assert statuses(runs) == {"octo/garden": "complete", "octo/void": "failed"}
    assert "octo/void is empty" in runs[1].errors[0].message


def test_one_that_is_named_by_itself_comes_once(
    make: Callable[..., GitRepo], github: GitHubServer, database: Path
) -> None:
    make("octo/a")
    make("octo/b")
    assert [run.source for run in sync_all(github, database, "octo/*", "octo/*", "Octo/B")] == ["octo/a", "octo/b"]


def test_one_with_settings_of_its_own_keeps_them(
    make: Callable[..., GitRepo], github: GitHubServer, database: Path
) -> None:
    for name in ("octo/a", "octo/b"):
        make(name).write({"drafts/x.toy": ""}).commit()
    listed = {"source": [{"location": "octo/*"}, {"location": "Octo/B", "exclude": ["drafts/"], "name": "bee"}]}
    runs = sync_all(github, database, settings=listed)
    assert {run.source: run.total_files for run in runs} == {"octo/a": 2, "bee": 1}


def test_several_can_t_have_one_name(make: Callable[..., GitRepo], github: GitHubServer, database: Path) -> None:
    make("octo/a")
    [run] = sync_all(github, database, name="all")
    assert (run.status, run.source) == ("failed", "octo/*")
    assert "one name" in run.errors[0].message


def test_a_syncer_is_for_one(github: GitHubServer, database: Path) -> None:
    with pytest.raises(UsageError, match="several repositories"):
        Syncer("octo/*", to=f"sqlite:{database}").run()


def test_one_that_is_gone_from_the_list_stays_in_the_store(
    make: Callable[..., GitRepo], github: GitHubServer, database: Path, token: bool
) -> None:
    make("octo/a")
    make("octo/b")
    sync_all(github, database)
    del github.repos["octo/a"]
    github.repos["octo/b"].archived = True
    make("octo/c")
    assert statuses(sync_all(github, database)) == {"octo/c": "complete"}
    assert {row["source"] for row in rows(database, "files")} == {"octo/a", "octo/b", "octo/c"}


def test_connections_and_the_token_are_shared(
    make: Callable[..., GitRepo], github: GitHubServer, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def find_token(api: str, environ: object) -> str:
        asked.append(api)
        return TOKEN

    monkeypatch.setattr("ghsync_plugins.sources.github.credentials.find_token", find_token)
    for number in range(4):
        make(f"octo/r{number}")
    sync_all(github, database)
    sync_all(github, database)
    assert asked == [github.url] * 2


def test_nothing_is_listed_before_the_store_is_held(
    make: Callable[..., GitRepo], github: GitHubServer, database: Path
) -> None:
    make("octo/a")
    sync_all(github, database)
    with closing(SqliteBackend().open(f"sqlite:{database}", {}, create=False)) as store, store.lock("another", 0):
        [run] = sync_all(github, database)
    assert (run.source, run.status) == ("octo/*", "failed")
    assert "held by another sync: another" in run.errors[0].message
    assert github.log == []


def test_a_limit_that_the_list_meets_is_waited_for_and_shown(
    make: Callable[..., GitRepo], github: GitHubServer, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ghsync_core.stop.Stop.wait", lambda self, seconds, why: None)
    make("octo/a")
    shown: list[Any] = []
    github.faults.append(rate_limit("orgs", {"retry-after": "9"}))
    given_settings = {"api_url": github.url, "to": f"sqlite:{database}"}
    [run] = sync_many(["octo/*"], shown.append, settings=given_settings, plugins=[ToyPlugin()])
    assert run.status == "complete"
    assert shown[0].source == "octo/*"
    assert shown[0].waiting_until is not None


# --- answers that should not be ---------------------------------------------------------------------------------------

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
json_values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)
repository_names = st.sampled_from(["octo/a", "octo/b", "octo/..", "octo/../x", "octo", "a/b/c", "octo/\ud800"])
good_or_not = st.sampled_from([True, False]) | json_values
targets = st.fixed_dictionaries({}, optional={"oid": st.sampled_from(["a" * 40, "a" * 39, "HEAD"]) | json_values})
nodes = st.fixed_dictionaries(
    {"databaseId": st.integers(1, 9) | json_values, "nameWithOwner": repository_names | json_values},
    optional={
        "isArchived": good_or_not,
        "isFork": good_or_not,
        "isEmpty": good_or_not,
        "defaultBranchRef": st.fixed_dictionaries({}, optional={"target": targets | json_values}) | json_values,
    },
)
pages = st.fixed_dictionaries(
    {},
    optional={
        "nodes": st.lists(nodes | json_values, max_size=3) | json_values,
        "pageInfo": st.fixed_dictionaries({}, optional={"hasNextPage": st.just(False) | json_values}) | json_values,
    },
)
items = st.fixed_dictionaries(
    {"id": st.integers(1, 9) | json_values, "full_name": repository_names | json_values},
    optional={"archived": good_or_not, "fork": good_or_not, "size": st.integers() | json_values},
)


def listed(github: GitHubServer, answer: Any) -> Expansion:
    """What is made of it where GitHub's list is *answer*."""
    github.faults[:] = [
        Fault("graphql|/orgs/", status=200, body=json.dumps(answer).encode()),
        Fault("/commits/", status=200, body=b"a" * 40),
    ]
    return expand(github, archived=True, forks=True, empty=True)


def check(expansion: Expansion) -> None:
    for found in expansion.found:
        assert found.location in ("octo/a", "octo/b")
        assert found.hint["id"] > 0
        assert found.hint["head"] in (None, "a" * 40)


fuzz = settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])


@fuzz
@given(answer=pages | json_values)
def test_any_list_by_graphql_is_understood_or_an_error(github: GitHubServer, answer: Any) -> None:
    with pytest.MonkeyPatch.context() as patch, suppress(SourceError):
        patch.setenv("GITHUB_TOKEN", TOKEN)
        check(listed(github, {"data": {"repositoryOwner": {"repositories": answer}}}))


@fuzz
@given(answer=st.lists(items | json_values, max_size=3) | json_values)
def test_any_list_by_rest_is_understood_or_an_error(github: GitHubServer, answer: Any) -> None:
    with pytest.MonkeyPatch.context() as patch, suppress(SourceError):
        patch.setenv("PATH", "/usr/bin:/bin")
        check(listed(github, answer))


def test_a_list_without_end_is_given_up(github: GitHubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.setattr("ghsync_plugins.sources.github.organisation._MAX_PAGES", 5)
    page = {"nodes": [], "pageInfo": {"hasNextPage": True, "endCursor": "again"}}
    with pytest.raises(SourceError, match="does not end"):
        listed(github, {"data": {"repositoryOwner": {"repositories": page}}})
    assert len(github.log) == 5


def test_a_repository_that_we_may_not_see_is_passed_over(github: GitHubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    node = {"databaseId": 1, "nameWithOwner": "octo/a", "isArchived": False, "isFork": False, "isEmpty": False}
    page = {"nodes": [None, {**node, "defaultBranchRef": None}], "pageInfo": {"hasNextPage": False, "endCursor": None}}
    assert names(listed(github, {"data": {"repositoryOwner": {"repositories": page}}})) == ["octo/a"]


def test_the_query_asks_for_full_pages() -> None:
    assert f"first: {PAGE}" in QUERY
