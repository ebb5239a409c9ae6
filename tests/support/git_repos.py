"""Real git repositories for tests, made by the git binary and the same on every machine."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

_CONFIG = {
    "user.name": "Test Author",
    "user.email": "author@example.org",
    "commit.gpgsign": "false",
    "init.defaultBranch": "main",
    "core.autocrlf": "false",
    "core.quotePath": "false",
    "gc.auto": "0",
    "protocol.file.allow": "always",
}
_FIRST_COMMIT = 1_700_000_000
"""POSIX seconds of a repository's first commit; each further one is a minute later."""


def git_environment() -> dict[str, str]:
    """The environment for a git that knows nothing of the machine's own configuration."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8"}


def run_git(
    folder: Path, *arguments: str, data: bytes | None = None, environment: Mapping[str, str] | None = None
) -> bytes:
    """What ``git`` prints when it is run in *folder*. Raises `subprocess.CalledProcessError`."""
    options = [part for name, value in _CONFIG.items() for part in ("-c", f"{name}={value}")]
    done = subprocess.run(
        ["git", "-C", str(folder), *options, *arguments],
        input=data,
        env={**git_environment(), **(environment or {})},
        capture_output=True,
        check=True,
    )
    return done.stdout


def read_objects(folder: Path, ids: Sequence[str]) -> list[bytes]:
    """The contents of git objects, read by one process."""
    stream = BytesIO(run_git(folder, "cat-file", "--batch", data="".join(f"{each}\n" for each in ids).encode()))
    contents = []
    for _ in ids:
        size = int(stream.readline().split()[2])
        contents.append(stream.read(size))
        stream.read(1)
    return contents


class GitRepo:
    """A git repository in a folder, made where there is none.

    Example::

        repo = GitRepo(tmp_path / "garden").write({"a.md": "- hello"})
        sha = repo.commit("first")
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._commits = 0
        path.mkdir(parents=True, exist_ok=True)
        if (path / ".git").exists():
            self._commits = int(self.git("rev-list", "--count", "--all"))
        else:
            self.git("init", "--quiet")

    def git(self, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
        """What ``git`` prints when it is run in this repository, stripped."""
        return run_git(self.path, *arguments, environment=environment).decode().strip()

    def write(self, files: Mapping[str, str | bytes]) -> GitRepo:
        """Write *files*, by path. Text is written as UTF-8, with the line ends that it has."""
        for path, content in files.items():
            target = self.path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)
        return self

    def symlink(self, path: str, target: str) -> GitRepo:
        """A symbolic link at *path* that points at *target*."""
        (self.path / path).parent.mkdir(parents=True, exist_ok=True)
        (self.path / path).symlink_to(target)
        return self

    def submodule(self, path: str, commit: str = "1" * 40) -> GitRepo:
        """An entry for another repository at *path*; `commit` then keeps what is in the index."""
        (self.path / path).mkdir(parents=True, exist_ok=True)
        self.git("update-index", "--add", "--cacheinfo", f"160000,{commit},{path}")
        return self

    def delete(self, *paths: str) -> GitRepo:
        """Take files away."""
        for path in paths:
            (self.path / path).unlink()
        return self

    def rename(self, old: str, new: str) -> GitRepo:
        """Move a file."""
        (self.path / new).parent.mkdir(parents=True, exist_ok=True)
        (self.path / old).rename(self.path / new)
        return self

    def commit(self, message: str = "change") -> str:
        """Commit everything as it stands, also where nothing changed, and return the commit's id."""
        date = f"{_FIRST_COMMIT + 60 * self._commits} +0000"
        self._commits += 1
        self.git("add", "--all", "--force", ".")
        when = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        self.git("commit", "--quiet", "--allow-empty", "--no-verify", "-m", message, environment=when)
        return self.head

    def branch(self, name: str) -> GitRepo:
        """Make a branch of that name at HEAD and go there."""
        self.git("checkout", "--quiet", "-B", name)
        return self

    @property
    def head(self) -> str:
        """The commit that HEAD stands at."""
        return self.git("rev-parse", "HEAD")

    def blobs(self, revision: str = "HEAD") -> dict[str, bytes]:
        """The content of every file at *revision*, by path, as git has it; links and submodules left out."""
        listing = run_git(self.path, "ls-tree", "-r", "-z", revision).split(b"\x00")
        entries = [line.partition(b"\t") for line in listing if line.startswith(b"100")]
        contents = read_objects(self.path, [head.split()[2].decode() for head, _, _ in entries])
        return {path.decode(): data for (_, _, path), data in zip(entries, contents, strict=True)}
