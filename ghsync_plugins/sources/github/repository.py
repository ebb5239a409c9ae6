"""One repository on GitHub: what it is, and its state now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ghsync_core import SourceError, SourceNotFound
from ghsync_plugins.sources.github.answers import member, read_object
from ghsync_plugins.sources.github.client import SHA, Client
from ghsync_plugins.sources.github.location import Location, location_key
from ghsync_plugins.sources.github.snapshot import GitHubSnapshot
from ghsync_plugins.sources.github.tree import TreeLister
from ghsync_plugins.sources.github.tree_memory import TreeMemory

if TYPE_CHECKING:
    from ghsync_core import SourceState

_COMMIT = re.compile(r"[0-9a-f]{40}")


class GitHubRepository:
    """A `Repository`. A first snapshot asks for the repository, its commit and its tree; a later one remembers the
    first, and a conditional one asks for the commit alone. The kinds of ``requests`` are ``repository``, ``commit``,
    ``tree``, ``archive`` and ``blob``.
    """

    def __init__(self, place: Location, client: Client, *, use_archive: bool = True) -> None:
        self.location = location_key(place, client.api)
        self.requests: Mapping[str, int] = client.counts
        self._place = place
        self._client = client
        self._use_archive = use_archive
        self._base = f"/repos/{place.owner}/{place.repo}"

    def snapshot(self, known: SourceState | None, *, conditional: bool) -> GitHubSnapshot | None:
        """The files now; None where *conditional* and still at ``known.commit``. Raises `SourceError`."""
        about = _remembered(known) or self._ask_about()
        commit, moved = self._ask_commit(known.commit if known and conditional else None)
        if commit is None:
            return None
        if moved:  # it has another name since
            about = self._ask_about()
        trees = TreeMemory(known.memory.get("trees") if known else None)
        listing = TreeLister(self._client, self._base, self._place.folder, trees).list(commit)
        return GitHubSnapshot(
            source=f"{about['full_name']}{self._place.selection}",
            commit=commit,
            identity=f"{self._client.host}:{about['id']}{self._place.selection}",
            memory={**about, "trees": trees.note} if trees.note else about,
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
        name = member(found, "full_name", str, self._name)
        if not re.fullmatch(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+", name):
            raise SourceError(f"GitHub's answer about {self._name} gives it a name that can't be: try again later")
        return {"id": member(found, "id", int, self._name), "full_name": name}

    def _ask_commit(self, known: str | None) -> tuple[str | None, bool]:
        """The commit that the ref stands at, or None where it is still *known*; and whether the repository has moved.

        Without a ref it is ``HEAD``, the default branch, whatever that is called today.
        """
        ref = quote(self._place.ref or "HEAD", safe="/")
        etag = known if known and _COMMIT.fullmatch(known) else None
        answer = self._client.get(f"{self._base}/commits/{ref}", "commit", accept=SHA, etag=etag)
        if answer.status == 304 and etag:
            return None, answer.moved
        if answer.status != 200:
            raise self._no_commit(answer.status)
        commit = answer.body.decode("ascii", "replace").strip()
        if not _COMMIT.fullmatch(commit):
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


def _remembered(known: SourceState | None) -> dict[str, Any] | None:
    """What an earlier run noted of the repository, if it is all there."""
    memory = known.memory if known else {}
    number, name = memory.get("id"), memory.get("full_name")
    return {"id": number, "full_name": name} if isinstance(number, int) and isinstance(name, str) else None
