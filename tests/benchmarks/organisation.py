"""An organisation of 200 repositories, in which nothing has changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from support.git_repos import GitRepo
from support.github_server import GitHubServer

from tests.benchmarks.measure import Row, ghsync, median

REPOSITORIES = 200
REPEATS = 3
LATENCY = 0.04
"""Seconds that every request takes, as to GitHub from Europe."""


def unchanged_organisation(home: Path) -> Iterator[Row]:
    """Sync all of it once, then again: what that costs as a whole process, with a token and without."""
    repo = GitRepo(home / "notes").write({"pages/One.md": "- [[Two]]\n", "pages/Two.md": "- two\n"})
    repo.commit()
    with GitHubServer() as server:
        for number in range(REPOSITORIES):
            server.add(f"octo/notes-{number:03}", repo.path)
        environment = {"GITHUB_API_URL": server.url, "GITHUB_TOKEN": server.token}
        command = ("octo/*", "--to", f"sqlite:{home}/all.db", "--json")
        first = ghsync(*command, environment=environment)
        server.latency = LATENCY
        seconds = []
        for _ in range(REPEATS):
            server.log.clear()
            again = ghsync(*command, environment=environment)
            seconds.append(again.seconds)
        asked = len(server.asked())
    statuses = [json.loads(done.output)["status"] for done in (first, again)]
    if statuses != ["complete", "unchanged"]:
        raise RuntimeError(f"the two runs ended {statuses}")
    what = f"{REPOSITORIES} unchanged repositories"
    yield Row(f"{what}: API requests", f"{asked}", "≤ 4", asked <= 4)
    yield Row(f"{what}: whole process", f"{median(seconds):.2f} s", "≤ 2 s", median(seconds) <= 2)
