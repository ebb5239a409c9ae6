"""One repository on GitHub: what it is, and its state now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ghsync_core import SourceError, SourceNotFound
from ghsync_plugins.sources.github.answers import COMMIT, full_name, member, read_object
from ghsync_plugins.sources.github.client import SHA, Client
from ghsync_plugins.sources.github.location import Location, location_key
from ghsync_plugins.sources.github.snapshot import GitHubSnapshot
from ghsync_plugins.sources.github.tree import list_tree

if TYPE_CHECKING:
    from ghsync_core import SourceState


class GitHubRepository:
    """A `Repository`. A first snapshot asks for the repository, its commit and its tree; a later one remembers the
    first, and a conditional one asks for the commit alone. A *hint*, from a listing of many repositories, says the
    first, and mostly the second. The kinds of ``requests`` are ``repository``, ``commit``, ``tree``, ``archive`` and
    ``blob``.
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
        self._hint = hint or {}

    def snapshot(self, known: SourceState | None, *, conditional: bool) -> GitHubSnapshot | None:
        """The files now; None where *conditional* and still at ``known.commit``. Raises `SourceError`."""
        remembered = _about(known.memory) if known else None
        about = _about(self._hint) or remembered or self._ask_about()
        same = remembered in (None, about)  # else it has another name since, or another repository has this one
        commit, moved = self._commit(known.commit if known and conditional and same else None)
        if moved:
            about = self._ask_about()
            if commit is None and about != remembered:
                commit, _ = self._ask_commit(None)
        if commit is None:
            return None
        listing = list_tree(self._client, self._base, commit, self._place.folder)
        return GitHubSnapshot(
            source=f"{about['full_name']}{self._place.selection}",
            commit=commit,
            identity=f"{self._client.host}:{about['id']}{self._place.selection}",
            memory=about,
            files=listing.files,
            client=self._client,
            base=self._base,
            listing=listing,
            use_archive=self._use_archive,
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    @property
    def _name(self) -> str:
        return f"{self._place.owner}/{self._place.repo}"

    def _ask_about(self) -> dict[str, Any]:
        """The repository's number, which outlives its name, and its name as GitHub spells it."""
        answer = self._client.get(self._base, "repository")
        if answer.status != 200:
            raise self._not_found()
        found = read_object(answer.body, self._name)
        name = full_name(found, "full_name", self._name)
        if name.lower() != self._name.lower():  # it was renamed: spare the redirects from now on
            self._base = f"/repos/{name}"
        return {"id": member(found, "id", int, self._name), "full_name": name}

    def _commit(self, known: str | None) -> tuple[str | None, bool]:
        """As `_ask_commit`, without asking where the hint says it."""
        head = self._hint.get("head")
        if head and not self._place.ref:
            return (None if head == known else head), False
        return self._ask_commit(known)

    def _ask_commit(self, known: str | None) -> tuple[str | None, bool]:
        """The commit that the ref stands at, or None where it is still *known*; and whether the repository has moved.

        Without a ref it is ``HEAD``, the default branch, whatever that is called today.
        """
        ref = quote(self._place.ref or "HEAD", safe="/")
        etag = known if known and COMMIT.fullmatch(known) else None
        answer = self._client.get(f"{self._base}/commits/{ref}", "commit", accept=SHA, etag=etag)
        if answer.status == 304 and etag:
            return None, answer.moved
        if answer.status != 200:
            raise self._no_commit(answer.status)
        commit = answer.body.decode("ascii", "replace").strip()
        if not COMMIT.fullmatch(commit):
            raise SourceError(f"GitHub's answer about the newest commit of {self._name} is no commit: try again later")
        return commit, answer.moved

    def _no_commit(self, status: int) -> SourceError:
        if status == 409:
            return SourceError(f"{self._name} is empty: it has no commit yet. Push one, then sync again")
        if status == 404:
            self._ask_about()  # a repository that was seen before may be gone, which is a different matter
        what = f"branch, tag or commit {self._place.ref!r}" if self._place.ref else "commit on its default branch"
        return SourceNotFound(f"{self._name} has no {what}")

    def _not_found(self) -> SourceNotFound:
        if self._client.has_token:
            hint = "or the token may not see it: give the token access to it"
        else:
            hint = "or it is private: set GITHUB_TOKEN to a token that may read it, or run `gh auth login`"
        return SourceNotFound(f"there is no repository {self._name} on {self._client.host}, {hint}")


def _about(note: Mapping[str, Any]) -> dict[str, Any] | None:
    """What a note says of the repository, if it is all there."""
    number, name = note.get("id"), note.get("full_name")
    return {"id": number, "full_name": name} if isinstance(number, int) and isinstance(name, str) else None
