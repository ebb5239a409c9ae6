"""What the Neo4j backend does without a server: addresses, names, and the bytes that stand for a file."""

from __future__ import annotations

import json
import re
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghsync_core import (
    Answer,
    Axiom,
    Edge,
    FileFailure,
    FileWarning,
    Name,
    Node,
    OwlClass,
    OwlProperty,
    ParsedFile,
    PluginError,
    Reference,
    SettingsError,
    StoreError,
    Syncer,
    UsageError,
)
from ghsync_plugins.backends.neo4j import Neo4jBackend, codec, naming
from ghsync_plugins.backends.neo4j.address import Address, parse
from ghsync_plugins.backends.neo4j.connection import check_version
from ghsync_plugins.backends.neo4j.parts import Batch, batches, digest_of
from ghsync_plugins.backends.neo4j.schema import LONGEST_KEY, key
from ghsync_plugins.backends.projection import Part

# --- addresses ---


@pytest.mark.parametrize(
    ("url", "options", "uri", "user", "database"),
    [
        ("neo4j://host", {}, "neo4j://host:7687", "neo4j", None),
        ("bolt://ann@host:1234/notes", {}, "bolt://host:1234", "ann", "notes"),
        ("neo4j+s://a%40b@[::1]:1/", {"database": "d"}, "neo4j+s://[::1]:1", "a@b", "d"),
        ("neo4j:", {"uri": "bolt+ssc://x/y", "user": "u"}, "bolt+ssc://x:7687", "u", "y"),
        ("neo4j://host", {"uri": "neo4j://other", "user": "u", "database": "d"}, "neo4j://host:7687", "u", "d"),
    ],
)
def test_an_address_is_read_from_the_url_and_the_settings(url, options, uri, user, database):
    assert parse(url, options) == Address(uri, user, database)


@pytest.mark.parametrize(
    "url", ["neo4j://", "http://host", "neo4j://host:port", "neo4j://h:99999", "bolt://h?x=1", "bolt://[x"]
)
def test_what_is_no_address_is_wrong_usage(url):
    with pytest.raises(UsageError, match=r"must be SCHEME://\[USER@\]HOST"):
        parse(url, {})


def test_a_url_without_a_server_says_how_to_name_one():
    with pytest.raises(UsageError, match="set GHSYNC_NEO4J_URI"):
        parse("neo4j:", {"uri": None})


def test_a_password_in_the_url_is_refused_without_being_shown():
    with pytest.raises(UsageError, match="GHSYNC_NEO4J_PASSWORD") as caught:
        parse("neo4j://ann:sesame@host/notes", {})
    assert "sesame" not in str(caught.value)


def test_the_password_comes_from_the_environment_and_is_never_shown(monkeypatch):
    monkeypatch.delenv("GHSYNC_NEO4J_PASSWORD", raising=False)
    address = parse("neo4j://ann@host/notes", {})
    assert address.authentication is None
    monkeypatch.setenv("GHSYNC_NEO4J_PASSWORD", "sesame")
    assert address.authentication == ("ann", "sesame")
    assert "sesame" not in f"{address} {address!r}"
    assert str(address) == "neo4j://host:7687/notes"


@pytest.mark.parametrize("agent", ["Neo4j/4.4.30", "Neo4j/3.5"])
def test_an_older_server_is_refused(agent):
    with pytest.raises(StoreError, match=r"is Neo4j (4|3)\..*ghsync needs Neo4j 5 or newer"):
        check_version(agent, Address("bolt://h:1", "neo4j", None))


@pytest.mark.parametrize(
    "agent", ["Neo4j/5.0.0", "Neo4j/5.27-aura", "Neo4j/2025.01.0", "Neo4j/v5.11.0 compatible graph", "else"]
)
def test_a_newer_server_is_taken(agent):
    assert check_version(agent, Address("bolt://h:1", "neo4j", None)) >= (5, 0)


def test_a_naming_that_is_none_is_refused_before_the_server_is_asked():
    with pytest.raises(SettingsError, match=r"neo4j.naming must be plain or n10s, not 'x'"):
        Neo4jBackend().open("bolt://127.0.0.1:9", {"naming": "x"}, create=True)


def test_a_missing_driver_is_told_with_what_mends_it(monkeypatch, tmp_path):
    monkeypatch.setitem(__import__("sys").modules, "neo4j", None)
    with pytest.raises(PluginError, match=r"pip install 'ghsync\[neo4j\]'"):
        Syncer(tmp_path, to="bolt://127.0.0.1:9").run()


# --- names ---


@pytest.mark.parametrize(
    ("edge_type", "expected"),
    [
        ("link", "LINKS_TO"),
        ("embed", "EMBEDS"),
        ("tag", "TAGGED"),
        ("subClassOf", "SUBCLASS_OF"),
        ("hasPart", "HAS_PART"),
        ("isHTTPServerOf", "IS_HTTP_SERVER_OF"),
        ("http://www.w3.org/2004/02/skos/core#broader", "BROADER"),
        ("urn:x:grows", "GROWS"),
        ("größer als", "GRÖSSER_ALS"),
        ("3d", "_3D"),
        ("`]->() DETACH DELETE n //", "DETACH_DELETE_N"),
        ("日本", "日本"),
        ("→", "RELATED_TO"),
        ("", "RELATED_TO"),
    ],
)
def test_relationships_are_called_as_neo4j_s_users_spell_them(edge_type, expected):
    assert naming.relationship_type(edge_type) == expected


@given(st.text())
def test_any_edge_type_gives_a_name_that_needs_no_quotes(edge_type):
    name = naming.relationship_type(edge_type)
    assert re.fullmatch(r"[\w]{1,}", name)
    assert not name[0].isdigit()
    assert len(name) <= 4 * 100


@pytest.mark.parametrize(
    ("kind", "expected"), [("page", "Page"), ("work-item", "WorkItem"), ("workItem", "WorkItem"), ("?", "Thing")]
)
def test_labels_are_called_after_kinds(kind, expected):
    assert naming.label(kind) == expected


def test_the_names_of_neosemantics():
    assert naming.relationship_type("subClassOf", "n10s") == "SCO"
    assert naming.relationship_type("link", "n10s") == "LINKS_TO"
    assert naming.property_labels("object", "n10s") == ("Resource", "Relationship")
    assert naming.property_labels("data", "n10s") == ("Resource", "Property")
    assert naming.local_name("http://x.org/ns#Tomato") == naming.local_name("http://x.org/ns/Tomato/") == "Tomato"


# --- keys ---


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_short_text_is_its_own_key(text):
    assert key(text) == text


def test_a_long_text_has_a_short_key_of_its_own():
    one, other = "ä" * 5000, "ä" * 5000 + "b"
    assert key(one) != key(other)
    assert len(key(one).encode()) <= LONGEST_KEY
    assert key(one) == key("ä" * 5000)


# --- batches ---


def _page(path: str, count: int) -> Part:
    edges = [("s", path, f"page:{n}", "link", f"{n}", path, n, 1, "{}") for n in range(count)]
    return Part(path, None, {"nodes": [(path, "s", "page", path, path, 1, "{}")], "edges": edges})


def test_parts_go_in_by_batches_and_a_huge_one_is_whole_only_at_its_last(monkeypatch):
    monkeypatch.setattr("ghsync_plugins.backends.neo4j.parts.ROWS", 10)
    parts = [_page("a", 3), _page("b", 4), _page("c", 25)]
    found = list(batches(((part, "d") for part in parts), "plain"))
    assert [batch.size for batch in found] == [5, 6, 10, 10, 7]
    assert [[digest for _, digest, _ in batch.parts] for batch in found] == [["d"], ["d"], [None], [], ["d"]]
    assert sum(len(batch.edges) for batch in found) == 32
    assert [path for batch in found for path in batch.paths] == ["a", "b", "c"]


def test_a_digest_is_of_what_is_shown():
    part = _page("a", 3)
    assert digest_of(part, "plain") == digest_of(_page("a", 3), "plain")
    assert digest_of(part, "plain") != digest_of(part, "n10s")
    assert digest_of(part, "plain") != digest_of(_page("a", 2), "plain")
    assert digest_of(Part("a", None, {"files": [("s", "a")]}), "plain") is None


def test_properties_that_neo4j_can_hold_stand_on_the_node_too():
    said = {"id": "mine", "list": ["a", "b"], "n": 1, "yes": True}
    properties = json.dumps({**said, "mixed": [1, "a"], "huge": 10**20, "deep": {"a": 1}, "": 1, "none": None})
    batch = Batch("plain")
    batch.add(Part("a", None, {"nodes": [("page:a", "s", "page", "A", "a", 1, properties)]}), "d")
    [(label, [[id_, found]])] = batch.node_groups()
    assert (label, id_) == ("Page", "page:a")
    assert {name: found[name] for name in found.keys() - {"source", "kind", "label", "path", "line", "properties"}} == {
        "id": "page:a", "id_": "mine", "list": ["a", "b"], "n": 1, "yes": True,
    }  # fmt: skip


# --- what a file says, as bytes ---

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
LINE = st.none() | st.integers(1, 9)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
PROPERTIES = st.dictionaries(TEXT, JSON, max_size=3)
NAMES = st.builds(Name, TEXT, TEXT)
ANSWERS = st.lists(st.builds(Answer, NAMES, st.integers(0, 3), TEXT), max_size=3).map(tuple)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
ENDS = TEXT | st.builds(
    Reference, st.lists(NAMES, min_size=1, max_size=3).map(tuple), st.none() | TEXT, TEXT, TEXT, TEXT
)
KINDS = st.sampled_from(["object", "data", "annotation", "unknown"])


def _many(items):
    return st.lists(items, max_size=3).map(tuple)


FACTS = st.builds(
    ParsedFile,
    nodes=_many(st.builds(Node, TEXT, TEXT, st.none() | TEXT, LINE, PROPERTIES, ANSWERS, st.booleans())),
    edges=_many(st.builds(Edge, ENDS, ENDS, TEXT, LINE, st.integers(1, 9), PROPERTIES)),
    classes=_many(
        st.builds(OwlClass, TEXT, st.none() | TEXT, st.none() | TEXT, LINE, PROPERTIES, ANSWERS, st.booleans())
    ),
    properties=_many(
        st.builds(
            OwlProperty, TEXT, KINDS, st.none() | TEXT, LINE, TEXTS, TEXTS, TEXTS, PROPERTIES, ANSWERS, st.booleans()
        )
    ),
    axioms=_many(st.builds(Axiom, TEXT, st.lists(ENDS, max_size=3).map(tuple), LINE, PROPERTIES)),
    warnings=_many(st.builds(FileWarning, LINE, TEXT, TEXT)),
)


@given(FACTS)
def test_any_facts_come_back_from_their_bytes_as_they_were(facts):
    assert codec.decode(codec.encode(facts)) == facts


def test_defaults_come_back_too():
    facts = ParsedFile(
        (Node("page:a", "page"),), (Edge("page:a", "page:b", "link"),), (OwlClass("urn:a"),), (OwlProperty("urn:p"),)
    )
    assert codec.decode(codec.encode(facts)) == facts


def test_facts_of_a_newer_ghsync_are_not_guessed_at():
    with pytest.raises(StoreError, match="pip install -U ghsync"):
        codec.decode(zlib.compress(b"[99,[],[],[],[],[],[]]"))


def test_a_failure_comes_back_as_it_was():
    failure = FileFailure("a.md", "parse", "worse \u2028 luck", "syntax", 3)
    assert codec.decode_failure(codec.encode_failure(failure)) == failure
    assert codec.decode_failure(codec.encode_failure(None)) is None
