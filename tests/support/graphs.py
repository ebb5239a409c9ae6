"""What a set of files becomes together: every reference resolved, by the definition that all backends follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from ghsync_core import FileRef, Name, Reference, git_blob_id, names
from ghsync_core.vaults import find_vaults
from support.pages import PLUGINS, Reading, read

VAULT_KINDS = sorted(
    (kind for plugin in PLUGINS for kind in getattr(plugin, "register_vault_kinds", list)()), key=lambda kind: kind.name
)
Answers = dict[Name, list[tuple[Any, str, str]]]


class Graph:
    """The files of a repository, read in their vaults: ``readings`` by path, ``nodes`` by id, ``edges`` resolved."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        contents = {path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()}
        listing = [FileRef(path, git_blob_id(data), len(data)) for path, data in contents.items()]
        self.vaults = find_vaults(
            VAULT_KINDS, listing, lambda governing: {file.path: contents[file.path] for file in governing}, 10**7
        )
        self.readings: dict[str, Reading] = {
            path: read(data, path, self.vaults.of(path)) for path, data in contents.items()
        }
        self.nodes = {node.id: node for reading in self.readings.values() for node in reading.facts.nodes}
        answers = self._answers()
        self.edges = [
            (start, edge.type, end)
            for reading in self.readings.values()
            for edge in reading.facts.edges
            if (start := _resolved(edge.source, answers)) and (end := _resolved(edge.target, answers))
        ]

    def _answers(self) -> Answers:
        answers: Answers = defaultdict(list)
        for path, reading in self.readings.items():
            for node in reading.facts.nodes:
                for answer in node.answers:
                    answers[answer.name].append((answer, node.id, path))
        return answers

    def of(self, start: str, *types: str) -> list[tuple[str, str]]:
        """(type, id) of what the node *start* leads to, by edges of these types or of all."""
        return [(kind, end) for begin, kind, end in self.edges if begin == start and (not types or kind in types)]


def _resolved(end: str | Reference, answers: Answers) -> str | None:
    return end if isinstance(end, str) else names.resolve(end, answers)
