"""Files as Hypothesis makes them up: from few words, so that names meet, move and clash."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from ghsync_core import names
from ghsync_core.models import (
    Answer,
    Axiom,
    Edge,
    End,
    FileResult,
    Json,
    Name,
    Node,
    OwlClass,
    OwlProperty,
    ParsedFile,
)
from ghsync_core.testing.stores.samples import CLASSES, failed, page, skipped, stored, to, to_class, to_note

PATHS: Final = ("a.md", "B.md", "a/n.md", "b/n.md", "b/c/n.md", "ä.md")
TITLES: Final = ("A", "a", "B", "n", "Ä", "\U0001f331")
IRIS: Final = ("urn:x:A", "urn:x:B", "urn:x:ä", "page:a")
SHOWN: Final = tuple(f"<{iri}>" for iri in IRIS[:3])

_lines = st.none() | st.integers(1, 4)
_titles = st.sampled_from(TITLES)
_iris = st.sampled_from(IRIS)
_stubs = st.booleans()

_values: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["", "x", "ä", '"', "\\"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("kl"), inner, max_size=2),
    max_leaves=3,
)
_objects = st.dictionaries(st.sampled_from(["k", "l", "ö"]), _values, max_size=2)

_references: st.SearchStrategy[End] = st.one_of(
    st.builds(lambda title, stub: to(title, stub=stub), _titles, _stubs),
    st.builds(to_note, st.sampled_from(["n", "b/n", "c/n", "N", "x"]), st.sampled_from(["", "a", "b", "B/c"])),
    _titles.map(to_class),
    _titles.map(lambda title: f"page:{names.fold(title)}"),
    _iris,
)
_edges = st.builds(
    Edge,
    _references,
    _references,
    st.sampled_from(["link", "embed", "urn:x:p"]),
    _lines,
    st.integers(1, 2),
    st.just({}) | _objects,
)
_answers = st.builds(
    lambda scope, title, rank: Answer(Name(scope, names.fold(title)), rank),
    st.sampled_from([names.vault_scope(""), names.vault_scope("b"), CLASSES]),
    _titles,
    st.integers(0, 2),
)
_some_answers = st.lists(_answers, max_size=1).map(tuple)
_labels = st.none() | st.sampled_from(["", "one", "ä"])

_nodes = st.builds(
    Node,
    st.sampled_from([*IRIS, "tag:t", "page:b"]),
    st.sampled_from(["page", "tag", "individual"]),
    _labels,
    _lines,
    _objects,
    _some_answers,
    st.booleans(),
)
_classes = st.builds(OwlClass, _iris, _labels, _labels, _lines, _objects, _some_answers, st.booleans())
_texts = st.lists(st.sampled_from(IRIS), max_size=2, unique=True).map(tuple)
_properties = st.builds(
    OwlProperty,
    _iris,
    st.sampled_from(["object", "data", "annotation", "unknown"]),
    _labels,
    _lines,
    _texts,
    _texts,
    st.lists(st.sampled_from(["Functional", "Transitive"]), max_size=2, unique=True).map(tuple),
    _objects,
    _some_answers,
    st.booleans(),
)
_arguments: st.SearchStrategy[End] = st.one_of(
    st.sampled_from(SHOWN),
    _titles.map(to_class),
    st.builds(lambda title, stub: to(title, stub=stub), _titles, _stubs),
    st.just("ObjectSomeValuesFrom(<urn:x:p> <urn:x:A>)"),
)
_axioms = st.builds(
    lambda kind, arguments, line, annotations: Axiom(kind, tuple(arguments), line, annotations),
    st.sampled_from(
        ["SubClassOf", "EquivalentClasses", "ClassAssertion", "ObjectPropertyDomain", "ObjectPropertyAssertion"]
    ),
    st.lists(_arguments, min_size=2, max_size=3),
    _lines,
    st.just({}) | _objects,
)


def _some(items: st.SearchStrategy[object], most: int) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(items, max_size=most).map(tuple)


@st.composite
def _pages(draw: st.DrawFn, path: str) -> ParsedFile:
    """A page with links, which most files are."""
    links = draw(st.lists(_references, max_size=3))
    aliases = draw(st.lists(_titles, max_size=2))
    tags = draw(st.lists(_titles, max_size=1))
    return page(draw(_titles), path, links, aliases=aliases, tags=tags, properties=draw(_objects))


def facts() -> st.SearchStrategy[ParsedFile]:
    """Facts of every sort, more or less at odds."""
    return st.builds(
        ParsedFile, _some(_nodes, 2), _some(_edges, 3), _some(_classes, 2), _some(_properties, 2), _some(_axioms, 2)
    )


@st.composite
def files(draw: st.DrawFn, path: str) -> FileResult:
    """What may become of the file at *path*: mostly it is stored."""
    fate = draw(st.sampled_from(["page", "page", "page", "facts", "both", "skipped", "failed"]))
    if fate in ("skipped", "failed"):
        return skipped(path) if fate == "skipped" else failed(path)
    parts = [draw(_pages(path))] if fate != "facts" else []
    return stored(path, *parts, *([draw(facts())] if fate != "page" else []))


def groups() -> st.SearchStrategy[list[FileResult]]:
    """Files that are written together, of different paths."""
    one = st.sampled_from(PATHS).flatmap(files)
    return st.lists(one, min_size=1, max_size=4, unique_by=lambda result: result.file.path)
