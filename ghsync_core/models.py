"""What flows through ghsync: files on the way in, facts on the way out.

All are frozen and hold tuples, so that they can be passed between threads without a thought; those that a file has
hundreds of are tuples themselves, which are made and compared several times faster. Lines count from 1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

Json = Any
"""A value that `json.dumps` takes: None, bool, int, float, str, list, or a dict with str keys."""

Properties = Mapping[str, Json]

EMPTY: Final[Properties] = MappingProxyType({})


def nothing() -> Properties:
    """The one empty mapping, as the default of a field."""
    return EMPTY


SKIP_REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "type": "no detector knows what to do with this kind of file",
        "hidden": "the vault's settings hide it, or it lies in a folder that the vault's tool keeps for itself",
        "size": "larger than max_file_size",
        "symlink": "a symbolic link; the file that it points at is read where it stands",
        "submodule": "another repository; sync it as a source of its own",
        "lfs": "a Git LFS pointer; the content is not in the repository",
        "file-name": "the name is not UTF-8",
        "not-public": "only_public is set and the page has no public marker",
        "org-mode": "an Org page; Markdown is read",
        "whiteboard": "a Logseq whiteboard",
        "bases": "an Obsidian base",
        "owl-extra": "OWL/XML, Manchester syntax and OBO need py-horned-owl: pip install 'ghsync[owl]'",
    }
)
"""Why a file is not read, on purpose: the closed list of `files.reason` where `files.status` is ``skipped``."""

FAIL_REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "transport": "it could not be fetched whole",
        "unreadable": "the file system did not let us read it",
        "changed": "it changed while it was read; the next run takes it",
        "encoding": "not UTF-8, nor UTF-16 with a byte order mark",
        "binary": "it holds NUL bytes, so it is no text",
        "syntax": "it does not follow its format's grammar",
        "limit": "nested too deep, or too large in another way",
        "security": "it asks for what ghsync never does, such as opening an external entity",
        "remote-context": "its JSON-LD context lies on the network, where ghsync never goes",
        "timeout": "it took longer than file_timeout to read, or to detect and parse; it is tried again at every run",
        "crash": "a detector or parser raised an error that it should not have",
        "store": "the store refused its facts",
    }
)
"""Why a file failed: the closed list of `files.reason` where `files.status` is ``failed``."""

TRANSPORT_REASONS: Final = frozenset({"transport", "unreadable", "changed", "timeout"})
"""The failures that say nothing of the content, so that the file is tried again at every run."""

EntryKind = Literal["file", "symlink", "submodule", "file-name"]
FileStatus = Literal["stored", "skipped", "failed"]
Kind = str
"""``knowledge_graph``, ``ontology``, or a kind that a plugin brings."""

KNOWLEDGE_GRAPH: Final[Kind] = "knowledge_graph"
ONTOLOGY: Final[Kind] = "ontology"


def git_blob_id(data: bytes) -> str:
    """The id that git gives to *data*: hex SHA-1 over ``blob <size>`` NUL and the bytes."""
    digest = hashlib.sha1(b"blob %d\x00" % len(data), usedforsecurity=False)
    digest.update(data)
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class FileRef:
    """One entry of a listing.

    ``path`` is the repository path with ``/`` between segments; ``blob_id`` is git's hex SHA-1 of the content (of a
    submodule, its commit); ``size`` is in bytes. An ``entry`` of ``file-name`` is a file whose name is not UTF-8; its
    ``path`` has the offending bytes written out as ``\\xNN``.
    """

    path: str
    blob_id: str
    size: int
    entry: EntryKind = "file"


class Name(NamedTuple):
    """What a node answers to and a reference asks for: a folded text inside a scope (see `ghsync_core.names`)."""

    scope: str
    text: str


class Answer(NamedTuple):
    """A name that a node answers to.

    The lower ``rank`` wins (0: its own name, 1: an alias). ``path`` is set where the name is a note's base name: the
    note's path in its vault, folded and without extension, to hold a reference's ``path`` and ``folder`` against.
    """

    name: Name
    rank: int = 0
    path: str = ""


class Reference(NamedTuple):
    """An end of an edge or axiom that is known by name: the first of ``names`` that any node answers to.

    ``stub`` is the id of the node that stands in where none does; where it is None, there is no edge then. ``text`` is
    what the author wrote (the stub's label).
    ``path`` and ``folder`` narrow a base name: the note's path must end with ``path``, and a note inside ``folder``
    goes before one that is not.
    """

    names: tuple[Name, ...]
    stub: str | None
    text: str
    path: str = ""
    folder: str = ""

    @property
    def name(self) -> str:
        """The name that it refers by: the path that it asks for, else the last, least specific name."""
        return self.path or self.names[-1].text


End = str | Reference
"""A node's id (which stands for whatever answers to it), or a reference by name."""


@dataclass(frozen=True, slots=True)
class Node:
    """A thing that a file defines (``declared``) or only mentions; the kinds are listed in docs/reference/graph.md."""

    id: str
    kind: str
    label: str | None = None
    line: int | None = None
    properties: Properties = field(default_factory=nothing)
    answers: tuple[Answer, ...] = ()
    declared: bool = True


class Edge(NamedTuple):
    """A link from one node to another, with the line where it first stands in its file."""

    source: End
    target: End
    type: str
    line: int | None = None
    count: int = 1  # type: ignore[assignment]  # hides tuple.count, which an edge has no use for
    properties: Properties = EMPTY


@dataclass(frozen=True, slots=True)
class OwlClass:
    """An OWL class; it is also the node with the id ``iri``."""

    iri: str
    label: str | None = None
    comment: str | None = None
    line: int | None = None
    annotations: Properties = field(default_factory=nothing)
    answers: tuple[Answer, ...] = ()
    declared: bool = True


@dataclass(frozen=True, slots=True)
class OwlProperty:
    """An OWL property of ``kind`` object, data, annotation or unknown; it is also the node with the id ``iri``.

    ``domain`` and ``range`` hold IRIs, or class expressions as canonical text.
    """

    iri: str
    kind: Literal["object", "data", "annotation", "unknown"] = "unknown"
    label: str | None = None
    line: int | None = None
    domain: tuple[str, ...] = ()
    range: tuple[str, ...] = ()
    characteristics: tuple[str, ...] = ()
    annotations: Properties = field(default_factory=nothing)
    answers: tuple[Answer, ...] = ()
    declared: bool = True


@dataclass(frozen=True, slots=True)
class Axiom:
    """An OWL 2 axiom: ``kind`` is the keyword of the functional syntax, ``arguments`` stand in its order.

    An argument is canonical text (an IRI in ``<…>``, an expression, a literal), or a reference that gets its IRI when
    names are resolved.
    """

    kind: str
    arguments: tuple[End, ...]
    line: int | None = None
    annotations: Properties = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class FileWarning:
    """A part of a file that could not be read and was left out; the rest is kept."""

    line: int | None
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """All that one file says."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    classes: tuple[OwlClass, ...] = ()
    properties: tuple[OwlProperty, ...] = ()
    axioms: tuple[Axiom, ...] = ()
    warnings: tuple[FileWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many facts of each sort; a class or property counts there only, not as a node."""

    nodes: int = 0
    edges: int = 0
    classes: int = 0
    properties: int = 0
    axioms: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.nodes + other.nodes,
            self.edges + other.edges,
            self.classes + other.classes,
            self.properties + other.properties,
            self.axioms + other.axioms,
        )


@dataclass(frozen=True, slots=True)
class FileFailure:
    """One entry of ``errors``: which file, at which stage (read, detect, parse, write), and why."""

    path: str
    stage: str
    message: str
    reason: str = "crash"
    line: int | None = None

    @property
    def transport(self) -> bool:
        """Whether the failure says nothing of the content, so that the file is tried again at every run."""
        return self.reason in TRANSPORT_REASONS


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one file, as it goes to the store.

    ``facts`` is set where ``status`` is ``stored``. ``fingerprint`` names everything besides the blob that its meaning
    depends on.
    """

    file: FileRef
    status: FileStatus
    fingerprint: str
    kind: Kind | None = None
    reason: str | None = None
    facts: ParsedFile | None = None
    failure: FileFailure | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What the store says of one `FileResult` after commit: the facts written, or why none were."""

    counts: Counts = field(default_factory=Counts)
    failure: FileFailure | None = None
