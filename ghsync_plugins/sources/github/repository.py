"""One repository on GitHub: what it is, and its state now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ghsync_core import SourceError, SourceNotFound, get_logger
from ghsync_plugins.sources.github.answers import DamagedAnswer
from ghsync_plugins.sources.github.client import SHA, Client
from ghsync_plugins.sources.github.graphql import NoGraphQL
from ghsync_plugins.sources.github.location import Location, location_key
from ghsync_plugins.sources.github.lookup import About, is_commit, look_up, read_about
from ghsync_plugins.sources.github.snapshot import GitHubSnapshot
from ghsync_plugins.sources.github.tree import TreeLister
from ghsync_plugins.sources.github.tree_memory import TreeMemory

if TYPE_CHECKING:
    from ghsync_core import SourceState


class GitHubRepository:
    """A `Repository`. A first snapshot asks for the repository, its commit and its tree, with a token the first two at
    once; a later one remembers the first, and a conditional one asks for the commit alone. The kinds of ``requests``
    are ``lookup``, ``repository``, ``commit``, ``tree``, ``archive``, ``blobs`` (a batch of them) and ``blob``.

    A *hint* is what a listing of many repositories says of this one: what it is, and mostly at which commit.
    """

    def __init__(
        self, place: Location, client: Client, *, use_archive: bool = True, hint: Mapping[str, Any] | None = None
    ) -> None:
        self.location = location_key(place, client.api)
        self.requests: Mapping[str, int] = client.counts
        self._place = place
        self._client = client
        self._use_archive = use_archive
        self._base = f"/repos/{place.owner}/{place.repo}"
        self._listed = _noted(hint or {})
        self._head: str | None = hint["head"] if hint and not place.ref else None

    def snapshot(self, known: SourceState | None, *, conditional: bool) -> GitHubSnapshot | None:
        """The files now; None where *conditional* and still at ``known.commit``. Raises `SourceError`."""
        remembered = _noted(known.memory) if known else None
        about = self._listed or remembered
        commit = self._head
        if about is None:
            about, commit = self._ask_first()
        elif commit is None:
            commit, moved = self._ask_commit(known.commit if known and conditional else None)
            if moved or (commit and about.full_name.lower() != self._name.lower()):  # names change hands
                about = self._ask_about()
        if conditional and known and commit in (None, known.commit):
            if remembered in (None, about):
                return None
            commit = known.commit  # the same, but the name, or what bears it, is another
        assert commit is not None
        return self._snapshot(about, commit, known)

    def at(self, known: SourceState) -> GitHubSnapshot | None:
        """The files at ``known.commit``, which GitHub keeps long after no branch leads to it. Raises `SourceError`."""
        if known.commit is None:
            return None
        return self._snapshot(_noted(known.memory) or self._ask_about(), known.commit, known)

    def _snapshot(self, about: About, commit: str, known: SourceState | None) -> GitHubSnapshot:
        self._base = f"/repos/{about.full_name}"
        trees = TreeMemory(known.memory.get("trees") if known else None)
        listing = TreeLister(self._client, self._base, self._place.folder, trees).list(commit)
        return GitHubSnapshot(
            source=f"{about.full_name}{self._place.selection}",
            commit=commit,
            identity=f"{self._client.host}:{about.id}{self._place.selection}",
            memory={**about._asdict(), **({"trees": trees.note} if trees.note else {})},
            files=listing.files,
            client=self._client,
            full_name=about.full_name,
            listing=listing,
            use_archive=self._use_archive,
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    @property
    def _name(self) -> str:
        return f"{self._place.owner}/{self._place.repo}"

    def _ask_first(self) -> tuple[About, str]:
        """What the repository is, and the commit that the ref stands at: by one request, or else by two."""
        if self._client.has_graphql:
            try:
                return self._look_up()
            except NoGraphQL as error:
                get_logger().info("GraphQL is of no use here; REST is asked", source=self._name, reason=str(error))
        about = self._ask_about()
        commit, _ = self._ask_commit(None)
        assert commit is not None
        return about, commit

    def _look_up(self) -> tuple[About, str]:
        found = look_up(self._client, self._place.owner, self._place.repo, self._place.ref)
        if found is None:
            raise self._not_found()
        if found.empty:
            raise self._empty()
        if found.commit is None:
            raise self._no_such_ref()
        return found.about, found.commit

    def _ask_about(self) -> About:
        answer = self._client.get(self._base, "repository", check=self._read_about)
        if answer.status == 404:
            raise self._not_found()
        if answer.status != 200:
            raise SourceError(f"{self._client.host} answers {answer.status} about {self._name}: try again later")
        return self._read_about(answer.body)

    def _read_about(self, body: bytes) -> About:
        return read_about(body, self._name)

    def _ask_commit(self, known: str | None) -> tuple[str | None, bool]:
        """The commit that the ref stands at, or None where it is still *known*; and whether the repository has moved.

        Without a ref it is ``HEAD``, the default branch, whatever that is called today.
        """
        ref = quote(self._place.ref or "HEAD", safe="/")
        etag = known if known and is_commit(known) else None
        answer = self._client.get(
            f"{self._base}/commits/{ref}", "commit", accept=SHA, etag=etag, check=self._read_commit
        )
        if answer.status == 304 and etag:
            return None, answer.moved
        if answer.status != 200:
            raise self._no_commit(answer.status)
        return self._read_commit(answer.body), answer.moved

    def _read_commit(self, body: bytes) -> str:
        commit = body.decode("ascii", "replace").strip()
        if not is_commit(commit):
            raise DamagedAnswer(
                f"GitHub's answer about the newest commit of {self._name} is no commit: try again later"
            )
        return commit

    def _no_commit(self, status: int) -> SourceError:
        if status == 409:
            return self._empty()
        if status == 404:
            self._ask_about()  # a repository that was seen before may be gone, which is a different matter
        return self._no_such_ref()

    def _empty(self) -> SourceError:
        return SourceError(f"{self._name} is empty: it has no commit yet. Push one, then sync again")

    def _no_such_ref(self) -> SourceNotFound:
        what = f"branch, tag or commit {self._place.ref!r}" if self._place.ref else "commit on its default branch"
        return SourceNotFound(f"{self._name} has no {what}")

    def _not_found(self) -> SourceNotFound:
        if self._client.has_token:
            hint = "or the token may not see it: give the token access to it"
        else:
            hint = "or it is private: set GITHUB_TOKEN to a token that may read it, or run `gh auth login`"
        return SourceNotFound(f"there is no repository {self._name} on {self._client.host}, {hint}")


def _noted(note: Mapping[str, Any]) -> About | None:
    """What a note of an earlier request says of the repository, if it is all there."""
    number, name = note.get("id"), note.get("full_name")
    return About(number, name) if isinstance(number, int) and isinstance(name, str) else None
