"""One repository as the stand-in of GitHub's API hosts it: git's own answers, in GitHub's words.

The shapes follow https://docs.github.com/en/rest (repos, commits, git/trees, git/blobs), as far as a reader needs them.
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from support.git_repos import git_environment, run_git
from support.github_trees import TreeLimits, tree_answer


class HostedRepo:
    """A git repository (bare or not) under a name. What depends on a commit alone is worked out once and kept."""

    def __init__(self, name: str, folder: Path, *, number: int, private: bool = False) -> None:
        self.name = name
        self.folder = folder
        self.number = number
        self.private = private
        self.archived = self.fork = False
        self.tree_limits = TreeLimits()
        """Where a recursive listing is cut."""
        self._kept: dict[object, bytes] = {}
        self._lock = threading.RLock()
        self._reader: subprocess.Popen[bytes] | None = None

    def close(self) -> None:
        """Let go of the process that reads blobs."""
        if self._reader:
            self._reader.communicate()
            self._reader = None

    def repository(self) -> bytes:
        """The answer to ``GET /repos/{owner}/{repo}``."""
        return _json(**self.description())

    def description(self) -> dict[str, Any]:
        """What GitHub says of a repository, by itself and in a list."""
        owner, _, repo = self.name.partition("/")
        head = (self.git_folder / "HEAD").read_text().strip()
        return {
            "id": self.number,
            "node_id": f"R_{self.number}",
            "name": repo,
            "full_name": self.name,
            "private": self.private,
            "owner": {"login": owner, "type": "Organization"},
            "default_branch": head.removeprefix("ref: refs/heads/"),
            "archived": self.archived,
            "fork": self.fork,
            "size": self.kilobytes if self.head() else 0,
        }

    kilobytes = 0
    """As GitHub counts, which lags behind: 0 for small repositories as well as for empty ones."""

    @property
    def git_folder(self) -> Path:
        """Where git keeps what it knows."""
        return self.folder / ".git" if (self.folder / ".git").exists() else self.folder

    def head(self) -> str | None:
        """The commit of the default branch, None where there is none; read without git where that is possible."""
        ref = self.git_folder / (self.git_folder / "HEAD").read_text().strip().removeprefix("ref: ")
        return ref.read_text().strip() if ref.is_file() else self.resolve("HEAD")

    def empty(self) -> bool:
        """Whether there is no commit yet."""
        return not run_git(self.folder, "for-each-ref", "--count=1").strip()

    def resolve(self, revision: str) -> str | None:
        """The full commit id of a branch, tag or commit."""
        try:
            found = self._git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        except subprocess.CalledProcessError:
            return None
        return found.decode().strip()

    def object(self, revision: str) -> tuple[str, str] | None:
        """Type and id of what *revision* names, as git knows it; None where it names nothing."""
        if re.fullmatch(r"[0-9a-f]{40}", revision):
            found = self._content(revision)
            return found and (found[0], revision)
        try:
            named = self._git("rev-parse", "--verify", "--quiet", "--end-of-options", revision)
        except subprocess.CalledProcessError:
            return None
        return self.object(named.decode().strip())

    def tagged(self, sha: str) -> str:
        """The id of what an annotated tag stands before."""
        found = self._content(sha)
        assert found
        return found[1].split(b"\n", 1)[0].removeprefix(b"object ").decode()

    def _content(self, sha: str) -> tuple[str, bytes] | None:
        """Type and content of an object."""
        with self._lock:
            reader = self._blob_reader()
            assert reader.stdin
            assert reader.stdout
            reader.stdin.write(sha.encode() + b"\n")
            reader.stdin.flush()
            header = reader.stdout.readline().split()
            if header[-1] == b"missing":
                return None
            return header[1].decode(), reader.stdout.read(int(header[2]) + 1)[:-1]

    def commit(self, sha: str) -> bytes:
        """The answer to ``GET /repos/{owner}/{repo}/commits/{ref}``."""

        def ask() -> bytes:
            shown = self._git("show", "--no-patch", "--format=%T%n%P%n%an%n%ae%n%aI%n%B", sha).decode()
            tree, parents, name, email, date, message = shown.split("\n", 5)
            author = {"name": name, "email": email, "date": date}
            commit = {"author": author, "committer": author, "message": message.strip(), "tree": {"sha": tree}}
            return _json(sha=sha, commit=commit, parents=[{"sha": each} for each in parents.split()])

        return self._once(("commit", sha), ask)

    def tree(self, sha: str, *, recursive: bool) -> bytes | None:
        """The answer to ``GET /repos/{owner}/{repo}/git/trees/{sha}``; None where there is no such tree."""
        try:
            limits = replace(self.tree_limits) if recursive else None
            return self._once(("tree", sha, repr(limits)), lambda: self._tree(sha, limits))
        except subprocess.CalledProcessError:
            return None

    def _tree(self, sha: str, limits: TreeLimits | None) -> bytes:
        how = ["-r", "-t"] if limits else []
        lines = self._git("ls-tree", *how, "-l", "-z", "--full-tree", sha).split(b"\x00")[:-1]
        return tree_answer(lines, sha, self.name, limits)

    def blob(self, sha: str) -> bytes | None:
        """The bytes of a blob; None where there is none of that id."""
        found = self._content(sha)
        return found[1] if found and found[0] == "blob" else None

    def blob_json(self, sha: str, data: bytes) -> bytes:
        """The answer to ``GET /repos/{owner}/{repo}/git/blobs/{sha}`` in its plain form."""
        content = base64.encodebytes(data).decode()
        return _json(sha=sha, node_id=f"B_{sha}", size=len(data), encoding="base64", content=content)

    def archive(self, sha: str) -> bytes:
        """The tar.gz of a commit, as ``git archive`` makes it: GitHub's own way, with its attributes."""
        top = f"{self.name.replace('/', '-')}-{sha[:7]}/"
        return self._once(("tar", sha), lambda: self._git("archive", "--format=tar.gz", f"--prefix={top}", sha))

    def _blob_reader(self) -> subprocess.Popen[bytes]:
        if self._reader is None:
            command = ["git", "-C", str(self.folder), "cat-file", "--batch"]
            self._reader = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=git_environment(), bufsize=1 << 16
            )
        return self._reader

    def _git(self, *arguments: str) -> bytes:
        return run_git(self.folder, *arguments)

    def _once(self, key: object, ask: Callable[[], bytes]) -> bytes:
        with self._lock:
            if key not in self._kept:
                self._kept[key] = ask()
            return self._kept[key]


def _json(**values: Any) -> bytes:
    return json.dumps(values).encode()
