"""One repository as the stand-in of GitHub's API hosts it: git's own answers, in GitHub's words.

The shapes follow https://docs.github.com/en/rest (repos, commits, git/trees, git/blobs), as far as a reader needs them.
"""

from __future__ import annotations

import base64
import json
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
        owner, _, repo = self.name.partition("/")
        branch = run_git(self.folder, "symbolic-ref", "--short", "HEAD").decode().strip()
        return _json(
            id=self.number,
            node_id=f"R_{self.number}",
            name=repo,
            full_name=self.name,
            private=self.private,
            owner={"login": owner, "type": "Organization"},
            default_branch=branch,
            archived=False,
            fork=False,
        )

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
        with self._lock:
            reader = self._blob_reader()
            assert reader.stdin
            assert reader.stdout
            reader.stdin.write(sha.encode() + b"\n")
            reader.stdin.flush()
            header = reader.stdout.readline().split()
            if header[-1] == b"missing":
                return None
            data = reader.stdout.read(int(header[2]) + 1)[:-1]
            return data if header[1] == b"blob" else None

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
