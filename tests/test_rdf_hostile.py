"""Hostile RDF files: refused or read, never a crash, a long wait, or a harm to anything but themselves."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.rdf_files import HEAD, PARSERS, claims, document, facts, failure

from ghsync_core import ContentError

PROLOG = "@prefix : <http://e/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
MEGABYTE = 1_000_000
THIRD = MEGABYTE // 3


def jsonld_of_contexts(count: int) -> str:
    """Every one of *count* objects has a context of its own, inside of one with *count* terms."""
    terms = {f"t{number}": f"http://e/t{number}" for number in range(count)}
    thing = {"@context": {"a": "http://e/a"}, "@id": "http://e/x", "a": 1}
    return json.dumps({"@context": terms, "@graph": [thing] * count})


def jsonld_of_scopes(count: int) -> str:
    terms = {f"t{number}": f"http://e/t{number}" for number in range(count)}
    scoped = {"@id": "http://e/T", "@context": {"a": "http://e/a"}}
    return json.dumps({"@context": {**terms, "T": scoped}, "@graph": [{"@type": "T", "a": 1}] * count})


def entities(count: int) -> str:
    declared = "".join(f'<!ENTITY e{number} "{number}">' for number in range(count))
    return f"<!DOCTYPE r [{declared}]>{HEAD}</rdf:RDF>"


LIMITS: dict[str, tuple[str, Callable[[], str], str]] = {
    "elements in elements": ("a.rdf", lambda: HEAD + "<T><p>" * 3000 + "</p></T>" * 3000 + "</rdf:RDF>", "limit"),
    "objects in objects": ("a.jsonld", lambda: '{"http://e/p":' * 5000 + "1" + "}" * 5000, "limit"),
    "lists in lists": ("a.jsonld", lambda: '{"http://e/p":' + "[" * 5000 + "]" * 5000 + "}", "limit"),
    "a deep context": ("a.jsonld", lambda: '{"@context":' + "[" * 100_000 + "]" * 100_000 + "}", "limit"),
    "contexts for each object": ("a.jsonld", lambda: jsonld_of_contexts(4000), "limit"),
    "contexts for each type": ("a.jsonld", lambda: jsonld_of_scopes(4000), "limit"),
    "blank nodes in blank nodes": ("a.trig", lambda: PROLOG + ":g { :A :p " + "[ :p " * 5000, "limit"),
    "brackets behind an escape": ("a.ttl", lambda: "<http://e/\\u0041#> :p " + "[ :p " * 5000, "limit"),
    "collections in collections": ("a.trig", lambda: PROLOG + ":A :p " + "(" * 5000, "limit"),
    "an entity used often": (
        "a.rdf",
        lambda: f'<!DOCTYPE r [<!ENTITY a "{"x" * 9000}">]>{HEAD}<T>{"&a;" * 10_000}</T></rdf:RDF>',
        "security",
    ),
    "a long entity": ("a.rdf", lambda: f'<!DOCTYPE r [<!ENTITY a "{"x" * 20_000}">]>{HEAD}</rdf:RDF>', "security"),
    "many entities": ("a.rdf", lambda: entities(5000), "security"),
    "a bomb": (
        "a.owl",
        lambda: (
            '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e0 "lol">'
            + "".join(f'<!ENTITY e{n} "' + f"&e{n - 1};" * 10 + '">' for n in range(1, 10))
            + f"]>{HEAD}<T><p>&e9;</p></T></rdf:RDF>"
        ),
        "security",
    ),
    "a number of many digits": ("a.jsonld", lambda: '{"@context": {"a": ' + "1" * 10_000 + "}}", "syntax"),
    "many statements": ("a.nt", lambda: "<a:a><a:b><a:c>.\n" * 500_001, "limit"),
}


@pytest.mark.parametrize(("name", "text", "reason"), LIMITS.values(), ids=LIMITS)
def test_what_would_grow_is_refused(name: str, text: Callable[[], str], reason: str) -> None:
    error = failure(name, text())
    assert error.reason == reason, str(error)
    assert len(str(error)) < 300


FINE = {
    "200 elements": ("a.rdf", HEAD + "<T><p>" * 99 + "</p></T>" * 99 + "</rdf:RDF>"),
    "a literal of 200 kB": ("a.nt", f'<a:a> <a:b> "{"x" * 200_000}" .'),
    "an entity for a namespace": (
        "a.rdf",
        "<!DOCTYPE r [<!ENTITY e 'http://e/'>]>" + HEAD + "<T rdf:about='&e;x'/>" * 2000 + "</rdf:RDF>",
    ),
    "one context for many objects": (
        "a.jsonld",
        json.dumps(
            {"@context": {"p": "http://e/p"}, "@graph": [{"@id": f"http://e/{n}", "p": n} for n in range(3000)]}
        ),
    ),
}


@pytest.mark.parametrize(("name", "text"), FINE.values(), ids=FINE)
def test_what_is_only_large_is_read(name: str, text: str) -> None:
    found = facts(name, text)
    assert found.nodes or found.classes or found.edges


TRICKY = [
    '"',
    "'",
    '"""',
    "<",
    "[",
    "(",
    "{",
    "\\",
    '"\\',
    "#",
    "<!--",
    "<![CDATA[",
    "&",
    "&a;",
    "@",
    ":",
    "a:b ",
    "\n",
]
TRICKY += ["<a", "<a>", '{"a":', "[[],", '"",', "{},", "_:a ", "<a:a><a:b><a:c>.\n", "not ", "( ", "Annotations: "]
NAMES = ["a.ttl", "a.trig", "a.nt", "a.nq", "a.rdf", "a.owl", "a.xml", "a.jsonld", "a.json"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", TRICKY)
def test_a_megabyte_of_anything_takes_a_second_or_two(name: str, text: str) -> None:
    hostile = (text * (THIRD // len(text))).encode()
    began = time.process_time()
    outcome(name, hostile)
    outcome(name, HEAD.encode() + hostile)
    assert time.process_time() - began < 2  # two files of a third each, on a machine that may be busy


@pytest.mark.parametrize("name", ["a.ttl", "a.nt", "a.rdf", "a.jsonld"])
def test_memory_is_bounded(name: str) -> None:
    texts = {
        "a.ttl": PROLOG + "".join(f":a{number % 5000} :p{number % 7} :b{number} .\n" for number in range(20_000)),
        "a.nt": "".join(f"<http://e/a{number}> <http://e/p> <http://e/b> .\n" for number in range(10_000)),
        "a.rdf": HEAD + "<T><p/></T>" * 20_000,
        "a.jsonld": "[" + "{}," * 200_000 + "{}]",
    }
    data = texts[name].encode()
    outcome(name, b"")
    tracemalloc.start()
    outcome(name, data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40 * len(data) + MEGABYTE


def outcome(name: str, data: bytes) -> str:
    """How the file ends: the parser's name, the reason of a skip or failure, or nothing; any other error is a fault."""
    try:
        for parser in claims(name, data):
            if parser in PARSERS:
                PARSERS[parser].parse(document(name, data))
                return parser
    except ContentError as error:
        return error.reason if str(error).isprintable() else "a message that can't be printed"
    return ""


ALPHABETS = {
    "a.ttl": ":abp_<>[]().;,\"'\\@#^ \n|{}0-eE",
    "a.trig": ":abp_<>[]().;,\"'\\@#^ \n|{}0-eE",
    "a.nt": '<>:a_"\\@^. \n#uU0',
    "a.rdf": "<>/&;!-[]?\"'=: ardfDOCTYPENI\n",
    "a.jsonld": '{}[]",:@idcontext \\u01-e\n',
}


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(NAMES), data=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(name: str, data: bytes) -> None:
    assert isinstance(outcome(name, data), str)


def test_any_text_of_a_syntaxs_own_letters_is_read_or_refused() -> None:
    for name, letters in ALPHABETS.items():
        _try_texts(name, letters)


def _try_texts(name: str, letters: str) -> None:
    @settings(max_examples=60, deadline=None)
    @given(st.text(st.sampled_from(letters), max_size=60))
    def check(text: str) -> None:
        start = HEAD if name == "a.rdf" else ""
        assert outcome(name, (start + text).encode()) in (
            claims(name, text)[0],
            "syntax",
            "limit",
            "binary",
            "security",
        )

    check()


@pytest.fixture
def a_listener() -> Iterator[socket.socket]:
    """A port of this machine that nobody should knock at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


def test_nobody_is_asked_for_contexts_types_and_imports(a_listener: socket.socket) -> None:
    address = f"http://127.0.0.1:{a_listener.getsockname()[1]}/x"
    for name, text in (
        ("a.jsonld", f'{{"@context": "{address}"}}'),
        ("a.rdf", f'<!DOCTYPE r SYSTEM "{address}">{HEAD}</rdf:RDF>'),
        ("a.rdf", f'<!DOCTYPE r [<!ENTITY x SYSTEM "{address}">]>{HEAD}<T>&x;</T></rdf:RDF>'),
        ("a.ttl", f"<a> <http://www.w3.org/2002/07/owl#imports> <{address}> ."),
        ("a.obo", f"format-version: 1.2\nontology: x\nimport: {address}\n\n[Term]\nid: X:1\nname: a\n"),
    ):
        outcome(name, text.encode())
    with pytest.raises(TimeoutError):
        a_listener.accept()


DEEP = f"""
import threading
from support.rdf_files import facts
from ghsync_core import ContentError
def read(name, text):
    try:
        facts(name, text)
    except ContentError as error:
        print(error.reason)
for name, text in (
    ("a.jsonld", '{{"http://e/p":' * 199 + "1" + "}}" * 199),
    ("a.jsonld", '{{"http://e/p":' * 100_000),
    ("a.rdf", {HEAD!r} + "<T><p>" * 99 + "</p></T>" * 99 + "</rdf:RDF>"),
    ("a.ttl", "<a:a> <a:b> " + "[ <a:b> " * 199 + "1" + "]" * 199 + " ."),
    ("a.nt", "<a:a> <a:b> " + "<<( <a:a> <a:b> " * 50_000),
):
    thread = threading.Thread(target=read, args=(name, text))
    thread.start()
    thread.join()
print("alive")
"""


def test_the_deepest_that_is_let_through_ends_no_process() -> None:
    environment = {"PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run([sys.executable, "-c", DEEP], capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stdout.split()[-1:]) == (0, ["alive"]), done.stderr[-500:]
