"""What every source promises, and what this one does besides. Run it with ``python -m pytest`` in this folder."""

import ghsync_gitea
import pytest
from stand_in import GiteaServer

from ghsync_core import AccessDenied, SourceContext, SourceError, TransportError, UsageError
from ghsync_core.testing import SourceSuite


@pytest.fixture
def server(monkeypatch):
    monkeypatch.delenv("GITEA_TOKEN", raising=False)
    with GiteaServer() as server:
        server.start()
        yield server
        server.shutdown()


class TestGitea(SourceSuite):
    plugins = (ghsync_gitea,)
    missing = "gitea:octo/no-such"

    @pytest.fixture(autouse=True)
    def _at(self, server):
        self.settings = {"gitea": {"url": server.url}}

    @pytest.fixture
    def hosted(self, server):
        def host(files):
            server.hold(files)
            return "gitea:octo/garden"

        return host


@pytest.fixture
def waits():
    return []


@pytest.fixture
def repository(server, waits):
    server.hold({f"{number}.md": b"# page" for number in range(10)})
    context = SourceContext({"url": server.url}, lambda seconds, why: waits.append(seconds))
    return ghsync_gitea.Gitea().open("gitea:octo/garden", context)


def test_all_pages_of_the_listing_are_asked_for(repository, server):
    assert len(repository.snapshot(None, conditional=False).files) == 10
    assert repository.requests == {"repository": 1, "commit": 1, "tree": 4}


def test_a_page_that_is_missing_is_no_short_listing(repository, server):
    server.tree = lambda files, page: {"tree": [], "truncated": True}
    with pytest.raises(SourceError, match="does not list all"):
        repository.snapshot(None, conditional=False)


@pytest.mark.parametrize(("status", "error"), [(401, AccessDenied), (403, AccessDenied), (500, SourceError)])
def test_a_refusal_is_told(repository, server, status, error):
    server.faults.append((status, {}))
    with pytest.raises(error, match=r"refuses us|answers with"):
        repository.snapshot(None, conditional=False)


def test_it_waits_where_the_server_asks_for_patience(repository, server, waits):
    server.faults += [(429, {}), (429, {})]
    repository.snapshot(None, conditional=False)
    assert waits == [2.0, 2.0]


def test_a_blob_that_fails_fails_its_file_alone(repository, server):
    snapshot = repository.snapshot(None, conditional=False)
    server.faults += [(502, {}), (200, {"content": "AAAA"})]
    for why in ("HTTP 502", "damaged"):
        with pytest.raises(TransportError, match=why):
            snapshot.read(snapshot.files[0])


def test_a_token_goes_along_but_never_unencrypted(server, monkeypatch):
    monkeypatch.setenv("GITEA_TOKEN", "sesame")
    context = SourceContext({"url": server.url}, lambda seconds, why: None)
    server.hold({})
    ghsync_gitea.Gitea().open("gitea:octo/garden", context).snapshot(None, conditional=False)
    assert {token for _, token in server.asked} == {"token sesame"}
    plain = SourceContext({"url": "http://git.example.org"}, lambda seconds, why: None)
    with pytest.raises(UsageError, match="unencrypted") as told:
        ghsync_gitea.Gitea().open("gitea:octo/garden", plain)
    assert "sesame" not in str(told.value)


@pytest.mark.parametrize("location", ["gitea:", "gitea:one", "gitea:a/b/c", "gitea:a/b@", "gitea:ä/b"])
def test_what_is_no_repository_is_wrong_usage(location, server):
    with pytest.raises(UsageError, match="write gitea:OWNER/REPO"):
        ghsync_gitea.Gitea().open(location, SourceContext({"url": server.url}, lambda seconds, why: None))
